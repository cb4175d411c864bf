"""S: everybody who reads it knows what is meant, and who answers for it.

Which way is good is not asked here: a target without it is an error of the plan.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.audit.dialects import not_chosen, not_said
from kurs.audit.mends import specific
from kurs.audit.naming import is_empty_name, names_of_several, segments_named
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.metrics.expression import parse_metric
from kurs.metrics.nature import all_behind
from kurs.model.kpi import Level
from kurs.model.metric import Unit

if TYPE_CHECKING:
    from kurs.audit.subject import Subject
    from kurs.model.metric import Metric
    from kurs.model.project import Project

_SOME_ROWS = re.compile(r"\b(?:filter|case)\b", re.IGNORECASE)


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.label)
def no_label(subject: Subject) -> Evidence | None:
    """A KPI has a name as people say it.

    Why: a key such as `rev_q_adj` is read on every screen and report, and everybody guesses something else.

    Example: `label: {en: Revenue after returns, sv: Intäkt efter returer}`
    """
    return {} if subject.kpi.label is None and subject.metric.label is None else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.telling_label)
def label_says_nothing(subject: Subject) -> Evidence | None:
    """Its name says what is measured.

    Why: "KPI 3", "Performance" and `rev_q_adj` stand on every screen, and everybody guesses something else.
    A name says nothing when only a number is left of it without words such as KPI, score, result or growth,
    and when it is written as a key.

    Example: `label: Visits from search` instead of `label: SEO performance`

    To paste: a name from the key; nothing where the keys of the KPI and its metric say no more.
    """
    label = subject.kpi.label or subject.metric.label
    empty = [text for _, text in label.by_language if is_empty_name(text)] if label is not None else []
    return {"label": empty[0]} if empty else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.definition)
def no_definition(subject: Subject) -> Evidence | None:
    """A KPI, or its metric, says in a sentence what is counted and what is not.

    Why: the formula is exact, but only who reads SQL can object to it. With or without tax, per visit or per
    visitor, refunds taken off or not: two people with two answers argue about the number, not the business.

    Example: `description: Orders per visit; test orders and orders by phone are left out`
    """
    without = subject.kpi.description is None and subject.metric.description is None
    return {} if without else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.dialect)
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


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.definition)
def way_not_chosen(subject: Subject) -> Evidence | None:
    """A KPI of the catalogue says which of the known ways of counting it takes.

    Why: the catalogue knows in how many ways a KPI is counted under its name; who takes it over without a
    word of their own has chosen none, and the agency's report will have chosen another. This is asked where
    the metric or the KPI has the key of a standard KPI with such ways, its description is missing or that of
    the catalogue, word for word, and no other rule has asked for a word of it.

    Example: `description: Payments without those of new customers, by the month` beside `gross_retention:`
    """
    return not_chosen(subject) if not not_said(subject) else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.unit)
def ratio_without_unit(subject: Subject) -> Evidence | None:
    """A metric that divides one thing by another says its unit.

    Why: 0.031 and 3.1 % are the same share, but only one of them is read right; an amount needs its currency.

    Example: `conversion_rate: {expr: orders / sessions, unit: percent}`
    """
    metric = subject.metric
    if metric.unit is not Unit.NUMBER or not metric.expr:
        return None
    tree = parse_metric(metric.expr, per_entity=metric.per is not None)
    return {"metric": metric.key} if _is_quotient(tree) else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.scope)
def scope_not_said(subject: Subject) -> Evidence | None:
    """Where the plan has segments, a KPI says of which one it is, or that it is of all.

    Why: "conversion" is that of everybody for one and that of new visitors for the other, until the number is
    missed. Said is a segment, a condition, or `all`, of the KPI or of its metric; a segment that only its
    name speaks of is another fault.

    Example: `segment: returning_customers`, or `segment: all`
    """
    kpi, segments = subject.kpi, subject.project.segments
    if not segments or kpi.of_all or kpi.segment or kpi.where or subject.metric.where:
        return None
    if segments_named(subject):
        return None
    return {"segments": list(segments)}


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.named_segment)
def scope_in_name_only(subject: Subject) -> Evidence | None:
    """A KPI that is called after a segment counts that segment.

    Why: "Revenue of returning customers" over the orders of everybody is a wrong number under a right name.
    This is asked where the KPI and its metric leave nobody out.

    Example: `segment: returning_customers` beside `label: Revenue of returning customers`

    To paste: the segment, where the metric can be filtered by it; else its name must change.
    """
    kpi = subject.kpi
    if kpi.segment or kpi.where or _leaves_out(subject.project, subject.metric):
        return None
    named = segments_named(subject)
    return {"segments": named} if named else None


@rule(Letter.SPECIFIC, Mark.FAIL, mends=specific.other_label)
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


@rule(Letter.SPECIFIC, Mark.FAIL, mends=specific.owner)
def no_owner(subject: Subject) -> Evidence | None:
    """One person or role answers for it.

    Why: what belongs to everybody is nobody's; when it falls short, somebody must know that it is their turn.

    Example: `owner: head_of_web`
    """
    return {} if subject.kpi.owner is None else None


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.one_owner)
def shared_owner(subject: Subject) -> Evidence | None:
    """It is one person or role that answers for it, not several.

    Why: each of two waits for the other, and a whole team for somebody. Several are seen by what joins their
    names (Anna & Piotr), and by words such as team or everybody; the head of a team is one.

    Example: `web: {name: Head of web}` as the owner, and Piotr as that of one of the actions
    """
    person = subject.owner
    if person is None or not any(names_of_several(text) for _, text in person.name.by_language):
        return None
    return {"owner": person.key}


@rule(Letter.SPECIFIC, Mark.WARN, mends=specific.owner_here)
def owner_elsewhere(subject: Subject) -> Evidence | None:
    """A functional KPI is owned in its own department.

    Why: a KPI of the CRM team that somebody in web answers for cannot be steered by whom it belongs to.

    Example: `department: crm` with an owner whose `department:` is `crm`, too
    """
    kpi, person = subject.kpi, subject.owner
    if kpi.level is not Level.FUNCTIONAL or person is None or person.department is None:
        return None
    if kpi.department is None or kpi.department == person.department:
        return None
    return {"owner": person.key, "of_owner": person.department, "department": kpi.department}


def _is_quotient(tree: exp.Expr) -> bool:
    """Say whether a formula divides, be it under a sum, a difference or a product with a number."""
    tree = tree.unnest()
    if isinstance(tree, exp.Div):
        return True
    if not isinstance(tree, exp.Add | exp.Sub | exp.Mul):
        return False
    sides = [side.unnest() for side in (tree.this, tree.expression)]
    return any(isinstance(side, exp.Literal) for side in sides) and any(map(_is_quotient, sides))


def _leaves_out(project: Project, metric: Metric) -> bool:
    """Say whether a metric, or one that it is made of, counts but some of its rows."""
    return any(
        one.where or one.per or one.funnel or one.cohort or _SOME_ROWS.search(one.expr)
        for one in all_behind(project, (metric.key,))
    )


SPECIFIC = (
    no_label,
    label_says_nothing,
    no_definition,
    dialect_not_said,
    way_not_chosen,
    ratio_without_unit,
    scope_not_said,
    scope_in_name_only,
    same_label,
    no_owner,
    shared_owner,
    owner_elsewhere,
)
