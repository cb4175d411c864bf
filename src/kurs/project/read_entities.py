"""How a metric follows entities: ``funnel`` with ``by``, ``within`` and ``holding``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.entity import Age, Cohort, Funnel, Lapse
from kurs.model.frame import Span
from kurs.project.nodes import Items
from kurs.project.section import as_sql

if TYPE_CHECKING:
    from kurs.project.section import Section

_OF_FUNNELS = ("by", "within", "holding")
_MOST_STEPS = 20


def read_funnel(section: Section) -> Funnel | None:
    """Read a funnel; None where the metric is none."""
    section.expect(*_OF_FUNNELS)
    node = section.get("funnel")
    if node is None:
        of_funnels = _OF_FUNNELS if not section.has("first") else ("by", "holding")
        if any(section.has(key) for key in of_funnels):
            section.need("funnel")
        return None
    section.need("by", "within")
    for other in ("expr", "at"):
        if section.has(other):
            section.report.error("only_one_key", section.key_node(other), keys=["funnel", other])
    items = node.items if isinstance(node, Items) else (node,)
    if not 2 <= len(items) <= _MOST_STEPS:
        section.report.error("bad_funnel", section.key_node("funnel"), most=_MOST_STEPS)
        return None
    steps = tuple(as_sql(section.report, item, "funnel") for item in items)
    by, within = section.text("by"), read_lapse(section, "within")
    whole = tuple(step for step in steps if step is not None)
    if by is None or within is None or len(whole) < len(steps):
        return None
    return Funnel(whole, by, within, tuple(name.strip() for name in section.texts("holding")))


def read_per(section: Section) -> str | None:
    """Read the entities over which a metric's aggregates are; None where they are over rows."""
    entity = section.scalar("per")
    if entity is None:
        return None
    for other in ("funnel", "at"):
        if section.has(other):
            section.report.error("only_one_key", section.key_node(other), keys=["per", other])
    return entity.text.strip()


def read_cohort(section: Section) -> Cohort | None:
    """Read by which event entities are first seen, and which of their days count; None without one."""
    section.expect("first", "after")
    first = section.sql("first")
    if first is None:
        if section.has("after"):
            section.need("first")
        return None
    section.need("per")
    within, after = section.scalar("within"), section.scalar("after")
    if within is not None and after is not None:
        section.report.error("only_one_key", after, keys=["within", "after"])
    span = Span.parse(within.text) if within is not None else None
    age = Age.parse(after.text) if after is not None else None
    for node, found in ((within, span), (after, age)):
        if node is not None and found is None:
            section.report.error("bad_span", node, value=node.text)
    return Cohort(first, span, age)


def read_lapse(section: Section, key: str) -> Lapse | None:
    """Read a length of time in minutes, hours, days or weeks."""
    node = section.scalar(key)
    if node is None:
        return None
    lapse = Lapse.parse(node.text)
    if lapse is None:
        section.report.error("bad_lapse", node, value=node.text)
    return lapse
