"""The way to a target: straight lines from where the KPI starts, through its milestones, to the end."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import same
from kurs.model.target import MEASURED, Stands

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.target import Milestone, Target


@dataclass(frozen=True, slots=True)
class Point:
    """What is wanted at the end of ``day``."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Route:
    """Where the KPI should be on each day. ``points`` are sorted by their days, the last is the target.

    ``begins`` says that the first point is where it starts, not something to come to.
    """

    points: tuple[Point, ...]
    begins: bool

    def at(self, day: date) -> float:
        """Return what is wanted at the end of ``day``: all of the first point before it, the last's after."""
        if day <= self.points[0].day:
            return self.points[0].value
        for before, after in pairwise(self.points):
            if day <= after.day:
                share = (day - before.day).days / (after.day - before.day).days
                return before.value + (after.value - before.value) * share
        return self.points[-1].value

    def towards(self, end: float) -> Route:
        """Return the same way to another end: every step is as large a part of the whole as here."""
        first, last = self.points[0].value, self.points[-1].value
        if not self.begins:
            moved = (Point(point.day, point.value + end - last) for point in self.points)
            return Route(tuple(moved), self.begins)
        if same(first, last):
            return Route((self.points[0], Point(self.points[-1].day, end)), self.begins)
        scale = (end - first) / (last - first)
        moved = (Point(point.day, first + (point.value - first) * scale) for point in self.points[:-1])
        return Route((*moved, Point(self.points[-1].day, end)), self.begins)

    @property
    def milestones(self) -> tuple[Point, ...]:
        """The points between the start and the end."""
        return self.points[1 if self.begins else 0 : -1]

    def next_after(self, day: date) -> Point:
        """Return the first point that is still to come at the end of ``day``; the target when none is."""
        ahead = (point for point in self.points[1 if self.begins else 0 :] if point.day > day)
        return next(ahead, self.points[-1])


def route_to(target: Target, end: Point, start: Point | None, base: float | None) -> Route | None:
    """Return the way to ``end``; None where nothing lies before it, or the target is to be kept.

    ``base`` is what changes are measured from. Milestones outside the days of the way are left out.
    """
    if target.kind not in MEASURED:
        return None
    points = [] if start is None else [start]
    for milestone in target.milestones:
        value = _value(milestone, end.value, base)
        begun = start is None or milestone.day > start.day
        if value is not None and begun and milestone.day < end.day:
            points.append(Point(milestone.day, value))
    return Route((*points, end), begins=start is not None) if points else None


def _value(milestone: Milestone, end: float, base: float | None) -> float | None:
    match milestone.stands:
        case Stands.VALUE:
            return milestone.value
        case Stands.SHARE:
            return end * milestone.value
        case Stands.CHANGE:
            return None if base is None else base * (1 + milestone.value)
        case Stands.CHANGE_BY:
            return None if base is None else base + milestone.value
