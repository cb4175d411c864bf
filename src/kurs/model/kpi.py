"""A KPI: a metric with a period, a baseline, a target and an owner."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.target import Target, TargetTable
from kurs.model.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.comparison import Comparison
    from kurs.model.days import AnyGrain, Days
    from kurs.model.metric import Direction
    from kurs.model.target import AnyTarget
    from kurs.model.text import Text
    from kurs.model.version import Version


class Level(StrEnum):
    """Who steers by it."""

    STRATEGIC = "strategic"
    OPERATIONAL = "operational"
    FUNCTIONAL = "functional"


class Nature(StrEnum):
    """Whether it tells early or late."""

    LEADING = "leading"
    LAGGING = "lagging"


@dataclass(frozen=True, slots=True)
class KpiPeriod:
    """When the KPI runs: exactly one of fixed ``days``, an ``event`` by name, or ``every`` grain."""

    days: Days | None = None
    event: str | None = None
    every: AnyGrain | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the target is measured from: a stated ``value`` or the value of other days."""

    value: float | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class FrozenBaseline:
    """What the baseline's ``days`` were worth when somebody froze it, on the day ``on``.

    ``same_definition``: the number is still defined as it was then.
    """

    days: Days
    value: float
    on: date
    numerator: float | None = None
    denominator: float | None = None
    same_definition: bool = True


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI of the plan. ``versions`` are all that it was and will be, where the plan revises it.

    ``of_all``: the plan says on purpose that it is of no segment but of the whole business.
    """

    key: str
    metric: str
    period: KpiPeriod
    label: Text | None = None
    description: Text | None = None
    goal: str | None = None
    segment: str | None = None
    of_all: bool = False
    where: str | None = None
    baseline: Baseline | None = None
    target: AnyTarget | None = None
    good: Direction | None = None
    level: Level | None = None
    department: str | None = None
    nature: Nature | None = None
    leads: str | None = None
    owner: str | None = None
    approver: str | None = None
    review: str | None = None
    actions: tuple[str, ...] = ()
    versions: tuple[Version[Kpi], ...] = ()

    def in_force(self, day: date) -> Kpi:
        """Return the KPI as the plan has it on ``day``; it knows its other versions, too."""
        version = in_force(self.versions, day)
        return self if version is None else replace(version.noun, versions=self.versions)

    def target_during(self, period: Days) -> Target | None:
        """Return the target of a period; a table of targets may have none for it."""
        return self.target.during(period) if isinstance(self.target, TargetTable) else self.target

    @property
    def basis_metric(self) -> str:
        """The metric that its target is measured from: its own, unless the plan says another."""
        basis = self.target.basis if isinstance(self.target, Target) else None
        return basis.metric if basis is not None and basis.metric is not None else self.metric
