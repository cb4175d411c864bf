"""Writes another number as a KPI's target, as the target is put: a change, a difference, a value."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from kurs.audit.mends.amounts import amount, change, difference
from kurs.audit.mends.place import of_kpi
from kurs.evaluate.target import direction
from kurs.model.metric import Direction
from kurs.model.target import Target, TargetKind
from kurs.project.entry import Doubt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.rule import Entries
    from kurs.audit.subject import Subject


def plain_target(subject: Subject) -> Target | None:
    """Return the target where nothing beside its number would have to change with it."""
    target = subject.kpi.target
    if not isinstance(target, Target) or target.basis is not None:
        return None
    way = (target.since, target.by, target.milestones or None)
    beside = (*way, target.at_least, target.stretch, target.parts or None)
    return target if beside == (None,) * len(beside) else None


def good_way(subject: Subject) -> int:
    """Return which way is good: 1 up, -1 down."""
    return -1 if direction(subject.kpi, subject.metric) is Direction.DOWN else 1


def wanting(subject: Subject, wanted: float, towards: int) -> Entries:
    """Write the number by which ``wanted`` is the value to reach; rounded up (1) or down (-1).

    Nothing where it cannot be said so: of a change the baseline must be known.
    """
    target, unit = plain_target(subject), subject.metric.unit
    baseline = subject.measured.reading.baseline if subject.measured is not None else None
    if target is None or target.kind is TargetKind.BETWEEN:
        return ()
    if target.kind not in (TargetKind.CHANGE, TargetKind.CHANGE_BY):
        key, value = str(target.kind), amount(wanted, unit, towards)
    elif baseline is None or baseline <= 0:
        return ()
    elif target.kind is TargetKind.CHANGE:
        key, value = "change", change(wanted / baseline - 1, towards)
    else:
        key, value = "change", difference(wanted - baseline, unit, towards)
    return (of_kpi(subject.kpi, "target", value, Doubt.HOW_MUCH, below=key),)


def reached_by(share: float, best_first: Sequence[float]) -> float:
    """Return the value that at least ``share`` of the cases were as good as."""
    return best_first[max(ceil(share * len(best_first)), 1) - 1]
