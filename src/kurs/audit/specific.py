"""S: everybody who reads it knows what is meant, and who answers for it.

Which way is good is not asked here: a target without it is an error of the plan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.audit.dialects import not_said
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.metrics.expression import parse_metric
from kurs.model.kpi import Level
from kurs.model.metric import Unit

if TYPE_CHECKING:
    from kurs.audit.subject import Subject


@rule(Letter.SPECIFIC, Mark.WARN)
def no_label(subject: Subject) -> Evidence | None:
    """A KPI has a name as people say it.

    Why: a key such as `rev_q_adj` is read on every screen and report, and everybody guesses something else.

    Example: `label: {en: Revenue after returns, sv: Intäkt efter returer}`
    """
    return {} if subject.kpi.label is None and subject.metric.label is None else None


@rule(Letter.SPECIFIC, Mark.WARN)
def no_definition(subject: Subject) -> Evidence | None:
    """A KPI, or its metric, says in a sentence what is counted and what is not.

    Why: the formula is exact, but only who reads SQL can object to it. With or without tax, per visit or per
    visitor, refunds taken off or not: two people with two answers argue about the number, not the business.

    Example: `description: Orders per visit; test orders and orders by phone are left out`
    """
    without = subject.kpi.description is None and subject.metric.description is None
    return {} if without else None


@rule(Letter.SPECIFIC, Mark.WARN)
def dialect_not_said(subject: Subject) -> Evidence | None:
    """What people count differently under its name is said: a word in its description.

    Why: an open rate is of e-mails sent, delivered or of recipients; a conversion rate per session or per
    user; revenue with or without tax, shipping and refunds; a CAC with salaries or for ads alone; a bounce is
    a visit that was not engaged (GA4), or one of a single page. Under one name two teams bring two numbers,
    and both are right.

    Example: `description: Orders less refunds, without tax, with shipping` beside a KPI of revenue
    """
    dialects = not_said(subject)
    return {"dialects": dialects} if dialects else None


@rule(Letter.SPECIFIC, Mark.WARN)
def ratio_without_unit(subject: Subject) -> Evidence | None:
    """A metric that divides one thing by another says its unit.

    Why: 0.031 and 3.1 % are the same share, but only one of them is read right; an amount needs its currency.

    Example: `conversion_rate: {expr: orders / sessions, unit: percent}`
    """
    metric = subject.metric
    if metric.unit is not Unit.NUMBER or not metric.expr:
        return None
    tree = parse_metric(metric.expr, per_entity=metric.per is not None)
    return {"metric": metric.key} if isinstance(tree.unnest(), exp.Div) else None


@rule(Letter.SPECIFIC, Mark.FAIL)
def same_label(subject: Subject) -> Evidence | None:
    """No two KPIs bear the same name.

    Why: on a screen nobody can tell them apart, and one of them is judged by the number of the other.

    Example: `label: Orders by phone in Norway` beside `label: Orders in Norway`
    """
    label, kpi = subject.kpi.label, subject.kpi
    if label is None:
        return None
    same = [other.key for other in subject.project.kpis.values() if other.label == label and other != kpi]
    return {"others": same} if same else None


@rule(Letter.SPECIFIC, Mark.FAIL)
def no_owner(subject: Subject) -> Evidence | None:
    """One person or role answers for it.

    Why: what belongs to everybody is nobody's; when it falls short, somebody must know that it is their turn.

    Example: `owner: head_of_web`
    """
    return {} if subject.kpi.owner is None else None


@rule(Letter.SPECIFIC, Mark.WARN)
def owner_elsewhere(subject: Subject) -> Evidence | None:
    """A functional KPI is owned in its own department.

    Why: a KPI of the CRM team that somebody in web answers for cannot be steered by whom it belongs to.

    Example: `department: crm` with an owner whose `department:` is `crm`, too
    """
    kpi = subject.kpi
    person = subject.project.people.get(kpi.owner) if kpi.owner is not None else None
    if kpi.level is not Level.FUNCTIONAL or person is None or person.department is None:
        return None
    if kpi.department is None or kpi.department == person.department:
        return None
    return {"owner": person.key, "of_owner": person.department, "department": kpi.department}


SPECIFIC = (
    no_label,
    no_definition,
    dialect_not_said,
    ratio_without_unit,
    same_label,
    no_owner,
    owner_elsewhere,
)
