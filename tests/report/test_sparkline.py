"""Bars for numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.report.sparkline import sparkline

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([], ""),
        ([None, None], ""),
        ([5], "▄"),
        ([5, 5, 5], "▄▄▄"),
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([1, None, 2], "▁ █"),
        ([-1, 0, 1], "▁▅█"),
        ([-1.7e308, 1.7e308], "▁█"),
        ([5e-324, 0], "▄▄"),  # too near to each other to be told apart
    ],
)
def test_bars(values: list[float | None], bars: str) -> None:
    assert sparkline(values) == bars


def test_only_the_last_values_are_shown() -> None:
    assert sparkline([100, *range(8)], most=8) == "▁▂▃▄▅▆▇█"


@given(st.lists(st.none() | FINITE, min_size=1, max_size=24))
def test_one_bar_for_each_value_and_the_order_is_kept(values: list[float | None]) -> None:
    bars = sparkline(values)
    known = [value for value in values if value is not None]
    assert len(bars) == (len(values) if known else 0)
    heights = [bar for bar, value in zip(bars, values, strict=False) if value is not None]
    pairs = sorted(zip(known, heights, strict=True))
    assert [height for _, height in pairs] == sorted(heights)
