"""The plan as a map on a page: strategies, goals, KPIs and what is done about them, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.strategy import Stage
from kurs.report.labels import action_says, text
from kurs.report.pages.card import Card, card
from kurs.report.plan_map import gap_said, remarks_on_action, remarks_on_kpi
from kurs.report.status_word import in_order

if TYPE_CHECKING:
    from kurs.audit.plan_map import GoalBranch, KpiBranch, PlanMap
    from kurs.ledger.standing import ActionState, Standing
    from kurs.words import Language


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What is done about a KPI: ``remarks`` are its state, owner and due day."""

    says: str
    remarks: tuple[str, ...]
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class PlannedKpi:
    """A KPI as it stands, its owner and how it was approved, and its actions."""

    card: Card
    remarks: tuple[str, ...]
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True)
class PlannedGoal:
    """A goal with the KPIs by which it is measured."""

    says: str
    stage: str | None
    kpis: tuple[PlannedKpi, ...]


@dataclass(frozen=True, slots=True)
class PlannedStrategy:
    """What the company wants, by when, and the goals that serve it."""

    says: str
    by: str
    goals: tuple[PlannedGoal, ...]


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many KPIs of a stage of the journey have each status (or none), the best first."""

    stage: str
    statuses: tuple[tuple[str | None, int], ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """The whole plan, the count of its statuses by stage, and what is missing in it."""

    strategies: tuple[PlannedStrategy, ...]
    stages: tuple[StageCount, ...]
    gaps: tuple[str, ...]


def planned(of: PlanMap, decided: Standing, language: Language) -> Planned:
    """Word the map of the plan."""
    strategies = tuple(
        PlannedStrategy(
            text(one.strategy.says, language) if one.strategy is not None else "",
            language.date(one.strategy.by)
            if one.strategy is not None and one.strategy.by is not None
            else "",
            tuple(_goal(goal, of, decided, language) for goal in one.goals),
        )
        for one in of.strategies
    )
    gaps = tuple(gap_said(gap, decided.project, language) for gap in of.gaps)
    return Planned(strategies, tuple(_count(stage, of) for stage in Stage), gaps)


def _goal(one: GoalBranch, of: PlanMap, decided: Standing, language: Language) -> PlannedGoal:
    goal = one.goal
    return PlannedGoal(
        text(goal.says, language) if goal is not None else "",
        str(goal.stage) if goal is not None and goal.stage is not None else None,
        tuple(_kpi(kpi, of, decided, language) for kpi in one.kpis),
    )


def _kpi(one: KpiBranch, of: PlanMap, decided: Standing, language: Language) -> PlannedKpi:
    actions = tuple(_action(action, of, decided, language) for action in one.actions)
    remarks = remarks_on_kpi(one, decided.project, language)
    return PlannedKpi(card(one.reading, decided, language), remarks, actions)


def _action(one: ActionState, of: PlanMap, decided: Standing, language: Language) -> PlannedAction:
    return PlannedAction(
        action_says(decided.project, one.action, language),
        remarks_on_action(one, of.as_of, decided.project, language),
        one.is_overdue(of.as_of),
    )


def _count(stage: Stage, of: PlanMap) -> StageCount:
    found = in_order(one.reading for one in of.at(stage))
    return StageCount(str(stage), tuple((str(status) if status else None, count) for status, count in found))
