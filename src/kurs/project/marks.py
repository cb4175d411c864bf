"""Where in the files a part of the plan stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.project.align import source_index
from kurs.project.nodes import Fields, Items, Node, Scalar, walk

if TYPE_CHECKING:
    from kurs.problems import Place, Problem
    from kurs.project.nodes import PlanFile

_WORD = re.compile(r"\w+|\S")


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The merged tree of the plan's files."""

    tree: Fields

    @property
    def files(self) -> tuple[PlanFile, ...]:
        """The files in which the plan stands."""
        return tuple(dict.fromkeys(node.spot.file for node in walk(self.tree) if node is not self.tree))

    def place(self, path: tuple[str | int, ...], offset: int = 0) -> Place | None:
        """Return where a path of the plan stands, or else the nearest part above it; None for no part.

        A mapping or a list is shown by its key, a text by the character at ``offset`` of its value.
        """
        node: Node = self.tree
        key: Scalar | None = None
        for step in path:
            below = _below(node, step)
            if below is None:
                break
            key, node = below
        if node is self.tree:
            return None
        if isinstance(node, Fields) and key is None and len(node.entries) == 1:
            key, node = node.entries[0]  # `- country: upper(country_code)`
            if isinstance(node, Fields) and (of_sql := node.get("expr")) is not None:
                key, node = of_sql  # `- country: {expr: upper(country_code), label: Country}`
        if isinstance(node, Scalar) and not (node.is_empty and key is not None):
            return _in_scalar(node, offset)
        return (key or node).spot.place

    def has(self, path: tuple[str | int, ...]) -> bool:
        """Say whether the whole path stands in the plan."""
        node: Node = self.tree
        for step in path:
            below = _below(node, step)
            if below is None:
                return False
            node = below[1]
        return True

    def locate(self, problem: Problem) -> Problem:
        """Return the problem with its place, if it has a path and no place yet."""
        if problem.place is not None or not problem.path:
            return problem
        kpi = problem.kpi
        if kpi is None and problem.path[0] == "kpis":
            kpi = next((str(step) for step in problem.path[1:]), None)
        return replace(problem, place=self.place(problem.path, problem.offset), kpi=kpi)


def _below(node: Node, step: str | int) -> tuple[Scalar | None, Node] | None:
    if isinstance(node, Fields):
        return node.get(str(step))
    if isinstance(node, Items) and isinstance(step, int) and 0 <= step < len(node.items):
        return None, node.items[step]
    return None


def _in_scalar(node: Scalar, offset: int) -> Place:
    """Return the place of a word of the value, or of the whole value when no offset is given."""
    file, spot = node.spot.file, node.spot
    if offset <= 0:
        start = source_index(node, 0) if node.style in ("|", ">") else spot.start
        return file.place(start, spot.end)
    start = source_index(node, offset)
    word = _WORD.match(node.text, offset)
    return file.place(start, start + len(word.group()) if word else None)
