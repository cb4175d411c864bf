"""The overview: the four steps of the journey, the goals of each, and the KPIs of each goal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from kurs.model.kpi import Level
from kurs.model.strategy import Stage
from kurs.report.labels import kpi_label, text
from kurs.report.pages.card import Card, card
from kurs.report.status_table import turn_said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import Standing
    from kurs.model.project import Project
    from kurs.words import Language

_LEVELS = (*Level, None)
LATELY = timedelta(days=7)
TOP = 3  # cards of a step of the journey that are shown in full, so that the top set fits one screen


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal with its KPIs: ``cards`` in full, ``rows`` on one line each."""

    says: str
    cards: tuple[Card, ...]
    rows: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey; ``stage`` is None for goals, and KPIs, that stand at none."""

    stage: str | None
    aims: tuple[Aim, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """A KPI whose status turned lately."""

    key: str
    label: str
    says: str


def turns(readings: Sequence[Reading], project: Project, language: Language) -> tuple[Turned, ...]:
    """Say which KPIs slipped or recovered lately, the newest first."""
    turned = [
        (reading.turn.until, reading)
        for reading in readings
        if reading.turn is not None
        and reading.turn.until is not None
        and reading.turn.until >= reading.as_of - LATELY
    ]
    return tuple(
        Turned(one.kpi.key, kpi_label(project, one.kpi, language), turn_said(one.turn, language))
        for _, one in sorted(turned, key=lambda entry: entry[0], reverse=True)
        if one.turn is not None
    )


def steps(
    readings: Sequence[Reading],
    decided: Standing,
    language: Language,
    why: Mapping[str, Finding] = MappingProxyType({}),
    top: int = TOP,
) -> tuple[Step, ...]:
    """Sort the readings into the steps of the journey and their goals, as the plan orders them.

    In each step the ``top`` KPIs that steer most are cards in full; the rest are rows. ``why`` has the
    reasons, by the KPI's name.
    """
    goals = decided.project.goals
    found: list[Step] = []
    for stage in (*Stage, None):
        here = [reading for reading in readings if reading.stage is stage]
        foremost = sorted(here, key=lambda one: _LEVELS.index(one.kpi.level))[:top]
        in_full = {reading.kpi.key for reading in foremost}
        aims: list[Aim] = []
        for goal in (*goals, None):
            cards = [
                card(one, decided, language, why.get(one.kpi.key)) for one in here if one.kpi.goal == goal
            ]
            if cards:
                says = text(goals[goal].says, language) if goal is not None else ""
                whole = tuple(one for one in cards if one.key in in_full)
                aims.append(Aim(says, whole, tuple(one for one in cards if one.key not in in_full)))
        if aims:
            found.append(Step(str(stage) if stage is not None else None, tuple(aims)))
    return tuple(found)
