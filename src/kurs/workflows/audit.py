"""Audit a plan: is each KPI a good one, and are they a good set?"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kurs.problems import KursError

if TYPE_CHECKING:
    from datetime import date

    from kurs.audit.audit import Audit
    from kurs.audit.cost import Loads
    from kurs.audit.subject import Measured
    from kurs.evaluate.freshness import Freshness
    from kurs.ledger.standing import Standing
    from kurs.metrics.nature import MetricFacts
    from kurs.metrics.query import Answer
    from kurs.model.project import Project
    from kurs.model.source import Source
    from kurs.workflows.opening import Opened


def audit(opened: Opened) -> Audit:
    """Hold every KPI of the plan against the rules, and all of them as a set."""
    from kurs.audit.audit import Audit, audit_kpi, audit_set
    from kurs.audit.subject import Subject
    from kurs.evaluate.periods import period_of
    from kurs.ledger.standing import Signed
    from kurs.workflows.decide import decided as decided_of

    plan = opened.project
    decided = decided_of(opened)
    measured = _measured(opened, decided)
    unsigned = tuple(
        kpi
        for kpi in plan.kpis.values()
        if kpi.approver is not None and decided.approval(kpi).state is not Signed.APPROVED
    )
    subjects = (
        Subject(
            plan,
            kpi,
            period_of(kpi, plan.calendar, opened.as_of, plan.reckoning),
            opened.as_of,
            measured.get(kpi.key),
        )
        for kpi in plan.kpis.values()
    )
    return Audit(tuple(audit_kpi(subject) for subject in subjects), audit_set(plan, unsigned))


def _measured(opened: Opened, decided: Standing) -> dict[str, Measured]:
    """Return what the data say of each KPI that has some, by its key."""
    from kurs.audit.measurable import weeks_question
    from kurs.audit.past import past, past_asked
    from kurs.audit.subject import Measured
    from kurs.audit.twins import twins
    from kurs.workflows.measure import need_of, query_many, subjects

    plan = opened.project
    facts = _facts(opened)
    known = {key: fresh for key, known in facts.items() if (fresh := _fresh(opened, known))}
    if not known:
        return {}
    kept = [need_of(opened, plan.kpis[key], decided, status_only=True) for key in known]
    readings = {one.reading.kpi.key: one.reading for one in subjects(opened, kept, quiet=True)}
    weeks = [
        weeks_question(plan.kpis[key], fresh.data_to or opened.as_of, plan.reckoning)
        for key, fresh in known.items()
    ]
    before = [past_asked(plan, plan.kpis[key], readings[key].period, known[key]) for key in known]
    asked = [*weeks, *(question for one in before for question in one.questions)]
    answers = iter(query_many(opened, asked, quiet=True))
    by_week = {key: _weeks(next(answers)) for key in known}
    pasts = {
        key: past(asked, [next(answers) for _ in asked.questions])
        for key, asked in zip(known, before, strict=True)
    }
    alike = twins(by_week)
    sources = {key: _sources(plan, facts[key]) for key in known}
    loads = _loads(opened)
    return {
        key: Measured(
            readings[key],
            fresh,
            tuple(by_week[key].values()),
            pasts[key],
            alike[key],
            sources[key],
            tuple(loads[source.key] for source in sources[key]),
        )
        for key, fresh in known.items()
    }


def _facts(opened: Opened) -> dict[str, MetricFacts]:
    """Return what is known of the metric of each KPI that can be computed; of others the check says why."""
    from kurs.metrics.nature import metric_facts

    found: dict[str, MetricFacts] = {}
    for key, kpi in opened.project.kpis.items():
        with suppress(KursError):
            found[key] = metric_facts(opened.rollups.world, kpi.metric)
    return found


def _fresh(opened: Opened, facts: MetricFacts) -> Freshness | None:
    """Return which days are known of a KPI; None where there are none."""
    from kurs.evaluate.freshness import freshness

    fresh = freshness(opened.project, facts.covered, opened.as_of)
    return fresh if facts.loaded and fresh.data_to is not None else None


def _sources(plan: Project, facts: MetricFacts) -> tuple[Source, ...]:
    """Return the sources that bring the rows of a metric's tables."""
    from kurs.workflows.opening import relations_of

    relations = {name for key in facts.tables for name in relations_of(plan.tables[key])}
    return tuple(source for source in plan.sources.values() if source.into in relations)


def _loads(opened: Opened) -> dict[str, Loads]:
    """Return how the loads of each source went."""
    from kurs.audit.cost import loads_of
    from kurs.lake.attempts import attempts

    tried = attempts(opened.project.folder / ".kurs")
    snapshots = opened.rollups.snapshots
    return {
        key: loads_of(key, snapshots[source.into].loads if source.into in snapshots else (), tried)
        for key, source in opened.project.sources.items()
    }


def _weeks(answer: Answer | KursError) -> dict[date, float | None]:
    """Return a KPI's values by the first day of the week; none where they cannot be had (see the reading)."""
    from kurs.evaluate.answers import by_time

    return {} if isinstance(answer, KursError) else by_time(answer)
