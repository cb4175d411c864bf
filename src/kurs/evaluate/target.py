"""What is to be reached, and which way is good."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.model.target import GOOD, TargetKind
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Direction, Metric
    from kurs.model.target import Target


def direction(kpi: Kpi, metric: Metric) -> Direction | None:
    """Return which way is good.

    A target that says so itself (keep_above, keep_below, between) cannot be judged the other way; else
    the KPI says it, else its metric.
    """
    own = GOOD.get(kpi.target.kind) if kpi.target is not None else None
    return own or kpi.good or metric.good


def target_value(target: Target, baseline: float | None) -> float | Band | Problem:
    """Return the number or band to compare with, or why it cannot be had.

    A relative change has no meaning from a baseline of zero or below.
    """
    match target.kind:
        case TargetKind.BETWEEN:
            high = target.value if target.high is None else target.high
            edges = Band(min(target.value, high), max(target.value, high))
            return edges if math.isfinite(edges.low) and math.isfinite(edges.high) else _not_finite()
        case TargetKind.CHANGE | TargetKind.CHANGE_BY if baseline is None:
            return Problem("target_needs_baseline", severity=Severity.WARNING)
        case TargetKind.CHANGE if baseline is not None:
            if baseline <= 0:
                values = {"baseline": baseline}
                return Problem("target_needs_positive_baseline", values, Severity.WARNING)
            number = baseline * (1 + target.value)
        case TargetKind.CHANGE_BY if baseline is not None:
            number = baseline + target.value
        case _:
            number = target.value
    return number if math.isfinite(number) else _not_finite()


def _not_finite() -> Problem:
    return Problem("target_not_finite", severity=Severity.WARNING)
