"""The verdict: the table of the design, then what must hold for any numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.evaluate.progress import Course
from kurs.evaluate.reading import Band, Status
from kurs.evaluate.status import verdict
from kurs.model.metric import Direction
from kurs.model.target import TargetKind

UP, DOWN, BAND = Direction.UP, Direction.DOWN, Direction.BAND
REACH, KEEP_ABOVE, KEEP_BELOW = TargetKind.REACH, TargetKind.KEEP_ABOVE, TargetKind.KEEP_BELOW
WORST_FIRST = [Status.MISSED, Status.OFF_TRACK, Status.AT_RISK, Status.ON_TRACK, Status.MET]
NOISY = 0.1 + 0.2  # a hair above 0.3


def judge(
    value: float,
    target: float | Band,
    kind: TargetKind,
    good: Direction | None,
    flow: bool,
    share: float,
) -> Status | None:
    """A share of 1 is a period that is over."""
    return verdict(value, Course(target, kind, good, flow, share, over=share == 1))


@pytest.mark.parametrize(
    ("value", "target", "kind", "good", "flow", "share", "expected"),
    [
        # over: the value against the target
        (100, 100, REACH, UP, True, 1, "met"),
        (99.9, 100, REACH, UP, True, 1, "missed"),
        (100, 100, REACH, DOWN, True, 1, "met"),
        (100.1, 100, REACH, DOWN, True, 1, "missed"),
        (0.3, NOISY, REACH, UP, False, 1, "met"),
        (NOISY, 0.3, KEEP_BELOW, DOWN, False, 1, "met"),
        # running, a sum that should grow: half of 100 is due
        (50, 100, REACH, UP, True, 0.5, "on_track"),
        (49.9, 100, REACH, UP, True, 0.5, "at_risk"),
        (45, 100, REACH, UP, True, 0.5, "at_risk"),
        (44.9, 100, REACH, UP, True, 0.5, "off_track"),
        (100, 100, REACH, UP, True, 0.5, "met"),  # already there
        (0.3, NOISY, REACH, UP, True, 0.5, "met"),
        (120, 100, KEEP_ABOVE, UP, True, 0.5, "on_track"),  # to be kept: only the end tells
        # running, a cap on a sum
        (50, 100, REACH, DOWN, True, 0.5, "on_track"),
        (55, 100, REACH, DOWN, True, 0.5, "at_risk"),
        (55.1, 100, REACH, DOWN, True, 0.5, "off_track"),
        (100, 100, KEEP_BELOW, DOWN, True, 0.5, "off_track"),
        (100.1, 100, REACH, DOWN, True, 0.5, "missed"),  # exceeded: it comes back no more
        (100.1, 100, KEEP_BELOW, DOWN, True, 0.5, "missed"),
        (NOISY, 0.3, KEEP_BELOW, DOWN, True, 0.99, "at_risk"),  # not exceeded, but above 0.297
        # running, ratios: all of the target is due, only the end decides
        (0.05, 0.04, REACH, UP, False, 0.5, "on_track"),
        (0.036, 0.04, REACH, UP, False, 0.5, "at_risk"),
        (0.035, 0.04, REACH, UP, False, 0.5, "off_track"),
        (0.044, 0.04, KEEP_BELOW, DOWN, False, 0.5, "at_risk"),
        (0.05, 0.04, KEEP_BELOW, DOWN, False, 0.5, "off_track"),
        # a target of zero or below has no pace: the same tenth, by distance
        (-50, -100, REACH, UP, True, 0.5, "on_track"),  # losses: half of them are due
        (-55, -100, REACH, UP, True, 0.5, "at_risk"),
        (-56, -100, REACH, UP, True, 0.5, "off_track"),
        (-10, -100, REACH, UP, True, 0.1, "on_track"),  # not met yet: more losses may come
        (-10, -100, REACH, DOWN, True, 0.1, "on_track"),  # a sum that falls is above its end at first
        (0, 0, REACH, UP, True, 0.5, "on_track"),
        (-1, 0, REACH, UP, True, 0.5, "off_track"),
        (0, 0, REACH, DOWN, True, 0.5, "on_track"),
        (1, 0, REACH, DOWN, True, 0.5, "missed"),
        # bands
        (2, Band(2, 4), TargetKind.BETWEEN, BAND, False, 1, "met"),
        (4.01, Band(2, 4), TargetKind.BETWEEN, BAND, False, 1, "missed"),
        (4, Band(2, 4), TargetKind.BETWEEN, BAND, False, 0.5, "on_track"),
        (1.8, Band(2, 4), TargetKind.BETWEEN, BAND, False, 0.5, "at_risk"),
        (4.4, Band(2, 4), TargetKind.BETWEEN, BAND, False, 0.5, "at_risk"),
        (4.5, Band(2, 4), TargetKind.BETWEEN, BAND, False, 0.5, "off_track"),
        (1.5, Band(2, 4), TargetKind.BETWEEN, BAND, True, 0.5, "on_track"),  # a sum: 1 to 2 are due
        (2.3, Band(2, 4), TargetKind.BETWEEN, BAND, True, 0.5, "off_track"),
        (4.01, Band(2, 4), TargetKind.BETWEEN, BAND, True, 0.5, "missed"),
    ],
)
def test_the_table(
    value: float,
    target: float | Band,
    kind: TargetKind,
    good: Direction,
    flow: bool,
    share: float,
    expected: str,
) -> None:
    assert judge(value, target, kind, good, flow, share) == expected


@pytest.mark.parametrize("good", [None, BAND])
def test_no_verdict_without_a_direction(good: Direction | None) -> None:
    assert judge(5, 4, REACH, good, True, 0.5) is None


NUMBER = st.integers(-1000, 1000).map(lambda n: n / 8)
SHARE = st.sampled_from([1 / 31, 0.25, 10 / 31, 0.5, 0.9, 30 / 31, 1])
KIND = st.sampled_from([TargetKind.REACH, TargetKind.CHANGE, KEEP_ABOVE, KEEP_BELOW])


@given(NUMBER, NUMBER, NUMBER, KIND, st.sampled_from([UP, DOWN]), st.booleans(), SHARE)
def test_a_better_value_is_never_judged_worse(
    one: float, other: float, target: float, kind: TargetKind, good: Direction, flow: bool, share: float
) -> None:
    worse, better = sorted((one, other), reverse=good is DOWN)
    found = [judge(value, target, kind, good, flow, share) for value in (worse, better)]
    ranks = [WORST_FIRST.index(status) for status in found if status is not None]
    assert ranks[0] <= ranks[1]


@given(NUMBER, NUMBER, NUMBER, KIND, st.sampled_from([UP, DOWN, BAND]), st.booleans(), SHARE)
def test_other_units_change_no_verdict(
    value: float, one: float, other: float, kind: TargetKind, good: Direction, flow: bool, share: float
) -> None:
    plain = Band(min(one, other), max(one, other)) if good is BAND else one
    times = Band(plain.low * 100, plain.high * 100) if isinstance(plain, Band) else plain * 100
    assert judge(value, plain, kind, good, flow, share) == judge(value * 100, times, kind, good, flow, share)


@given(NUMBER, NUMBER, NUMBER, SHARE)
def test_a_band_is_judged_alike_from_both_sides(value: float, one: float, other: float, share: float) -> None:
    band, mirrored = Band(min(one, other), max(one, other)), Band(-max(one, other), -min(one, other))
    between = (TargetKind.BETWEEN, BAND, False, share)
    assert judge(value, band, *between) == judge(-value, mirrored, *between)


@given(NUMBER, NUMBER, KIND, st.sampled_from([UP, DOWN]), st.booleans(), SHARE)
def test_float_noise_flips_nothing(
    value: float, target: float, kind: TargetKind, good: Direction, flow: bool, share: float
) -> None:
    exact = judge(value, target, kind, good, flow, share)
    for noise in (1 - 2e-16, 1 + 4e-16):
        assert judge(value * noise, target, kind, good, flow, share) == exact


@given(NUMBER, NUMBER, KIND, st.sampled_from([UP, DOWN]), st.booleans(), SHARE)
def test_the_pace_tells_the_same_as_the_status(
    value: float, target: float, kind: TargetKind, good: Direction, flow: bool, share: float
) -> None:
    expected = target * (share if flow else 1)
    found = judge(value, target, kind, good, flow, share)
    if expected <= 0 or found in (Status.MET, Status.MISSED):
        return
    pace = value / expected
    edges = (1, 0.9) if good is UP else (1, 1.1)
    keeps = [pace >= edge - 1e-9 if good is UP else pace <= edge + 1e-9 for edge in edges]
    assert found == ("on_track" if keeps[0] else "at_risk" if keeps[1] else "off_track")
