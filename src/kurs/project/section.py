"""Reads the keys of one mapping, typed; what is wrong goes to the report, and nothing is left over.

A method returns None (or an empty tuple) both when the key is missing and when its value is wrong: the
problem is noted either way, and the reader goes on, so that all problems are shown at once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from kurs.model.text import Text
from kurs.problems import closest
from kurs.project.amounts import (
    Amount,
    Sign,
    amount_of,
    better_number,
    day_of,
    days_of,
    thousands_of,
)
from kurs.project.mend import is_open, quoted
from kurs.project.nodes import Fields, Items, Node, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from enum import StrEnum

    from kurs.model.days import Days
    from kurs.project.report import Report

_T = TypeVar("_T")
_E = TypeVar("_E", bound="StrEnum")

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Z]{2}|\d{3}))?")
_COMMENT = re.compile(r"[ \t]+#[^\n]*")
_WHOLE = re.compile(r"[-+]?\d{1,9}", re.ASCII)


class Section:
    """One mapping of the plan: ``title`` says which (``metrics.aov``), ``owner`` shows a missing key."""

    def __init__(self, report: Report, node: Fields, owner: Node, title: str) -> None:
        self.report, self.node, self.owner, self.title = report, node, owner, title
        self._asked: set[str] = set()
        self._needed: list[str] = []

    def get(self, key: str) -> Node | None:
        """Return the value as it stands; a key without a value is a problem."""
        self._asked.add(key)
        entry = self.node.get(key)
        if entry is None:
            return None
        name, node = entry
        if isinstance(node, Scalar) and node.is_empty:
            self.report.error("empty_value", name, key=key)
            return None
        return node

    def has(self, key: str) -> bool:
        """Say whether the key stands there, whatever its value."""
        return self.node.get(key) is not None

    def key_node(self, key: str) -> Node:
        """Return the key's own node, or the owner's when it is missing."""
        entry = self.node.get(key)
        return self.owner if entry is None else entry[0]

    def expect(self, *keys: str) -> None:
        """Take the keys for known ones, whether or not they are read."""
        self._asked.update(keys)

    def need(self, *keys: str) -> None:
        """Say which keys must be there."""
        self.expect(*keys)
        self._needed += keys

    def close(self) -> None:
        """Note every key that nobody asked for, and every needed one that is missing.

        A misspelt key is one mistake: what was meant is not missing as well.
        """
        meant: set[str] = set()
        for name, _ in self.node.entries:
            if name.text == "<<":
                self.report.error("merge_key", name)
                meant |= self._asked
            elif name.text not in self._asked:
                values = {"key": name.text, "section": self.title, "allowed": sorted(self._asked)}
                self.report.unknown("unknown_key", name, name.text, self._asked, **values)
                meant |= set(closest(name.text, self._asked)[:1])
        for key in self._needed:
            if key not in meant and not self.has(key):
                self.report.error("missing_key", self.owner, key=key, section=self.title)

    def scalar(self, key: str) -> Scalar | None:
        """Return a value that is neither a list nor a mapping."""
        node = self.get(key)
        return None if node is None else as_scalar(self.report, node, key)

    def text(self, key: str) -> str | None:
        """Return a text."""
        node = self.scalar(key)
        return None if node is None else node.text.strip()

    def sql(self, key: str) -> str | None:
        """Return an SQL expression; one that YAML took a part of is a problem."""
        node = self.get(key)
        return None if node is None else as_sql(self.report, node, key)

    def says(self, key: str) -> Text | None:
        """Return a text that may be given by language."""
        node = self.get(key)
        return None if node is None else as_text(self.report, node, key)

    def name(self, key: str, kind: str) -> str | None:
        """Return the name of something of ``kind``, to be looked up at the end."""
        node = self.scalar(key)
        return None if node is None else as_name(self.report, node, kind)

    def names(self, key: str, kind: str) -> tuple[str, ...]:
        """Return a list of names, or a single one."""
        return tuple(as_name(self.report, node, kind) for node in self.scalars(key))

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Return the values of a list, or a single value as a list of one."""
        node = self.get(key)
        if node is None:
            return ()
        nodes = node.items if isinstance(node, Items) else (node,)
        found = (as_scalar(self.report, item, key) for item in nodes)
        return tuple(item for item in found if item is not None)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, or a single one."""
        return tuple(node.text for node in self.scalars(key))

    def choice(self, key: str, choices: type[_E]) -> _E | None:
        """Return one of the words of an enumeration."""
        return self.one_of(key, {str(choice): choice for choice in choices})

    def one_of(self, key: str, choices: Mapping[str, _T]) -> _T | None:
        """Return what one of the words stands for; ``null`` may be such a word."""
        entry = self.node.get(key)
        if entry is not None and isinstance(entry[1], Scalar) and entry[1].text in choices:
            self._asked.add(key)
            return choices[entry[1].text]
        node = self.scalar(key)
        if node is not None:
            values = {"value": node.text, "key": key, "choices": list(choices)}
            self.report.unknown("unknown_choice", node, node.text, choices, **values)
        return None

    def day(self, key: str) -> date | None:
        """Return a date."""
        node = self.scalar(key)
        return None if node is None else as_day(self.report, node)

    def length(self, key: str) -> int | None:
        """Return a length of time in days."""
        node = self.scalar(key)
        if node is None:
            return None
        days = days_of(node.text)
        if days is None:
            self.report.error("bad_duration", node, value=node.text)
        return days

    def whole(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number between two others, both included."""
        node = self.scalar(key)
        if node is None:
            return None
        if not _WHOLE.fullmatch(node.text) or not low <= int(node.text) <= high:
            values = {"value": node.text, "key": key, "low": low, "high": high}
            self.report.error("bad_whole_number", node, **values)
            return None
        return int(node.text)

    def amount(self, key: str) -> tuple[Scalar, Amount] | None:
        """Return a number or percentage, and the node in which it stands."""
        node = self.scalar(key)
        found = None if node is None else as_amount(self.report, node)
        return None if node is None or found is None else (node, found)

    def days(self) -> Days | None:
        """Return the range between the keys ``from`` and ``to``; both must be there."""
        from kurs.model.days import Days

        self.need("from", "to")
        first, last = self.day("from"), self.day("to")
        if first is None or last is None:
            return None
        if last < first:
            node = self.get("to") or self.owner
            self.report.error("period_backwards", node, **{"from": first, "to": last})
            return None
        return Days(first, last)

    def section(self, key: str) -> Section | None:
        """Return the keys below a key."""
        node = self.get(key)
        return (
            None if node is None else as_section(self.report, node, self.key_node(key), f"{self.title}.{key}")
        )


def as_scalar(report: Report, node: Node, key: str) -> Scalar | None:
    """Return a node that is neither a list nor a mapping; ``key`` is what it is called in the plan."""
    if not isinstance(node, Scalar):
        report.error("expected_text", node, key=key)
        return None
    if node.is_empty:
        report.error("empty_value", node, key=key)
        return None
    return node


def as_section(report: Report, node: Node, owner: Node, title: str) -> Section | None:
    """Return a node that is a mapping, to be read key by key."""
    if not isinstance(node, Fields):
        report.error("expected_mapping", node, key=title)
        return None
    return Section(report, node, owner, title)


def as_name(report: Report, node: Scalar, kind: str) -> str:
    """Return a name, which is looked up when everything has been read."""
    report.refer(kind, node)
    return node.text


def as_day(report: Report, node: Scalar) -> date | None:
    """Return a date; other forms than ISO are not guessed at."""
    day = day_of(node.text)
    if day is None:
        report.error("bad_date", node, value=node.text)
    return day


def as_amount(report: Report, node: Scalar) -> Amount | None:
    """Return a number or percentage."""
    amount = amount_of(node.text)
    if amount is None:
        better = better_number(node.text)
        if better is None:
            report.error("bad_number", node, value=node.text)
        else:
            report.error("badly_written_number", node, value=node.text, right=better)
    elif (readings := thousands_of(node.text)) is not None:
        many, few = readings
        report.warning("point_of_thousands", node, value=node.text, many=many, few=few)
    return amount


def as_number(report: Report, node: Scalar) -> float | None:
    """Return a number that is no percentage."""
    amount = as_amount(report, node)
    if amount is not None and amount.sign is not Sign.NONE:
        report.error("bad_number", node, value=node.text)
        return None
    return None if amount is None else amount.value


def as_text(report: Report, node: Node, key: str) -> Text | None:
    """Return a text, or a mapping of languages to texts."""
    if isinstance(node, Scalar):
        scalar = as_scalar(report, node, key)
        return None if scalar is None else Text.plain(scalar.text.strip())
    if isinstance(node, Items) or not node.entries:
        report.error("expected_text", node, key=key)
        return None
    by_language: list[tuple[str, str]] = []
    for tag, value in node.entries:
        if not _LANGUAGE.fullmatch(tag.text):
            report.error("bad_language", tag, value=tag.text)
        elif (scalar := as_scalar(report, value, tag.text)) is not None:
            by_language.append((tag.text, scalar.text.strip()))
    return Text(tuple(by_language)) if by_language else None


def as_sql(report: Report, node: Node, key: str) -> str | None:
    """Return an SQL expression as it stands, so that a place in it is a place in the file."""
    if isinstance(node, Fields) and node.entries and (condition := _condition(node)) is not None:
        report.error("mapping_for_sql", node, key=key, right=f"{key}: {quoted(condition)}")
        return None
    scalar = as_scalar(report, node, key)
    if scalar is None:
        return None
    return None if _comment_took_a_part(report, scalar, key) else scalar.text.rstrip()


def _condition(node: Fields) -> str | None:
    """Return ``{channel: 'email'}`` as the condition that its writer meant."""
    parts: list[str] = []
    for name, value in node.entries:
        if not isinstance(value, Scalar) or value.is_empty:
            return None
        is_word = value.style or amount_of(value.text) is None
        parts.append(f"{name.text} = " + (f"'{value.text}'" if is_word else value.text))
    return " and ".join(parts)


def _comment_took_a_part(report: Report, node: Scalar, key: str) -> bool:
    """Note a plain expression whose rest YAML reads as a comment."""
    match = None if node.style else _COMMENT.match(node.spot.file.text, node.spot.end)
    if match is None:
        return False
    right = f"{key}: {quoted(node.text + match.group().rstrip())}"
    if is_open(node.text):
        report.error("comment_cut_sql", node, key=key, right=right)
        return True
    if not match.group().lstrip().startswith(("# ", "##")):
        report.warning("comment_in_sql", node, sql=node.text, right=right)
    return False
