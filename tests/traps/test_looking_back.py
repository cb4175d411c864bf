"""Windows, growth and restated days: what a date filter, a row offset or a plain sum makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kurs.model.frame import Frame, FrameKind, Span
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, prepared, question, run, table

FIRST = date(2026, 1, 1)
JANUARY = (days("2026-01-01..2026-01-31"),)
TYPES = {"day": "date", "who": "int", "x": "int", "c": "text"}
LAST_3 = Frame(FrameKind.ROLLING, span=Span(days=3))
PLAN = replace(
    plan([table("t", {"c": "c"}, time="day")]),
    metrics={
        "x": Metric("x", "sum(t.x)"),
        "x_3d": Metric("x_3d", "sum(t.x)", frame=LAST_3),
        "people_3d": Metric("people_3d", "count(distinct t.who)", frame=LAST_3),
        "growth": Metric("growth", "x / offset(x, '2 days') - 1"),
    },
)


def on(*rows: tuple[int, int, int]) -> Rows:
    """Rows of (day of January, who, x)."""
    return Rows(TYPES, [(FIRST + timedelta(days=day - 1), who, x, "a") for day, who, x in rows], JANUARY)


def values(rows: Rows, metric: str, **more: object) -> list[object]:
    return [row[metric] for row in ask(PLAN, {"t": rows}, question(metric, grain="day", **more))]  # type: ignore[arg-type]


EVERY_DAY = on((1, 1, 1), (2, 2, 10), (3, 1, 100), (4, 3, 1000), (5, 1, 10_000))


def test_a_filtered_range_does_not_cut_into_a_window() -> None:
    """Filtered first, the window of the 4th holds the 4th alone: 1000."""
    naive = """SELECT sum(sum(x)) OVER (ORDER BY day RANGE BETWEEN INTERVAL 2 DAY PRECEDING AND CURRENT ROW)
               FROM t WHERE day >= DATE '2026-01-04' GROUP BY day"""
    assert run(naive, {"t": EVERY_DAY})[0] == (1000,)
    assert values(EVERY_DAY, "x_3d", within="2026-01-04..2026-01-05") == [1110, 11_100]


def test_growth_under_a_filtered_range_has_the_value_before_it() -> None:
    """Filtered first, there is nothing before the 4th, and its growth is null."""
    naive = "SELECT lag(x, 2) OVER (ORDER BY day) FROM t WHERE day >= DATE '2026-01-04'"
    assert run(naive, {"t": EVERY_DAY})[0] == (None,)
    assert values(EVERY_DAY, "growth", within="2026-01-04..2026-01-04") == [pytest.approx(1000 / 10 - 1)]


def test_days_without_rows_are_days_of_a_window_and_of_an_offset() -> None:
    """By rows, three rows back reach from the 9th to the 1st, and two rows before the 9th is the 1st."""
    rows = on((1, 1, 1), (5, 1, 10), (9, 1, 100))
    naive = """SELECT sum(x) OVER (ORDER BY day ROWS 2 PRECEDING), lag(x, 2) OVER (ORDER BY day)
               FROM t ORDER BY day"""
    assert run(naive, {"t": rows})[-1] == (111, 1)
    assert values(rows, "x_3d", within="2026-01-09..2026-01-10") == [100, 100]
    assert values(rows, "growth", within="2026-01-09..2026-01-09") == [None]  # from 0 there is no rate


def test_distinct_people_of_days_do_not_add_up_to_those_of_a_window() -> None:
    """Added up, person 1 counts on the 1st, the 3rd and the 5th: 3 of the window from the 3rd to the 5th."""
    by_day = "SELECT count(DISTINCT who) n FROM t WHERE day >= '2026-01-03' GROUP BY day"
    daily = run(f"SELECT sum(n) FROM ({by_day})", {"t": EVERY_DAY})
    assert daily == ((3,),)
    assert values(EVERY_DAY, "people_3d", within="2026-01-05..2026-01-05") == [2]


def test_a_last_week_that_is_not_over_is_told() -> None:
    """Beside the whole week before it, it looks like a fall."""
    rows = Rows(TYPES, EVERY_DAY.rows, (days("2026-01-01..2026-01-07"),))
    asked = question("x", grain="week", within="2025-12-29..2026-01-11")
    codes = {warning.code for warning in prepared(PLAN, {"t": rows}, asked).warnings}
    assert "last_bucket_partial" in codes


def test_restated_days_are_told() -> None:
    """What an account says of its last days is not what it will say next week."""
    from kurs.metrics.compiling import compile_question

    facts = EVERY_DAY.facts
    facts = replace(facts, covered=tuple(replace(entry, restates_days=3) for entry in facts.covered))
    warnings = compile_question(question("x"), PLAN, {"t": facts}, date(2026, 1, 31)).warnings
    (told,) = [warning for warning in warnings if warning.code == "may_be_restated"]
    assert told.values["from"] == date(2026, 1, 29)
