"""One file of the plan -> its nodes, with what was torn apart mended and reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.problems import Problem
from kurs.project.mend import Mend, mend_braces, mend_line, torn, with_insertions
from kurs.project.nodes import PlanFile, Spot
from kurs.project.parse import Parsed, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.project.nodes import Node

_LAST_KEY = re.compile(r"([A-Za-z_][\w.-]*)[ \t]*:(?=\s)")
_MOST_REREAD = 1_000_000  # characters of one file; every mend reads the whole file again


@dataclass(frozen=True, slots=True)
class Composed:
    """What one file holds; ``is_whole`` is false when a part of it could not be read."""

    file: PlanFile
    root: Node | None
    problems: tuple[Problem, ...]
    is_whole: bool


def compose(file: PlanFile) -> Composed:
    """Read one file; expressions that YAML tore apart are problems, and the rest is read all the same."""
    problems: list[Problem] = []
    parsed = parse(file)
    allowed = _MOST_REREAD // (len(file.text) + 1)
    while allowed > 0:
        mended = None
        for mend in _candidates(file.text, parsed):
            allowed -= 1
            mended = _mended(file, parsed, mend)
            if mended is not None or allowed <= 0:
                break
        if mended is None:
            break
        problem, file, parsed = mended
        problems.append(problem)
    return Composed(file, parsed.root, (*problems, *parsed.problems), parsed.broken_at is None)


def _mended(file: PlanFile, parsed: Parsed, mend: Mend) -> tuple[Problem, PlanFile, Parsed] | None:
    """Return the file with a mend and what is read then, if reading gets further by it."""
    after = file.with_insertions(mend.insertions)
    again = parse(after)
    cut = torn(again.root) if parsed.broken_at is None and again.root is not None else None
    stops = again.broken_at if cut is None else cut.spot.start
    behind = stops is None or stops >= mend.end + len(mend.insertions)
    return (_unquoted(file, mend), after, again) if behind else None


def _candidates(text: str, parsed: Parsed) -> Iterator[Mend]:
    if parsed.broken_at is None:
        cut = torn(parsed.root) if parsed.root is not None else None
        if cut is not None and (mend := mend_braces(text, cut.spot.start)) is not None:
            yield mend
        return
    if not parsed.is_torn:
        return
    at = min(parsed.broken_at, len(text))
    line = text[text.rfind("\n", 0, at) + 1 : at]
    opened = [at - len(line) + place for place, character in enumerate(line) if character in "{["]
    if parsed.braces_at is not None:
        opened.insert(0, parsed.braces_at)
    for start in dict.fromkeys(opened):
        if (mend := mend_braces(text, start)) is not None:
            yield mend
    if (mend := mend_line(text, at)) is not None:
        yield mend


def _unquoted(file: PlanFile, mend: Mend) -> Problem:
    """Show the line, and the same line with the quotes that it lacks."""
    line_start = file.text.rfind("\n", 0, mend.start) + 1
    line_end = file.text.find("\n", mend.end)
    line = file.text[line_start : len(file.text) if line_end < 0 else line_end]
    right = " ".join(with_insertions(line, mend.insertions, line_start).split())
    first = mend.insertions[0][0]
    named = _LAST_KEY.findall(file.text, line_start, first)
    key = named[-1] if named else file.name
    place = Spot(file, first, mend.insertions[-1][0]).place
    return Problem(
        "unquoted_sql" if mend.is_sql else "unquoted_text", {"key": key, "quoted": right}, place=place
    )
