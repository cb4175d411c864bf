"""A glance at a plan that is not read: which language it speaks, be it whole or broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.problems import Problem
from kurs.project.files import PLAN, read_file
from kurs.project.nodes import Fields, Items, Scalar

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.project.nodes import Node


def first_language(folder: Path) -> str | None:
    """Return the first of the ``languages:`` that kurs.yaml names; None where it names none."""
    from kurs.project.parse import parse

    file = read_file(folder, folder / PLAN, PLAN)
    if isinstance(file, Problem):
        return None
    named = _below(_below(parse(file).root, "project"), "languages")
    first = named.items[0] if isinstance(named, Items) and named.items else named
    return first.text if isinstance(first, Scalar) and not first.is_empty else None


def _below(node: Node | None, key: str) -> Node | None:
    entry = node.get(key) if isinstance(node, Fields) else None
    return entry[1] if entry is not None else None
