"""Splits of a change: they add up, whatever the data; by hand where the numbers are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.stats.segments import RatioParts, excess, ratio_parts, unevenness

COUNTS = st.integers(0, 10**6)
AMOUNTS = st.one_of(COUNTS, st.floats(-1e6, 1e6, allow_nan=False))
# then and now: numerators of any sign, denominators from zero on
SEGMENTS = st.lists(st.tuples(AMOUNTS, COUNTS, AMOUNTS, COUNTS), min_size=1, max_size=12).filter(
    lambda rows: sum(row[1] for row in rows) > 0 and sum(row[3] for row in rows) > 0
)


def arrays(rows: list[tuple[float, ...]]) -> list[np.ndarray]:
    return [np.array(column, float) for column in zip(*rows, strict=True)]


def close(one: float, other: float, scale: float) -> bool:
    return abs(one - other) <= 1e-9 * max(scale, 1e-12)


def ratio(n: np.ndarray, d: np.ndarray) -> float:
    return float(n.sum() / d.sum())


def scale_of(n0: np.ndarray, d0: np.ndarray, n1: np.ndarray, d1: np.ndarray) -> float:
    return float(np.abs(n0).sum() / d0.sum() + np.abs(n1).sum() / d1.sum())


@given(SEGMENTS)
@settings(max_examples=200)
def test_effects_add_up_to_the_change(rows: list[tuple[float, ...]]) -> None:
    n0, d0, n1, d1 = arrays(rows)
    parts = ratio_parts(n0, d0, n1, d1)
    scale = scale_of(n0, d0, n1, d1)
    assert np.isfinite(parts.total).all()
    assert close(float(parts.total.sum()), ratio(n1, d1) - ratio(n0, d0), scale)


@given(SEGMENTS)
def test_swapping_the_periods_negates(rows: list[tuple[float, ...]]) -> None:
    n0, d0, n1, d1 = arrays(rows)
    there, back = ratio_parts(n0, d0, n1, d1), ratio_parts(n1, d1, n0, d0)
    scale = scale_of(n0, d0, n1, d1)
    pairs = [("rate", "rate"), ("mix", "mix"), ("new", "gone"), ("gone", "new"), ("orphan", "orphan")]
    for one, other in pairs:
        assert np.allclose(getattr(there, one), -getattr(back, other), rtol=1e-9, atol=1e-9 * scale)


@given(SEGMENTS, st.randoms())
def test_the_order_of_segments_does_not_matter(rows: list[tuple[float, ...]], chance: object) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    parts = ratio_parts(*arrays(rows)).total[order]
    shuffled = ratio_parts(*arrays([rows[place] for place in order])).total
    assert np.allclose(parts, shuffled, rtol=1e-9, atol=1e-9 * scale_of(*arrays(rows)))


@given(SEGMENTS, st.integers(1, 5))
def test_children_add_up_to_their_parent(rows: list[tuple[float, ...]], parents: int) -> None:
    fine = arrays(rows)
    coarse = [np.zeros(parents) for _ in fine]
    for column, sums in zip(fine, coarse, strict=True):
        np.add.at(sums, np.arange(len(rows)) % parents, column)
    added = np.zeros(parents)
    np.add.at(added, np.arange(len(rows)) % parents, ratio_parts(*fine).total)
    assert np.allclose(added, ratio_parts(*coarse).total, rtol=1e-9, atol=1e-9 * scale_of(*fine))


@given(SEGMENTS)
def test_equal_periods_give_zeros(rows: list[tuple[float, ...]]) -> None:
    n0, d0, _, _ = arrays(rows)
    assert np.allclose(ratio_parts(n0, d0, n0, d0).total, 0, atol=1e-12 * scale_of(n0, d0, n0, d0))


@given(st.lists(st.tuples(st.integers(1, 10**4), st.integers(1, 10**4)), min_size=1, max_size=8))
def test_equal_rates_everywhere_give_neither_rate_nor_mix(shares: list[tuple[int, int]]) -> None:
    d0, d1 = arrays(shares)
    parts = ratio_parts(d0 * 0.25, d0, d1 * 0.25, d1)
    assert np.allclose(parts.rate, 0, atol=1e-12)
    assert np.allclose(parts.mix, 0, atol=1e-12)


def test_simpson() -> None:
    """Both rates fell by 2 points, and the whole rose by 7: it is the mix."""
    parts = ratio_parts(*arrays([(200, 4000, 30, 1000), (200, 1000, 720, 4000)]))
    assert parts.rate == pytest.approx([-0.01, -0.01])
    assert parts.total.sum() == pytest.approx(0.07)
    assert parts.mix.sum() == pytest.approx(0.09)


def test_new_gone_and_orphans_have_no_rate() -> None:
    parts = ratio_parts(*arrays([(10, 100, 20, 100), (0, 0, 9, 30), (5, 50, 0, 0), (1, 0, 4, 0)]))
    kinds = {name: np.flatnonzero(getattr(parts, name)).tolist() for name in RatioParts.__slots__}
    assert kinds == {"rate": [0], "mix": [0], "new": [1], "gone": [2], "orphan": [3]}
    assert parts.orphan[3] == pytest.approx(4 / 130 - 1 / 150)


@pytest.mark.parametrize("d1", [[-1.0, 5.0], [0.0, 0.0]])
def test_shares_that_mean_nothing_are_refused(d1: list[float]) -> None:
    ones = np.ones(2)
    with pytest.raises(ValueError, match="denominator"):
        ratio_parts(ones, ones, ones, np.array(d1))


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=8))
def test_what_is_beyond_the_share_sums_to_nothing(rows: list[tuple[float, float]]) -> None:
    f0, f1 = arrays(rows)
    found = excess(f0, f1)
    if found is None:
        assert f0.sum() == 0
    elif abs(f0.sum()) > 1e-3 * np.abs(f0).sum():
        assert abs(found.sum()) <= 1e-6 * (np.abs(f0).sum() + np.abs(f1).sum())


def test_an_even_change_tells_nothing() -> None:
    weights = np.array([1.0, 2.0, 7.0])
    assert unevenness(weights * 0.3, weights) == pytest.approx(0)
    assert unevenness(np.array([3.0, 0.0, 0.0]), weights) > 2
