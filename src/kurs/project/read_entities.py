"""How a metric follows entities: ``funnel`` with ``by``, ``within`` and ``holding``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.entity import Funnel, Lapse
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
        if any(section.has(key) for key in _OF_FUNNELS):
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


def read_lapse(section: Section, key: str) -> Lapse | None:
    """Read a length of time in minutes, hours, days or weeks."""
    node = section.scalar(key)
    if node is None:
        return None
    lapse = Lapse.parse(node.text)
    if lapse is None:
        section.report.error("bad_lapse", node, value=node.text)
    return lapse
