"""SQL that YAML tore apart: find it, and put it into quotes so that reading can go on.

``{expr: coalesce(revenue, 0) / orders, unit: currency}`` is cut at the first comma. The scanner here
reads the same braces as their writer meant them: a comma inside parentheses or SQL quotes cuts nothing.
Mending only puts characters in, so every place in the mended text still has its place on disk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.project.nodes import Fields, Items, Scalar, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.project.nodes import Node

_SPACE = re.compile(r"(?:\s|(?<=\s)#[^\n]*)*")
_KEY = re.compile(r"[A-Za-z_][\w.-]*[ \t]*:(?=\s)")
_NEXT_KEY = re.compile(r"\s*(?:[A-Za-z_][\w.-]*[ \t]*:\s|[}\]])")
_QUOTED = re.compile(r"(?:'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")(?=\s*[,}\]])")
_UNSAFE = re.compile(r"[,\[\]{}]|: |:$| #|^[&*!|>'\"%@`?-]")
_LINE = re.compile(
    r"(?P<before>[ \t]*(?:- +)*(?:[A-Za-z_][\w.-]*[ \t]*:[ \t]+)?)(?P<value>[^\s|>{\[].*?)(?P<after>[ \t\r]*)"
)
_SQL = re.compile(r"[=<>*]|\w\(|\) ")
_TWO_KEYS = re.compile(r"[a-z_]+:\s")
_NEXT_LINE = re.compile(r"\n\s*[\w.-]+:\s")  # behind a brace that nobody closed
_DEEPEST = 20
_LONGEST = 10_000  # no expression is longer; without a bound a broken file takes quadratic time

Insertions = list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Mend:
    """Characters to put into the text so that ``start`` to ``end`` is read as meant."""

    start: int
    end: int
    insertions: Insertions
    is_sql: bool


def torn(root: Node) -> Fields | Items | None:
    """Return the first collection in braces that was cut inside parentheses, quotes or a sentence."""
    for node in walk(root):
        if isinstance(node, Fields) and node.in_braces:
            parts: Sequence[Node] = [part for entry in node.entries for part in entry]
        elif isinstance(node, Items) and node.in_braces:
            parts = node.items
        else:
            continue
        if any(isinstance(part, Scalar) and _is_cut(part) for part in parts):
            return node
    return None


def _is_cut(part: Scalar) -> bool:
    """Say whether a part of braces ends inside a pair, or is an entry without its colon."""
    text, before = part.spot.file.text, part.spot.start - 1
    if part.spot.start == part.spot.end:
        while before > 0 and text[before].isspace():
            before -= 1
        return text[before] != ":"
    return not part.style and is_open(part.text)


def is_open(sql: str) -> bool:
    """Say whether a parenthesis or a quote of the text has no partner in it."""
    depth, quote = 0, ""
    for place, character in enumerate(sql):
        if quote:
            quote = "" if character == quote else quote
        elif _opens_quote(sql, place):
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
            if depth < 0:
                return True
    return bool(quote) or depth != 0


def _opens_quote(text: str, place: int) -> bool:
    """Say whether an SQL quote starts here: an apostrophe inside or behind a word starts none."""
    return text[place] in "'\"" and not (place and text[place - 1].isalnum())


def mend_braces(text: str, start: int) -> Mend | None:
    """Read the braces that open at ``start`` as meant; None when they cannot be, or need no quotes."""
    scanner = _Scanner(text)
    end = scanner.collection(start, 0)
    if end is None or not scanner.insertions:
        return None
    return Mend(start, end, scanner.insertions, scanner.is_sql)


def mend_line(text: str, at: int) -> Mend | None:
    """Quote the value on the line around ``at``: what it holds cannot stand there without quotes."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    match = _LINE.fullmatch(text, start, len(text) if end < 0 else end)
    if match is None or not match["before"].strip():
        return None
    value_start, value_end = match.span("value")
    comment = re.compile(r"[ \t]+#").search(text, value_start, value_end)
    while comment is not None and is_open(text[value_start : comment.start()]):
        comment = re.compile(r"[ \t]+#").search(text, comment.end(), value_end)
    if comment is not None:
        value_end = comment.start()
    value = text[value_start:value_end]
    if _TWO_KEYS.match(value) or (value[0] in "'\"" and not _SQL.search(value)):
        return None  # what was meant cannot be told
    return Mend(start, value_end, quoting(value, value_start), _SQL.search(value) is not None)


def quoting(value: str, start: int) -> Insertions:
    """Return what to put in around and inside ``value``, which stands at ``start``, to quote it."""
    end = start + len(value)
    if '"' in value and "'" not in value:
        return [(start, "'"), (end, "'")]
    inner = [(start + place, "\\") for place, character in enumerate(value) if character in '"\\']
    return [(start, '"'), *inner, (end, '"')]


def quoted(value: str) -> str:
    """Return the value in YAML quotes."""
    return with_insertions(value, quoting(value, 0))


def with_insertions(text: str, insertions: Insertions, start: int = 0) -> str:
    """Return the text, which stands at ``start`` of a file, with the characters put in."""
    pieces: list[str] = []
    done = 0
    for place, character in insertions:
        pieces += text[done : place - start], character
        done = place - start
    return "".join(pieces) + text[done:]


class _Scanner:
    """Reads braces as their writer meant them, and notes where quotes are missing."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.insertions: Insertions = []
        self.is_sql = False

    def collection(self, at: int, depth: int) -> int | None:
        """Read from an opening brace or bracket to behind its partner; None when there is none."""
        closing = "}" if self.text[at] == "{" else "]"
        at += 1
        if depth > _DEEPEST:
            return None
        while True:
            at = self._past_space(at)
            if self.text.startswith(closing, at):
                return at + 1
            if (match := _KEY.match(self.text, at)) is not None:
                at = self._past_space(match.end())
            elif closing == "}":
                return None
            after = self._value(at, closing, depth)
            if after is None:
                return None
            at = self._past_space(after)
            if self.text.startswith(",", at):
                at += 1
            elif not self.text.startswith(closing, at):
                return None

    def _past_space(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def _value(self, at: int, closing: str, depth: int) -> int | None:
        if self.text[at : at + 1] in ("{", "["):
            return self.collection(at, depth + 1)
        if (match := _QUOTED.match(self.text, at)) is not None:
            return match.end()
        end = self._raw_end(at, closing)
        if end is None:
            return None
        value = self.text[at:end].rstrip()
        if _NEXT_LINE.search(value):
            return None
        if _UNSAFE.search(value):
            self.insertions += quoting(value, at)
            self.is_sql = self.is_sql or _SQL.search(value) is not None
        return end

    def _ends_value(self, place: int, closing: str) -> bool:
        """Say whether a comma parts two entries: in a mapping a key must follow."""
        follows = closing == "]" or _NEXT_KEY.match(self.text, place + 1) is not None
        return self.text[place] == "," and follows

    def _raw_end(self, at: int, closing: str) -> int | None:
        """Return where an unquoted value ends: a comma or the closing brace outside of SQL's own pairs."""
        depth, quote = 0, ""
        for place in range(at, min(len(self.text), at + _LONGEST)):
            character = self.text[place]
            if quote:
                quote = "" if character == quote else quote
            elif _opens_quote(self.text, place):
                quote = character
            elif character in "()":
                depth += 1 if character == "(" else -1
            elif depth == 0 and (character == closing or self._ends_value(place, closing)):
                return place
            if depth < 0:
                return None
        return None
