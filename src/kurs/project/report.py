"""What the readers of the plan collect on their way: problems, and names to be looked up at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kurs.problems import Problem, Severity, closest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kurs.project.nodes import Node, Scalar


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that is used: ``kind`` is what it must be one of ("metric"), ``user`` the entry that uses it."""

    kind: str
    node: Scalar
    user: str | None = None
    kpi: str | None = None


@dataclass(slots=True)
class Report:
    """Collects problems and references; ``kpi`` is the KPI that is being read, ``folder`` the project's.

    ``beside`` are files that the plan names and that are read with it.
    """

    problems: list[Problem] = field(default_factory=list[Problem])
    references: list[Reference] = field(default_factory=list[Reference])
    kpi: str | None = None
    folder: Path | None = None
    beside: dict[str, None] = field(default_factory=dict[str, None])

    def error(self, code: str, node: Node, **values: object) -> None:
        """Note an error that stands at ``node``."""
        self.problems.append(Problem(code, values, place=node.spot.place, kpi=self.kpi))

    def warning(self, code: str, node: Node, **values: object) -> None:
        """Note a warning that stands at ``node``."""
        self.problems.append(Problem(code, values, Severity.WARNING, node.spot.place, self.kpi))

    def info(self, code: str, node: Node, **values: object) -> None:
        """Note something to know that stands at ``node``."""
        self.problems.append(Problem(code, values, Severity.INFO, node.spot.place, self.kpi))

    def unknown(self, code: str, node: Node, word: str, among: Iterable[str], **values: object) -> None:
        """Note a word that is none of ``among``, with what the writer may have meant."""
        self.error(code, node, suggestion=closest(word, among), **values)

    def refer(self, kind: str, node: Scalar, user: str | None = None) -> None:
        """Note that a name is used; it is looked up when everything has been read."""
        self.references.append(Reference(kind, node, user, self.kpi))
