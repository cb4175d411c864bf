"""All files of the plan -> one tree by top-level key, where every name is defined once."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from kurs.problems import Problem, Severity, closest
from kurs.project.nodes import Fields, Node, PlanFile, Scalar, Spot
from kurs.project.parse import first_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.project.compose import Composed

BLOCKS = (
    "project",
    "strategy",
    "goals",
    "kpis",
    "metrics",
    "tables",
    "sources",
    "segments",
    "calendar",
    "actions",
    "people",
    "fx",
)
_ALIKE = 0.85  # `kpi` is meant for `kpis`; `services` is another program's word
_WITH_NAMES_BELOW = frozenset({("calendar", "events")})


def merge(composed: Iterable[Composed]) -> tuple[Fields, list[Problem]]:
    """Return the plan as one mapping, in the order of the files, and what did not fit into it."""
    problems: list[Problem] = []
    blocks: dict[str, tuple[Scalar, Node]] = {}
    for one in composed:
        if one.root is None or (isinstance(one.root, Scalar) and one.root.is_empty):
            continue
        if not isinstance(one.root, Fields):
            problems.append(Problem("expected_mapping", {"key": one.file.name}, place=one.root.spot.place))
            continue
        if _is_foreign(one.root):
            place = one.root.spot.place
            values = {"file": one.file.name, "known": BLOCKS}
            problems.append(Problem("not_a_plan_file", values, Severity.WARNING, place))
            continue
        for name, node in one.root.entries:
            _take(blocks, name, node, problems)
    nowhere = Spot(PlanFile.of("kurs.yaml", ""), 0, 0)
    return Fields(nowhere, tuple(blocks.values())), problems


def _is_foreign(root: Fields) -> bool:
    """Say whether no key of a file is, or looks like, a key of the plan."""
    names = [name.text for name, _ in root.entries]
    return bool(names) and not any(get_close_matches(name, BLOCKS, cutoff=_ALIKE) for name in names)


def _take(blocks: dict[str, tuple[Scalar, Node]], name: Scalar, node: Node, problems: list[Problem]) -> None:
    """Put one block of a file to what came before."""
    if name.text not in BLOCKS:
        values = {
            "key": name.text,
            "section": name.spot.file.name,
            "allowed": BLOCKS,
            "suggestion": closest(name.text, BLOCKS),
        }
        problems.append(Problem("unknown_key", values, place=name.spot.place))
    elif isinstance(node, Scalar) and node.is_empty:
        pass  # `kpis:` with nothing below it yet
    elif not isinstance(node, Fields):
        problems.append(Problem("expected_mapping", {"key": name.text}, place=node.spot.place))
    elif name.text not in blocks:
        blocks[name.text] = (name, node)
    else:
        first, earlier = blocks[name.text]
        if isinstance(earlier, Fields):
            blocks[name.text] = (first, _joined(earlier, node, (name.text,), problems))


def _joined(earlier: Fields, later: Fields, path: tuple[str, ...], problems: list[Problem]) -> Fields:
    """Return both mappings as one; a name that stands in both is a problem, and the earlier stays."""
    entries = {name.text: (name, node) for name, node in earlier.entries}
    for name, node in later.entries:
        first = entries.get(name.text)
        if first is None:
            entries[name.text] = (name, node)
        elif (
            (*path, name.text) in _WITH_NAMES_BELOW
            and isinstance(first[1], Fields)
            and isinstance(node, Fields)
        ):
            entries[name.text] = (first[0], _joined(first[1], node, (*path, name.text), problems))
        else:
            values = {"name": name.text, "other": first_line(first[0])}
            problems.append(Problem("duplicate_name", values, place=name.spot.place))
    return Fields(earlier.spot, tuple(entries.values()))
