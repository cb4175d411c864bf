"""Targets from baselines, and which way is good."""

from __future__ import annotations

import pytest

from evaluate.plans import change, kpi, reach
from kurs.evaluate.reading import Band
from kurs.evaluate.target import direction, target_value
from kurs.model.metric import Direction, Metric
from kurs.model.target import Target, TargetKind
from kurs.problems import Problem

UP, DOWN, BAND = Direction.UP, Direction.DOWN, Direction.BAND


@pytest.mark.parametrize(
    ("target", "baseline", "expected"),
    [
        (reach(5), None, 5),
        (change(0.2), 50, 60),
        (change(-0.2), 50, 40),
        (Target(TargetKind.CHANGE_BY, 0.002), 0.02, 0.022),
        (Target(TargetKind.CHANGE_BY, 5), -2, 3),
        (Target(TargetKind.KEEP_ABOVE, 5), None, 5),
        (Target(TargetKind.KEEP_BELOW, -5), None, -5),
        (Target(TargetKind.BETWEEN, 2, 4), None, Band(2, 4)),
        (change(0.2), None, "target_needs_baseline"),
        (Target(TargetKind.CHANGE_BY, 5), None, "target_needs_baseline"),
        (change(0.2), 0, "target_needs_positive_baseline"),
        (change(0.2), -50, "target_needs_positive_baseline"),  # +20 % of a loss would be a larger loss
        (reach(float("nan")), None, "target_not_finite"),
        (change(1e10), 1e300, "target_not_finite"),
        (Target(TargetKind.BETWEEN, 2, float("inf")), None, "target_not_finite"),
    ],
)
def test_target_value(target: Target, baseline: float | None, expected: float | Band | str) -> None:
    found = target_value(target, baseline)
    if isinstance(found, Problem):
        assert found.code == expected
    else:
        assert found == (expected if isinstance(expected, Band) else pytest.approx(expected))


@pytest.mark.parametrize(
    ("kind", "of_kpi", "of_metric", "expected"),
    [
        (TargetKind.REACH, None, None, None),
        (TargetKind.REACH, None, DOWN, DOWN),
        (TargetKind.REACH, UP, DOWN, UP),
        (None, None, DOWN, DOWN),
        (TargetKind.KEEP_ABOVE, None, None, UP),
        (TargetKind.KEEP_BELOW, None, None, DOWN),
        (TargetKind.BETWEEN, None, None, BAND),
        (TargetKind.KEEP_BELOW, None, UP, DOWN),  # to keep below is never judged upwards
        (TargetKind.BETWEEN, None, UP, BAND),
    ],
)
def test_direction(
    kind: TargetKind | None, of_kpi: Direction | None, of_metric: Direction | None, expected: Direction | None
) -> None:
    target = Target(kind, 1, 2) if kind is not None else None
    assert direction(kpi(target=target, good=of_kpi), Metric("m", "a", good=of_metric)) is expected
