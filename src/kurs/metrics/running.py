"""A value from one day on, at the end of each later day: what a reading of that day saw.

One statement gives all of them, where the days alone decide which rows were seen then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.metrics.leaf import OF_DAYS, Aggregate
from kurs.metrics.rollup import depends_on_day
from kurs.model.frame import Edge, Frame, FrameKind

if TYPE_CHECKING:
    from datetime import date

    from kurs.metrics.formula import Formula
    from kurs.metrics.leaf import Leaf
    from kurs.metrics.plan import Plan
    from kurs.metrics.reach import Map

_RUN = (*OF_DAYS, Aggregate.COUNT_DISTINCT)


def can_run(formula: Formula) -> bool:
    """Say whether every aggregate has, on each day, the value of all days up to it."""
    return all(_can_run(leaf) for leaf in formula.leaves)


def _can_run(leaf: Leaf) -> bool:
    """A window taken at its bucket's end is the same by the day; rows that kurs makes depend on the day."""
    if leaf.made is not None or leaf.kind not in _RUN or leaf.each is not None:
        return False
    return leaf.frame.is_plain or (leaf.frame.kind is not FrameKind.BUCKET and leaf.frame.edge is Edge.LAST)


def since(formula: Formula, first: date) -> Formula:
    """Return the formula whose plain aggregates take in all days from ``first`` on."""
    frame = Frame(FrameKind.SINCE, since=first)
    leaves = (replace(leaf, frame=frame) if leaf.frame.is_plain else leaf for leaf in formula.leaves)
    return replace(formula, leaves=tuple(leaves))


def saw_the_same(planned: Plan, world: Map, day: date) -> bool:
    """Say whether a reading at the end of ``day`` saw the same rows of its days as one of now."""
    passes = [each for scan in planned.scans for each in scan.all_passes]
    return not any(depends_on_day(each, world, day) for each in passes)
