"""Which series move as one: by their steps from week to week, whatever their size."""

from __future__ import annotations

from datetime import date, timedelta

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
