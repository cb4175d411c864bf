"""YAML text -> nodes, within limits; whatever the bytes, the answer is nodes or one problem."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, cast

import yaml

from kurs.problems import Problem
from kurs.project.nodes import Fields, Items, Node, PlanFile, Scalar, Spot
from kurs.project.syntax import explained, explained_character

if TYPE_CHECKING:
    from yaml.error import Mark
    from yaml.events import Event

DEEPEST = 50
MOST_NODES = 100_000  # with every alias counted as what it stands for


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of one file.

    ``broken_at`` is the place in the parsed text where reading stopped, ``braces_at`` where the braces
    open in which it did. ``is_torn`` says that it is no YAML, which quotes may mend; else a limit was met.
    """

    root: Node | None = None
    problems: tuple[Problem, ...] = ()
    broken_at: int | None = None
    braces_at: int | None = None
    is_torn: bool = False


class _Events(Protocol):
    """The part of PyYAML's loader that is used here."""

    def get_event(self) -> Event | None: ...

    def get_mark(self) -> Mark: ...


class _Stop(Exception):  # noqa: N818 - it ends the building, it is never shown
    """The file cannot be taken in any further."""

    def __init__(self, code: str, start: int, end: int, **values: object) -> None:
        super().__init__(code)
        self.code, self.start, self.end, self.values = code, start, end, values


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    start: int
    anchor: str | None
    is_mapping: bool
    in_braces: bool
    parts: list[Node] = field(default_factory=list[Node])
    height: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class _Named:
    """A node that has an anchor, and what it would add wherever an alias repeats it."""

    node: Node
    height: int
    size: int


def parse(file: PlanFile) -> Parsed:
    """Read one file; a file without a document has the root None."""
    try:
        loader = cast("_Events", yaml.SafeLoader(file.text))
    except yaml.reader.ReaderError as error:
        return _stopped(explained_character(file, error.position), error.position)
    builder = _Builder(file)
    try:
        for event in iter(loader.get_event, None):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        problem, at = explained(file, error)
        return replace(_stopped(problem, at, builder), is_torn=True)
    except yaml.reader.ReaderError as error:
        return _stopped(explained_character(file, error.position), error.position, builder)
    except (ValueError, OverflowError):  # a number in an escape or a directive that no text can hold
        at = loader.get_mark().index
        return _stopped(Problem("yaml_syntax", place=file.place(at)), at, builder)
    except _Stop as stop:
        place = file.place(stop.start, stop.end)
        return _stopped(Problem(stop.code, stop.values, place=place), stop.start, builder)
    return Parsed(builder.root, tuple(builder.problems))


def _stopped(problem: Problem, at: int, builder: _Builder | None = None) -> Parsed:
    earlier = builder.problems if builder else []
    return Parsed(None, (*earlier, problem), at, builder.braces_at if builder else None)


class _Builder:
    """Makes nodes of the parser's events, one at a time and without recursion."""

    def __init__(self, file: PlanFile) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._open: list[_Open] = []
        self._named: dict[str, _Named] = {}
        self._size = 0

    @property
    def braces_at(self) -> int | None:
        """The place of the innermost brace that is still open."""
        return self._open[-1].start if self._open and self._open[-1].in_braces else None

    def take(self, event: Event) -> None:
        """Take the next event in; raises _Stop where a limit or our part of YAML is left."""
        match event:
            case yaml.ScalarEvent():
                self._refuse_tag(event.tag if event.tag != "!" else None, event)
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_tag(event.tag, event)
                self._begin(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._finish(event.end_mark.index)
            case yaml.AliasEvent():
                self._alias(event)
            case yaml.DocumentStartEvent() if self.root is not None:
                raise _Stop("several_documents", event.start_mark.index, event.end_mark.index)
            case _:
                pass

    def _refuse_tag(self, tag: str | None, event: yaml.NodeEvent) -> None:
        if tag is not None:
            start = event.start_mark.index
            raise _Stop("tag_not_allowed", start, start + 1, tag=tag.replace("tag:yaml.org,2002:", "!!"))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if any("\ud800" <= character <= "\udfff" for character in event.value):
            raise _Stop("yaml_escape", start, end)
        node = Scalar(Spot(self.file, start, end), event.value, event.style or "")
        self._add(node, event.anchor)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        start = event.start_mark.index
        if len(self._open) >= DEEPEST:
            raise _Stop("too_deep", start, start + 1, what=self.file.name, limit=DEEPEST)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self._open.append(_Open(start, event.anchor, is_mapping, bool(event.flow_style)))

    def _finish(self, end: int) -> None:
        done = self._open.pop()
        spot = Spot(self.file, done.start, end)
        node = self._fields(done, spot) if done.is_mapping else Items(spot, tuple(done.parts), done.in_braces)
        self._add(node, done.anchor, done.height, done.size)

    def _alias(self, event: yaml.AliasEvent) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        named = self._named.get(event.anchor)
        if named is None:
            raise _Stop("unknown_anchor", start, end, name=event.anchor)
        if len(self._open) + named.height > DEEPEST:
            raise _Stop("too_deep", start, end, what=self.file.name, limit=DEEPEST)
        self._size += named.size - 1
        self._add(named.node, None, named.height, named.size)

    def _add(self, node: Node, anchor: str | None, height: int = 1, size: int = 1) -> None:
        self._size += 1
        if self._size > MOST_NODES:
            raise _Stop("too_many_values", node.spot.start, node.spot.end, most=MOST_NODES)
        if anchor is not None:
            self._named[anchor] = _Named(node, height, size)
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.parts.append(node)
        parent.height = max(parent.height, height + 1)
        parent.size += size

    def _fields(self, done: _Open, spot: Spot) -> Fields:
        """Pair keys with values; a key that came before is a problem, and its first value stays."""
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(done.parts[::2], done.parts[1::2], strict=True):
            if not isinstance(key, Scalar):
                place = key.spot.place
                self.problems.append(Problem("key_not_a_word", place=place))
            elif (first := entries.get(key.text)) is not None:
                values = {"key": key.text, "line": str(first[0].spot.place.line)}
                self.problems.append(Problem("duplicate_key", values, place=key.spot.place))
            else:
                entries[key.text] = (key, value)
        return Fields(spot, tuple(entries.values()), done.in_braces)


def first_line(node: Node) -> str:
    """Return where a node starts, as people write it: ``kpis.yaml:7``."""
    place = node.spot.place
    return f"{place.file}:{place.line}"
