"""A plan with nothing to find fault with, and what the audit says of changes to it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kurs.audit.audit import Audit, audit_kpi, audit_set
from kurs.audit.rule import Mark
from kurs.audit.subject import Subject
from kurs.evaluate.periods import period_of
from kurs.problems import errors
from kurs.project import read

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Finding

AS_OF = date(2026, 6, 15)
GOOD = """\
project: {name: Good, timezone: UTC}
tables:
  visits: {time: day, dimensions: [country]}
  orders: {time: day, dimensions: [country]}
metrics:
  visits: {expr: count(visits), good: up, label: Visits, description: Every visit counts once}
  orders: {expr: count(orders), good: up, label: Orders, description: Without cancelled ones}
  conversion: {expr: orders / visits, unit: percent, good: up, label: Conversion, description: Per visit}
people:
  cmo: {name: CMO}
  web: {name: Web, department: web}
strategy: {grow: {says: Grow, by: 2027-12-31}}
goals:
  be_found: {says: Be found, strategy: grow, stage: reach}
  be_read: {says: Be read, strategy: grow, stage: engage}
  sell: {says: Sell, strategy: grow, stage: activate}
  keep: {says: Keep, strategy: grow, stage: loyalty}
actions: {help: {says: Help, owner: web, due: 5 days}}
kpis:
  found: {label: A, metric: visits, goal: be_found, period: {every: month}, baseline: previous,
    target: {change: +5%}, level: functional, department: web, nature: leading, leads: orders, owner: web,
    review: weekly, actions: [help]}
  read: {label: B, metric: conversion, goal: be_read, period: {every: month}, baseline: previous,
    target: {change: +5%}, level: operational, nature: leading, leads: orders, owner: web,
    review: weekly, actions: [help]}
  sold: {label: C, metric: orders, goal: sell, period: {from: 2026-01-01, to: 2026-12-31},
    baseline: last_year, target: {change: +5%, milestones: {2026-03: 20%}},
    level: strategic, nature: lagging, owner: cmo, approver: cmo,
    review: monthly, actions: [help]}
  kept: {label: D, metric: orders, where: country = 'SE', goal: keep, period: {every: quarter},
    baseline: previous, target: {change: +5%}, level: operational, nature: lagging, owner: cmo,
    review: weekly, actions: [help]}
"""


def audited(folder: Path, plan: str = GOOD) -> Audit:
    """Audit a plan, which may be weak but not wrong."""
    (folder / "kurs.yaml").write_text(plan, "utf-8")
    draft = read(folder)
    project = draft.project
    assert project is not None
    assert not errors(draft.problems), draft.problems
    subjects = (
        Subject(project, kpi, period_of(kpi, project.calendar, AS_OF, project.reckoning), AS_OF)
        for kpi in project.kpis.values()
    )
    return Audit(tuple(map(audit_kpi, subjects)), audit_set(project))


def faults(audit: Audit) -> list[tuple[str, Finding]]:
    """Return what was found, with the KPI, or "set"; not what nobody could look at."""
    of_kpis = [(one.kpi.key, found) for one in audit.kpis for found in one.findings]
    of_set = [("set", found) for found in audit.of_set]
    return [(key, found) for key, found in of_kpis + of_set if found.mark is not Mark.UNKNOWN]
