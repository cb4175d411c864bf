"""Which series move as one: by their steps from week to week, whatever their size."""

from __future__ import annotations

import random
from datetime import date, timedelta
from statistics import correlation

from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.audit.twins import twins

MONDAY = date(2026, 1, 5)


def weeks(values: list[float | None]) -> dict[date, float | None]:
    return {MONDAY + timedelta(weeks=n): value for n, value in enumerate(values)}


def test_a_multiple_and_its_mirror_are_twins_and_a_shifted_one_is_not() -> None:
    waves = [float(n * n % 7) for n in range(30)]
    found = twins({
        "one": weeks(list(waves)),
        "more": weeks([3 * value + 5 for value in waves]),
        "less": weeks([-value for value in waves]),
        "later": weeks([waves[n - 2] for n in range(30)]),
        "flat": weeks([4.0] * 30),
    })  # fmt: skip
    assert found == {
        "one": ("more", "less"), "more": ("one", "less"), "less": ("one", "more"), "later": (), "flat": (),
    }  # fmt: skip


def test_26_common_steps_are_needed() -> None:
    waves: list[float | None] = [float(n * n % 7) for n in range(27)]
    assert twins({"a": weeks(waves), "b": weeks(waves)}) == {"a": ("b",), "b": ("a",)}
    assert twins({"a": weeks(waves[:26]), "b": weeks(waves)}) == {"a": (), "b": ()}
    gap = [*waves[:9], None, *waves[10:]]  # a gap takes two steps away
    assert twins({"a": weeks(gap), "b": weeks(waves)}) == {"a": (), "b": ()}


@given(st.integers(0, 2**32), st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_twins_are_those_of_all_pairs_by_brute_force(seed: int, count: int) -> None:
    """Series of sixty weeks, some alike, some with gaps: Pearson's correlation of their common steps."""
    chance = random.Random(seed)
    base = [chance.gauss(0, 1) for _ in range(60)]
    series: dict[str, dict[date, float | None]] = {}
    for place in range(count):
        noise = chance.choice((0.0, 0.05, 0.15, 0.3))
        values: list[float | None] = [
            chance.choice((-2, 3)) * one + noise * chance.gauss(0, 1) for one in base
        ]
        for _ in range(chance.choice((0, 0, 4, 20))):
            values[chance.randrange(60)] = None
        series[str(place)] = weeks(values)

    def steps(key: str) -> dict[date, float]:
        own, week = series[key], timedelta(weeks=1)
        pairs = ((day, own[day], own.get(day - week)) for day in own)
        return {day: now - before for day, now, before in pairs if now is not None and before is not None}

    def alike(one: str, other: str) -> bool:
        ours, theirs = steps(one), steps(other)
        common = sorted(ours.keys() & theirs.keys())
        if len(common) < 26:
            return False
        x, y = ([own[day] for day in common] for own in (ours, theirs))
        return abs(correlation(x, y)) > 0.98

    expected = {one: tuple(other for other in series if other != one and alike(one, other)) for one in series}
    assert twins(series) == expected
