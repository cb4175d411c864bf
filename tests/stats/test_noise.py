"""Noise from week to week, held against series whose noise is known."""

from __future__ import annotations

import random
from math import exp, sqrt

import pytest

from kurs.stats.noise import LEAST_STEPS, least_visible, week_to_week


def series(spread: float, weeks: int, seed: int, growth: float = 0.0) -> list[float]:
    rng = random.Random(seed)
    return [1000 * exp(growth * week + rng.gauss(0, spread)) for week in range(weeks)]


def test_the_noise_of_independent_weeks_is_found() -> None:
    found = week_to_week(series(0.05, 2000, seed=1))
    assert found == pytest.approx(0.05 * sqrt(2), rel=0.06)


def test_growth_and_a_few_strange_weeks_are_no_noise() -> None:
    calm = week_to_week(series(0.05, 400, seed=2))
    grown = week_to_week(series(0.05, 400, seed=2, growth=0.02))
    strange = series(0.05, 400, seed=2)
    for week in range(0, 400, 50):
        strange[week] *= 5
    assert calm is not None
    assert grown == pytest.approx(calm)
    assert week_to_week(strange) == pytest.approx(calm, rel=0.15)


def test_too_few_weeks_say_nothing_and_a_constant_has_no_noise() -> None:
    assert week_to_week([1.0] * LEAST_STEPS) is None
    assert week_to_week([1.0] * (LEAST_STEPS + 1)) == 0.0
    assert week_to_week([1.0, None] * 20) is None
    assert week_to_week([0.0, 5.0] * 20) is None


def test_the_least_visible_change_is_seen_four_times_out_of_five() -> None:
    """Brute force: two stretches of eight weeks, the later one better by just so much."""
    spread, weeks, rng = 0.05, 8, random.Random(3)
    change = least_visible(spread * sqrt(2), weeks)
    error = spread * sqrt(2 / weeks)

    def mean(level: float) -> float:
        return sum(level + rng.gauss(0, spread) for _ in range(weeks)) / weeks

    seen = sum(abs(mean(change) - mean(0)) > 1.96 * error for _ in range(4000)) / 4000
    assert seen == pytest.approx(0.8, abs=0.03)
