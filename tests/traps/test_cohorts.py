"""Cohorts: what a naive statement says of new customers and of those who come back, and what is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kurs.model.days import Grain
from kurs.model.entity import Age, Cohort
from kurs.model.frame import Span
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, prepared, question, run, table

YEAR = (days("2026-01-01..2026-12-31"),)
MARCH = date(2026, 3, 31)
METRICS = {
    "new": Metric("new", "count(*)", per="orders.who", cohort=Cohort("orders")),
    "ltv": Metric("ltv", "avg(orders)", per="orders.who", cohort=Cohort("orders", within=Span(days=30))),
    "back": Metric(
        "back",
        "count(*) filter (where orders > 0) / count(*)",
        per="orders.who",
        cohort=Cohort("orders", after=Age(1, Grain.MONTH)),
    ),
}
PROJECT = plan(
    [table("orders", {"channel": "channel", "device": "device"}, time="day")], {"orders": "count(orders)"}
)
PROJECT = replace(PROJECT, metrics={**PROJECT.metrics, **METRICS})


def rows(*told: tuple[str, str | None, str | None, str]) -> dict[str, Rows]:
    """Orders: the day (``01-31``), who, the channel, the device."""
    types = {"day": "date", "who": "text", "channel": "text", "device": "text"}
    found = [(date.fromisoformat(f"2026-{day}"), *rest) for day, *rest in told]
    return {"orders": Rows(types, found, YEAR)}


def answer(
    metric: str,
    told: dict[str, Rows],
    by: str = "",
    grain: str | None = None,
    within: str | None = None,
    where: tuple[str, ...] = (),
) -> list[object]:
    return [
        row[metric] for row in ask(PROJECT, told, question(metric, by, grain, within, where=where), MARCH)
    ]


def test_a_customer_of_old_is_not_new_in_the_range() -> None:
    told = rows(("01-05", "a", None, "x"), ("02-05", "a", None, "x"), ("02-06", "b", None, "x"))
    assert run("SELECT count(DISTINCT who) FROM orders WHERE day >= '2026-02-01'", told) == ((2,),)
    assert answer("new", told, within="2026-02-01..2026-02-28") == [1]


def test_a_first_order_by_a_channel_is_not_the_first_order() -> None:
    """Filtered first, everybody is new once in every channel."""
    told = rows(("01-05", "a", "search", "x"), ("02-05", "a", "mail", "x"))
    naive = (
        "SELECT channel, count(*) FROM (SELECT who, channel, min(day) FROM orders GROUP BY ALL) GROUP BY 1"
    )
    assert sorted(run(naive, told)) == [("mail", 1), ("search", 1)]
    assert answer("new", told, where=("channel = 'mail'",)) == [0]
    assert answer("new", told, "channel") == [1]


def test_two_first_orders_of_one_day_are_one_new_customer_in_every_question() -> None:
    """Without a key the rows themselves decide, so that a filter and a dimension take the same one."""
    told = rows(("01-05", "a", "search", "tablet"), ("01-05", "a", "mail", "phone"))
    by_filter = [answer("new", told, where=(f"channel = '{each}'",)) for each in ("mail", "search")]
    assert by_filter == [[1], [0]]
    assert answer("new", told, "channel device") == [1]


def test_a_young_cohort_is_not_a_bad_one() -> None:
    """In the last month half of the 30 days are still to come."""
    told = rows(*((f"0{month}-1{n}", f"{month}{n}", None, "x") for month in (2, 3) for n in range(3)))
    assert answer("ltv", told, grain="month", within="2026-02-01..2026-03-31") == [1.0, None]
    query = prepared(PROJECT, told, question("ltv", within="2026-02-01..2026-03-31"), MARCH)
    young = [found for found in query.warnings if found.code == "cohorts_young"]
    assert [found.values["to"] for found in young] == [date(2026, 3, 2)]
    assert answer("ltv", told, within="2026-02-01..2026-03-02") == [1.0]
    assert answer("ltv", told, within="2026-02-01..2026-03-03") == [None]


def test_who_does_not_come_back_is_in_the_denominator() -> None:
    """An inner join of both months knows only those who did."""
    told = rows(("01-05", "a", None, "x"), ("01-31", "b", None, "x"), ("02-01", "b", None, "x"))
    joined = (
        "SELECT count(DISTINCT n.who) / count(DISTINCT f.who) FROM orders f JOIN orders n ON f.who = n.who"
    )
    assert run(f"{joined} AND n.day > f.day", told) == ((1.0,),)
    assert answer("back", told, within="2026-01-01..2026-01-31") == [0.5]


def test_nobody_is_not_a_new_customer() -> None:
    told = rows(("01-05", None, None, "x"), ("01-06", "a", None, "x"))
    assert answer("new", told) == [1]
