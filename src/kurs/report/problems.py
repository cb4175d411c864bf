"""A problem as a person reads it, and as the contract's JSON."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.problems import Place, Problem
    from kurs.words import Language

_WIDEST = 100  # of the offending line; around the caret when it is longer
_BEFORE_CARET = 40
_CUT = "…"


def render_text(problem: Problem, language: Language) -> str:
    """Write a problem in plain text: where, how bad, what, the line with a caret, how to mend it."""
    message, hint = language.problem(problem.code, problem.values)
    lines = [f"{_where(problem.place)}{_severity(problem, language)} {problem.code}", f"  {message}"]
    if problem.place is not None and problem.place.text is not None:
        lines += excerpt(problem.place)
    if hint:
        lines.append(f"  {hint}")
    return "\n".join(lines)


def render_json(problem: Problem, language: Language) -> dict[str, str | int | None]:
    """Return the keys of the contract; null where there is no place, no KPI or no hint."""
    message, hint = language.problem(problem.code, problem.values)
    place = problem.place
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "file": place.file if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "kpi": problem.kpi,
        "message": message,
        "hint": hint or None,
    }


def excerpt(place: Place, widest: int = _WIDEST) -> list[str]:
    """Return the line with its number, and below it a caret under what is wrong.

    Of a line longer than ``widest`` it is the part around the caret.
    """
    text = place.text or ""
    start = min(place.column - 1, len(text))
    end = min(start + place.length, max(len(text), start + 1))
    if len(text) > widest:
        cut = max(0, start - min(_BEFORE_CARET, widest // 2))
        shown = text[cut : cut + widest]
        start, end = start - cut, min(end - cut, widest)
        if cut:
            shown, start, end = _CUT + shown, start + 1, end + 1
        text = shown + _CUT
    number = str(place.line)
    margin = " " * len(number)
    carets = "^" * max(1, sum(_width(character) for character in text[start:end]))
    return [f"  {number} | {_visible(text)}", f"  {margin} | {_blank(text[:start])}{carets}"]


def _where(place: Place | None) -> str:
    return "" if place is None else f"{place.file}:{place.line}:{place.column}: "


def _severity(problem: Problem, language: Language) -> str:
    return language.term(f"severity.{problem.severity.value}")


def _visible(text: str) -> str:
    """Return the text without characters that would move or colour what a terminal shows."""
    return "".join(
        character if character == "\t" or character.isprintable() else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def _blank(text: str) -> str:
    """Return as much space as the text takes; a tab stays one, so that the caret lands below its word."""
    return "".join("\t" if character == "\t" else " " * _width(character) for character in text)


def _width(character: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("F", "W") else 1
