"""Which keys of a metric go together: a level, a window, a share of a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.project.section import Section

# A key that says nothing without one of others.
_NEEDS = {"each": ("at",), "of": ("share_of",), "at_coarser": ("window", "to_date")}
# Two ways to say what a metric is made of.
_ONE_OF = (("share_of", "expr"), ("share_of", "at"), ("share_of", "funnel"))


def check_together(section: Section) -> None:
    """Note keys that would be passed over in silence."""
    for key, others in _NEEDS.items():
        if section.has(key) and not any(map(section.has, others)):
            section.report.error("key_needs_key", section.key_node(key), key=key, others=list(others))
    for key, other in _ONE_OF:
        if section.has(key) and section.has(other):
            section.report.error("only_one_key", section.key_node(other), keys=[key, other])
