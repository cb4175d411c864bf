"""A change judged by users: its variance against the bootstrap, false alarms where days move all alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.stats.users import Sums, by_users, variance_of_days, variance_of_users

USERS, DRAWS = 1500, 1500
WEEKDAYS = np.arange(28) % 7


def people(rng: np.random.Generator) -> Sums:
    """Users with visits on one side, the other, or both; each has a rate of orders of its own."""
    x0, x1 = (rng.negative_binomial(0.7, 0.2, USERS).astype(float) for _ in range(2))
    rate = rng.beta(1, 12, USERS)
    y0, y1 = (rng.binomial(x.astype(int), rate).astype(float) for x in (x0, x1))
    return Sums(y0, y1, x0, x1)


def resampled(users: Sums, rng: np.random.Generator, *, is_flow: bool) -> float:
    """Return the variance of the change when users are drawn again, as many as a Poisson gives."""
    changes = np.empty(DRAWS)
    for draw in range(DRAWS):
        times = rng.poisson(1, USERS)
        parts = [users.y0, users.y1, users.x0, users.x1]
        y0, y1, x0, x1 = (float((times * part).sum()) for part in parts if part is not None)
        changes[draw] = y1 - y0 if is_flow else y1 / x1 - y0 / x0
    return float(changes.var())


@pytest.mark.parametrize("seed", range(3))
def test_the_variance_is_that_of_a_bootstrap_over_users(seed: int) -> None:
    rng = np.random.default_rng(seed)
    users = people(rng)
    assert variance_of_users(users) == pytest.approx(resampled(users, rng, is_flow=False), rel=0.15)
    flow = Sums(users.y0, users.y1)
    assert variance_of_users(flow) == pytest.approx(resampled(users, rng, is_flow=True), rel=0.15)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 1000))
def test_units_scale_and_swapping_the_sides_negates(seed: int, factor: float) -> None:
    users = people(np.random.default_rng(seed))
    assert users.x0 is not None
    assert users.x1 is not None
    scaled = Sums(users.y0 * factor, users.y1 * factor, users.x0, users.x1)
    assert variance_of_users(scaled) == pytest.approx(factor**2 * variance_of_users(users))
    swapped = Sums(users.y1, users.y0, users.x1, users.x0)
    assert swapped.change == pytest.approx(-users.change)
    assert variance_of_users(swapped) == pytest.approx(variance_of_users(users))


def test_a_pattern_of_the_week_is_no_spread_of_days() -> None:
    flat = 100.0 + 50.0 * (WEEKDAYS == 0)
    assert variance_of_days(Sums(flat, flat * 1.0), (WEEKDAYS, WEEKDAYS)) == pytest.approx(0)


def test_days_that_hang_together_widen_what_users_say() -> None:
    rng = np.random.default_rng(1)
    called = {"users": 0, "both": 0}
    for _ in range(150):
        wave = np.zeros(56)
        for day in range(1, 56):
            wave[day] = 0.6 * wave[day - 1] + rng.normal(0, 0.1)
        visits = rng.poisson(1500, 56).astype(float)
        orders = rng.binomial(visits.astype(int), np.minimum(0.03 * np.exp(wave), 1)).astype(float)
        days = Sums(orders[:28], orders[28:], visits[:28], visits[28:])
        users = Sums(
            *(np.repeat(part, 40) / 40 for part in (days.y0, days.y1, days.x0, days.x1) if part is not None)
        )
        alone = sum(0.03 * 0.97 / float(side.sum()) for side in (visits[:28], visits[28:]))
        called["users"] += abs(days.change) > 1.96 * alone**0.5
        verdict = by_users(users, days, (WEEKDAYS, WEEKDAYS))
        assert verdict is not None
        called["both"] += verdict.p_value <= 0.05
    assert called["users"] > 20
    assert called["both"] <= 14


def test_few_weeks_few_users_and_no_spread_give_no_verdict() -> None:
    users = people(np.random.default_rng(2))
    days = Sums(*(np.ones(28) for _ in range(4)))
    assert by_users(users, days, (WEEKDAYS[:13], WEEKDAYS)) is None
    few = Sums(users.y0[:50], users.y1[:50], np.ones(50), np.ones(50))
    assert by_users(few, days, (WEEKDAYS, WEEKDAYS)) is None
    still = Sums(*(np.ones(200) for _ in range(4)))
    assert by_users(still, days, (WEEKDAYS, WEEKDAYS)) is None
