"""Hold a value against its target: the number, the way there, the marks below and above it, the verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import finite
from kurs.evaluate.progress import Course, expected_by_now, gap, pace, progress
from kurs.evaluate.reading import Band, Judged, Threshold
from kurs.evaluate.route import Point, Route, route_to
from kurs.evaluate.status import reaches, verdict
from kurs.evaluate.target import target_value
from kurs.model.comparison import Against
from kurs.model.days import Days
from kurs.problems import Problem

if TYPE_CHECKING:
    from datetime import date

    from kurs.evaluate.needs import Need
    from kurs.model.metric import Direction
    from kurs.model.target import Target

_AT_LEAST, _TARGET, _STRETCH = "at_least", "target", "stretch"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is judged: the ``value``, its ``baseline``, and the ``base`` that changes are measured from."""

    value: float | None
    baseline: float | None
    base: float | None


def judge(need: Need, target: Target, numbers: Numbers, good: Direction | None) -> Judged | Problem:
    """Return how the numbers stand against ``target``; a problem where it comes to no number."""
    final = target_value(target, numbers.base)
    if isinstance(final, Problem):
        return final
    way = _way(need, target, final, numbers)
    course = _course(need, target, final, way, good)
    wanted = course.target if course is not None else _of_period(need, target, final, way)
    found = Judged(target=wanted, final=_final(target, final), way=way)
    value = numbers.value
    if value is not None:
        found = replace(found, gap=gap(value, wanted), progress=_progress(need, target, wanted, numbers))
    if course is None:
        return found
    expected = expected_by_now(course)
    thresholds = _thresholds(need, target, way, course, numbers) if not isinstance(final, Band) else ()
    return replace(
        found,
        expected_by_now=expected,
        pace=pace(value, expected) if value is not None else None,
        verdict=verdict(value, course) if value is not None else None,
        thresholds=thresholds,
        reached=next((one.name for one in reversed(thresholds) if one.reached), None),
        upcoming=_upcoming(need, way),
    )


def _final(target: Target, final: float | Band) -> Point | None:
    """Return what a KPI that recurs should come to at last, and when."""
    return Point(target.by, final) if target.by is not None and not isinstance(final, Band) else None


def _way(need: Need, target: Target, final: float | Band, numbers: Numbers) -> Route | None:
    """Return the way to the target: over the years for a KPI that recurs until a day, else in its period.

    A sum starts its period at 0. A ratio without milestones has no way: all of it is due at once.
    """
    if isinstance(final, Band):
        return None
    if target.by is not None:
        begins = target.since or _last_of_baseline(need)
        known = begins is not None and begins < target.by and numbers.baseline is not None
        start = Point(begins, numbers.baseline) if known and begins and numbers.baseline is not None else None
        return route_to(target, Point(target.by, final), start, numbers.base)
    if not target.milestones and not need.facts.is_level:
        return None
    origin = 0.0 if need.facts.accumulates else numbers.baseline
    start = Point(need.period.first - _DAY, origin) if origin is not None else None
    return route_to(target, Point(need.period.last, final), start, numbers.base)


def _last_of_baseline(need: Need) -> date | None:
    compared = need.kpi.baseline.comparison if need.kpi.baseline is not None else None
    days = compared.days if compared is not None and compared.against is Against.RANGE else None
    return days.last if days is not None else None


def _of_period(need: Need, target: Target, final: float | Band, way: Route | None) -> float | Band:
    """Return what is wanted at the end of the period: of a long way the stretch that is due by then."""
    return way.at(need.period.last) if way is not None and target.by is not None else final


def _course(
    need: Need, target: Target, final: float | Band, way: Route | None, good: Direction | None
) -> Course | None:
    """Return where the KPI should go; None while nothing of the period has data.

    A sum or a ratio that recurs is held against what its own period should come to; a level against today's.
    """
    if need.evaluated is None:
        return None
    through = target.by is None or need.facts.is_level
    return Course(
        target=_of_period(need, target, final, way),
        kind=target.kind,
        good=good,
        accumulates=need.facts.accumulates,
        share=len(need.evaluated) / len(need.period),
        over=need.evaluated.last == need.period.last,
        line=way.at(need.evaluated.last) if way is not None and through else None,
    )


def expected_on(need: Need, judged: Judged, day: date) -> float | None:
    """Return what is due by the end of a ``day`` of the period, whatever the data reach to."""
    target = need.target
    if target is None:
        return None
    through = judged.way if target.by is None or need.facts.is_level else None
    course = Course(
        target=judged.target,
        kind=target.kind,
        good=None,
        accumulates=need.facts.accumulates,
        share=len(Days(need.period.first, day)) / len(need.period),
        over=day == need.period.last,
        line=through.at(day) if through is not None else None,
    )
    return expected_by_now(course)


def _progress(need: Need, target: Target, wanted: float | Band, numbers: Numbers) -> float | None:
    assert numbers.value is not None
    return progress(numbers.value, wanted, target.kind, need.facts.accumulates, numbers.baseline)


def _thresholds(
    need: Need, target: Target, way: Route | None, course: Course, numbers: Numbers
) -> tuple[Threshold, ...]:
    """Return the marks in rising order of what they ask for, the target among them; none without others."""
    marks = ((_AT_LEAST, target.at_least), (_TARGET, target.value), (_STRETCH, target.stretch))
    if target.at_least is None and target.stretch is None:
        return ()
    found: list[Threshold] = []
    for name, number in marks:
        final = target_value(replace(target, value=number), numbers.base) if number is not None else None
        if final is None or isinstance(final, Problem | Band):
            continue
        own = way.towards(final) if way is not None else None
        line = own.at(need.evaluated.last) if own is not None and need.evaluated is not None else None
        to = replace(
            course,
            target=_of_period(need, target, final, own),
            line=line if course.line is not None else None,
        )
        value = numbers.value
        assert not isinstance(to.target, Band)
        found.append(
            Threshold(
                name,
                to.target,
                verdict(value, to) if value is not None else None,
                reaches(value, to) if value is not None else None,
            )
        )
    return tuple(found)


def _upcoming(need: Need, way: Route | None) -> Point | None:
    """Return what is to be come to next; None where there is no milestone on the way."""
    if way is None or not way.milestones or need.evaluated is None:
        return None
    point = way.next_after(need.evaluated.last)
    return point if finite(point.value) is not None else None
