"""Problems on a terminal: in colour by severity, as wide as the screen, counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.problems import Severity
from kurs.report.problems import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from kurs.problems import Problem
    from kurs.words import Language

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_INDENT = (0, 0, 0, 2)
_MARGIN = 12  # what stands before and behind a line of the plan: its number, the cuts
_NARROWEST = 20


def problem_list(problems: Sequence[Problem], language: Language, width: int) -> RenderableType:
    """Lay out problems under each other."""
    return Group(*(part for problem in problems for part in _parts(problem, language, width)))


def counted(problems: Sequence[Problem], language: Language) -> str:
    """Count problems by severity: 3 errors and 1 warning; nothing where there are none."""
    counts = Counter(problem.severity for problem in problems)
    errors, warnings, notes = (counts[severity] for severity in Severity)
    said = (
        language.say_plural("{n} error", "{n} errors", errors) if errors else "",
        language.say_plural("{n} warning", "{n} warnings", warnings) if warnings else "",
        language.say_plural("{n} note", "{n} notes", notes) if notes else "",
    )
    return language.listed([*filter(None, said)]) if problems else ""


def _parts(problem: Problem, language: Language, width: int) -> Iterator[RenderableType]:
    """Lay out one: where and how bad, what, the line with a caret, how to mend it."""
    message, hint = language.problem(problem.code, problem.values)
    place = problem.place
    where = Text(f"{place.file}:{place.line}:{place.column}: " if place is not None else "")
    severity = (language.term(f"severity.{problem.severity}"), _STYLES[problem.severity])
    yield Text.assemble(where, severity, f" {problem.code}")
    yield Padding(Text(message), _INDENT)
    if place is not None and place.text is not None:
        line, caret = excerpt(place, max(width - _MARGIN, _NARROWEST))
        yield Text(line, "dim", no_wrap=True, overflow="crop")
        yield Text(caret, _STYLES[problem.severity], no_wrap=True, overflow="crop")
    if hint:
        yield Padding(Text(hint), _INDENT)
