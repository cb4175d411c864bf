"""What a management report is about: the numbers of one stretch of time, before anything is worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kurs.audit.audit import Audit
    from kurs.evaluate.data_state import Data
    from kurs.evaluate.reading import Reading
    from kurs.evaluate.trajectory import Trajectory
    from kurs.explain.effect import Effect
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import ActionState, Standing
    from kurs.model.days import AnyGrain, Days
    from kurs.model.project import Project


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a report is about; ``grain`` or ``event`` name them where they are one."""

    days: Days
    grain: AnyGrain | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The readings of KPIs at the end of ``as_of``, and what stands behind them.

    ``span`` None: each KPI's own present period. ``reasons`` say why KPIs that are not well moved, by their
    names. ``ways`` are of the KPIs that matter most now, the most urgent first. ``effects`` are of the
    actions that are done. ``audit`` says how good these KPIs are.
    """

    project: Project
    as_of: date
    span: Span | None
    readings: tuple[Reading, ...]
    reasons: Mapping[str, Finding]
    ways: tuple[Trajectory, ...]
    decided: Standing
    effects: tuple[tuple[ActionState, Effect], ...]
    data: Data
    audit: Audit
