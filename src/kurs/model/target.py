"""What a KPI is to reach: a number or a band, the way there, its parts, and who set it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from kurs.model.metric import Direction

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.comparison import Comparison
    from kurs.model.days import Days
    from kurs.model.text import Text


class TargetKind(StrEnum):
    """How a target is put."""

    REACH = "reach"
    CHANGE = "change"  # relative to the baseline: 0.2 is +20 %
    CHANGE_BY = "change_by"  # absolute, from the baseline
    KEEP_ABOVE = "keep_above"
    KEEP_BELOW = "keep_below"
    BETWEEN = "between"


MEASURED = (TargetKind.REACH, TargetKind.CHANGE, TargetKind.CHANGE_BY)
FROM_BASELINE = (TargetKind.CHANGE, TargetKind.CHANGE_BY)
# Which way is good, where the target says so itself.
GOOD = {
    TargetKind.KEEP_ABOVE: Direction.UP,
    TargetKind.KEEP_BELOW: Direction.DOWN,
    TargetKind.BETWEEN: Direction.BAND,
}


class Stands(StrEnum):
    """What the number of a milestone stands for."""

    VALUE = "value"
    SHARE = "share"  # of the target: 0.4 is 40 % of it
    CHANGE = "change"  # relative to the baseline
    CHANGE_BY = "change_by"  # absolute, from the baseline


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is wanted at the end of ``day``, on the way to the target."""

    day: date
    value: float
    stands: Stands = Stands.VALUE


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who set a target, on which day, and why."""

    by: str | None = None
    on: date | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """What a change is measured from instead of the baseline: a metric's value over other days.

    ``metric`` None is the KPI's own.
    """

    comparison: Comparison
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class PartTarget:
    """The target of one member of a ``dimension``, or of one segment where that is None.

    ``value`` and ``high`` are of the whole target's kind.
    """

    dimension: str | None
    name: str
    value: float
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A target; ``high`` is given for BETWEEN alone.

    ``at_least`` and ``stretch`` are a lower and a higher mark of the same kind. ``by`` is when a KPI that
    recurs should be there, ``since`` when its way begins; ``milestones`` lie on it, sorted by day.
    """

    kind: TargetKind
    value: float
    high: float | None = None
    at_least: float | None = None
    stretch: float | None = None
    since: date | None = None
    by: date | None = None
    milestones: tuple[Milestone, ...] = ()
    parts: tuple[PartTarget, ...] = ()
    basis: Basis | None = None
    provenance: Provenance | None = None

    def of_part(self, dimension: str | None, name: str) -> Target | None:
        """Return the target of a member or a segment, None where it has none.

        The way there is the whole's as far as it is told in shares; values of the whole say nothing of it.
        """
        own = next((part for part in self.parts if (part.dimension, part.name) == (dimension, name)), None)
        if own is None:
            return None
        shares = tuple(one for one in self.milestones if one.stands is not Stands.VALUE)
        plain = replace(self, at_least=None, stretch=None, parts=(), basis=None)
        return replace(plain, value=own.value, high=own.high, milestones=shares)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions whose members have targets of their own."""
        return tuple(dict.fromkeys(part.dimension for part in self.parts if part.dimension is not None))


@dataclass(frozen=True, slots=True)
class PeriodTarget:
    """The target of one period: of these days, or of the bucket that begins on a single day."""

    days: Days
    target: Target

    def holds(self, period: Days) -> bool:
        """Say whether the row is about ``period``."""
        return self.days == period or (len(self.days) == 1 and self.days.first == period.first)


@dataclass(frozen=True, slots=True)
class TargetTable:
    """The targets of many periods, all of one kind, as a file of the project tells them."""

    kind: TargetKind
    rows: tuple[PeriodTarget, ...]
    provenance: Provenance | None = None

    def during(self, period: Days) -> Target | None:
        """Return the target of a period; None where the table has no row for it."""
        found = next((row.target for row in self.rows if row.holds(period)), None)
        return replace(found, provenance=self.provenance) if found is not None else None


AnyTarget: TypeAlias = Target | TargetTable
