"""The map of the plan: strategy, goals, KPIs and actions as a tree, with what is missing in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.strategy import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import ActionState, Approval, Standing
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.strategy import Goal, Strategy


class Lack(StrEnum):
    """What a plan lacks."""

    STRATEGY_WITHOUT_GOAL = "strategy_without_goal"
    GOAL_WITHOUT_STRATEGY = "goal_without_strategy"
    GOAL_WITHOUT_KPI = "goal_without_kpi"
    KPI_WITHOUT_GOAL = "kpi_without_goal"
    KPI_WITHOUT_OWNER = "kpi_without_owner"
    KPI_WITHOUT_TARGET = "kpi_without_target"
    KPI_WITHOUT_ACTION = "kpi_without_action"
    ACTION_WITHOUT_OWNER = "action_without_owner"
    ACTION_WITHOUT_KPI = "action_without_kpi"
    STAGE_WITHOUT_KPI = "stage_without_kpi"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: ``name`` is that of the strategy, goal, KPI, action or stage."""

    lack: Lack
    name: str


@dataclass(frozen=True, slots=True)
class KpiBranch:
    """A KPI as it stands, with its actions."""

    kpi: Kpi
    reading: Reading
    approval: Approval
    actions: tuple[ActionState, ...]


@dataclass(frozen=True, slots=True)
class GoalBranch:
    """A goal and its KPIs; None gathers the KPIs without one."""

    goal: Goal | None
    kpis: tuple[KpiBranch, ...]


@dataclass(frozen=True, slots=True)
class StrategyBranch:
    """A strategy and its goals; None gathers the goals without one."""

    strategy: Strategy | None
    goals: tuple[GoalBranch, ...]


@dataclass(frozen=True, slots=True)
class PlanMap:
    """The whole plan on a day, and its gaps in the order of the tree."""

    as_of: date
    strategies: tuple[StrategyBranch, ...]
    gaps: tuple[Gap, ...]

    @property
    def kpis(self) -> tuple[KpiBranch, ...]:
        """All KPIs, in the order of the tree."""
        return tuple(kpi for one in self.strategies for goal in one.goals for kpi in goal.kpis)

    def at(self, stage: Stage) -> tuple[KpiBranch, ...]:
        """Return the KPIs whose goal is at a stage of the customer's journey."""
        return tuple(one for one in self.kpis if one.reading.stage is stage)


def plan_map(decided: Standing, readings: Sequence[Reading]) -> PlanMap:
    """Lay the plan out with these readings, and say what it lacks."""
    project = decided.project
    branches = [
        KpiBranch(one.kpi, one, decided.approval(one.kpi), decided.actions(one.kpi)) for one in readings
    ]
    goals = [GoalBranch(goal, _of(branches, goal.key)) for goal in project.goals.values()]
    if rest := _of(branches, None):
        goals.append(GoalBranch(None, rest))
    strategies = [
        StrategyBranch(one, tuple(goal for goal in goals if goal.goal and goal.goal.strategy == one.key))
        for one in project.strategy.values()
    ]
    if others := tuple(one for one in goals if one.goal is None or one.goal.strategy is None):
        strategies.append(StrategyBranch(None, others))
    return PlanMap(decided.day, tuple(strategies), tuple(_gaps(project, strategies, goals, branches)))


def _of(branches: Sequence[KpiBranch], goal: str | None) -> tuple[KpiBranch, ...]:
    return tuple(one for one in branches if one.kpi.goal == goal)


def _gaps(
    project: Project,
    strategies: Sequence[StrategyBranch],
    goals: Sequence[GoalBranch],
    kpis: Sequence[KpiBranch],
) -> Iterator[Gap]:
    for one in strategies:
        if one.strategy is not None and not one.goals:
            yield Gap(Lack.STRATEGY_WITHOUT_GOAL, one.strategy.key)
    for one in goals:
        if one.goal is not None and one.goal.strategy is None and project.strategy:
            yield Gap(Lack.GOAL_WITHOUT_STRATEGY, one.goal.key)
        if one.goal is not None and not one.kpis:
            yield Gap(Lack.GOAL_WITHOUT_KPI, one.goal.key)
    for one in kpis:
        yield from _gaps_of(one.kpi)
    for key, action in project.actions.items():
        if action.owner is None:
            yield Gap(Lack.ACTION_WITHOUT_OWNER, key)
        if not any(key in one.kpi.actions for one in kpis):
            yield Gap(Lack.ACTION_WITHOUT_KPI, key)
    for stage in Stage:
        if not any(one.reading.stage is stage for one in kpis):
            yield Gap(Lack.STAGE_WITHOUT_KPI, str(stage))


def _gaps_of(kpi: Kpi) -> Iterator[Gap]:
    if kpi.goal is None:
        yield Gap(Lack.KPI_WITHOUT_GOAL, kpi.key)
    if kpi.owner is None:
        yield Gap(Lack.KPI_WITHOUT_OWNER, kpi.key)
    if kpi.target is None:
        yield Gap(Lack.KPI_WITHOUT_TARGET, kpi.key)
    elif not kpi.actions:
        yield Gap(Lack.KPI_WITHOUT_ACTION, kpi.key)
