"""Reads a KPI's ``baseline:``: a value, other days, or the same event before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.comparison import Against, Comparison
from kurs.model.kpi import Baseline
from kurs.project.amounts import amount_of
from kurs.project.nodes import Fields, Scalar
from kurs.project.section import Section
from kurs.project.target_amounts import check_fraction

if TYPE_CHECKING:
    from kurs.model.metric import Metric

BY_NAME = {
    against.value: against for against in (Against.PREVIOUS, Against.LAST_YEAR, Against.LAST_YEAR_WEEKDAY)
}
_FORMS = (*BY_NAME, "same_event")


def read_baseline(kpi: Section, metric: Metric | None) -> Baseline | None:
    """Read the baseline: a word, a stated value, a range of days, or ``{same_event: previous}``."""
    node = kpi.get("baseline")
    if node is None:
        return None
    if isinstance(node, Scalar):
        amount = amount_of(node.text)
        if amount is None:
            return _by_name(kpi, node)
        check_fraction(kpi.report, "baseline", node, amount, metric)
        return Baseline(value=amount.value)
    if not isinstance(node, Fields):
        kpi.report.error("expected_mapping", node, key="baseline")
        return None
    section = Section(kpi.report, node, kpi.key_node("baseline"), f"{kpi.title}.baseline")
    baseline = _from_section(section, metric)
    section.close()
    return baseline


def _from_section(section: Section, metric: Metric | None) -> Baseline | None:
    forms = [("value",), ("same_event",), ("from", "to")]
    section.expect("value", "same_event", "from", "to")
    given = [form for form in forms if any(section.has(key) for key in form)]
    if len(given) > 1:
        section.report.error("several_baselines", section.owner)
    if section.has("value"):
        found = section.amount("value")
        if found is None:
            return None
        check_fraction(section.report, "value", *found, metric)
        return Baseline(value=found[1].value)
    if section.has("same_event"):
        node = section.scalar("same_event")
        if node is None:
            return None
        if node.text == "previous":
            return Baseline(comparison=Comparison(Against.SAME_EVENT))
        section.report.refer("event", node)
        return Baseline(comparison=Comparison(Against.SAME_EVENT, event=node.text))
    if section.has("from") or section.has("to"):
        days = section.days()
        return Baseline(comparison=Comparison(Against.RANGE, days)) if days else None
    if not section.node.entries:
        section.report.error("empty_value", section.owner, key="baseline")
    return None


def _by_name(kpi: Section, node: Scalar) -> Baseline | None:
    if node.text == "same_event":
        return Baseline(comparison=Comparison(Against.SAME_EVENT))
    against = BY_NAME.get(node.text)
    if against is None:
        values = {"value": node.text, "key": "baseline", "choices": _FORMS}
        kpi.report.unknown("unknown_choice", node, node.text, _FORMS, **values)
        return None
    return Baseline(comparison=Comparison(against))
