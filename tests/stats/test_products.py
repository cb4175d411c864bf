"""Factors of a product: against the definition, subset by subset, and by hand."""

from __future__ import annotations

from itertools import combinations
from math import factorial, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.stats.products import log_mean, log_mean_effects, product_weights

NUMBERS = st.one_of(st.sampled_from([0.0, 1.0, -1.0]), st.floats(-100, 100, allow_nan=False))
FACTORS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=6)


def by_definition(x0: list[float], x1: list[float]) -> list[float]:
    n, effects = len(x0), []
    for k in range(n):
        others = [j for j in range(n) if j != k]
        total = 0.0
        for size in range(n):
            for chosen in combinations(others, size):
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                total += weight * prod(x1[j] if j in chosen else x0[j] for j in others)
        effects.append(total * (x1[k] - x0[k]))
    return effects


@given(FACTORS)
def test_effects_are_those_of_the_definition_and_add_up(factors: list[tuple[float, float]]) -> None:
    x0, x1 = ([pair[place] for pair in factors] for place in (0, 1))
    then, now = np.array(x0), np.array(x1)
    effects = product_weights(then, now) * (now - then)
    scale = 1e-9 * max(prod(max(abs(a), abs(b), 1.0) for a, b in factors), 1.0)
    assert effects == pytest.approx(by_definition(x0, x1), abs=scale)
    assert effects.sum() == pytest.approx(prod(x1) - prod(x0), abs=scale)


def test_an_unchanged_factor_has_no_effect() -> None:
    then, now = np.array([3.0, 5.0, 0.0]), np.array([4.0, 5.0, 2.0])
    assert (product_weights(then, now) * (now - then))[1] == 0


def test_segments_stand_side_by_side() -> None:
    then, now = np.array([[1.0, 2.0], [3.0, 0.0]]), np.array([[2.0, 2.0], [5.0, 4.0]])
    effects = product_weights(then, now) * (now - then)
    assert effects[:, 0].tolist() == [4.0, 3.0]
    assert effects[:, 1].tolist() == [0.0, 8.0]


POSITIVE = st.floats(1e-6, 1e6)
PAIRS = st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=6)


@given(PAIRS)
def test_logarithmic_means_add_up_and_have_the_sign_of_their_driver(pairs: list[tuple[float, float]]) -> None:
    then, now = ([pair[place] for pair in pairs] for place in (0, 1))
    effects = log_mean_effects(then, now)
    assert sum(effects) == pytest.approx(
        prod(now) - prod(then), rel=1e-9, abs=1e-9 * max(prod(then), prod(now))
    )
    for (before, after), effect in zip(pairs, effects, strict=True):
        assert effect * (after - before) >= 0
        assert before != after or effect == 0
    back = log_mean_effects(now, then)
    assert back == pytest.approx([-effect for effect in effects], rel=1e-9)


def test_the_logarithmic_mean_keeps_its_digits_for_near_numbers() -> None:
    assert log_mean(3.0, 3.0) == 3.0
    assert log_mean(1.0, 1.0 + 1e-14) == pytest.approx(1.0, abs=1e-13)
    assert log_mean(1.0, 1.0 + 1e-9) == pytest.approx(1.0 + 5e-10, abs=1e-14)
    assert log_mean(1.0, 2.718281828459045) == pytest.approx(1.718281828459045)
    with pytest.raises(ValueError, match="above zero"):
        log_mean_effects([1.0, 0.0], [1.0, 2.0])
