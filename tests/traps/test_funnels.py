"""Funnels: the share that a naive statement gives, and the one that is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from kurs.model.entity import Funnel, Lapse
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, prepared, question, run, table

if TYPE_CHECKING:
    from kurs.metrics.question import Question

MARCH = (days("2026-03-01..2026-03-31"),)
PROJECT = replace(
    plan([table("events", {"channel": "channel"}, time="t")], timezone="Europe/Stockholm"),
    metrics={
        "bought": Metric(
            "bought",
            "",
            funnel=Funnel(("events.name = 'view'", "events.name = 'buy'"), "events.who", Lapse(7 * 86_400)),
        ),
        "views": Metric("views", "count(distinct events.who) filter (where events.name = 'view')"),
    },
)


def rows(*told: tuple[str, str | None, str, str | None]) -> dict[str, Rows]:
    """Events: the moment in March (``02 10:00``, UTC), who, what, and the channel."""
    types = {"t": "timestamptz", "who": "text", "name": "text", "channel": "text"}
    found = [
        (datetime.fromisoformat(f"2026-03-{at}").replace(tzinfo=UTC), who, name, channel)
        for at, who, name, channel in told
    ]
    return {"events": Rows(types, found, MARCH)}


def bought(asked: Question, told: dict[str, Rows], as_of: date = date(2026, 3, 31)) -> list[object]:
    return [row["bought"] for row in ask(PROJECT, told, asked, as_of)]


def naive(told: dict[str, Rows], where: str = "true") -> object:
    """Who did both, whatever the order, among the rows of the question."""
    did = "count(distinct who) filter (where name = '{}')"
    rows = f"FROM events WHERE {where} AND name IN ('view', 'buy')"
    both = f"SELECT who {rows} GROUP BY who HAVING count(distinct name) = 2"
    return run(
        f"SELECT (SELECT count(*) FROM ({both})) / {did.format('view')} FROM events WHERE {where}", told
    )[0][0]


def test_a_purchase_before_the_visit_is_no_conversion() -> None:
    told = rows(("02 09:00", "a", "buy", None), ("02 10:00", "a", "view", None))
    assert naive(told) == 1.0
    assert bought(question("bought"), told) == [0.0]


def test_the_range_does_not_cut_off_the_purchase() -> None:
    told = rows(("02 10:00", "a", "view", None), ("03 10:00", "a", "buy", None))
    assert naive(told, "t < '2026-03-03'") == 0.0
    assert bought(question("bought", within="2026-03-02"), told) == [1.0]


def test_a_purchase_in_the_range_of_a_visit_before_it_is_not_of_the_range() -> None:
    """A ratio of two counts says 200 %."""
    told = rows(
        *(("01 10:00", who, "view", None) for who in "ab"),
        *(("02 10:00", who, "buy", None) for who in "ab"),
        ("02 11:00", "c", "view", None),
    )
    assert run(
        "SELECT count(*) FILTER (name = 'buy') / count(*) FILTER (name = 'view') FROM events"
        " WHERE t >= '2026-03-02'",
        told,
    ) == ((2.0,),)
    assert bought(question("bought", within="2026-03-02..2026-03-31"), told) == [0.0]


def test_the_channel_is_that_of_the_visit_also_if_another_one_brought_the_purchase() -> None:
    told = rows(("02 10:00", "a", "view", "search"), ("02 11:00", "a", "buy", "mail"))
    assert naive(told, "channel = 'search'") == 0.0
    assert bought(question("bought", where=["channel = 'search'"]), told) == [1.0]


def test_nobody_is_not_one_visitor_who_does_everything() -> None:
    """A window over rows without a visitor takes them all for one."""
    told = rows(
        ("02 10:00", None, "view", None), ("02 11:00", None, "buy", None), ("02 10:00", "a", "view", None)
    )
    assert bought(question("bought"), told) == [0.0]


def test_several_purchases_of_one_visitor_are_one_conversion() -> None:
    told = rows(("02 10:00", "a", "view", None), *((f"02 1{n}:00", "a", "buy", None) for n in range(1, 4)))
    assert bought(question("bought"), told) == [1.0]


def test_a_young_bucket_is_said_to_be_running() -> None:
    told = rows(("24 10:00", "a", "view", None), ("25 10:00", "b", "view", None))
    asked = question("bought", "", "day", "2026-03-24..2026-03-25")
    query = prepared(PROJECT, told, asked, date(2026, 3, 31))
    assert [(found.code, found.values["from"]) for found in query.warnings] == [
        ("funnel_running", date(2026, 3, 25))
    ]
    older = question("bought", "", "day", "2026-03-23..2026-03-24")
    assert prepared(PROJECT, told, older, date(2026, 3, 31)).warnings == ()


def test_a_day_is_one_of_the_project_and_the_time_runs_by_the_clock() -> None:
    """Seven days over the change of the clocks are 168 hours, and 23:30 UTC is the next day."""
    told = rows(
        ("24 23:30", "a", "view", None),
        ("31 23:30", "a", "buy", None),
        ("24 23:30", "b", "view", None),
        ("31 23:31", "b", "buy", None),
    )
    asked = question("bought", "", "day", "2026-03-24..2026-03-25")
    assert bought(asked, told, date(2026, 4, 2)) == [None, 0.5]


def test_a_dimension_of_the_plan_may_have_a_name_of_ours() -> None:
    names = ("entity", "moment", "clock", "entered", "reached", "step", "time_")
    project = replace(PROJECT, tables={"events": table("events", dict.fromkeys(names, "channel"), time="t")})
    told = rows(("02 10:00", "a", "view", "search"), ("02 11:00", "a", "buy", None))
    assert list(ask(project, told, question("bought", " ".join(names)))[0].values()) == [
        *["search"] * len(names),
        1.0,
    ]
