"""What to write so that a KPI serves a goal, a strategy, and what the company is steered by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.audit.mends.guess import goal_for, stage_for, steered_by, strategy_for
from kurs.audit.mends.place import of_kpi
from kurs.project.entry import Doubt, Entry

if TYPE_CHECKING:
    from kurs.audit.rule import Entries, Evidence
    from kurs.audit.subject import Subject


def goal(subject: Subject, _evidence: Evidence) -> Entries:
    """Name the goal that it may serve; a new one, with its strategy, where the plan has none."""
    name, entries = goal_for(subject.project, subject.kpi)
    return (*entries, of_kpi(subject.kpi, "goal", name, Doubt.WHICH))


def strategy(subject: Subject, evidence: Evidence) -> Entries:
    """Name the strategy of most goals; a new one where the plan has none."""
    name, entries = strategy_for(subject.project)
    return (*entries, Entry(("goals", str(evidence["goal"]), "strategy"), name, Doubt.WHICH))


def stage(subject: Subject, evidence: Evidence) -> Entries:
    """Name the stage at which a KPI of the goal usually stands."""
    plan, goal = subject.project, str(evidence["goal"])
    of_goal = [name for kpi in plan.kpis.values() if kpi.goal == goal for name in (kpi.key, kpi.metric)]
    return (Entry(("goals", goal, "stage"), str(stage_for(plan, of_goal)), Doubt.WHICH),)


def leads(subject: Subject, _evidence: Evidence) -> Entries:
    """Name the metric of the first strategic KPI as what it leads to."""
    steered = steered_by(subject.project)
    return (of_kpi(subject.kpi, "leads", steered, Doubt.IS_IT_SO),) if steered is not None else ()
