"""Shares, weights and levels of each entity: the answer that a naive query gives, and the right one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.model.frame import Edge, Frame, FrameKind, Span
from kurs.model.metric import At, Metric, Whole
from metrics.plans import Rows, ask, days, plan, question, run, table

if TYPE_CHECKING:
    from collections.abc import Sequence

JANUARY = (days("2026-01-01..2026-01-31"),)
FIRST, SECOND, THIRD = (date(2026, 1, day) for day in (1, 2, 3))


def answer(rows: Rows, metrics: Sequence[Metric], dimension: str, asked: str, **more: object) -> object:
    project = plan([table("t", {dimension: dimension}, time="day")])
    project = replace(project, metrics={metric.key: metric for metric in metrics})
    return [tuple(row.values()) for row in ask(project, {"t": rows}, question(asked, **more))]  # type: ignore[arg-type]


def test_a_value_that_is_not_there_has_no_weight() -> None:
    """Over all weights the average price would be 18 / 20: as if the unknown price were 0."""
    rows = Rows(
        {"day": "date", "c": "text", "price": "int", "units": "int"},
        [(FIRST, "a", 1, 8), (FIRST, "a", 5, 2), (SECOND, "a", None, 10)],
        JANUARY,
    )
    assert run("SELECT sum(price * units) / sum(units) FROM t", {"t": rows}) == ((0.9,),)
    assert answer(rows, [Metric("p", "weighted_avg(t.price, t.units)")], "c", "p") == [(1.8,)]


def test_a_share_under_a_filter_on_its_own_dimension() -> None:
    """A filter of the question takes the others out of the whole, too: mail would have 100 %."""
    rows = Rows({"day": "date", "c": "text", "x": "int"}, [(FIRST, "mail", 1), (FIRST, "ads", 3)], JANUARY)
    own = Metric("part", "", share_of="x", where="c = 'mail'")
    metrics = [Metric("x", "sum(t.x)"), Metric("share", "", share_of="x"), own]
    assert answer(rows, metrics, "c", "share", where=["c = 'mail'"]) == [(1.0,)]
    assert answer(rows, metrics, "c", "part") == [(0.25,)]
    assert answer(rows, metrics, "c", "share", by="c") == [("ads", 0.75), ("mail", 0.25)]


def test_shares_of_who_is_in_several_groups_add_up_to_more_than_all() -> None:
    """Two customers bought by mail, one of them in the shop too; of the groups' sum that is 2/3 and 1/3."""
    rows = Rows(
        {"day": "date", "c": "text", "who": "int"},
        [(FIRST, "mail", 1), (FIRST, "mail", 2), (FIRST, "shop", 1)],
    )
    metrics = [Metric("n", "count(distinct t.who)"), Metric("share", "", share_of="n", whole=Whole.ALL)]
    assert answer(rows, metrics, "c", "share", by="c") == [("mail", 1.0), ("shop", 0.5)]


def test_the_last_day_of_all_is_not_the_last_day_of_each() -> None:
    """One last day for all loses the shop that was counted the day before."""
    rows = Rows(
        {"day": "date", "shop": "text", "units": "int"},
        [(FIRST, "a", 10), (SECOND, "a", 20), (SECOND, "b", 40), (THIRD, "b", 80)],
        JANUARY,
    )
    one = "SELECT sum(units) FROM t WHERE day = (SELECT max(day) FROM t)"
    assert run(one, {"t": rows}) == ((80,),)
    metrics = [Metric("units", "sum(t.units)", at=At.LAST, each="shop")]
    assert answer(rows, metrics, "shop", "units") == [(100,)]
    assert answer(rows, metrics, "shop", "units", by="shop") == [("a", 20), ("b", 80)]


@pytest.mark.parametrize(("grain", "expected"), [("day", [(THIRD, 80)]), (None, [(80,)])])
def test_who_was_not_counted_in_the_asked_days_has_no_level(grain: str | None, expected: object) -> None:
    """Shop a closed on the 2nd: its stock is not carried on, unless a window says for how long."""
    rows = Rows(
        {"day": "date", "shop": "text", "units": "int"}, [(FIRST, "a", 10), (THIRD, "b", 80)], JANUARY
    )
    metrics = [Metric("units", "sum(t.units)", at=At.LAST, each="shop")]
    assert answer(rows, metrics, "shop", "units", grain=grain, within="2026-01-03") == expected


def test_a_level_of_no_such_rows_is_0_in_a_mean_too() -> None:
    """On the 2nd shop b was counted, so a has none of the units: left out, the mean would be 1."""
    rows = Rows({"day": "date", "shop": "text"}, [(FIRST, "a"), (SECOND, "b")], JANUARY)
    frame = Frame(FrameKind.ROLLING, Span(days=1), edge=Edge.AVERAGE)
    metrics = [Metric("a", "count(t) filter (where t.shop = 'a')", at=At.LAST, frame=frame)]
    assert answer(rows, metrics, "shop", "a", within="2026-01-01..2026-01-02") == [(0.5,)]
    by_day = answer(rows, metrics, "shop", "a", grain="day", within="2026-01-01..2026-01-02")
    assert by_day == [(FIRST, 1), (SECOND, 0)]


def test_a_mean_knows_its_days_where_the_last_of_them_has_no_data_yet() -> None:
    """A day back, 1 February has data and the 2nd has none: a mean of one day, on which nothing was."""
    rows = Rows({"day": "date", "x": "int"}, [(FIRST, 5)], JANUARY)
    frame = Frame(FrameKind.ROLLING, Span(days=1), edge=Edge.AVERAGE)
    metrics = [Metric("x", "sum(t.x)", frame=frame), Metric("back", "offset(x, '1 day')")]
    assert answer(rows, metrics, "x", "back", within="2026-02-01..2026-02-02") == [(0,)]
