"""What a target is held against: the changes of earlier stretches, or their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import at_least
from kurs.evaluate.reading import Band
from kurs.evaluate.target import direction
from kurs.model.metric import Direction
from kurs.model.target import MEASURED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.rule import Evidence
    from kurs.audit.subject import Measured, Subject

LEAST_CASES = 8  # of which one can say how often something was


@dataclass(frozen=True, slots=True)
class Cases:
    """What is asked for beside what there was; shares are positive where they go the good way.

    ``asked`` and ``past`` are changes; where the target is no change between stretches, ``asked`` is None and
    ``past`` are values. ``as_good`` of them were as good as what is asked for.
    """

    past: tuple[float, ...]
    as_good: int
    asked: float | None = None
    beyond_best_value: bool = False
    good: Direction | None = None
    in_season: bool = False
    best_value: float | None = None

    def evidence(self) -> Evidence:
        """Return the values of the sentence that says it."""
        found: dict[str, object] = {"cases": len(self.past), "as_good": self.as_good}
        if self.asked is None:
            return found if self.best_value is None else {**found, "best_value": self.best_value}
        way = -1 if self.good is Direction.DOWN else 1
        percentile = sum(one < self.asked for one in self.past) / len(self.past)
        changes = {"asked": way * self.asked, "best": way * max(self.past), "percentile": percentile}
        return {**found, **changes, "in_season": self.in_season, "best_value": self.best_value}


def cases_of(subject: Subject, measured: Measured) -> Cases:
    """Choose what the target is held against: changes where it is one, values where it is none."""
    past, reading, target = measured.past, measured.reading, subject.kpi.target
    wanted, good = reading.target, direction(subject.kpi, subject.metric)
    values = tuple(value for _, value in past.values)
    best = _best(values, good)
    baseline = reading.baseline
    if isinstance(wanted, int | float) and target is not None and target.kind in MEASURED and past.compared:
        if baseline is None or baseline <= 0:
            return Cases((), 0)
        way = -1 if good is Direction.DOWN else 1
        seasonal = len(past.in_season) >= LEAST_CASES
        changes = tuple(way * one.share for one in (past.in_season if seasonal else past.changes))
        asked = way * (wanted / baseline - 1)
        beyond = good is not None and not any(as_good(value, wanted, good) for value in values)
        enough = sum(at_least(change, asked) for change in changes)
        return Cases(changes, enough, asked, beyond, good, seasonal, best)
    enough = sum(as_good(value, wanted, good) for value in values) if wanted is not None else 0
    return Cases(values, enough, good=good, best_value=best)


def as_good(value: float, wanted: float | Band, good: Direction | None) -> bool:
    """Say whether a value is as good as what is wanted."""
    if isinstance(wanted, Band):
        return wanted.low <= value <= wanted.high
    return at_least(wanted, value) if good is Direction.DOWN else at_least(value, wanted)


def _best(values: Sequence[float], good: Direction | None) -> float | None:
    if not values or good not in (Direction.UP, Direction.DOWN):
        return None
    return min(values) if good is Direction.DOWN else max(values)
