"""Gap, progress, what is expected, pace: numbers by hand, then what must hold for any numbers."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kurs.evaluate.progress import Course, expected_by_now, gap, pace, progress
from kurs.evaluate.reading import Band
from kurs.model.metric import Direction
from kurs.model.target import TargetKind

ANY = st.floats(allow_nan=False, allow_infinity=False)
CALM = st.floats(-1e6, 1e6)


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (80, 100, -20),
        (120, 100, 20),
        (-5, 0, -5),
        (1.5, Band(2, 4), -0.5),
        (2, Band(2, 4), 0),
        (3, Band(2, 4), 0),
        (4, Band(2, 4), 0),
        (4.5, Band(2, 4), 0.5),
    ],
)
def test_gap(value: float, target: float | Band, expected: float) -> None:
    assert gap(value, target) == expected


@pytest.mark.parametrize(
    ("value", "target", "kind", "flow", "baseline", "expected"),
    [
        (50, 200, TargetKind.REACH, True, None, 0.25),
        (50, 200, TargetKind.REACH, True, 20, 0.25),  # a flow starts at 0, whatever it was before
        (-50, -200, TargetKind.REACH, True, None, 0.25),
        (50, 0, TargetKind.REACH, True, None, None),
        (0.03, 0.04, TargetKind.REACH, False, 0.02, 0.5),
        (0.01, 0.04, TargetKind.CHANGE_BY, False, 0.02, -0.5),  # backwards
        (0.035, 0.02, TargetKind.CHANGE, False, 0.04, 0.25),  # downwards
        (0.03, 0.04, TargetKind.REACH, False, None, None),
        (0.03, 0.3, TargetKind.REACH, False, 0.1 + 0.2, None),  # no way to go, but for noise
        (50, 200, TargetKind.KEEP_ABOVE, True, None, None),
        (50, 200, TargetKind.KEEP_BELOW, True, None, None),
        (3, Band(2, 4), TargetKind.BETWEEN, True, None, None),
    ],
)
def test_progress(
    value: float,
    target: float | Band,
    kind: TargetKind,
    flow: bool,
    baseline: float | None,
    expected: float | None,
) -> None:
    found = progress(value, target, kind, flow, baseline)
    assert found == (None if expected is None else pytest.approx(expected))


def course(target: float | Band, share: float = 1.0, flow: bool = True) -> Course:
    return Course(target, TargetKind.REACH, Direction.UP, flow, share, over=False)


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (course(310, 10 / 31), 100),
        (course(-310, 10 / 31), -100),
        (course(0.04, 10 / 31, flow=False), 0.04),
        (course(Band(1, 2), 0.5), None),
    ],
)
def test_expected_by_now(of: Course, expected: float | None) -> None:
    assert expected_by_now(of) == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("value", "expected", "is_"), [(90, 100, 0.9), (90, 0, None), (90, -1, None), (0, 5, 0), (1, None, None)]
)
def test_pace(value: float, expected: float | None, is_: float | None) -> None:
    assert pace(value, expected) == is_


@given(CALM, CALM)
def test_the_gap_has_the_sign_of_the_difference(value: float, target: float) -> None:
    found = gap(value, target)
    assert found is not None
    assert (found > 0, found < 0) == (value > target, value < target)


@given(CALM, CALM, CALM)
def test_a_band_is_symmetric(value: float, one: float, other: float) -> None:
    band = Band(min(one, other), max(one, other))
    found, mirrored = gap(value, band), gap(-value, Band(-band.high, -band.low))
    assert found is not None
    assert mirrored is not None
    assert found == -mirrored
    assert (found == 0) == (band.low <= value <= band.high)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(-1000, 1000), st.booleans())
def test_progress_is_one_just_at_the_target(value: int, target: int, baseline: int, flow: bool) -> None:
    found = progress(value, target, TargetKind.REACH, flow, baseline)
    assume(found is not None)
    assert (found == 1) == (value == target)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 365))
def test_at_pace_one_a_flow_is_on_the_line_to_its_target(value: float, target: float, elapsed: int) -> None:
    share = elapsed / 365
    expected = expected_by_now(course(target, share))
    assert expected is not None
    found = pace(value, expected)
    assert found is not None
    assert value / found / share == pytest.approx(target)
    assert pace(expected, expected) == 1


@given(ANY, ANY, ANY, ANY, st.floats(1e-9, 1), st.booleans(), st.sampled_from(TargetKind))
def test_only_finite_numbers_leave(
    value: float, one: float, other: float, baseline: float, share: float, flow: bool, kind: TargetKind
) -> None:
    for target in (one, Band(min(one, other), max(one, other))):
        expected = expected_by_now(course(target, share, flow))
        numbers = (
            gap(value, target),
            progress(value, target, kind, flow, baseline),
            expected,
            pace(value, expected),
        )
        assert all(number is None or math.isfinite(number) for number in numbers)


def test_a_level_goes_on_a_line_from_its_baseline() -> None:
    course = Course(
        200.0, TargetKind.REACH, Direction.UP, accumulates=False, share=0.25, over=False, line=125.0
    )
    assert expected_by_now(course) == 125.0
    keep = Course(200.0, TargetKind.KEEP_ABOVE, Direction.UP, accumulates=False, share=0.25, over=False)
    assert expected_by_now(keep) == 200.0
