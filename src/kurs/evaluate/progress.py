"""How far a value has come: gap, progress, what is expected by now, pace (design, section 10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import finite, quotient, same
from kurs.evaluate.reading import Band
from kurs.model.target import MEASURED

if TYPE_CHECKING:
    from kurs.model.metric import Direction
    from kurs.model.target import TargetKind


@dataclass(frozen=True, slots=True)
class Course:
    """Where a KPI should go, and how much of the way its data cover.

    ``share`` is the part of the period's days that have data, above 0 and at most 1; ``over`` says that
    nothing of the period is left, neither days nor data. ``line`` is what its way wants today: that through
    its milestones, and that of a level (a stock, a rolling window) from its baseline; None without a way.
    """

    target: float | Band
    kind: TargetKind
    good: Direction | None
    accumulates: bool
    share: float
    over: bool
    line: float | None = None

    @property
    def due(self) -> float:
        """The part of the target that is due by now on a straight calendar.

        A flow should have its share of the target. The to-date ratio of a straight calendar equals that
        of the whole period, so all of a ratio is due at once; the profile of past periods, which tells
        more, comes with the outlook.
        """
        return self.share if self.accumulates else 1.0


def gap(value: float, target: float | Band) -> float | None:
    """Return value - target; for a band the signed distance to the nearer edge, 0 inside."""
    if not isinstance(target, Band):
        return finite(value - target)
    if value < target.low:
        return finite(value - target.low)
    return finite(max(value - target.high, 0.0))


def progress(
    value: float, target: float | Band, kind: TargetKind, accumulates: bool, baseline: float | None
) -> float | None:
    """Return the part of the way that is done, 1 at the target.

    A flow starts at 0, everything else at its baseline. None for what is to be kept, and where there is
    no way to go.
    """
    if isinstance(target, Band) or kind not in MEASURED:
        return None
    if accumulates:
        return quotient(value, target)
    if baseline is None or same(target, baseline):
        return None
    return quotient(value - baseline, target - baseline)


def expected_by_now(course: Course) -> float | None:
    """Return the value that would be just on course today; None for a band."""
    if isinstance(course.target, Band):
        return None
    if course.line is not None:
        return finite(course.line)
    return finite(course.target * course.due)


def pace(value: float, expected: float | None) -> float | None:
    """Return value / expected; None where nothing, or less, is expected."""
    return quotient(value, expected) if expected is not None and expected > 0 else None
