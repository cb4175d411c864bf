"""Better or worse only where the interval and somebody's wish say so."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.explain.effect import AsExpected, Verdict, effect
from kurs.explain.expectation import Basis, Expectation
from kurs.explain.finding import Finding, Significance
from kurs.model.days import Days
from kurs.model.metric import Direction, Metric

if TYPE_CHECKING:
    from kurs.explain.effect import Effect

DAYS = Days(date(2026, 5, 4), date(2026, 5, 31))


def judged(low: float, high: float, good: Direction | None, expected: float | None = None) -> Effect:
    without = Expectation(Basis.LAST_YEAR, 1.0, Significance(0.01, low, high, "placebo"), 40)
    change = (low + high) / 2
    found = Finding(
        Metric("rate", "a / b"),
        None,
        DAYS,
        DAYS,
        1 + change,
        1.0,
        change,
        None,
        (),
        change,
    )
    return effect(found, without, good, expected)


@pytest.mark.parametrize(
    ("low", "high", "good", "verdict"),
    [
        (0.1, 0.3, Direction.UP, Verdict.BETTER),
        (0.1, 0.3, Direction.DOWN, Verdict.WORSE),
        (-0.3, -0.1, Direction.UP, Verdict.WORSE),
        (-0.1, 0.3, Direction.UP, Verdict.UNCLEAR),
        (-0.3, -0.1, Direction.BAND, Verdict.CANNOT_TELL),
        (-0.3, -0.1, None, Verdict.CANNOT_TELL),
        (-0.1, 0.1, Direction.BAND, Verdict.UNCLEAR),
    ],
)
def test_the_verdict_of_an_interval(
    low: float, high: float, good: Direction | None, verdict: Verdict
) -> None:
    found = judged(low, high, good)
    assert found.verdict is verdict
    assert (found.reason is not None) == (verdict is Verdict.CANNOT_TELL)


def test_in_a_band_what_is_expected_says_which_way_is_good() -> None:
    assert judged(0.1, 0.3, Direction.BAND, 0.2).verdict is Verdict.BETTER
    assert judged(-0.3, -0.1, Direction.BAND, 0.2).verdict is Verdict.WORSE
    assert judged(0.1, 0.3, Direction.BAND, 0.2).as_expected is AsExpected.AS_EXPECTED
