"""From answers to a finding."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite, plain
from kurs.explain.algebra import value
from kurs.explain.cells import numbers
from kurs.explain.finding import Finding
from kurs.problems import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kurs.explain.finding import Branch, Method, Part, Side
    from kurs.explain.inquiry import Inquiry
    from kurs.metrics.query import Answer

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Whole:
    """The metric over all rows, now and then, and its aggregates."""

    value: float
    against_value: float
    now: Floats
    then: Floats

    @property
    def change(self) -> float:
        """What is to be explained."""
        return self.value - self.against_value


def whole(inquiry: Inquiry, now: Answer, then: Answer) -> Whole:
    """Read the metric's two values. Raises UsageError where there is none to compare."""
    days = inquiry.fair
    after, before = (
        _value(inquiry, answer, first.first, first.last)
        for answer, first in ((now, days.days), (then, days.against))
    )
    return Whole(after, before, _leaves(inquiry, now), _leaves(inquiry, then))


def _value(inquiry: Inquiry, answer: Answer, first: object, last: object) -> float:
    found = finite(plain(answer.rows[0][0])) if answer.rows else None
    if found is not None:
        return float(found)
    values = {"metric": inquiry.metric.key, "from": first, "to": last}
    only = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    below = only.below if only is not None else None
    is_zero = below is not None and answer.rows and not float(below.over(_leaves(inquiry, answer)))
    raise UsageError(Problem("zero_denominator" if is_zero else "no_rows_in_period", values))


def _leaves(inquiry: Inquiry, answer: Answer) -> Floats:
    return np.array(numbers(inquiry, answer.rows[0][1:]), float)


def refuse_unlike(inquiry: Inquiry, of_whole: Whole) -> None:
    """Raise UsageError where the formula, read as arithmetic, is not what the engine computed."""
    if inquiry.node is None:
        return
    for leaves, said in ((of_whole.now, of_whole.value), (of_whole.then, of_whole.against_value)):
        read = float(value(inquiry.node, leaves))
        if not isclose(read, said, rel_tol=1e-9, abs_tol=1e-12 * float(np.abs(leaves).max(initial=0.0))):
            values = {"metric": inquiry.metric.key, "expr": inquiry.metric.expr}
            raise UsageError(Problem("no_exact_split", values))


def finding(
    inquiry: Inquiry,
    of_whole: Whole,
    parts: Sequence[Part] = (),
    method: Method | None = None,
    residual: float | None = None,
    sides: Sequence[Side] = (),
    tree: Branch | None = None,
    names: tuple[str | None, str | None] = (None, None),
) -> Finding:
    """Put a finding together. Without parts all of the change is residual."""
    only = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    above = below = None
    if only is not None and only.below is not None:
        above = (float(only.above.over(of_whole.then)), float(only.above.over(of_whole.now)))
        below = (float(only.below.over(of_whole.then)), float(only.below.over(of_whole.now)))
    return Finding(
        metric=inquiry.metric,
        kpi=inquiry.wanted.kpi,
        days=inquiry.fair.days,
        against=inquiry.fair.against,
        value=of_whole.value,
        against_value=of_whole.against_value,
        change=of_whole.change,
        method=method,
        parts=tuple(parts),
        residual=of_whole.change if residual is None else residual,
        numerator=above,
        denominator=below,
        numerator_metric=names[0],
        denominator_metric=names[1],
        sides=tuple(sides),
        tree=tree,
        caveats=inquiry.fair.caveats,
    )
