"""The whole plan, linked: every name in it is known to exist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.reckoning import Reckoning
from kurs.model.years import CALENDAR_YEARS, Years

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from kurs.model.action import Action
    from kurs.model.events import Calendar
    from kurs.model.fx import Fx
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric
    from kurs.model.people import Person
    from kurs.model.segment import Segment
    from kurs.model.source import Source
    from kurs.model.strategy import Goal, Stage, Strategy
    from kurs.model.table import Table


@dataclass(frozen=True, slots=True)
class Settings:
    """The ``project:`` block. ``week_starts``: Monday is 0. ``engine``: "duckdb" is the lake itself.

    ``ledger`` names the variable that holds the address of the journal, where that is no file.
    ``fiscal_year`` is the rule of the fiscal year: calendar years unless the plan says more.
    """

    name: str
    timezone: str = "UTC"
    currency: str | None = None
    week_starts: int = 0
    fiscal_year: Years = CALENDAR_YEARS
    engine: str = "duckdb"
    languages: tuple[str, ...] = ("en",)
    as_of: date | None = None
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A linked plan. All mappings keep the order of the files."""

    folder: Path
    settings: Settings
    tables: Mapping[str, Table]
    metrics: Mapping[str, Metric]
    people: Mapping[str, Person]
    strategy: Mapping[str, Strategy]
    goals: Mapping[str, Goal]
    segments: Mapping[str, Segment]
    sources: Mapping[str, Source]
    actions: Mapping[str, Action]
    kpis: Mapping[str, Kpi]
    calendar: Calendar
    fx: Fx | None = None

    def in_force(self, day: date) -> Project:
        """Return the plan as it is on ``day``: by then its metrics and KPIs may have been revised."""
        if not any(noun.versions for block in (self.metrics, self.kpis) for noun in block.values()):
            return self
        return replace(
            self,
            metrics={key: metric.in_force(day) for key, metric in self.metrics.items()},
            kpis={key: kpi.in_force(day) for key, kpi in self.kpis.items()},
        )

    def stage_of(self, kpi: Kpi) -> Stage | None:
        """Return the stage of the journey at which the KPI's goal is."""
        goal = self.goals.get(kpi.goal) if kpi.goal is not None else None
        return goal.stage if goal is not None else None

    @property
    def reckoning(self) -> Reckoning:
        """Return the project's way to reckon time."""
        return Reckoning(self.settings.week_starts, self.settings.fiscal_year, self.calendar.periods)
