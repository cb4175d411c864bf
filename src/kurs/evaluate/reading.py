"""A reading: where one KPI stands at the end of one day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kurs.evaluate.route import Point, Route
    from kurs.model.days import Days
    from kurs.model.kpi import FrozenBaseline, Kpi
    from kurs.model.metric import Direction, Unit
    from kurs.model.strategy import Stage
    from kurs.model.target import Provenance
    from kurs.problems import Problem


class Status(StrEnum):
    """How a KPI is doing (design, "Readings and statuses")."""

    MET = "met"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    MISSED = "missed"
    TOO_EARLY = "too_early"
    NOT_STARTED = "not_started"
    NO_DATA = "no_data"


NOT_WELL = frozenset({Status.AT_RISK, Status.OFF_TRACK, Status.MISSED})


@dataclass(frozen=True, slots=True)
class Band:
    """A target that is a range: stay between both."""

    low: float
    high: float


class Turning(StrEnum):
    """Which way a status turned."""

    SLIPPING = "slipping"
    RECOVERING = "recovering"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Turn:
    """The day ``since`` which the status is what it is, and what it was ``until`` the last day before.

    Without ``previous`` it was never another in the period; without ``since`` it was not for as long as
    was looked back.
    """

    since: date | None
    previous: Status | None = None
    until: date | None = None
    way: Turning | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """A mark below or above the target, or the target itself: how the value stands against it.

    ``reached``: the value is good enough for it; None while that cannot be said.
    """

    name: str
    value: float
    status: Status | None
    reached: bool | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A value held against its target; None where there is no number.

    ``final`` is where a KPI that recurs should come to at last. ``way`` is the way there, ``upcoming`` its
    next milestone or the target behind the last one. ``reached`` names the highest of the ``thresholds``
    that is reached; both are empty where the target has no others.
    """

    target: float | Band
    gap: float | None = None
    progress: float | None = None
    expected_by_now: float | None = None
    pace: float | None = None
    verdict: Status | None = None
    final: Point | None = None
    way: Route | None = None
    upcoming: Point | None = None
    thresholds: tuple[Threshold, ...] = ()
    reached: str | None = None


@dataclass(frozen=True, slots=True)
class PartReading:
    """How one member of a dimension stands against the target of its own."""

    dimension: str
    member: str
    value: float | None
    baseline: float | None
    judged: Judged | None
    status: Status


@dataclass(frozen=True, slots=True)
class Reading:
    """Value, baseline, target and what follows from them; None where there is no value.

    ``as_of`` is the day that was asked for, ``data_to`` the last day that the value holds data of.
    ``reason`` says why there is no value or no verdict; ``caveats`` stand beside a number.
    ``recent`` are the values of the last periods or days, oldest first, for a sparkline.
    ``frozen`` is the baseline where somebody froze it; ``restated_baseline`` what the data say of it now.
    ``segments`` are the names of those that it is read within; all hold. ``turn`` says when the status
    turned, where earlier days were read, too. ``judged`` says more of how the value stands against the
    target, ``parts`` how its members do; ``provenance`` is who set the target.
    """

    kpi: Kpi
    unit: Unit
    good: Direction | None
    stage: Stage | None
    period: Days
    as_of: date
    data_to: date | None
    value: float | None
    numerator: float | None
    denominator: float | None
    baseline: float | None
    target: float | Band | None
    gap: float | None
    progress: float | None
    expected_by_now: float | None
    pace: float | None
    status: Status | None
    provisional: bool
    reason: Problem | None = None
    caveats: tuple[Problem, ...] = ()
    recent: tuple[float | None, ...] = ()
    segments: tuple[str, ...] = ()
    frozen: FrozenBaseline | None = None
    restated_baseline: float | None = None
    turn: Turn | None = None
    judged: Judged | None = None
    parts: tuple[PartReading, ...] = ()
    provenance: Provenance | None = None
