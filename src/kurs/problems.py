"""Every error that kurs shows: where, what, why, and how to mend it.

A problem carries a code and the values that belong to it. It has no sentence: the words are found
by code at the edge (``kurs.words.problems``), in the reader's language. Problems are collected and
raised together.

    KursError
    ├── UsageError      exit 2   the question is wrong
    ├── ProjectError    exit 2   the plan is broken (``check`` shows the same problems and exits 1)
    ├── SourceError     exit 3   a file or a database could not be taken in as declared
    └── EngineError     exit 3   the engine could not answer
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Severity(StrEnum):
    """How bad a problem is: an error stops, a warning stands beside the answer, an info tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a text file: ``file`` relative to the project, ``line`` and ``column`` from 1.

    ``text`` is the whole line, so that it can be shown with a caret under ``length`` characters.
    """

    file: str
    line: int
    column: int = 1
    text: str | None = None
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a code, the values for its sentence, and where it stands.

    A room that knows the plan but not its files gives ``path`` (``("metrics", "aov", "expr")``) and
    ``offset``, the characters into that value; ``project`` turns both into a ``place``.
    """

    code: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    severity: Severity = Severity.ERROR
    place: Place | None = None
    kpi: str | None = None
    path: tuple[str | int, ...] = ()
    offset: int = 0


class KursError(Exception):
    """What stops a command: one or more problems, and the exit code of the contract."""

    exit_code: ClassVar[int] = 2

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class UsageError(KursError):
    """The question is wrong: an unknown name, a range that is missing."""


class ProjectError(KursError):
    """The plan is broken."""


class SourceError(KursError):
    """A source could not be taken in as declared; the lake is as it was."""

    exit_code = 3


class EngineError(KursError):
    """The engine could not answer."""

    exit_code = 3


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Keep the problems that stop a command."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def closest(name: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """Return at most three names that the writer may have meant, the likeliest first."""
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    matches = difflib.get_close_matches(name.casefold(), list(by_folded), n=3, cutoff=0.6)
    return tuple(by_folded[match] for match in matches)
