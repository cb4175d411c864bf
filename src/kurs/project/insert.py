"""Writes entries into the text of a plan; every other character stays as it is.

Where an entry goes is told by the places of the nodes: behind the last entry of its mapping, in a block or in
braces as that one is; what stands there already is replaced. What cannot be placed so is left, not forced.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kurs.project.merge import BLOCKS
from kurs.project.nodes import LINE_END, Fields, Items, Scalar
from kurs.project.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kurs.project.entry import Doubt, Entry
    from kurs.project.marks import Marks
    from kurs.project.nodes import Node, PlanFile

Tree: TypeAlias = "dict[str | int, Tree | Entry]"

_STEP = "  "
# What a short form of an entry says: `sessions: count(sessions)` is its `expr:`.
_SHORT_FORMS = {"metrics": "expr", "strategy": "says", "goals": "says", "people": "name"}
_END_OF_DOCUMENT = re.compile(r"^\.\.\.(?=\s|$)", re.MULTILINE)
_ALIAS = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+")


@dataclass(frozen=True, slots=True)
class Written:
    """New texts of files by their names, and the entries that could not be placed."""

    texts: Mapping[str, str]
    left: tuple[Entry, ...] = ()


def insert(marks: Marks, entries: Iterable[Entry], says: Callable[[Doubt], str]) -> Written:
    """Write entries into the plan; what is in doubt gets a comment, where one can stand."""
    pen = _Pen(marks.tree, says)
    pen.down(marks.tree, tree_of(entries), ())
    return Written(pen.texts(), tuple(pen.left))


def tree_of(entries: Iterable[Entry]) -> Tree:
    """Put entries into one tree, by their paths; of two for one place the first stays."""
    tree: Tree = {}
    for entry in entries:
        node = tree
        for step in entry.path[:-1]:
            below = node.setdefault(step, {})
            if not isinstance(below, dict):
                break
            node = below
        else:
            node.setdefault(entry.path[-1], entry)
    return tree


def entries_of(below: Tree | Entry) -> list[Entry]:
    """Return the entries of a tree, in its order."""
    if not isinstance(below, dict):
        return [below]
    return [entry for part in below.values() for entry in entries_of(part)]


def as_lines(tree: Tree, says: Callable[[Doubt], str]) -> list[str]:
    """Write a tree as lines of YAML; what is in doubt has a comment."""
    lines: list[str] = []
    for key, below in tree.items():
        if isinstance(below, dict):
            lines += [f"{key}:", *(_STEP + line for line in as_lines(below, says))]
        else:
            doubt = f"  # {says(below.doubt)}" if below.doubt is not None else ""
            lines.append(f"{key}: {below.value}{doubt}")
    return lines


def in_braces(below: Tree | Entry) -> str:
    """Write a value, or a tree, on one line of YAML."""
    if not isinstance(below, dict):
        return below.value
    return "{" + ", ".join(f"{key}: {in_braces(part)}" for key, part in below.items()) + "}"


@dataclass(slots=True)
class _Pen:
    """Goes through the plan with a tree of entries, and puts them onto the sheets of its files."""

    root: Fields
    says: Callable[[Doubt], str]
    left: list[Entry] = field(default_factory=list["Entry"])
    sheets: dict[str, Sheet] = field(default_factory=dict[str, Sheet])

    def texts(self) -> dict[str, str]:
        """Return the new text of each file that changes."""
        return {name: sheet.text() for name, sheet in self.sheets.items() if sheet.edits}

    def down(self, fields: Fields, tree: Tree, path: tuple[str | int, ...]) -> None:
        """Go down to where parts of the tree stand already, then put in what is new."""
        for key, below in tree.items():
            found = fields.get(str(key))
            if found is not None:
                self._meet(*found, below, (*path, key))
        for key, below in tree.items():
            if fields.get(str(key)) is None:
                self._add(fields, str(key), below)

    def _meet(self, key: Scalar, node: Node, below: Tree | Entry, path: tuple[str | int, ...]) -> None:
        """Write where something stands already."""
        if _is_shared(key, node) or key.spot.file.inserted:
            self.left += entries_of(below)
        elif not isinstance(below, dict):
            self._replace(key, node, below)
        elif isinstance(node, Fields) and node.entries:
            self.down(node, below, path)
        elif isinstance(node, Items):
            self._meet_items(node, below, path)
        elif isinstance(node, Scalar) and node.is_empty:
            colon = _behind_colon(key)
            self._sheet(key.spot.file).put(colon, colon, f" {in_braces(below)}")
        elif isinstance(node, Scalar) and len(path) == len(("block", "name")) and path[0] in _SHORT_FORMS:
            self._unfold(key, node, _SHORT_FORMS[str(path[0])], below)
        else:
            self.left += entries_of(below)

    def _meet_items(self, node: Items, below: Tree, path: tuple[str | int, ...]) -> None:
        """Write into mappings of a list."""
        for step, part in below.items():
            item = node.items[step] if isinstance(step, int) and step < len(node.items) else None
            if (
                isinstance(item, Fields)
                and item.entries
                and isinstance(part, dict)
                and not _is_anchored(item)
            ):
                self.down(item, part, (*path, step))
            else:
                self.left += entries_of(part)

    def _replace(self, key: Scalar, node: Node, entry: Entry) -> None:
        """Write another value behind a key."""
        sheet = self._sheet(key.spot.file)
        end = _content_end(key, node)
        is_block = node.style in ("|", ">") if isinstance(node, Scalar) else not node.in_braces
        if is_block or (isinstance(node, Scalar) and node.is_empty):
            sheet.put(_behind_colon(key), end, f" {entry.value}")
        else:
            sheet.put(node.spot.start, end, entry.value)
        self._note(sheet, end, entry)

    def _unfold(self, key: Scalar, node: Scalar, name: str, below: Tree) -> None:
        """Make a mapping of a short form: what it says, then what is new."""
        sheet = self._sheet(key.spot.file)
        start, end = node.spot.start, _content_end(key, node)
        if not sheet.stands_alone(key):
            more = ", ".join(f"{new}: {in_braces(part)}" for new, part in below.items())
            sheet.put(start, start, f"{{{name}: ")
            sheet.put(end, end, f", {more}}}")
            return
        indent = sheet.indent(key.spot.start) + _STEP
        said = LINE_END.sub(lambda found: found[0] + _STEP, sheet.file.text[start:end])
        sheet.put(_behind_colon(key), end, f"{sheet.newline}{indent}{name}: {said}")
        sheet.put_below(end, [indent + line for line in as_lines(below, self.says)])

    def _add(self, fields: Fields, key: str, below: Tree | Entry) -> None:
        """Put a new key behind the last one of a mapping."""
        if fields is self.root:
            self._add_block(key, below)
            return
        last_key, last = fields.entries[-1]
        sheet, end = self._sheet(last_key.spot.file), _content_end(last_key, last)
        if sheet.file.inserted:
            self.left += entries_of(below)
        elif sheet.stands_alone(last_key):
            indent = sheet.indent(last_key.spot.start)
            sheet.put_below(end, [indent + line for line in as_lines({key: below}, self.says)])
        else:
            sheet.put_beside(end, f"{key}: {in_braces(below)}")
            for entry in entries_of(below):
                self._note(sheet, end, entry)

    def _add_block(self, key: str, below: Tree | Entry) -> None:
        """Write a block that the plan does not have: into a file where it is empty, else behind the KPIs."""
        empty = re.compile(rf"^{key}:[ \t]*(?:#.*)?\r?$", re.MULTILINE)
        for file in dict.fromkeys(name.spot.file for name, _ in self.root.entries):
            found = empty.search(file.text)
            if found is not None and isinstance(below, dict) and not file.inserted:
                lines = [_STEP + line for line in as_lines(below, self.says)]
                self._sheet(file).put_below(found.start() + len(key), lines)
                return
        beside = self.root.get("kpis") or next(iter(self.root.entries), None)
        sheet = self._sheet(beside[0].spot.file) if beside is not None and key in BLOCKS else None
        if beside is None or sheet is None or sheet.file.inserted or not sheet.stands_alone(beside[0]):
            self.left += entries_of(below)
        else:
            ends = _END_OF_DOCUMENT.search(sheet.file.text)
            said = sheet.file.text[: ends.start()] if ends is not None else sheet.file.text
            sheet.put_below(len(said.rstrip()), as_lines({key: below}, self.says))

    def _sheet(self, file: PlanFile) -> Sheet:
        return self.sheets.setdefault(file.name, Sheet(file))

    def _note(self, sheet: Sheet, at: int, entry: Entry) -> None:
        if entry.doubt is not None:
            sheet.note(at, self.says(entry.doubt))


def _is_shared(key: Scalar, node: Node) -> bool:
    """Say whether other parts of the plan repeat a node: it is an alias, or has an anchor."""
    return node.spot.start < key.spot.start or _is_anchored(node)


def _is_anchored(node: Node) -> bool:
    return node.spot.source.startswith("&")


def _behind_colon(key: Scalar) -> int:
    return key.spot.file.text.index(":", key.spot.end) + 1


def _content_end(key: Scalar, node: Node) -> int:
    """Return where the value behind a key ends, without the blank lines and comments that follow."""
    if node.spot.start < key.spot.start:  # an alias: what it repeats stands elsewhere
        alias = _ALIAS.match(key.spot.file.text, key.spot.end)
        return alias.end() if alias is not None else key.spot.end
    if isinstance(node, Scalar):
        if node.is_empty:
            return max(node.spot.end, _behind_colon(key))
        return node.spot.start + len(node.spot.source.rstrip())
    if node.in_braces:
        return node.spot.end
    if isinstance(node, Fields):
        return _content_end(*node.entries[-1]) if node.entries else node.spot.end
    return _content_end(key, node.items[-1]) if node.items else node.spot.end
