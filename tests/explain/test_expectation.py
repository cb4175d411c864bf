"""What would have been without an action: from last year, else from the trend; and how far off that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, isclose, pi, sin, sqrt

import numpy as np
import pytest

from kurs.explain.expectation import YEAR_OF_PAIRS, Basis, expectation
from kurs.model.days import Days
from kurs.stats.change import width_of

FIRST = date(2024, 1, 1)


@dataclass
class Made:
    """A made-up KPI: its values by day, from which day on a year ago is unlike, and when a source began."""

    values: np.ndarray
    unlike_from: date | None = None
    began: date | None = None

    def value(self, days: Days) -> float | None:
        start = (days.first - FIRST).days
        return float(self.values[start : start + len(days)].sum()) if start >= 0 else None

    def is_like(self, days: Days, then: Days) -> bool:
        return self.unlike_from is None or not then.first < self.unlike_from <= days.last

    def has_beginning(self, days: Days) -> bool:
        return self.began is not None and days.first < self.began <= days.last


def wave(day: int) -> float:
    """A week's pattern and a year's wave, without any chance."""
    return 100 * (1 + (day % 7) / 10) * (1 + 0.3 * sin(2 * pi * day / 364))


def ends(length: int, weeks: int, gap: int = 3) -> tuple[Days, Days]:
    """The last weeks of so many days, and as many before the gap."""
    end = FIRST + timedelta(days=length)
    after = Days(end - timedelta(days=7 * weeks), end - timedelta(days=1))
    last = after.first - timedelta(days=gap + 1)
    return after, Days(last - timedelta(days=7 * weeks - 1), last)


def test_a_season_that_comes_each_year_is_no_effect_and_growth_is_carried_along() -> None:
    values = np.array([wave(day) * (1.5 if day >= 420 else 1) for day in range(760)])
    values += 1e-3 * np.sin(np.arange(760) * 7.0)
    after, before = ends(760, 4)
    values[-28:] *= 1.1
    found = expectation(Made(values), after, before)
    assert found is not None
    assert found.basis is Basis.LAST_YEAR
    assert isclose(found.value, sum(wave(day) * 1.5 for day in range(732, 760)), rel_tol=1e-4)


def test_where_the_year_before_is_unlike_the_trend_goes_on() -> None:
    values = np.array([100 * exp(0.002 * day) for day in range(760)])
    after, before = ends(760, 2)
    found = expectation(Made(values, unlike_from=FIRST + timedelta(days=600)), after, before)
    assert found is not None
    assert found.basis is Basis.TREND
    assert isclose(found.value, float(values[-14:].sum()), rel_tol=1e-9)
    assert found.has_seen_a_year == (found.pairs >= YEAR_OF_PAIRS)


@pytest.mark.parametrize(("ago", "basis"), [(10, None), (60, None), (140, Basis.TREND)])
def test_a_source_that_began_within_the_line_is_no_trend(ago: int, basis: Basis | None) -> None:
    """A second shop's data begin: what it sells is no growth that would go on, and none that ended."""
    values = np.array([wave(day) * (2 if day >= 700 - ago else 1) for day in range(700)])
    after, before = ends(700, 1)
    began = FIRST + timedelta(days=700 - ago)
    found = expectation(Made(values, unlike_from=began, began=began), after, before)
    assert (found.basis if found is not None else None) is basis


def test_a_line_through_negative_values_is_carried_on_by_the_day() -> None:
    values = np.array([-1000.0 + day for day in range(300)])
    after, before = ends(300, 1)
    found = expectation(Made(values), after, before)
    assert found is not None
    assert isclose(found.value, float(values[-7:].sum()), rel_tol=1e-9)


@pytest.mark.parametrize(("days", "basis"), [(200, None), (240, Basis.TREND), (560, Basis.LAST_YEAR)])
def test_a_short_past_tells_nothing(days: int, basis: Basis | None) -> None:
    values = np.array([wave(day) for day in range(days)])
    after, before = ends(days, 1)
    found = expectation(Made(values), after, before)
    assert (found.basis if found is not None else None) is basis


def test_pairs_that_share_days_tell_less() -> None:
    assert width_of(20, 1) < width_of(20, 4) < 1.4
    assert 1 < width_of(104, 1) < 1.02


@pytest.mark.parametrize(
    ("history", "weeks", "lift"), [(104, 1, 0.0), (104, 4, 0.0), (65, 1, 0.0), (104, 4, 0.3)]
)
def test_alarms_are_false_as_seldom_as_is_said(history: int, weeks: int, lift: float) -> None:
    """80 shops with seasons, growth and days that hang together; benchmarks/effects.py has more."""
    rng = np.random.default_rng(6)
    runs, called, held = 80, 0, 0
    for _ in range(runs):
        length = 7 * history
        at = np.arange(length) + rng.integers(364)
        level = np.zeros(length)
        for day, noise in enumerate(rng.normal(0, 0.08 * sqrt(1 - 0.36), length)):
            level[day] = 0.6 * level[day - 1] + noise
        expected = 200 * np.exp(level + 0.2 * np.sin(2 * pi * at / 364) + 0.1 * at / 364)
        after, before = ends(length, weeks)
        truth = lift * float(expected[-7 * weeks :].sum())
        expected[-7 * weeks :] *= 1 + lift
        past = Made(rng.poisson(expected).astype(float))
        found, actual = expectation(past, after, before), past.value(after)
        assert found is not None
        assert actual is not None
        assert found.basis is (Basis.LAST_YEAR if history > 100 else Basis.TREND)
        low, high = found.significance.low95, found.significance.high95
        assert low <= actual - found.value <= high
        called += not low <= 0 <= high
        held += low <= truth <= high
    assert held / runs >= 0.9
    if lift == 0:
        assert called / runs <= 0.08
    elif history > 100:
        assert called / runs >= 0.6
