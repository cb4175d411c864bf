"""Names that collide: a dimension and a column, words of SQL as columns, capitals and blanks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.workflows.measure import query
from kurs.workflows.opening import open_project
from metrics.plans import Rows, ask, days, plan, question, run, table

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 1, 1)
COVERED = (days("2026-01-01"),)


def test_a_dimension_wins_over_the_column_of_its_name_but_reads_the_column() -> None:
    """Grouped by the raw column, SE and se are two countries."""
    rows = {"t": Rows({"d": "date", "country": "text"}, [(DAY, "SE"), (DAY, "se"), (DAY, "pl")], COVERED)}
    project = plan(
        [table("t", {"country": "upper(country)"}, time="d")],
        {"n": "count(t)", "swedes": "count(t) filter (where t.country = 'SE')"},
    )
    assert len(run("SELECT country FROM t GROUP BY country", rows)) == 3
    asked = question("n swedes", "country", where=["country = 'SE'"])
    assert ask(project, rows, asked) == [{"country": "SE", "n": 2, "swedes": 2}]
    assert ask(project, rows, question("n", "t.country"))[0] == {"t.country": "PL", "n": 1}


def test_capitals_blanks_and_quotes_in_columns_are_kept() -> None:
    columns = {"d": "date", "Net Amount": "int", "Ünit": "int", "it''s": "int"}
    rows = {"t": Rows(columns, [(DAY, 2, 3, 5)], COVERED)}
    metric = """sum(t."Net Amount") + sum(t."Ünit") * 10 + sum(t."it''s") * 100"""
    project = plan([table("t", {"size": '"Ünit" + 1'}, time="d")], {"n": metric})
    assert ask(project, rows, question("n", "size t.Ünit")) == [{"size": 4, "t.Ünit": 3, "n": 532}]


def test_a_relation_with_blanks_in_its_name_is_found() -> None:
    rows = {"t": Rows({"d": "date"}, [(DAY,)], COVERED)}
    project = plan([table("t", time="d", relation="Order Items")], {"n": "count(t)"})
    assert ask(project, rows, question("n")) == [{"n": 1}]


@pytest.mark.parametrize("name", ["Order Items", "order.items", "main.items", "order"])
def test_a_relation_of_a_warehouse_may_have_blanks_and_dots_in_its_name(tmp_path: Path, name: str) -> None:
    """Unquoted, "Order Items" reads the table "Order" under another name."""
    quoted = name if name == "main.items" else f'"{name}"'
    with duckdb.connect(str(tmp_path / "data.duckdb")) as connection:
        connection.execute(f"CREATE TABLE {quoted} AS SELECT DATE '2026-01-01' AS d, 5 AS x")
    plain = name if name == "Order Items" else quoted
    (tmp_path / "kurs.yaml").write_text(
        "project: {name: T, engine: 'duckdb:///data.duckdb', as_of: 2026-01-31}\n"
        f"tables: {{t: {{from: '{plain}', time: d}}}}\nmetrics: {{n: sum(t.x)}}\n"
    )
    with open_project(tmp_path) as opened:
        assert query(opened, question("n")).rows == ((5,),)


@pytest.mark.parametrize(
    "word", ["order", "group", "select", "from", "user", "all", "timestamp", "at", "end"]
)
def test_words_of_sql_are_fine_as_columns_of_data(word: str) -> None:
    rows = {
        "t": Rows({"d": "date", word: "int", "value": "int"}, [(DAY, 1, 5)], COVERED),
        "c": Rows({word: "int", "name": "text"}, [(1, "x")]),
    }
    project = plan(
        [
            table("t", {"shown": f'"{word}" + 1'}, {"c": word}, time="d", where=f'"{word}" > 0'),
            table("c", {"name": "name"}, unique_key=word),
        ],
        {"n": f'sum(t."{word}") + sum(t.value) filter (where c."{word}" = 1)'},
    )
    asked = question("n", f"shown t.{word} name", where=[f't."{word}" = 1'], order=f"t.{word}:desc")
    assert [*ask(project, rows, asked)[0].values()] == [2, 1, "x", 6]


def test_every_keyword_of_the_engine_may_name_a_dimension() -> None:
    """An unquoted one is a syntax error, or worse: current_date is not a column."""
    keywords = [str(name) for (name,) in duckdb.sql("SELECT keyword_name FROM duckdb_keywords()").fetchall()]
    dimensions = {word: "x" for word in keywords if word != "time"}
    rows = {"t": Rows({"d": "date", "x": "int"}, [(DAY, 7)], COVERED)}
    project = plan([table("t", dimensions, time="d")], {"n": "count(t)"})
    found = ask(project, rows, question("n", " ".join(dimensions), "day", "2026-01-01", compare="previous"))
    assert {found[0][word] for word in dimensions} == {7}
