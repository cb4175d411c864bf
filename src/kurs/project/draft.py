"""What became of a plan: the project, the places of its parts, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.problems import Place, Problem, ProjectError, errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.model.project import Project
    from kurs.project.marks import Marks


@dataclass(frozen=True, slots=True)
class Draft:
    """What became of a plan.

    ``project`` is None when a file could not be read. With errors among ``problems`` it is there for
    further checks alone; entries that make no sense are left out of it. ``beside`` are the files that the
    plan names and that were read with it, be they there or not.
    """

    project: Project | None
    marks: Marks
    problems: tuple[Problem, ...]
    files: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def required(self) -> Project:
        """Return the project; raises ProjectError with all problems when one of them is an error."""
        if self.project is None or errors(self.problems):
            raise ProjectError(*self.problems)
        return self.project

    def with_found(self, found: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return the draft's problems and those that other rooms found in its project, in order of place.

        What only follows from an entry that was left out, or stands there already, is not said again.
        """
        seen = {(problem.code, problem.place) for problem in self.problems}
        located = map(self.marks.locate, found)
        new = (
            problem
            for problem in located
            if (problem.code, problem.place) not in seen and not self._follows(problem)
        )
        return in_order((*self.problems, *new), self.files)

    def _follows(self, problem: Problem) -> bool:
        """Say whether a name is unknown only because its own entry could not be read."""
        block = {"unknown_metric": "metrics", "unknown_table": "tables"}.get(problem.code)
        name = problem.values.get("name")
        return block is not None and self.marks.has((block, str(name)))


def in_order(problems: Iterable[Problem], files: tuple[str, ...]) -> tuple[Problem, ...]:
    """Put problems in the order of the files and lines; those of no file come last."""
    order = {name: number for number, name in enumerate(files)}

    def position(problem: Problem) -> tuple[int, str, int, int]:
        place = problem.place or Place("", 0)
        return order.get(place.file, len(order)), place.file, place.line, place.column

    return tuple(sorted(problems, key=position))
