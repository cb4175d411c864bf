"""Where a change happened: known causes are named exactly, and nothing where there is none."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.stats.localise import localise

SIZES = (6, 5, 4)
CODES = np.array(list(product(*map(range, SIZES)))).T
COUNT = CODES.shape[1]

Members = tuple[tuple[int, int], ...]


def inside(cause: Members) -> np.ndarray:
    return np.all([CODES[dimension] == member for dimension, member in cause], axis=0)


def world(causes: dict[Members, float], growth: float = 1.0, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    then = 2000 * rng.weibull(0.8, COUNT)
    factor = np.full(COUNT, growth)
    for cause, own in causes.items():
        factor[inside(cause)] = own
    return then, then * factor * rng.normal(1, 0.03, COUNT)


@pytest.mark.parametrize("growth", [1.0, 1.15, 0.8])
@pytest.mark.parametrize(
    "causes",
    [
        {((2, 1),): 0.5},
        {((0, 3), (1, 2)): 0.4},
        {((0, 3), (1, 2)): 0.0},
        {((1, 0),): 0.6, ((0, 2), (2, 3)): 0.3},
        {((0, 0), (1, 1)): 1.9, ((2, 2),): 1.5},
    ],
)
def test_causes_are_named_exactly(causes: dict[Members, float], growth: float) -> None:
    then, now = world(causes, growth)
    found = localise(CODES, then, now)
    assert {cause.members for cause in found} == set(causes)
    assert all(cause.score > 0.5 for cause in found)
    beyond = [abs(float((now - growth * then)[cause.cells].sum())) for cause in found]
    assert beyond == sorted(beyond, reverse=True)


@pytest.mark.parametrize("growth", [1.0, 1.3, 0.7])
def test_what_moved_alike_everywhere_has_no_cause(growth: float) -> None:
    named = [bool(localise(CODES, *world({}, growth, seed))) for seed in range(40)]
    assert sum(named) <= 2


def test_of_two_halves_the_one_that_moved_is_named() -> None:
    codes = np.array(list(product(range(2), range(40)))).T
    then = np.full(80, 1000.0) + np.arange(80)
    now = np.where(codes[0] == 1, then * 0.6, then)
    assert [cause.members for cause in localise(codes, then, now)] == [((0, 1),)]
    assert [cause.members for cause in localise(codes, now, then)] == [((0, 1),)]


CELLS = st.lists(st.integers(0, 10**6), min_size=COUNT, max_size=COUNT)


@settings(max_examples=25, deadline=None)
@given(CELLS, CELLS)
def test_no_cell_is_counted_twice_and_units_do_not_matter(then: list[int], now: list[int]) -> None:
    before, after = np.array(then, float), np.array(now, float)
    found = localise(CODES, before, after)
    assert all(0 <= cause.score <= 1 for cause in found)
    assert np.sum([cause.cells for cause in found] or [[0]], axis=0).max() <= 1
    for cause in found:
        assert not (cause.cells & ~inside(cause.members)).any()
        assert len({dimension for dimension, _ in cause.members}) == len(cause.members)
    doubled = localise(CODES, 2 * before, 2 * after)
    assert [cause.members for cause in doubled] == [cause.members for cause in found]


def test_the_order_of_cells_does_not_matter() -> None:
    then, now = world({((1, 0),): 0.6, ((0, 2), (2, 3)): 0.3})
    order = np.random.default_rng(3).permutation(COUNT)
    there = localise(CODES[:, order], then[order], now[order])
    assert [cause.members for cause in there] == [cause.members for cause in localise(CODES, then, now)]


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_nothing_moved_and_nothing_there(value: float) -> None:
    assert localise(CODES, np.full(COUNT, value), np.full(COUNT, value)) == ()
    assert localise(CODES[:, :1], np.array([1.0]), np.array([5.0])) == ()
