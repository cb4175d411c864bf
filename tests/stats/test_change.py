"""Tests of a change: tables of the field, invariants, and few false alarms."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.stats.change import benjamini_hochberg, blocks, paired, placebo, welch
from kurs.stats.student import t_quantile, t_two_sided


@pytest.mark.parametrize(
    ("freedom", "expected"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (1e6, 1.960)]
)
def test_quantiles_are_those_of_the_tables(freedom: float, expected: float) -> None:
    assert t_quantile(0.95, freedom) == pytest.approx(expected, abs=5e-4)
    assert t_two_sided(t_quantile(0.95, freedom), freedom) == pytest.approx(0.05, abs=1e-9)


@given(st.floats(0, 50), st.floats(0, 50), st.floats(0.5, 200))
def test_the_tail_falls(one: float, other: float, freedom: float) -> None:
    near, far = sorted((one, other))
    assert 0 <= t_two_sided(far, freedom) <= t_two_sided(near, freedom) + 1e-12 <= 1 + 1e-9


def test_days_become_blocks_of_four_weeks_or_more() -> None:
    assert blocks(np.ones(87)).tolist() == [29, 29, 29]
    assert blocks(np.ones(27)).tolist() == []


def test_welch_by_hand() -> None:
    """With x = 1 the ratio is a mean: the textbook's two samples."""
    y0, y1 = np.array([1.0, 2, 3, 4]), np.array([3.0, 5, 4, 8])
    found = welch(y0, np.ones(4), y1, np.ones(4))
    assert found is not None
    error = np.sqrt(y0.var(ddof=1) / 4 + y1.var(ddof=1) / 4)
    assert (found.low95 + found.high95) / 2 == pytest.approx(2.5)
    assert found.p_value == pytest.approx(t_two_sided(2.5 / error, 4.9496), abs=1e-3)


@given(st.lists(st.tuples(*[st.integers(1, 1000)] * 4), min_size=6, max_size=9), st.floats(0.01, 100))
def test_scale_and_order_do_not_matter(rows: list[tuple[int, ...]], scale: float) -> None:
    y0, x0, y1, x1 = (np.array(column, float) for column in zip(*rows, strict=True))
    for test in (welch, paired):
        one, scaled = test(y0, x0, y1, x1), test(y0 * scale, x0 * scale, y1 * scale, x1 * scale)
        swapped = test(y1, x1, y0, x0)
        if one is None or scaled is None or swapped is None:
            continue
        assert scaled.p_value == pytest.approx(one.p_value, rel=1e-6, abs=1e-9)
        assert swapped.p_value == pytest.approx(one.p_value, rel=1e-6, abs=1e-9)
        assert swapped.low95 == pytest.approx(-one.high95, rel=1e-6, abs=1e-9)
        assert one.low95 <= one.high95
        assert 0 <= one.p_value <= 1


def test_a_placebo_ranks_and_needs_enough_pairs() -> None:
    reference = [(100.0, 100.0 + step) for step in range(1, 40)]
    found = placebo(100.0, 150.0, reference)
    assert found is not None
    assert found.p_value == pytest.approx(1 / 40)
    assert found.low95 > 0
    usual = placebo(100.0, 110.0, reference)
    assert usual is not None
    assert usual.p_value > 0.5
    assert usual.low95 < 0 < usual.high95
    assert placebo(100.0, 150.0, reference[:19]) is None


def test_a_placebo_takes_negative_values() -> None:
    found = placebo(-5.0, 30.0, [(-5.0, float(step % 7)) for step in range(30)])
    assert found is not None
    assert found.p_value == pytest.approx(1 / 31)


def test_where_nothing_varies_nothing_is_said() -> None:
    ones = np.ones(8)
    assert welch(ones, ones, ones * 2, ones) is None
    assert paired(ones, ones, ones * 2, ones) is None
    assert welch(ones, ones * 0, ones, ones) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
def test_q_values_are_monotone_and_free_of_order(p: list[float], chance: object) -> None:
    q = benjamini_hochberg(p)
    pairs = sorted(zip(p, q, strict=True))
    assert all(own <= found + 1e-12 <= 1 + 1e-12 for own, found in pairs)
    assert all(one[1] <= other[1] + 1e-12 for one, other in pairwise(pairs))
    order = list(range(len(p)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert benjamini_hochberg([p[place] for place in order]) == pytest.approx([q[place] for place in order])
