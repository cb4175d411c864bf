"""A finding: one change of one metric, and the parts that it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.model.days import Days
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric
    from kurs.problems import Problem


class EffectKind(StrEnum):
    """What moved."""

    RATE = "rate"  # the member's own ratio
    MIX = "mix"  # the member's share of the denominator
    VOLUME = "volume"  # the member's amount
    DRIVER = "driver"  # a factor, a term, a numerator or a denominator
    NEW = "new"
    GONE = "gone"
    ORPHAN = "orphan"  # a numerator without a denominator


class Method(StrEnum):
    """How the parts were made."""

    RATE_MIX = "rate_mix"  # midpoint weights; mix against the mean ratio
    CONTRIBUTION = "contribution"  # what each member adds
    WEIGHTED = "weighted"  # each aggregate's change by its exact weight in the formula
    OVERLAPPING = "overlapping"  # members share what is counted; the residual is what they share
    SHAPLEY = "shapley"  # factors: the mean over all orders in which they could have changed
    LMDI = "lmdi"  # factors above zero within segments: logarithmic means, which add up over any segments


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a change.

    ``dimensions`` and ``members`` name a cell, in the same order; a member may be None, as data are.
    ``merged`` counts the cells that a part stands for: more than one for the long tail, whose members are
    not named. ``excess`` is what a member of a flow changed beyond its share of the total change.
    ``p_value`` is that of the member's own change, ``q_value`` allows for all members that were tested.
    """

    kind: EffectKind
    effect: float
    driver: str | None = None
    dimensions: tuple[str, ...] = ()
    members: tuple[object, ...] = ()
    merged: int = 1
    value: float | None = None
    against_value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    against_numerator: float | None = None
    against_denominator: float | None = None
    excess: float | None = None
    p_value: float | None = None
    q_value: float | None = None

    @property
    def cell(self) -> tuple[tuple[object, ...], bool]:
        """Which cell it is of: parts of one cell add up to the cell's effect."""
        return self.members, self.merged > 1


def by_cell(parts: Iterable[Part]) -> list[list[Part]]:
    """Put the parts of each cell together, in their order: those of one cell stand side by side."""
    return [list(cell) for _, cell in groupby(parts, key=lambda part: part.cell)]


@dataclass(frozen=True, slots=True)
class Side:
    """The whole change split by one dimension or one crossing of dimensions.

    ``unevenness`` says how much the split tells, ``named`` which share of all that has members at all.
    """

    dimensions: tuple[str, ...]
    method: Method
    parts: tuple[Part, ...]
    residual: float
    unevenness: float = 0.0
    named: float = 1.0

    def total(self, kind: EffectKind) -> float:
        """Add up the effects of one kind."""
        return sum(part.effect for part in self.parts if part.kind is kind)


@dataclass(frozen=True, slots=True)
class Located:
    """One combination of members that the change is found in; its effect is that of its cells.

    ``score``, 0 to 1, is how much of what the cells moved is one common relative change.
    """

    dimensions: tuple[str, ...]
    members: tuple[object, ...]
    effect: float
    score: float
    value: float | None
    against_value: float | None


@dataclass(frozen=True, slots=True)
class Search:
    """Where the change happened: the effects of ``causes`` and the ``rest`` add up to it.

    ``is_aside``: nobody asked for it, and it stands beside another split.
    """

    dimensions: tuple[str, ...]
    is_localised: bool
    causes: tuple[Located, ...]
    rest: float
    is_aside: bool = False

    @property
    def overlaps(self) -> bool:
        """Say whether a cell can lie in two of the causes; it is counted in one."""
        where = [dict(zip(cause.dimensions, cause.members, strict=True)) for cause in self.causes]
        return any(
            all(one[name] == other[name] for name in one.keys() & other.keys())
            for one, other in combinations(where, 2)
        )


@dataclass(frozen=True, slots=True)
class Significance:
    """Whether a change is more than chance: its p-value, its 95 % interval, and how they were had.

    ``key`` names the ``users`` that were the units of the test, where they were.
    """

    p_value: float
    low95: float
    high95: float
    method: str
    key: str | None = None
    users: int | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One driver in a tree; the effects of its ``branches`` add up to its own, in units of the root."""

    driver: str
    effect: float
    value: float | None
    against_value: float | None
    branches: tuple[Branch, ...] = ()

    def leaves(self) -> tuple[Branch, ...]:
        """Return the drivers that are not split further."""
        return tuple(leaf for branch in self.branches for leaf in branch.leaves()) or (self,)


@dataclass(frozen=True, slots=True)
class Linked:
    """A metric that the plan says leads one of the tree: a belief, never a part of the sum."""

    metric: str
    leads: str
    value: float | None
    against_value: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a metric moved: the parts add up to ``change``, but for ``residual``.

    ``numerator`` and ``denominator`` are given, as (then, now), where the metric is one ratio of flows.
    ``sides`` are the single dimensions side by side, the most telling first. ``family`` is how many members
    were tested beside each other: what their q-values allow for.
    """

    metric: Metric
    kpi: Kpi | None
    days: Days
    against: Days
    value: float
    against_value: float
    change: float
    method: Method | None
    parts: tuple[Part, ...]
    residual: float
    numerator: tuple[float, float] | None = None
    denominator: tuple[float, float] | None = None
    numerator_metric: str | None = None
    denominator_metric: str | None = None
    sides: tuple[Side, ...] = ()
    tree: Branch | None = None
    linked: tuple[Linked, ...] = ()
    search: Search | None = None
    significance: Significance | None = None
    family: int = 0
    caveats: tuple[Problem, ...] = ()
