"""The verdict on a value, without an outlook (design, section 10)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import at_least
from kurs.evaluate.reading import Band, Status
from kurs.model.metric import Direction
from kurs.model.target import MEASURED

if TYPE_CHECKING:
    from kurs.evaluate.progress import Course

AT_RISK_WITHIN = 0.1  # of the nearer edge of what is wanted by now


def verdict(value: float, course: Course) -> Status | None:
    """Return met or missed once that is certain, else how the value stands against what is due by now.

    None: the plan does not say which way is good.
    """
    wanted = _wanted(course)
    if wanted is None:
        return None
    if course.over:
        return Status.MET if _inside(value, wanted) else Status.MISSED
    return _certain(value, course, wanted) or _on_course(value, _due(course, wanted))


def reaches(value: float, course: Course) -> bool | None:
    """Say whether the value is good enough for the target; None while the rest of the period decides it.

    A sum that should stay low is below its target at first, whatever comes.
    """
    wanted = _wanted(course)
    if wanted is None or not (course.over or not course.accumulates or math.isinf(wanted.high)):
        return None
    return _inside(value, wanted)


def _wanted(course: Course) -> Band | None:
    """Return the values that are good at the end; an open side is infinite."""
    if isinstance(course.target, Band):
        return course.target
    if course.good is Direction.UP:
        return Band(course.target, math.inf)
    if course.good is Direction.DOWN:
        return Band(-math.inf, course.target)
    return None


def _certain(value: float, course: Course, wanted: Band) -> Status | None:
    """Return the verdict that the rest of the period cannot change: sums only grow.

    That holds for sums of what is positive, so not towards a target below zero.
    """
    if not course.accumulates:
        return None
    if wanted.high >= 0 and not at_least(wanted.high, value):
        return Status.MISSED
    open_end = math.isinf(wanted.high) and course.kind in MEASURED
    return Status.MET if open_end and wanted.low > 0 and at_least(value, wanted.low) else None


def _due(course: Course, wanted: Band) -> Band:
    """Return the values that are good today."""
    if course.line is None:
        return Band(wanted.low * course.due, wanted.high * course.due)
    return Band(course.line, math.inf) if math.isinf(wanted.high) else Band(-math.inf, course.line)


def _on_course(value: float, now: Band) -> Status:
    """Compare with what is wanted by now: where something positive is expected, this is the pace."""
    if _inside(value, now):
        return Status.ON_TRACK
    near = Band(now.low - AT_RISK_WITHIN * abs(now.low), now.high + AT_RISK_WITHIN * abs(now.high))
    return Status.AT_RISK if _inside(value, near) else Status.OFF_TRACK


def _inside(value: float, band: Band) -> bool:
    return at_least(value, band.low) and at_least(band.high, value)
