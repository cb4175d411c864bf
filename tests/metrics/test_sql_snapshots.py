"""Six statements that show how a question becomes SQL. To renew them: ``pytest --snapshot-update``.

Answers are tested elsewhere: these are for reading.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from metrics.plans import Rows, days, plan, prepared, question, table

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from kurs.metrics.question import Question

YEAR = (days("2025-01-01..2026-01-20"),)
ROWS = {
    "orders": Rows(
        {
            "ordered_at": "timestamptz",
            "channel": "text",
            "customer_id": "int",
            "net": "decimal(18,2)",
            "is_first": "bool",
        },
        covered=YEAR,
    ),
    "sessions": Rows({"day": "date", "channel": "text", "visitor": "int"}, covered=YEAR),
    "customers": Rows({"id": "int", "country_code": "text", "orders_before": "int"}),
}
SHOP = plan(
    [
        table("orders", {"channel": "lower(channel)"}, {"customers": "customer_id"}, time="ordered_at"),
        table("sessions", {"channel": "channel"}, {"customers": "visitor"}, time="day"),
        table("customers", {"country": "upper(country_code)"}, unique_key="id"),
    ],
    {
        "orders": "count(orders)",
        "new_buyers": "count(distinct orders.customer_id) filter (where orders.is_first)",
        "revenue": "sum(orders.net)",
        "sessions": "count(sessions)",
        "conversion_rate": "orders / sessions",
        "aov": "revenue / orders",
    },
    {"returning": ("customers", "orders_before >= 1")},
    timezone="Europe/Stockholm",
)


def sql(asked: Question) -> str:
    return prepared(SHOP, ROWS, asked, date(2026, 1, 20)).sql


def test_one_number(snapshot: SnapshotAssertion) -> None:
    assert sql(question("revenue", within="2025-12-01..2025-12-31")) == snapshot


def test_a_ratio_of_two_tables_by_a_dimension_of_both(snapshot: SnapshotAssertion) -> None:
    assert sql(question("conversion_rate", "channel", within="2025-12-01..2025-12-31")) == snapshot


def test_days_of_a_zone_with_gaps_filled(snapshot: SnapshotAssertion) -> None:
    assert sql(question("orders aov", grain="day", within="2025-10-20..2025-11-02")) == snapshot


def test_a_join_a_segment_and_a_filter(snapshot: SnapshotAssertion) -> None:
    asked = question(
        "new_buyers",
        "country",
        segments=["returning"],
        where=["channel = 'web'"],
        order="new_buyers:desc",
        limit=5,
    )
    assert sql(asked) == snapshot


def test_months_against_last_year_to_date(snapshot: SnapshotAssertion) -> None:
    assert (
        sql(question("revenue", grain="month", within="2025-12-01..2026-01-31", compare="last_year"))
        == snapshot
    )


def test_the_members_of_a_dimension(snapshot: SnapshotAssertion) -> None:
    assert sql(question("", "country")) == snapshot
