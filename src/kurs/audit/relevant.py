"""R: it serves a goal, a strategy, and what the company is steered by; and it is there once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.audit.mends import relevant
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.metrics.expression import aggregates, columns, metrics_in, parse_metric
from kurs.metrics.nature import all_behind, made_of
from kurs.model.kpi import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.audit.subject import Subject
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric
    from kurs.model.project import Project


@rule(Letter.RELEVANT, Mark.FAIL, mends=relevant.goal)
def no_goal(subject: Subject) -> Evidence | None:
    """A KPI serves a goal.

    Why: a number that serves nothing is read, reported and kept alive without anybody deciding by it.

    Example: `goal: more_buyers`
    """
    return {} if subject.goal is None else None


@rule(Letter.RELEVANT, Mark.FAIL, mends=relevant.strategy)
def goal_without_strategy(subject: Subject) -> Evidence | None:
    """Its goal serves a strategy.

    Why: without one nobody can say whether the goal still matters when the strategy changes.

    Example: `more_buyers: {says: More visitors buy, strategy: grow_online, stage: activate}`
    """
    return {"goal": subject.goal.key} if subject.goal is not None and subject.strategy is None else None


@rule(Letter.RELEVANT, Mark.WARN, mends=relevant.stage)
def goal_without_stage(subject: Subject) -> Evidence | None:
    """Its goal stands at a stage of the customer journey.

    Why: reach, engage, activate, loyalty: only so the plan shows which part of the journey nobody looks at.

    Example: `stage: activate`
    """
    return {"goal": subject.goal.key} if subject.goal is not None and subject.goal.stage is None else None


@rule(Letter.RELEVANT, Mark.WARN, mends=relevant.leads)
def outside_strategic(subject: Subject) -> Evidence | None:
    """It is tied to a strategic KPI: by what it counts, or by what it leads.

    Why: what moves nothing that the company is steered by can be reached every month while the company fails.
    Tied is a KPI whose formula, or that of a metric which it leads, adds up something that a strategic KPI
    adds up, too, by its own formula or by the drivers of it.

    Example: `leads: revenue` on a KPI of visits
    """
    strategic = [kpi for kpi in subject.project.kpis.values() if kpi.level is Level.STRATEGIC]
    if not strategic or subject.kpi.level is Level.STRATEGIC:
        return None
    steered = _behind(subject.project, (kpi.metric for kpi in strategic))
    if steered & _behind(subject.project, _led(subject.project, subject.kpi)):
        return None
    return {"strategic": [kpi.key for kpi in strategic]}


@rule(Letter.RELEVANT, Mark.FAIL, mends=None)
def duplicate(subject: Subject) -> Evidence | None:
    """No other KPI is the same formula over the same rows and days.

    Why: two targets for one number contradict each other sooner or later, and a full dashboard hides what
    matters.

    Example: take out one of the two, or give it a segment of its own: `segment: returning_customers`

    Nothing to paste: which of the two goes, or which part of the whole it is to be, only people know.
    """
    project, kpi = subject.project, subject.kpi
    same = [other.key for other in project.kpis.values() if other != kpi and _same(project, kpi, other)]
    return {"others": same} if same else None


@rule(Letter.RELEVANT, Mark.WARN, mends=None)
def moves_as_one(subject: Subject) -> Evidence | None:
    """No other KPI moves as one with it.

    Why: two numbers that rise and fall together say one thing twice; the second costs a place on the page and
    an owner's time. As one move those whose steps from week to week have a correlation above 0.98 (or below
    -0.98) over 26 common weeks at least. KPIs of one formula over the same rows are not named here.

    Example: take out one of the two, or say beside it what it tells that the other does not

    Nothing to paste: which of the two goes, only people know.
    """
    others = subject.measured.twins if subject.measured is not None else ()
    project, kpi = subject.project, subject.kpi
    kept = [other for other in others if not _same_rows(project, kpi, project.kpis[other])]
    return {"others": kept} if kept else None


def _same(project: Project, kpi: Kpi, other: Kpi) -> bool:
    return kpi.period == other.period and _same_rows(project, kpi, other)


def _same_rows(project: Project, kpi: Kpi, other: Kpi) -> bool:
    if (kpi.segment, kpi.where) != (other.segment, other.where):
        return False
    return kpi.metric == other.metric or _formula(project.metrics[kpi.metric]) == _formula(
        project.metrics[other.metric]
    )


@lru_cache(maxsize=4096)
def _formula(metric: Metric) -> object:
    """Return all that makes a metric's value: its formula as it is understood, and how it is taken."""
    expr = parse_metric(metric.expr, per_entity=metric.per is not None).sql() if metric.expr else ""
    taken = (metric.frame, metric.at, metric.each, metric.where, metric.fill, metric.per, metric.cohort)
    return expr, taken, metric.share_of, metric.whole, metric.funnel


def _led(project: Project, kpi: Kpi) -> Iterable[str]:
    """Return the KPI's metric, the one that it leads, what KPIs of that one lead, and so on."""
    leads: dict[str, list[str]] = {}
    for other in project.kpis.values():
        if other.leads is not None:
            leads.setdefault(other.metric, []).append(other.leads)
    led = [kpi.metric, *([kpi.leads] if kpi.leads is not None else [])]
    for metric in led:  # grows while it is walked
        led += [further for further in leads.get(metric, ()) if further not in led]
    return led


def _behind(project: Project, metrics: Iterable[str]) -> set[str]:
    """Return what the metrics add up: ``orders.amount``, ``rows of orders``.

    They do so themselves, through those that their formulas name, and through those of their driver trees.
    """
    behind = all_behind(project, metrics, lambda metric: made_of(metric) | _drivers(metric))
    return {said for metric in behind for said in _added_up(metric)}


@lru_cache(maxsize=4096)
def _drivers(metric: Metric) -> frozenset[str]:
    return frozenset(metrics_in(parse_metric(metric.drivers)) if metric.drivers is not None else ())


@lru_cache(maxsize=4096)
def _added_up(metric: Metric) -> frozenset[str]:
    """Return what a metric adds up itself; where it has values per entity, these are other metrics."""
    if metric.funnel is not None:
        return frozenset({metric.funnel.by})
    if not metric.expr or metric.per is not None:
        return frozenset()
    calls = (
        aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
        for aggregate in aggregates(parse_metric(metric.expr))
    )
    return frozenset(
        f"{column.table}.{column.name}" if column.table else f"rows of {column.name}"
        for call in calls
        for column in columns(call)
    )


RELEVANT = (no_goal, goal_without_strategy, goal_without_stage, outside_strategic, duplicate, moves_as_one)
