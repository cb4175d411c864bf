"""Which days are compared with which, and what is unfair in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.evaluate.freshness import freshness
from kurs.evaluate.periods import baseline_days, period_of
from kurs.model.comparison import Against, Comparison, counterpart
from kurs.model.days import Days
from kurs.model.kpi import Baseline
from kurs.problems import Problem, Severity, UsageError

if TYPE_CHECKING:
    from datetime import date

    from kurs.evaluate.freshness import Freshness
    from kurs.metrics.nature import MetricFacts
    from kurs.model.events import Calendar, Event
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project

USUAL_DAYS = 28  # four whole weeks: two of them have the same weekdays


@dataclass(frozen=True, slots=True)
class Fair:
    """Two stretches of days that can be compared, and what must be said beside it."""

    days: Days
    against: Days
    fresh: Freshness
    caveats: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for: a metric, perhaps as a KPI reads it; None is what is usual."""

    metric: str
    kpi: Kpi | None = None
    period: Days | None = None
    comparison: Comparison | None = None


def fair(project: Project, facts: MetricFacts, wanted: Wanted, as_of: date, *, is_flow: bool) -> Fair:
    """Choose the days. Raises UsageError where no comparison of them would be right.

    A period that is not over is compared with the same stretch of the other. A flow is compared over as
    many days, all of them covered; a ratio with a caveat.
    """
    fresh = freshness(project, facts.covered, as_of)
    if not facts.loaded:
        raise UsageError(Problem("not_loaded", {"table": wanted.metric}))
    if fresh.data_to is None or fresh.complete_to is None:
        raise UsageError(Problem("no_data_yet", {"metric": wanted.metric, "as_of": as_of}))
    period = _period(project, wanted, as_of, fresh.complete_to)
    part = period.until(fresh.complete_to) or period.until(fresh.data_to)
    if part is None:
        values = {"metric": wanted.metric, "from": period.first, "data_to": fresh.data_to}
        raise UsageError(Problem("period_not_loaded", values))
    caveats: list[Problem] = []
    if part != period:
        caveats.append(Problem("compared_to_date", {"to": part.last}, Severity.WARNING))
    then, is_stated = _against(project, wanted, period, part)
    if len(then) != len(part):
        part, then = _same_length(wanted, part, then, caveats, is_stated=is_stated, is_flow=is_flow)
    _refuse_uncovered(fresh, wanted, part, then, is_flow=is_flow)
    caveats += _unlike(project, part, then)
    caveats += _of_sources(fresh, part, then)
    caveats += _redefined(facts, part, then)
    return Fair(part, then, fresh, _each_once(caveats))


def _period(project: Project, wanted: Wanted, as_of: date, complete_to: date) -> Days:
    if wanted.period is not None:
        return wanted.period
    if wanted.kpi is not None:
        period = period_of(wanted.kpi, project.calendar, as_of, project.reckoning)
        if period.first > as_of:
            raise UsageError(Problem("not_started", {"from": period.first}))
        return period
    return Days(complete_to - timedelta(days=USUAL_DAYS - 1), complete_to)


def _against(project: Project, wanted: Wanted, period: Days, part: Days) -> tuple[Days, bool]:
    """Return the days to compare ``part`` with, and whether somebody stated them one by one."""
    comparison = wanted.comparison
    kpi = wanted.kpi
    if comparison is None and kpi is not None:
        own = kpi.baseline.comparison if kpi.baseline is not None else None
        comparison = own if wanted.period is None or (own is not None and own.days is None) else None
    comparison = comparison or Comparison(Against.PREVIOUS)
    by_bucket = comparison.against in (Against.PREVIOUS, Against.LAST_YEAR)
    if kpi is not None and wanted.period is None and (wanted.comparison is None or by_bucket):
        # The month before is a month, however long; so is each bucket of a calendar.
        asked = replace(kpi, baseline=Baseline(comparison=comparison))
        whole = baseline_days(asked, period, project.calendar, project.reckoning)
        if isinstance(whole, Problem):
            raise UsageError(whole)
        if whole is not None:
            return _same_stretch(period, part, whole), False
    if comparison.against is Against.SAME_EVENT:
        return _same_event(project, part), False
    if comparison.days is not None:
        return _same_stretch(period, part, comparison.days), True
    return counterpart(part, period, comparison), False


def _same_stretch(period: Days, part: Days, whole: Days) -> Days:
    """Return of ``whole`` what ``part`` is of ``period``: its first days, or all of it."""
    if part == period:
        return whole
    first = whole.first + (part.first - period.first)
    stretch = Days(first, first + timedelta(days=len(part) - 1))
    return stretch.overlap(whole) or stretch


def _same_event(project: Project, part: Days) -> Days:
    earlier = project.calendar.same_event(part)
    if earlier is not None:
        return earlier
    raise UsageError(Problem("no_same_event", {"from": part.first, "to": part.last}))


def _same_length(
    wanted: Wanted, part: Days, then: Days, caveats: list[Problem], *, is_stated: bool, is_flow: bool
) -> tuple[Days, Days]:
    """Cut what a name chose to as many days; what a person stated is refused for a flow."""
    values = {"days": len(part), "other_days": len(then)}
    if is_stated and is_flow:
        raise UsageError(Problem("unequal_lengths", {**values, "metrics": [wanted.metric]}))
    if is_stated:
        caveats.append(Problem("unequal_lengths_caveat", values, Severity.WARNING))
        return part, then
    shorter = min(len(part), len(then))
    caveats.append(Problem("cut_to_same_length", {**values, "shorter": shorter}, Severity.WARNING))
    ends = (Days(days.first, days.first + timedelta(days=shorter - 1)) for days in (part, then))
    return next(ends), next(ends)


def _refuse_uncovered(fresh: Freshness, wanted: Wanted, part: Days, then: Days, *, is_flow: bool) -> None:
    for days in (part, then):
        missing = fresh.missing(days)
        if missing == len(days) or (missing and is_flow):
            values = {"from": days.first, "to": days.last, "missing": missing, "days": len(days)}
            raise UsageError(Problem("compared_not_covered", {"metric": wanted.metric, **values}))


def _unlike(project: Project, part: Days, then: Days) -> list[Problem]:
    """Say which weekdays and events one of the periods has more of."""
    found: list[Problem] = []
    if part.overlap(then) is not None:
        found.append(Problem("periods_overlap", {"from": then.first, "to": then.last}, Severity.WARNING))
    weekdays = [Counter(day.weekday() for day in days) for days in (part, then)]
    if len(part) == len(then) and weekdays[0] != weekdays[1]:
        found.append(Problem("weekdays_differ", severity=Severity.WARNING))
    for event, inside, other in unlike_events(project.calendar, part, then):
        values = {"event": event.name, "days": inside, "other_days": other}
        found.append(Problem("event_on_one_side", values, Severity.WARNING))
    return found


def unlike_events(calendar: Calendar, part: Days, then: Days) -> list[tuple[Event, int, int]]:
    """Return the events of which one of two stretches has more days, and how many each has."""
    found = (
        (event, *(_days_inside(days, event.within(days)) for days in (part, then)))
        for event in calendar.events
    )
    return [(event, inside, other) for event, inside, other in found if inside != other]


def _days_inside(days: Days, occurrences: tuple[Days, ...]) -> int:
    return sum(len(shared) for one in occurrences if (shared := days.overlap(one)) is not None)


def _of_sources(fresh: Freshness, part: Days, then: Days) -> list[Problem]:
    """Say which source is late, provisional, has gaps, or began between the two periods."""
    found = [*fresh.caveats(part), *fresh.caveats(then)]
    for entry in fresh.entries:
        first = entry.days[0].first
        if then.first < first <= part.last:
            values = {"source": entry.source, "account": entry.account or None, "first": first}
            found.append(Problem("source_began", values, Severity.WARNING))
    for days in (part, then):
        missing = fresh.missing(days)
        if missing:
            values = {"missing": missing, "days": len(days), "from": days.first, "to": days.last}
            found.append(Problem("days_missing", values, Severity.WARNING))
    return found


def _redefined(facts: MetricFacts, part: Days, then: Days) -> list[Problem]:
    """Say that the two sides were counted in two ways when they were reported."""
    first, last = min(part.first, then.first), max(part.last, then.last)
    return [
        Problem("redefined_between", {"metric": metric, "since": since}, Severity.WARNING)
        for metric, since in facts.redefined
        if first < since <= last
    ]


def _each_once(problems: list[Problem]) -> tuple[Problem, ...]:
    once: list[Problem] = []
    for problem in problems:
        if problem not in once:
            once.append(problem)
    return tuple(once)
