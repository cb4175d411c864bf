"""Did the action work? The KPI in whole weeks after it was done, and what it would have been by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.days import Days
from kurs.model.metric import Direction
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from kurs.explain.expectation import Expectation
    from kurs.explain.finding import Finding

MOST_WEEKS = 4
_WEEK = 7


class Verdict(StrEnum):
    """What can be said of an effect."""

    BETTER = "better"
    WORSE = "worse"
    UNCLEAR = "unclear"  # the interval holds 0: the KPI moves as much by itself
    CANNOT_TELL = "cannot_tell"


class AsExpected(StrEnum):
    """How a measured change stands to the one that the plan expects."""

    AS_EXPECTED = "as_expected"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Effect:
    """What the KPI was beyond what it would have been, and how sure that is; other causes are in it, too.

    ``finding`` has the KPI before and after, ``expectation`` what it would have been after by itself.
    ``expected`` is the change that the plan names. ``reason`` says why nothing can be told, or not yet.
    """

    verdict: Verdict
    finding: Finding | None = None
    expectation: Expectation | None = None
    expected: float | None = None
    as_expected: AsExpected | None = None
    reason: Problem | None = None

    @property
    def size(self) -> float | None:
        """How much more the KPI was than it would have been."""
        if self.finding is None or self.expectation is None:
            return None
        return self.finding.value - self.expectation.value


def stretches(opened: date, done: date, known_to: date) -> tuple[Days, Days] | Problem:
    """Return the weeks after the action was done and as many before it was opened, or why it is too early."""
    weeks = min(MOST_WEEKS, (known_to - done).days // _WEEK)
    if weeks < 1:
        return Problem("effect_too_early", {"day": done + timedelta(days=_WEEK)}, Severity.INFO)
    length = timedelta(days=weeks * _WEEK)
    day = timedelta(days=1)
    return Days(done + day, done + length), Days(opened - length, opened - day)


def effect(
    finding: Finding, expectation: Expectation, good: Direction | None, expected: float | None
) -> Effect:
    """Judge an effect by its interval: better or worse only where that does not hold 0.

    Where neither the KPI nor what the plan expects says which way is good, nobody can tell.
    """
    low, high = expectation.significance.low95, expectation.significance.high95
    as_expected = _as_expected(low, high, expected)
    if low <= 0 <= high:
        return Effect(Verdict.UNCLEAR, finding, expectation, expected, as_expected)
    wanted = good
    if good not in (Direction.UP, Direction.DOWN) and expected:
        wanted = Direction.UP if expected > 0 else Direction.DOWN
    if wanted not in (Direction.UP, Direction.DOWN):
        reason = Problem("effect_without_direction", {"metric": finding.metric.key}, Severity.INFO)
        return Effect(Verdict.CANNOT_TELL, finding, expectation, expected, reason=reason)
    verdict = Verdict.BETTER if (low > 0) is (wanted is Direction.UP) else Verdict.WORSE
    return Effect(verdict, finding, expectation, expected, as_expected)


def _as_expected(low: float, high: float, expected: float | None) -> AsExpected | None:
    """Hold the interval against the expected change: more is farther the way that was expected."""
    if not expected:
        return None
    if low <= expected <= high:
        return AsExpected.AS_EXPECTED
    beyond = low > expected if expected > 0 else high < expected
    return AsExpected.MORE if beyond else AsExpected.LESS
