"""Reads ``strategy:``, ``goals:``, ``people:`` and ``actions:``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kurs.model.action import Action
from kurs.model.people import Person
from kurs.model.strategy import Goal, Stage, Strategy
from kurs.model.text import Text
from kurs.project.amounts import CONDITION, amount_of, day_of, days_of
from kurs.project.names import check_name
from kurs.project.nodes import Scalar
from kurs.project.section import as_section, as_text

if TYPE_CHECKING:
    from kurs.project.nodes import Node
    from kurs.project.report import Report
    from kurs.project.section import Section

_STATUSES = (
    "met",
    "on_track",
    "at_risk",
    "off_track",
    "missed",
    "too_early",
    "not_started",
    "no_data",
)
_SSH_KEY = re.compile(r"(?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}={0,2}(?: [^\r\n]*)?")


def read_strategy(report: Report, name: Scalar, node: Node) -> Strategy | None:
    """Read one strategy: a text, or a mapping."""
    check_name(report, name)
    if isinstance(node, Scalar):
        says = as_text(report, node, name.text)
        return Strategy(name.text, says) if says else None
    section = as_section(report, node, name, f"strategy.{name.text}")
    if section is None:
        return None
    section.need("says")
    says, by = section.says("says"), section.day("by")
    section.close()
    return Strategy(name.text, says or Text.plain(name.text), by)


def read_goal(report: Report, name: Scalar, node: Node) -> Goal | None:
    """Read one goal: a text, or a mapping."""
    check_name(report, name)
    if isinstance(node, Scalar):
        says = as_text(report, node, name.text)
        return Goal(name.text, says) if says else None
    section = as_section(report, node, name, f"goals.{name.text}")
    if section is None:
        return None
    section.need("says")
    goal = Goal(
        name.text,
        says=section.says("says") or Text.plain(name.text),
        strategy=section.name("strategy", "strategy"),
        stage=section.choice("stage", Stage),
    )
    section.close()
    return goal


def read_person(report: Report, name: Scalar, node: Node) -> Person | None:
    """Read one person or role: a name, or a mapping."""
    check_name(report, name)
    if isinstance(node, Scalar):
        called = as_text(report, node, name.text)
        return Person(name.text, called) if called else None
    section = as_section(report, node, name, f"people.{name.text}")
    if section is None:
        return None
    section.need("name")
    person = Person(
        name.text,
        name=section.says("name") or Text.plain(name.text),
        email=_email(section),
        department=section.text("department"),
        key_text=_ssh_key(section),
    )
    section.close()
    return person


def _ssh_key(section: Section) -> str | None:
    """Read a public ssh key, as the file ``id_ed25519.pub`` has it."""
    node = section.scalar("key")
    if node is None:
        return None
    if not _SSH_KEY.fullmatch(node.text.strip()):
        section.report.error("bad_ssh_key", node)
        return None
    return node.text.strip()


def _email(section: Section) -> str | None:
    node = section.scalar("email")
    if node is None:
        return None
    if not re.fullmatch(r"[^\s@]+@[^\s@]+", node.text):
        section.report.error("bad_email", node, value=node.text)
    return node.text


def read_action(report: Report, name: Scalar, node: Node) -> Action | None:
    """Read one action; ``when``, ``due`` and ``expect`` are checked and kept as worded."""
    check_name(report, name)
    section = as_section(report, node, name, f"actions.{name.text}")
    if section is None:
        return None
    section.need("says")
    action = Action(
        name.text,
        says=section.says("says") or Text.plain(name.text),
        owner=section.name("owner", "person"),
        when=_when(section),
        due=_due(section),
        expect=_expect(section),
    )
    section.close()
    return action


def _when(section: Section) -> str | None:
    """Read ``at_risk`` or ``at_risk for 3 days``."""
    node = section.scalar("when")
    match = None if node is None else CONDITION.fullmatch(node.text.strip())
    if node is None or match is None:
        return None
    if match["status"] not in _STATUSES:
        values = {"value": match["status"], "key": "when", "choices": _STATUSES}
        section.report.unknown("unknown_choice", node, match["status"], _STATUSES, **values)
    if match["length"] is not None and days_of(match["length"]) is None:
        section.report.error("bad_duration", node, value=match["length"])
    return node.text.strip()


def _due(section: Section) -> str | None:
    node = section.scalar("due")
    if node is None:
        return None
    if days_of(node.text) is None and day_of(node.text) is None:
        section.report.error("bad_due", node, value=node.text)
    return node.text.strip()


def _expect(section: Section) -> str | None:
    node = section.scalar("expect")
    if node is None:
        return None
    if amount_of(node.text) is None:
        section.report.error("bad_number", node, value=node.text)
    return node.text.strip()
