"""Which days a KPI is read over, which ones it is measured against, and which ones draw its trend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.metrics.caveats import weeks_apart
from kurs.model.comparison import Against
from kurs.model.days import AnyGrain, Days, Grain
from kurs.model.frame import Steps
from kurs.model.reckoning import CIVIL_TIME, Reckoning
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.events import Calendar
    from kurs.model.kpi import Kpi

RECURRING_POINTS = 12
DATED_POINTS = 16


def period_of(kpi: Kpi, calendar: Calendar, as_of: date, reckoning: Reckoning = CIVIL_TIME) -> Days:
    """Return the period in which the KPI stands on ``as_of``.

    An event's occurrence, and a period of the plan's own, stays the period until the next one starts;
    before the first one it is the first. Raises ValueError for a period that a linked plan cannot have.
    """
    period = kpi.period
    if period.days is not None:
        return period.days
    if period.every is not None:
        found = reckoning.at_or_before(as_of, period.every)
        return found if found is not None else reckoning.first(period.every)
    event = calendar.event(period.event) if period.event is not None else None
    days = event.at(as_of) if event is not None else None
    if days is None:
        raise ValueError(f"{kpi.key}: no such period")
    return days


def coming(kpi: Kpi, calendar: Calendar, period: Days, as_of: date) -> Days | None:
    """Return the event's next occurrence, where the one of ``period`` is over; None where there is none."""
    event = calendar.event(kpi.period.event) if kpi.period.event is not None else None
    return event.after(as_of) if event is not None and as_of > period.last else None


def baseline_days(
    kpi: Kpi, period: Days, calendar: Calendar, reckoning: Reckoning = CIVIL_TIME
) -> Days | Problem | None:
    """Return the whole range that the baseline is the value of, or why there is no such range.

    None: the KPI is measured against no days at all (no baseline, or a stated value).
    """
    comparison = kpi.baseline.comparison if kpi.baseline is not None else None
    if comparison is None:
        return None
    match comparison.against:
        case Against.PREVIOUS if kpi.period.every is not None:
            return reckoning.before(period, kpi.period.every) or _none_before(kpi, period)
        case Against.PREVIOUS:
            return period.shifted(-len(period))
        case Against.LAST_YEAR:
            return reckoning.year_before(period, kpi.period.every) or _none_before(kpi, period)
        case Against.LAST_YEAR_WEEKDAY:
            return period.shifted(-364)
        case Against.SAME_EVENT:
            return _earlier_event(kpi, period, calendar)
        case Against.RANGE:
            if comparison.days is None:
                raise ValueError(f"{kpi.key}: a range without days")
            return comparison.days


def _none_before(kpi: Kpi, period: Days) -> Problem:
    """Say that the plan's own periods, or the weeks of a fiscal year, have none to compare with."""
    values = {"name": str(kpi.period.every), "from": period.first}
    return Problem("no_earlier_period", values, Severity.WARNING, kpi=kpi.key)


def _earlier_event(kpi: Kpi, period: Days, calendar: Calendar) -> Days | Problem:
    """Return the occurrence before ``period`` of the event that the baseline names, else the KPI's period."""
    compared = kpi.baseline.comparison if kpi.baseline is not None else None
    name = (compared.event if compared is not None else None) or kpi.period.event
    event = calendar.event(name) if name is not None else None
    if event is None:
        return Problem("period_is_no_event", severity=Severity.WARNING, kpi=kpi.key)
    earlier = event.before(period)
    if earlier is None:
        values = {"event": event.name, "from": period.first}
        return Problem("no_earlier_event", values, Severity.WARNING, kpi=kpi.key)
    return earlier


def uneven(kpi: Kpi, period: Days, reckoning: Reckoning) -> tuple[Problem, ...]:
    """Say that the period, or the one a year before, has the 53rd week of a fiscal year."""
    comparison = kpi.baseline.comparison if kpi.baseline is not None else None
    if comparison is None or comparison.against is not Against.LAST_YEAR:
        return ()
    way = reckoning.year_of_comparison(kpi.period.every)
    if not isinstance(way, Steps):
        return ()
    return tuple(replace(found, kpi=kpi.key) for found in weeks_apart(period, reckoning, way.grain))


def trend_grain(kpi: Kpi, period: Days) -> AnyGrain:
    """Return the grain of the KPI's trend: its own when it recurs, else by the length of its period."""
    if kpi.period.every is not None:
        return kpi.period.every
    if len(period) <= DATED_POINTS:
        return Grain.DAY
    return Grain.WEEK if len(period) <= 7 * DATED_POINTS else Grain.MONTH


def trend_buckets(kpi: Kpi, period: Days, last: date, reckoning: Reckoning = CIVIL_TIME) -> tuple[Days, ...]:
    """Return the buckets of the trend, oldest first; the one that holds ``last`` comes last."""
    grain = trend_grain(kpi, period)
    points = DATED_POINTS if kpi.period.every is None else RECURRING_POINTS
    found: list[Days] = []
    bucket = reckoning.at_or_before(last, grain)
    while bucket is not None and len(found) < points:
        found.append(bucket)
        bucket = reckoning.before(bucket, grain)
    return tuple(reversed(found))
