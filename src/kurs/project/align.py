"""Where in the file a character of a scalar's value stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.project.nodes import Scalar

_BLANK = re.compile(r"\s*")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|\r?\n[ \t]*|.)", re.DOTALL)


def source_index(scalar: Scalar, offset: int) -> int:
    """Return the place in the file's parsed text of the character ``offset`` of the value.

    Quotes, escapes, folded lines and the indentation of block scalars are stepped over. Where the two
    texts cannot be matched the last place that could be is returned.
    """
    source, value = scalar.spot.source, scalar.text
    at, done = _body(scalar, source), 0
    offset = min(offset, len(value))
    while done < offset and at < len(source):
        reached, step = _next(source, at, value, done, scalar.style)
        if reached == at or done + step > offset:  # no match, or inside a run of blanks
            break
        at, done = reached, done + step
    else:
        at = _past_blanks(source, at, value, done, scalar.style)
    return scalar.spot.start + min(at, max(len(source) - 1, 0))


def _body(scalar: Scalar, source: str) -> int:
    """Return where the value starts in its source: behind the quote, or on the block's first line."""
    if scalar.style in ("|", ">"):
        line_end = source.find("\n")
        start = len(source) if line_end < 0 else line_end + 1
        indented = _end_of_blank(source, start) - start
        return start + max(0, indented - _end_of_blank(scalar.text, 0))
    return 1 if scalar.style else 0


def _past_blanks(source: str, at: int, value: str, done: int, style: str) -> int:
    """Step over indentation when the value goes on with something visible."""
    if style in ("|", ">") and not value[done : done + 1].isspace():
        return _end_of_blank(source, at)
    return at


def _end_of_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _next(source: str, at: int, value: str, done: int, style: str) -> tuple[int, int]:
    """Step over one character, escape or run of blanks; return the place and how much of the value."""
    if style == '"' and source[at] == "\\":
        match = _ESCAPE.match(source, at)
        if match is None:
            return at, 0
        continues = match.group()[1] in "\r\n"
        return match.end(), 0 if continues else 1
    if style == "'" and source.startswith("''", at) and value[done] == "'":
        return at + 2, 1
    if value[done].isspace():
        blanks, there = _end_of_blank(value, done) - done, _end_of_blank(source, at) - at
        if "\n" in source[at : at + there]:
            return at + there, blanks
        return (at + 1, 1) if there else (at, 0)
    if source[at] == value[done]:
        return at + 1, 1
    return at, 0
