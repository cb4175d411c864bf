"""Which KPIs move as one: their steps from week to week are the same but for their size."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import fsum, sqrt
from operator import mul
from statistics import StatisticsError, correlation, fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    Weeks = Mapping[date, float | None]

LEAST_STEPS = 26
_AS_ONE = 0.98
_WEEK = 7


def twins(by_kpi: Mapping[str, Weeks]) -> dict[str, tuple[str, ...]]:
    """Return for each KPI the others whose weekly steps correlate with its own above ``_AS_ONE``.

    ``by_kpi`` holds values by the first day of a week. A KPI that does not move has no twins.
    """
    steps = {key: _steps(weeks) for key, weeks in by_kpi.items()}
    shapes = {key: _Shape.of(own) for key, own in steps.items()}
    found: dict[str, list[str]] = {key: [] for key in by_kpi}
    for one, other in combinations(steps, 2):
        ours, theirs = shapes[one], shapes[other]
        if ours.days == theirs.days:  # nearly always: then a product of two lists tells it
            alike = abs(sum(map(mul, ours.values, theirs.values)))
        else:
            alike = _correlation(steps[one], steps[other])
        if alike > _AS_ONE:
            found[one].append(other)
            found[other].append(one)
    return {key: tuple(others) for key, others in found.items()}


@dataclass(frozen=True, slots=True)
class _Shape:
    """Steps whose mean is 0 and whose squares add up to 1; without values where they are too few or flat."""

    days: tuple[int, ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, steps: Mapping[int, float]) -> _Shape:
        days = tuple(sorted(steps))
        if len(days) < LEAST_STEPS:
            return cls(days, ())
        mean = fmean(steps.values())
        apart = [steps[day] - mean for day in days]
        size = sqrt(fsum(step * step for step in apart))
        return cls(days, tuple(step / size for step in apart) if size else ())


def _steps(weeks: Weeks) -> dict[int, float]:
    """Return the differences to the week before, by the ordinal of the later week."""
    values = {day.toordinal(): value for day, value in weeks.items() if value is not None}
    return {day: value - values[day - _WEEK] for day, value in values.items() if day - _WEEK in values}


def _correlation(ours: Mapping[int, float], theirs: Mapping[int, float]) -> float:
    """Return the size of Pearson's correlation over common weeks; 0 of too few, and where none moves."""
    pairs = [(step, theirs[day]) for day, step in ours.items() if day in theirs]
    if len(pairs) < LEAST_STEPS:
        return 0.0
    try:
        return abs(correlation(*zip(*pairs, strict=True)))
    except StatisticsError:  # one of them does not move
        return 0.0
