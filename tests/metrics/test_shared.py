"""Rows that several scans of a question read are read once, and only where that reads less."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics.plans import Rows, ask, days, plan, prepared, question, run, table

if TYPE_CHECKING:
    from kurs.metrics.query import Query
    from kurs.metrics.question import Question

YEARS = days("2025-01-01..2026-06-30")
ORDERS = Rows(
    {"at": "timestamptz", "channel": "text", "amount": "decimal(18,2)", "person": "int"},
    [
        ("2025-06-09 22:30:00+00", "mail", 8, 1),  # 10 June in Stockholm
        ("2025-06-20 10:00:00+00", None, 4, 1),
        ("2026-06-09 22:30:00+00", "mail", 10, 1),
        ("2026-06-20 10:00:00+00", "paid", 20, 2),
        ("2026-06-20 11:00:00+00", None, 6, 2),
    ],
    (YEARS,),
)
PEOPLE = Rows({"id": "int", "country": "text"}, [(1, "SE"), (2, "PL")])
TABLES = [
    table("orders", {"channel": "channel"}, {"people": "person"}, time="at"),
    table("people", {"country": "country"}, unique_key="id"),
]
METRICS = {
    "revenue": "sum(orders.amount)",
    "orders": "count(orders)",
    "aov": "revenue / orders",
    "people": "count(distinct orders.person)",
    "growth": "aov / offset(aov, '1 year') - 1",
    "each": "revenue / people",
    "each_growth": "each / offset(each, '1 year') - 1",
}
PLAN = plan(TABLES, METRICS, timezone="Europe/Stockholm")
ROWS = {"orders": ORDERS, "people": PEOPLE}


def query(asked: Question) -> Query:
    return prepared(PLAN, ROWS, asked, YEARS.last)


def test_now_and_a_year_before_are_one_pass() -> None:
    asked = question("growth", grain="month", within=str(YEARS))
    assert query(asked).sql.count("FROM orders\n") == 1
    june = ask(PLAN, ROWS, asked, YEARS.last)[-1]
    assert june == {"time": date(2026, 6, 1), "growth": 1.0}


def test_groups_and_conditions_are_those_of_the_rows() -> None:
    within, where = "2026-01-01..2026-06-30", ["orders.amount > 4"]
    asked = question("growth orders", "channel country", "month", within, where=where)
    assert query(asked).sql.count("FROM orders\n") == 1
    found = {(row["channel"], row["country"]): row for row in ask(PLAN, ROWS, asked, YEARS.last)[-3:]}
    assert found["mail", "SE"]["growth"] == 0.25
    assert found[None, "PL"]["orders"] == 1
    assert found[None, "PL"]["growth"] is None


def test_what_needs_the_rows_goes_to_them_beside_it() -> None:
    asked = question("each_growth", grain="month", within=str(YEARS))
    assert ask(PLAN, ROWS, asked, YEARS.last)[-1]["each_growth"] == 0.5
    assert "orders_daily" in query(asked).sql


def test_far_apart_days_are_read_by_themselves() -> None:
    apart = question("revenue", within="2026-06-01..2026-06-30", compare="last_year")
    assert "orders_daily" not in query(apart).sql
    (row,) = ask(PLAN, ROWS, apart, YEARS.last)
    assert (row["revenue"], row["revenue__compare"]) == (Decimal(36), Decimal(12))


def test_a_single_pass_stays_as_it_is() -> None:
    assert "orders_daily" not in query(question("revenue aov", "channel", "month")).sql


def test_joins_are_still_looked_at() -> None:
    asked = question("growth", "country", "month", str(YEARS))
    assert "orders_daily" in query(asked).sql
    assert query(asked).joined == (("orders", "people"),)
    assert query(asked).rollups == ()


def test_a_relation_of_the_steps_name_is_not_hidden() -> None:
    other = table("orders", {"channel": "channel"}, time="at", relation="orders_daily")
    named = plan([other], METRICS, timezone="Europe/Stockholm")
    asked = question("growth", grain="month", within=str(YEARS))
    sql = prepared(named, {"orders": ORDERS}, asked, YEARS.last).sql
    assert "orders_daily_ AS MATERIALIZED" in sql
    growths = [row["growth"] for row in ask(PLAN, ROWS, asked, YEARS.last)]
    assert [row[1] for row in run(sql, {"orders_daily": ORDERS})] == growths
