"""The allow-list: what may stand in the plan, and what never reaches an engine."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp, parse

from kurs.metrics.expression import (
    DIALECT,
    ExpressionError,
    aggregates,
    columns,
    parse_metric,
    parse_rows,
    parse_select,
)

GOOD_METRICS = [
    "count(orders)",
    "count(distinct orders.customer_id) filter (where orders.is_first)",
    "100 * orders / nullif(sessions, 0)",
    "coalesce(sum(orders.amount), 0) - abs(sum(orders.refund))",
    "case when orders > 10 then revenue / orders else null end",
    "least(sum(a.x), greatest(b, 3)) + round(c, 2)",
    "sum(orders.units * orders.price) filter (where lower(orders.channel) in ('web', 'app'))",
    "percentile_cont(0.9) within group (order by orders.amount) filter (where orders.amount > 0)",
    "percentile(orders.amount, 0.5)",
    "median(orders.amount)",
    "count(orders) filter (where orders.name like '%; drop table x --%')",
]
BAD_METRICS = {
    "": "sql_syntax",
    "sum(": "sql_syntax",
    "'unfinished": "sql_syntax",
    "count(orders); drop table orders": "forbidden_sql",
    "count(orders) from orders": None,
    "(select 1)": "forbidden_sql",
    "sum((select max(x) from t))": None,
    "count(orders) filter (where exists (select 1))": None,
    "orders in (select 1)": "forbidden_sql",
    "count(*)": "aggregate_without_home",
    "count()": None,
    "sum(sum(orders.x))": "aggregate_in_aggregate",
    "orders.amount": "bare_column",
    "sum(distinct orders.x)": "forbidden_sql",
    "count(distinct orders.x, orders.y)": "forbidden_sql",
    "percentile(orders.x, 90)": "bad_percentile",
    "percentile(orders.x, orders.y)": "bad_percentile",
    "sum(orders.x) over ()": None,
    "row_number() over (order by 1)": None,
    "read_text('/etc/passwd')": "forbidden_function",
    "sum(length(read_text('/etc/passwd')))": None,
    "getenv('HOME')": "forbidden_function",
    "current_setting('threads')": "forbidden_function",
    "nextval('s')": "forbidden_function",
    "random()": "forbidden_function",
    "now()": "forbidden_function",
    "current_date": "forbidden_function",
    "sum(orders.x) + today()": "forbidden_function",
    "list(orders.x)": None,
    "sum(orders.x::struct(a int))": None,
    "$1": None,
    "?": None,
    "@": "sql_syntax",
    "sum(columns(*))": None,
    "sum(db.orders.x)": "forbidden_sql",
    "set threads = 1": None,
    "attach 'x.db'": None,
    "copy orders to 'x'": None,
    "pragma version": None,
    "{{ config }}": None,
    "max(orders.x, 3)": None,
    "(" * 300 + "1" + ")" * 300: "too_deep",
    "1" + " + 1" * 2_000: "too_large",
}
GOOD_ROWS = [
    "country",
    "upper(country_code)",
    "orders.channel = 'web' and not (device is null or device in ('a', 'b'))",
    "date_trunc('month', created_at)",
    "extract(year from created_at) >= 2024",
    "cast(amount as decimal(18, 2)) / 100",
    "split_part(email, '@', 2)",
    "created_at + interval 1 day < date '2026-01-01'",
    "regexp_matches(page, '^/shop/')",
    "case when age < 30 then 'young' when age >= 30 then 'old' end",
    'customers."Net Amount" between 1 and 5',
]
BAD_ROWS = [
    *("sum(x)", "x; y", "(select 1)", "x in (select y from z)", "read_csv('x')", "random() > 0.5", "now()"),
    *("x = any([1])", "[x for x in y]", "x -> 'a'", "x::json", "list_value(1)", "unnest(x)", "row(1, 2)"),
    *("x[1]", "struct_pack(a := 1)", "current_user", "version()", "md5(pg_read_file('x'))", "x.y.z.w", "*"),
    *(
        "t.*",
        "lambda x: x",
        "x at time zone 'UTC'",
        "getvariable('x')",
        "query('select 1')",
        "x collate nocase",
    ),
]


@pytest.mark.parametrize("text", GOOD_METRICS)
def test_a_metric_may_say(text: str) -> None:
    assert list(aggregates(parse_metric(text))) or columns(parse_metric(text))


@pytest.mark.parametrize(("text", "code"), BAD_METRICS.items())
def test_a_metric_may_not_say(text: str, code: str | None) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_metric(text)
    (problem,) = error.value.problems
    assert code in (None, problem.code)
    assert 0 <= problem.offset <= len(text)


@pytest.mark.parametrize("text", GOOD_ROWS)
def test_a_condition_may_say(text: str) -> None:
    assert is_one_expression(parse_rows(text))


@pytest.mark.parametrize("text", BAD_ROWS)
def test_a_condition_may_not_say(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_rows(text)


@pytest.mark.parametrize(
    "text",
    [
        *("select 1; select 2", "drop table x", "select * from read_csv('x')", "select getenv('HOME')", ""),
        *("select 1 union select 2", "insert into x values (1)", "select * into y from x", "values (1)"),
        *(
            "select * from x, lateral (select * from glob('*'))",
            "select $1",
            "with x as (select random()) from x",
        ),
    ],
)
def test_a_table_is_one_select_without_side_doors(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_select(text)


def test_a_table_may_be_a_select_with_joins_and_windows() -> None:
    text = """with newest as (select *, row_number() over (partition by id order by t) as n from shop.orders)
    select id, upper(channel) as channel from newest join customers using (id) where n = 1"""
    assert parse_select(text).find(exp.Window)


WORDS = st.sampled_from(
    [
        "count",
        "sum",
        "(",
        ")",
        "(",
        ")",
        "orders",
        ".",
        "x",
        ",",
        ";",
        "--",
        "/*",
        "*/",
        "'",
        '"',
        "select",
        "from",
        "where",
        "filter",
        "distinct",
        "case",
        "when",
        "then",
        "end",
        "and",
        "or",
        "not",
        "in",
        "1",
        "0.5",
        "'a'",
        "+",
        "-",
        "/",
        "*",
        "%",
        "::",
        "date",
        "interval",
        "null",
        "is",
        "between",
        "like",
        ":=",
        "",
        "->",
        "[",
        "]",
        "{",
        "}",
        "$1",
        "?",
        "@",
        "copy",
        "attach",
        "set",
        "pragma",
        "read_text",
        "read_csv",
        "getenv",
        "union",
        "with",
        "as",
        "over",
        "exists",
        "any",
        "unnest",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=12).map(" ".join)))
def test_whatever_is_written_is_refused_or_is_one_expression(text: str) -> None:
    for read in (parse_rows, parse_metric):
        try:
            tree = read(text)
        except ExpressionError:
            continue
        assert is_one_expression(tree)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20))
def test_a_text_stays_a_text(text: str) -> None:
    """Quotes, comments and line breaks inside a text or a comment cannot leave it."""
    literal = "'" + text.replace("'", "''") + "'"
    tree = parse_rows(f"name = {literal}")
    ((found,),) = duckdb.sql(f"SELECT {tree.expression.sql(DIALECT)}").fetchall()
    assert found == text.replace("\x00", "\x00")
    line = text.replace("\n", " ").replace("\r", " ")
    try:
        commented = parse_rows(f"name -- {line}\n = 'a' /* {line.replace('*/', '')} */")
    except ExpressionError:
        return
    assert is_one_expression(commented)


def is_one_expression(tree: exp.Expr) -> bool:
    """Say whether the SQL of a tree is one expression without anything that reads elsewhere."""
    statements = parse(f"SELECT {tree.sql(DIALECT)}", read=DIALECT)
    (select,) = statements
    assert isinstance(select, exp.Select)
    assert len(select.expressions) == 1
    assert select.args.get("from_") is None
    banned = (exp.Subquery, exp.Table, exp.Command, exp.Anonymous, exp.Parameter, exp.Placeholder)
    assert not list(select.find_all(*banned))
    return len(list(select.find_all(exp.Select))) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "round(x / 3, 2)",
            "x // 4",
            "x % 4",
            "power(x, 2)",
            "floor(x / 2)",
            "ceil(x / 3)",
            "sqrt(x)",
            "ln(x)",
        ),
        *(
            "log(x)",
            "exp(1)",
            "sign(-x)",
            "lower(s)",
            "trim(s)",
            "length(s)",
            "substring(s, 2, 3)",
            "left(s, 2)",
        ),
        *("right(s, 2)", "replace(s, 'a', 'b')", "s || '!'", "concat(s, '!', x)", "contains(s, 'b')"),
        *(
            "starts_with(s, 'A')",
            "ends_with(s, 'e ')",
            "split_part(s, ' ', 2)",
            "strpos(s, 'b')",
            "s ilike 'a%'",
        ),
        *("regexp_extract(s, '[a-z]+')", "regexp_replace(s, 'b.', 'x')", "regexp_matches(s, 'bc')"),
        *(
            "cast(x as varchar)",
            "try_cast(s as int)",
            "x::double",
            "extract(month from t)",
            "year(t)",
            "month(t)",
        ),
        *("quarter(t)", "day(t)", "hour(t)", "dayofweek(t)", "date_trunc('week', t)", "last_day(t)"),
        *("date_diff('day', t, timestamp '2026-03-01')", "strftime(t, '%Y-%m')", "t + interval 3 month"),
        *(
            "x is not distinct from null",
            "coalesce(null, x)",
            "nullif(x, 17)",
            "greatest(x, null)",
            "s like '%c%'",
        ),
        *(
            "extract(dow from t)",
            "extract(week from t)",
            "date_trunc('month', t)::date",
            "x between 1 and 17",
        ),
    ],
)
def test_every_function_means_what_the_engine_means(text: str) -> None:
    """What the parser makes of it and writes again has the same answer."""
    rows = "(SELECT 17 AS x, ' Abcde ' AS s, TIMESTAMP '2026-02-22 13:45:00' AS t) AS v"
    written = parse_rows(text).sql(DIALECT)
    assert (
        duckdb.sql(f"SELECT {written} FROM {rows}").fetchall()
        == duckdb.sql(f"SELECT {text} FROM {rows}").fetchall()
    )
