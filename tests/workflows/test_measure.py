"""Questions and readings from end to end, over an existing DuckDB file."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kurs.evaluate.reading import Status
from kurs.metrics.question import Asked, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, Grain
from kurs.model.strategy import Stage
from kurs.problems import ProjectError, UsageError
from kurs.words.language import language
from kurs.workflows.check import check
from kurs.workflows.load import load
from kurs.workflows.measure import query, status
from kurs.workflows.opening import open_project

PLAN = """
project:
  name: Test
  timezone: Europe/Stockholm
  currency: SEK
  engine: duckdb:///shop.duckdb
  as_of: 2026-03-20
tables:
  sessions:
    time: started_at
    key: session_id
    dimensions: [channel]
    joins: {customers: customer_id}
  orders:
    time: day
    dimensions: [channel]
    joins: {customers: customer_id}
  customers:
    key: customer_id
    dimensions: [tier]
segments:
  gold: {of: customers, where: tier = 'gold'}
calendar:
  events:
    sale: [{from: 2026-01-10, to: 2026-01-19}, {from: 2026-03-10, to: 2026-03-19}]
metrics:
  sessions: {expr: count(sessions), good: up}
  orders: {expr: count(orders), good: up}
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  conversion_rate: {expr: orders / sessions, unit: percent, good: up}
people:
  web: {name: Head of web}
strategy:
  grow: {says: Grow}
goals:
  buy: {says: More buy, strategy: grow, stage: activate}
  come: {says: More come, strategy: grow, stage: reach}
kpis:
  march_orders:
    metric: orders
    goal: buy
    period: {from: 2026-03-01, to: 2026-03-31}
    target: {reach: 31}
    owner: web
  sale_orders:
    metric: orders
    goal: buy
    period: {event: sale}
    baseline: {same_event: previous}
    target: {change: +50%}
  gold_orders: {metric: orders, segment: gold, every: month, target: {reach: 10}}
  visits: {metric: sessions, goal: come, every: month}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """One session every 12 hours and one order a day from January on; customer 9 is nobody's."""
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("""
            CREATE TABLE sessions AS SELECT i AS session_id, i % 3 AS customer_id,
                TIMESTAMPTZ '2026-01-01 00:00+00' + INTERVAL (i * 12) HOUR AS started_at,
                CASE i % 2 WHEN 0 THEN 'search' ELSE 'mail' END AS channel
            FROM range(170) t(i)""")
        connection.execute("""
            CREATE TABLE orders AS SELECT (DATE '2026-01-01' + INTERVAL (i) DAY)::DATE AS day,
                'search' AS channel, 10.10::DECIMAL(18, 2) AS amount,
                CASE WHEN i % 5 = 0 THEN 9 ELSE i % 3 END AS customer_id
            FROM range(100) t(i)""")
        connection.execute("""
            CREATE TABLE customers AS
            SELECT i AS customer_id, CASE i WHEN 1 THEN 'gold' ELSE 'plain' END AS tier FROM range(3) t(i)""")
    (tmp_path / "kurs.yaml").write_text(PLAN)
    return tmp_path


def test_a_question_is_answered_as_of_its_day(shop: Path) -> None:
    with open_project(shop) as opened:
        answer = query(opened, Question((Asked("orders"), Asked("revenue"))))
    assert answer.rows == ((79, Decimal("797.90")),)
    assert answer.complete_to == date(2026, 3, 20)


def test_an_earlier_day_sees_less(shop: Path) -> None:
    with open_project(shop, date(2026, 1, 31)) as opened:
        assert query(opened, Question((Asked("orders"),))).rows == ((31,),)


def test_the_same_event_is_found_in_the_plan(shop: Path) -> None:
    question = Question(
        (Asked("orders"),),
        days=Days(date(2026, 3, 10), date(2026, 3, 19)),
        compare=Comparison(Against.SAME_EVENT),
    )
    with open_project(shop) as opened:
        assert query(opened, question).rows == ((10, 10, 0.0),)


def test_rows_without_the_entity_are_told(shop: Path) -> None:
    with open_project(shop) as opened:
        answer = query(opened, Question((Asked("orders"),), segments=("gold",)))
    told = [warning.values for warning in answer.warnings if warning.code == "without_entity"]
    assert told == [{"table": "orders", "entity": "customers", "without": 16, "rows": 79}]
    assert answer.rows == ((21,),)


def test_a_join_that_would_multiply_rows_is_refused(shop: Path) -> None:
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        connection.execute("INSERT INTO customers VALUES (1, 'plain')")
    with open_project(shop) as opened, pytest.raises(ProjectError) as refused:
        query(opened, Question((Asked("orders"),), by=("customers.tier",)))
    problem = refused.value.problems[0]
    assert problem.code == "fan_out"
    assert (problem.values["table"], problem.values["other"]) == ("orders", "customers")
    assert problem.place is not None
    assert problem.place.file == "kurs.yaml"
    message, _ = language("en").problem(problem.code, problem.values)
    assert "customers, where customer_id should differ" in message
    assert "fan_out" in {found.code for found in check(shop).problems}


def test_readings_follow_the_plan(shop: Path) -> None:
    with open_project(shop) as opened:
        readings = {reading.kpi.key: reading for reading in status(opened)}
    march = readings["march_orders"]
    assert (march.value, march.target, march.expected_by_now) == (20, 31, 20)
    assert march.status is Status.ON_TRACK
    sale = readings["sale_orders"]
    assert (sale.baseline, sale.target, sale.value, sale.status) == (10, 15, 10, Status.MISSED)
    assert readings["gold_orders"].value == 5
    assert readings["visits"].status is None


def test_readings_can_be_chosen(shop: Path) -> None:
    with open_project(shop) as opened:
        assert [reading.kpi.key for reading in status(opened, stage=Stage.REACH)] == ["visits"]
        assert [reading.kpi.key for reading in status(opened, ["visits", "march_orders"])] == [
            "visits",
            "march_orders",
        ]
        (within,) = status(opened, ["march_orders"], segment="gold")
        with pytest.raises(UsageError) as refused:
            status(opened, ["vists"], segment="golden")
    assert (within.target, within.status) == (None, None)
    assert [(found.code, found.values["suggestion"]) for found in refused.value.problems] == [
        ("unknown_kpi", ("visits",)),
        ("unknown_segment", ("gold",)),
    ]


def test_a_good_plan_has_no_problems(shop: Path) -> None:
    checked = check(shop)
    assert checked.problems == ()
    assert checked.passed


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ("sum(orders.amount)", "sum(orders.amout)", "unknown_column"),
        ("sum(orders.amount)", "sum(orders.channel)", "not_a_number"),
        ("orders / sessions", "orders / sesions", "unknown_metric"),
        ("orders / sessions", "conversion_rate / sessions", "metric_cycle"),
        ("tier = 'gold'", "teir = 'gold'", "unknown_column"),
        ("time: day", "time: channel", "time_not_time"),
        ("count(orders)", "count(customers)", "no_time"),
    ],
)
def test_expressions_are_checked_against_the_data(
    shop: Path, before: str, after: str, code: str, edit: Callable[[Path, str, str], None]
) -> None:
    edit(shop / "kurs.yaml", before, after)
    found = {problem.code: problem for problem in check(shop).problems}
    assert code in found
    place = found[code].place
    assert place is not None
    assert (place.file, place.text) != ("", None)


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    def replace(file: Path, before: str, after: str) -> None:
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after, 1))

    return replace


def test_what_is_not_loaded_is_told_and_hides_nothing_else(shop: Path) -> None:
    (shop / "more.yaml").write_text(
        "tables:\n  ads: {time: day}\nmetrics:\n  spend: sum(ads.cost)\n"
        "kpis:\n  ad_spend: {metric: spend, every: month}\n"
    )
    assert [problem.code for problem in check(shop).problems] == ["not_loaded"]
    with open_project(shop) as opened:
        readings = {reading.kpi.key: reading for reading in status(opened)}
    reason = readings["ad_spend"].reason
    assert reason is not None
    assert reason.code == "not_loaded"
    assert readings["march_orders"].value == 20


def test_a_grain_fills_the_days_between(shop: Path) -> None:
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        connection.execute("DELETE FROM orders WHERE day = DATE '2026-03-03'")
    days = Days(date(2026, 3, 2), date(2026, 3, 4))
    with open_project(shop) as opened:
        answer = query(opened, Question((Asked("orders"),), grain=Grain.DAY, days=days))
    assert [row[1] for row in answer.rows] == [1, 0, 1]


def test_a_funnel_and_a_metric_per_customer_are_checked_and_read(shop: Path) -> None:
    (shop / "more.yaml").write_text(
        "metrics:\n  paid:\n    funnel: [\"sessions.channel = 'mail'\", \"sessions.channel = 'search'\"]\n"
        "    by: sessions.customer_id\n    within: 7 days\n"
        "  regular: {per: sessions.customer_id, expr: count(*) filter (where sessions > 1) / count(*)}\n"
        "kpis:\n  paying: {metric: paid, every: month}\n  regulars: {metric: regular, every: month}\n"
    )
    assert check(shop).passed
    with open_project(shop) as opened:
        readings = {reading.kpi.key: reading for reading in status(opened)}
    for key in ("paying", "regulars"):
        assert readings[key].value == readings[key].numerator / readings[key].denominator  # type: ignore[operator]


def test_values_look_back_over_the_edge_of_the_range(shop: Path) -> None:
    (shop / "more.yaml").write_text(
        "metrics:\n  orders_7d: {expr: orders, window: 7 days}\n"
        "  orders_mtd: {expr: orders, to_date: month}\n"
        "  growth: {expr: \"orders / offset(orders, '1 month') - 1\", unit: percent}\n"
        "  orders_ever: {expr: orders, to_date: ever}\n  stock: {expr: count(orders), at: last}\n"
    )
    names = ("orders_7d", "orders_mtd", "growth", "orders_ever", "stock")
    days = Days(date(2026, 3, 2), date(2026, 3, 3))
    with open_project(shop) as opened:
        daily = query(opened, Question(tuple(map(Asked, names)), grain=Grain.DAY, days=days))
        months = Days(date(2026, 2, 1), date(2026, 3, 31))
        monthly = query(opened, Question(tuple(map(Asked, names)), grain=Grain.MONTH, days=months))
    assert [row[1:] for row in daily.rows] == [(7, 2, 0.0, 61, 1), (7, 3, 0.0, 62, 1)]
    assert [row[1:] for row in monthly.rows] == [
        (7, 28, pytest.approx(28 / 31 - 1), 59, 1),
        (7, 20, 0.0, 79, 1),
    ]


def test_a_relation_may_be_called_like_a_step_of_the_statement(shop: Path) -> None:
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        for name in ("buckets", "members", "groups", "leaves"):
            connection.execute(f"CREATE TABLE {name} AS SELECT * FROM orders")
    (shop / "more.yaml").write_text(
        "tables:\n"
        + "".join(
            f"  {name}: {{time: day, dimensions: [channel]}}\n"
            for name in ("buckets", "members", "groups", "leaves")
        )
        + "metrics:\n"
        + "".join(
            f"  n_{name}: {{expr: count({name}), window: 7 days}}\n  m_{name}: count({name})\n"
            for name in ("buckets", "members", "groups", "leaves")
        )
    )
    names = [f"{kind}_{name}" for name in ("buckets", "members", "groups", "leaves") for kind in "nm"]
    days = Days(date(2026, 3, 2), date(2026, 3, 2))
    with open_project(shop) as opened:
        asked = Question(tuple(map(Asked, names)), by=("channel",), grain=Grain.DAY, days=days)
        assert query(opened, asked).rows == ((days.first, "search", 7, 1, 7, 1, 7, 1, 7, 1),)


def test_an_empty_bucket_of_a_derived_metric_is_null_where_the_plan_says_so(shop: Path) -> None:
    (shop / "more.yaml").write_text("metrics:\n  touches: {expr: orders + sessions, fill: null}\n")
    with duckdb.connect(str(shop / "shop.duckdb")) as connection:
        connection.execute("DELETE FROM orders WHERE day BETWEEN DATE '2026-03-03' AND DATE '2026-03-04'")
        connection.execute("DELETE FROM sessions WHERE started_at::DATE = DATE '2026-03-04'")
    days = Days(date(2026, 3, 3), date(2026, 3, 4))
    with open_project(shop) as opened:
        answer = query(opened, Question((Asked("touches"),), grain=Grain.DAY, days=days))
    assert answer.rows == ((days.first, 2), (days.last, None))


def test_a_condition_that_cannot_be_computed_is_wrong_usage(shop: Path) -> None:
    with open_project(shop) as opened, pytest.raises(UsageError) as refused:
        query(opened, Question((Asked("orders"),), where=("channel = 5",)))
    assert refused.value.problems[0].code == "bad_condition"


def test_a_series_of_all_data_has_the_rows_of_a_load_s_last_hour(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(
        "day,at\n2026-03-01,2026-03-01T12:00:00Z\n2026-03-02,2026-03-02T23:30:00Z\n"
    )
    (tmp_path / "kurs.yaml").write_text(
        "project: {name: Test, timezone: Europe/Stockholm, as_of: 2026-03-10}\n"
        "sources:\n  web: {files: visits.csv, into: visits, window: day,\n"
        "        columns: {day: {name: day, type: date}, at: timestamptz}}\n"
        "tables:\n  visits: {time: at}\nmetrics:\n  visits: count(visits)\n"
    )
    with open_project(tmp_path) as opened:
        load(opened.project)
    with open_project(tmp_path) as opened:
        answer = query(opened, Question((Asked("visits"),), grain=Grain.DAY))
    assert answer.rows == ((date(2026, 3, 1), 1), (date(2026, 3, 2), 0), (date(2026, 3, 3), 1))
