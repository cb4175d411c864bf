"""The engine's answer is that of a brute force in plain Python, on worlds that nobody chose.

``HYPOTHESIS_PROFILE=more`` tries thousands.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from kurs.model.days import Days, grain_named
from kurs.model.events import Calendar
from kurs.model.frame import Edge, Frame, FrameKind, Span
from kurs.model.metric import At, Fill, Metric, Whole
from kurs.model.periods import Period, PeriodSet
from kurs.model.years import JalaliYears, MonthYears, WeekYears
from metrics.almanac import SEASONS
from metrics.oracle import Oracle, World
from metrics.plans import Rows, ask, plan, question, table
from metrics.trees import Share, sql
from metrics.worlds import COLUMNS, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.metrics.question import Question
    from kurs.model.project import Project
    from metrics.looking import Look
    from metrics.oracle import Told

EXAMPLES = 4_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 90


@examples(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_the_engine_answers_what_brute_force_finds(case: Case) -> None:
    found = ask(project_of(case.world), rows_of(case), asked(case), case.world.as_of)
    expected = Oracle(case.world, case.wanted).answer()
    exact = {
        name
        for name in (expected[0] if expected else ())
        if not any(isinstance(row[name], float) for row in expected)
    }
    order = [each for each in case.order if each[0] in exact]
    if len(order) < len(case.order):  # floats may differ in their last digit, and so in their order
        assert same_rows(sorted(found, key=repr_of_keys(case)), sorted(expected, key=repr_of_keys(case))) or (
            case.limit is not None and len(found) == min(case.limit, len(expected))
        )
        return
    keys = [("time", False)] * (case.wanted.grain is not None) + [(name, False) for name in case.wanted.by]
    expected = in_order(expected, [*order, *(key for key in keys if key[0] not in dict(order))])
    expected = expected[: case.limit] if case.limit is not None else expected
    assert same_rows(found, expected), f"{found}\nbut brute force finds\n{expected}"


def repr_of_keys(case: Case) -> object:
    """Sort rows by their keys alone."""
    return lambda row: repr([row[name] for name in ("time", *case.wanted.by) if name in row])


def in_order(rows: Iterable[dict[str, object]], order: list[tuple[str, bool]]) -> list[dict[str, object]]:
    """Sort rows by columns, the first one first; no value comes last either way."""
    ordered = list(rows)
    for name, descending in reversed(order):
        known = [row for row in ordered if row[name] is not None]
        known.sort(key=lambda row: row[name], reverse=descending)  # type: ignore[arg-type, return-value]
        ordered = known + [row for row in ordered if row[name] is None]
    return ordered


def same_rows(found: list[dict[str, object]], expected: list[dict[str, object]]) -> bool:
    """Say whether both have the same rows: counts and decimals exactly."""
    return len(found) == len(expected) and all(
        row.keys() == other.keys() and all(same(row[name], other[name]) for name in row)
        for row, other in zip(found, expected, strict=True)
    )


def same(found: object, expected: object) -> bool:
    """Say whether a value is what is expected; exact unless it is a float."""
    if isinstance(expected, float):
        assert not isinstance(found, (str, date, bool))
        return found is not None and math.isclose(float(found), expected, rel_tol=1e-9, abs_tol=1e-9)  # type: ignore[arg-type]
    if isinstance(expected, (int, Fraction)) and isinstance(found, (int, Decimal, float)):
        return Fraction(found) == expected
    return found == expected


def project_of(world: World) -> Project:
    """The world's plan, in the words of the plan's format."""
    fills = {"": None, "zero": Fill.ZERO, "null": Fill.NULL, "none": Fill.NONE}
    project = plan(
        [
            table(
                key,
                {name: sql(tree) for name, tree in facts.dimensions.items()},
                facts.joins,
                time=facts.time,
                unique_key="id" if "id" in COLUMNS[key] else None,
                timezone=facts.time_zone,
                where=sql(facts.where) if facts.where is not None else None,
            )
            for key, facts in world.tables.items()
        ],
        {},
        {name: (of, sql(tree)) for name, (of, tree) in world.segments.items()},
        timezone=world.zone,
        week_starts=world.week_starts,
    )
    metrics = {
        key: Metric(
            key,
            "" if share_of(told) else sql(told.tree),
            fill=fills[told.fill],
            frame=frame_of(told.look),
            at=At(told.look.at) if told.look.at else None,
            each=told.look.each or None,
            where=sql(told.look.only[0]) if told.look.only else None,
            share_of=share.metric if (share := share_of(told)) else None,
            whole=Whole(share.whole) if share else None,
        )
        for key, told in world.metrics.items()
    }
    periods = tuple(Period(f"season_{at}", Days(*ends)) for at, ends in enumerate(SEASONS))
    calendar = Calendar(periods=(PeriodSet("seasons", periods),))
    years = {"jalali": JalaliYears(), "4-5-4": WeekYears()}
    fiscal = years[world.fiscal] if world.fiscal in years else MonthYears(int(world.fiscal))
    settings = replace(project.settings, fiscal_year=fiscal)
    return replace(project, metrics=metrics, calendar=calendar, settings=settings)


def share_of(told: Told) -> Share | None:
    """The share that a metric is, if it is one."""
    return told.tree[1] if isinstance(told.tree[1], Share) else None


def frame_of(look: Look) -> Frame | None:
    """A window or a to-date in the product's words."""
    edge = Edge(look.edge)
    if look.window:
        return Frame(FrameKind.ROLLING, span=Span.parse(look.window), edge=edge)
    if look.to_date == "ever":
        return Frame(FrameKind.SINCE, edge=edge)
    if look.to_date[:1].isdigit():
        return Frame(FrameKind.SINCE, since=date.fromisoformat(look.to_date), edge=edge)
    return Frame(FrameKind.TO_DATE, grain=grain_named(look.to_date), edge=edge) if look.to_date else None


def rows_of(case: Case) -> dict[str, Rows]:
    """The world's rows as relations."""
    found: dict[str, Rows] = {}
    for key, facts in case.world.tables.items():
        types = dict(COLUMNS[key]) | ({"t": case.kinds[key] or ""} if facts.time else {})
        rows = [tuple(row[name] for name in types) for row in facts.rows]
        found[key] = Rows(types, rows, tuple(spans(facts.covered or ())))
    return found


def spans(covered: Iterable[date]) -> list[Days]:
    """Join days to ranges."""
    found: list[Days] = []
    for day in sorted(covered):
        if found and found[-1].last + timedelta(days=1) == day:
            found[-1] = Days(found[-1].first, day)
        else:
            found.append(Days(day, day))
    return found


def asked(case: Case) -> Question:
    """The case's question in the product's words."""
    wanted = case.wanted
    within = f"{wanted.days[0]}..{wanted.days[1]}" if wanted.days else None
    compare = wanted.against
    if wanted.against_days is not None:
        compare = f"{wanted.against_days[0]}..{wanted.against_days[1]}"
    return question(
        " ".join(wanted.metrics),
        " ".join(wanted.by),
        wanted.grain,
        within,
        where=[sql(tree) for tree in wanted.where],
        segments=wanted.segments,
        compare=compare,
        order=" ".join(f"{name}:desc" if descending else name for name, descending in case.order),
        limit=case.limit,
    )
