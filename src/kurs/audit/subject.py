"""What a rule looks at: one KPI in its plan, with what the data say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.audit.past import NO_PAST, Past

if TYPE_CHECKING:
    from datetime import date

    from kurs.audit.cost import Loads
    from kurs.evaluate.freshness import Freshness
    from kurs.evaluate.reading import Reading
    from kurs.model.days import Days
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric
    from kurs.model.people import Person
    from kurs.model.project import Project
    from kurs.model.source import Source
    from kurs.model.strategy import Goal, Strategy


@dataclass(frozen=True, slots=True)
class Measured:
    """What the data say of a KPI: where it stands, the days that are known, its last weeks, its past.

    ``twins`` are the keys of KPIs that move as one with it; ``sources`` those of the plan that it is made of,
    ``loads`` how theirs went.
    """

    reading: Reading
    fresh: Freshness
    weeks: tuple[float | None, ...] = ()
    past: Past = NO_PAST
    twins: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    loads: tuple[Loads, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One KPI on one day; ``period`` is the one in which it then stands.

    ``measured`` is None where there are no data: then nobody can say whether it can be measured.
    """

    project: Project
    kpi: Kpi
    period: Days
    as_of: date
    measured: Measured | None = None

    @property
    def metric(self) -> Metric:
        """The metric that the KPI measures."""
        return self.project.metrics[self.kpi.metric]

    @property
    def owner(self) -> Person | None:
        """The person or role that answers for it."""
        return self.project.people.get(self.kpi.owner) if self.kpi.owner is not None else None

    @property
    def goal(self) -> Goal | None:
        """The goal that it serves."""
        return self.project.goals.get(self.kpi.goal) if self.kpi.goal is not None else None

    @property
    def strategy(self) -> Strategy | None:
        """The strategy that its goal serves."""
        named = self.goal.strategy if self.goal is not None else None
        return self.project.strategy.get(named) if named is not None else None
