"""Review: all that a management report says of a month, a quarter, a campaign, or of now."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kurs.evaluate.reading import NOT_WELL, Status
from kurs.model.days import Days, Grain, bucket_of, grain_named
from kurs.model.kpi import Level
from kurs.problems import Problem, UsageError, closest
from kurs.report.management.review import Review, Span
from kurs.workflows.audit import audit
from kurs.workflows.data import data
from kurs.workflows.decide import decided
from kurs.workflows.effect import effects
from kurs.workflows.measure import status
from kurs.workflows.opening import open_project
from kurs.workflows.reasons import reasons
from kurs.workflows.trajectory import trajectories

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.audit.audit import Audit
    from kurs.evaluate.reading import Reading
    from kurs.model.project import Project
    from kurs.workflows.opening import Opened

DRAWN = 4  # KPIs whose way is drawn: what a board can talk about in one meeting
EXPLAINED = 6  # KPIs whose card says why they moved: each costs some questions
_WORST_FIRST = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
_LEVELS = (Level.STRATEGIC, Level.OPERATIONAL, Level.FUNCTIONAL, None)
_CALENDAR = re.compile(r"(\d{4})(?:-(\d{2})|-?Q([1-4]))?", re.IGNORECASE)


def review(opened: Opened, period: str | None = None) -> Review:
    """Read all KPIs for a report; with a ``period`` those that run in it, as at its end, or now.

    Raises UsageError for a period that is none.
    """
    span = span_of(opened.project, opened.as_of, period) if period is not None else None
    as_of = min(opened.as_of, span.days.last) if span is not None else opened.as_of
    if as_of == opened.as_of:
        return _reviewed(opened, span)
    with open_project(opened.project.folder, as_of) as then:  # by the plan in force then
        return _reviewed(then, span)


def _reviewed(opened: Opened, span: Span | None) -> Review:
    readings = tuple(
        one for one in status(opened) if span is None or one.period.overlap(span.days) is not None
    )
    first = foremost(readings)
    worst = first[:DRAWN]
    asked = [one for one in first if one.status in NOT_WELL or one in worst][:EXPLAINED]
    return Review(
        project=opened.project,
        as_of=opened.as_of,
        span=span,
        readings=readings,
        reasons=reasons(opened, asked),
        ways=trajectories(opened, worst),
        decided=decided(opened),
        effects=effects(opened),
        data=data(opened.project, opened.as_of),
        audit=_audited(opened, readings),
    )


def _audited(opened: Opened, readings: Iterable[Reading]) -> Audit:
    """Audit the plan, and keep what is about KPIs of the report, and about the set."""
    shown, found = {one.kpi.key for one in readings}, audit(opened)
    return replace(found, kpis=tuple(one for one in found.kpis if one.kpi.key in shown))


def foremost(readings: Iterable[Reading]) -> list[Reading]:
    """Return what a reader should look at first: what is not well, the worst first; else what steers most."""
    known = [reading for reading in readings if reading.value is not None]
    troubled = [reading for reading in known if reading.status in NOT_WELL]
    if troubled:
        return sorted(troubled, key=lambda one: (_badness(one), _LEVELS.index(one.kpi.level)))
    return sorted(known, key=lambda one: _LEVELS.index(one.kpi.level))


def _badness(reading: Reading) -> int:
    return next(place for place, status in enumerate(_WORST_FIRST) if status is reading.status)


def span_of(project: Project, as_of: date, said: str) -> Span:
    """Understand the days of a report: an event, a grain, ``2026-12``, ``2026-Q4``, ``2026``, or a range.

    A grain is its bucket on ``as_of``, an event its last occurrence. Raises UsageError.
    """
    event = project.calendar.event(said)
    occurrence = event.at(as_of) if event is not None else None
    if occurrence is not None:
        return Span(occurrence, event=said)
    grains = [name for name in project.reckoning.grains if name != Grain.HOUR]
    if said in grains:
        grain = grain_named(said)
        days = project.reckoning.at_or_before(as_of, grain) or project.reckoning.first(grain)
        return Span(days, grain=grain)
    found = _of_calendar(said) or _range(said)
    if found is None:
        events = [event.key for event in project.calendar.events]
        values = {"value": said, "suggestion": closest(said, [*events, *grains])}
        raise UsageError(Problem("bad_report_period", values))
    return found


def _of_calendar(said: str) -> Span | None:
    """Understand a month, a quarter or a year by its number."""
    match = _CALENDAR.fullmatch(said.strip())
    if match is None:
        return None
    year, month, quarter = int(match[1]), match[2], match[3]
    grain = Grain.MONTH if month else Grain.QUARTER if quarter else Grain.YEAR
    first_month = int(month) if month else 3 * int(quarter) - 2 if quarter else 1
    if not 1 <= first_month <= 12 or not 1 <= year < 9999:
        return None
    return Span(bucket_of(date(year, first_month, 1), grain), grain=grain)


def _range(said: str) -> Span | None:
    first, dots, last = said.partition("..")
    try:
        days = Days(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
    except ValueError:
        return None
    return Span(days) if dots else None
