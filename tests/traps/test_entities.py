"""Metrics over entities: what a naive statement says of customers, and what is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kurs.model.frame import Frame, FrameKind
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, question, run, table

YEAR = (days("2026-01-01..2026-12-31"),)
ORDERS = table("orders", {"channel": "channel"}, {"customers": "who"}, time="day")
VISITS = table("visits", {"channel": "channel"}, {"customers": "who"}, time="day")
CUSTOMERS = table("customers", {"tier": "tier"}, unique_key="id")
METRICS = {
    "repeat_rate": "count(*) filter (where orders >= 2) / count(*)",
    "each": "avg(orders)",
    "new": "count(*) filter (where orders > 0 and orders = orders_ever)",
    "visits_of_buyers": "sum(visits) filter (where orders > 0)",
}


def rows(
    orders: list[tuple[str, str | None, str | None]], visits: list[tuple[str, str]] | None = None
) -> dict[str, Rows]:
    """Orders as (day, who, channel), visits as (day, who); days as ``01-31``."""
    return {
        "orders": Rows(
            {"day": "date", "who": "text", "channel": "text"},
            [(date.fromisoformat(f"2026-{day}"), who, channel) for day, who, channel in orders],
            YEAR,
        ),
        "visits": Rows(
            {"day": "date", "who": "text", "channel": "text"},
            [(date.fromisoformat(f"2026-{day}"), who, None) for day, who in visits or []],
            YEAR,
        ),
        "customers": Rows({"id": "text", "tier": "text"}, [("a", "gold"), ("b", None)]),
    }


def answer(
    metric: str, told: dict[str, Rows], by: str = "", grain: str | None = None, within: str = ""
) -> list[object]:
    project = plan([ORDERS, VISITS, CUSTOMERS], {"orders": "count(orders)", "visits": "count(visits)"})
    metrics = {key: Metric(key, expr, per="customers") for key, expr in METRICS.items()}
    ever = Metric("orders_ever", "orders", frame=Frame(FrameKind.SINCE))
    project = replace(project, metrics={**project.metrics, **metrics, "orders_ever": ever})
    return [row[metric] for row in ask(project, told, question(metric, by, grain, within or None))]


def test_a_share_of_customers_is_not_a_share_of_orders() -> None:
    told = rows([("01-01", "a", None), ("01-02", "a", None), ("01-03", "b", None)])
    naive = "SELECT sum(n) FILTER (n > 1) / sum(n) FROM (SELECT count(*) n FROM orders GROUP BY who)"
    assert run(naive, told)[0][0] == 2 / 3
    assert answer("repeat_rate", told) == [0.5]


def test_nobody_is_not_the_best_customer() -> None:
    """GROUP BY makes one customer of all rows without one."""
    told = rows([*[("01-01", None, None)] * 3, ("01-02", "a", None)])
    assert run("SELECT avg(n) FROM (SELECT count(*) n FROM orders GROUP BY who)", told) == ((2.0,),)
    assert answer("each", told) == [1.0]


def test_a_first_order_before_the_range_is_a_first_order() -> None:
    """The least day in the range makes a new customer of everybody."""
    told = rows([("01-01", "a", None), ("02-01", "a", None), ("02-02", "b", None)])
    naive = "SELECT count(DISTINCT who) FROM orders WHERE day >= '2026-02-01'"
    assert run(naive, told) == ((2,),)
    assert answer("new", told, within="2026-02-01..2026-02-28") == [1]


def test_two_facts_of_a_customer_do_not_multiply_each_other() -> None:
    """Joined on the customer, two visits and two orders are four visits."""
    told = rows(
        [("01-01", "a", None), ("01-02", "a", None)], [("01-01", "a"), ("01-03", "a"), ("01-03", "b")]
    )
    assert run("SELECT count(*) FROM orders o JOIN visits v ON o.who = v.who", told) == ((4,),)
    assert answer("visits_of_buyers", told) == [2]


def test_months_do_not_add_up_to_the_year() -> None:
    told = rows([("01-01", "a", None), ("02-01", "a", None)])
    assert answer("repeat_rate", told, grain="month", within="2026-01-01..2026-02-28") == [0.0, 0.0]
    assert answer("repeat_rate", told, grain="year") == [1.0]


def test_a_customer_without_a_channel_is_in_a_group_of_its_own() -> None:
    told = rows([("01-01", "a", None), ("01-02", "a", None), ("01-02", "b", "mail")])
    assert answer("repeat_rate", told, "channel") == [0.0, 1.0]
    assert answer("repeat_rate", told, "tier") == [1.0, 0.0]
