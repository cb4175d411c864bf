"""Audit a plan: is each KPI a good one, and are they a good set?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.audit.audit import Audit
    from kurs.workflows.opening import Opened


def audit(opened: Opened) -> Audit:
    """Hold every KPI of the plan against the rules, and all of them as a set."""
    from kurs.audit.audit import Audit, audit_kpi, audit_set
    from kurs.audit.subject import Subject
    from kurs.evaluate.periods import period_of

    plan = opened.project
    subjects = (
        Subject(plan, kpi, period_of(kpi, plan.calendar, opened.as_of, plan.reckoning), opened.as_of)
        for kpi in plan.kpis.values()
    )
    return Audit(tuple(audit_kpi(subject) for subject in subjects), audit_set(plan))
