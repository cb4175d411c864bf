"""Did the action work? The KPI in whole weeks after it was done, against as many before it was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.days import Days
from kurs.model.metric import Direction
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
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
    """The change that came with an action, and how sure it is; other causes are not parted from it.

    ``finding`` has the change of the KPI's value and its interval. ``expected`` is the change that the plan
    names. ``reason`` says why nothing can be told, or not yet.
    """

    verdict: Verdict
    finding: Finding | None = None
    expected: float | None = None
    as_expected: AsExpected | None = None
    reason: Problem | None = None


def stretches(opened: date, done: date, known_to: date) -> tuple[Days, Days] | Problem:
    """Return the weeks after the action was done and as many before it was opened, or why it is too early."""
    weeks = min(MOST_WEEKS, (known_to - done).days // _WEEK)
    if weeks < 1:
        return Problem("effect_too_early", {"day": done + timedelta(days=_WEEK)}, Severity.INFO)
    length = timedelta(days=weeks * _WEEK)
    day = timedelta(days=1)
    return Days(done + day, done + length), Days(opened - length, opened - day)


def effect(finding: Finding, good: Direction | None, expected: float | None) -> Effect:
    """Judge a change by its interval: better or worse only where that does not hold 0.

    Where neither the KPI nor what the plan expects says which way is good, nobody can tell.
    """
    tested = finding.significance
    if tested is None:
        reason = Problem("effect_without_history", {"metric": finding.metric.key}, Severity.INFO)
        return Effect(Verdict.CANNOT_TELL, finding, expected, reason=reason)
    low, high = tested.low95, tested.high95
    as_expected = _as_expected(low, high, expected)
    if low <= 0 <= high:
        return Effect(Verdict.UNCLEAR, finding, expected, as_expected)
    wanted = good
    if good not in (Direction.UP, Direction.DOWN) and expected:
        wanted = Direction.UP if expected > 0 else Direction.DOWN
    if wanted not in (Direction.UP, Direction.DOWN):
        reason = Problem("effect_without_direction", {"metric": finding.metric.key}, Severity.INFO)
        return Effect(Verdict.CANNOT_TELL, finding, expected, reason=reason)
    verdict = Verdict.BETTER if (low > 0) is (wanted is Direction.UP) else Verdict.WORSE
    return Effect(verdict, finding, expected, as_expected)


def _as_expected(low: float, high: float, expected: float | None) -> AsExpected | None:
    """Hold the interval against the expected change: more is farther the way that was expected."""
    if not expected:
        return None
    if low <= expected <= high:
        return AsExpected.AS_EXPECTED
    beyond = low > expected if expected > 0 else high < expected
    return AsExpected.MORE if beyond else AsExpected.LESS
