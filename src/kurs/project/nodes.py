"""What YAML becomes here: nodes that know where they stand, with every scalar still a text.

The field that reads a scalar decides what it means, so ``NO`` is Norway and ``010`` keeps its zero.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.problems import Place
from kurs.project.secrets import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

LINE_END = re.compile(r"\r\n?|\n")  # of YAML, as all editors write it; a lone CR is one, too
_LONGEST_SHOWN = 2000  # characters of a line


@dataclass(frozen=True, slots=True, eq=False)
class PlanFile:
    """A file of the plan: ``text`` is what was parsed, ``original`` what stands on disk.

    They differ by the characters at ``inserted`` (places in ``text``, rising), which were put in to mend
    a torn expression so that the rest of the file could be read.
    """

    name: str
    original: str
    text: str
    inserted: tuple[int, ...]
    line_starts: tuple[int, ...]

    @classmethod
    def of(cls, name: str, original: str) -> PlanFile:
        """Make a file whose text is as it stands on disk."""
        starts = (found.end() for found in LINE_END.finditer(original))
        return cls(name, original, original, (), (0, *starts))

    @property
    def lines(self) -> list[str]:
        """The lines on disk, each with its end."""
        ends = (*self.line_starts[1:], len(self.original))
        return [
            self.original[start:end] for start, end in zip(self.line_starts, ends, strict=True) if start < end
        ]

    def with_insertions(self, insertions: list[tuple[int, str]]) -> PlanFile:
        """Return the file with characters put in before the given places of its text, in rising order."""
        pieces: list[str] = []
        inserted: list[int] = []
        done, length = 0, 0
        for place, character in insertions:
            pieces.append(self.text[done:place])
            length += place - done
            inserted.append(length)
            pieces.append(character)
            length += 1
            done = place
        pieces.append(self.text[done:])
        before = (place + bisect_right(insertions, place, key=lambda one: one[0]) for place in self.inserted)
        return PlanFile(
            self.name, self.original, "".join(pieces), tuple(sorted((*before, *inserted))), self.line_starts
        )

    def original_index(self, index: int) -> int:
        """Turn a place in the parsed text into one in the text on disk."""
        return index - bisect_left(self.inserted, index)

    def line_of(self, index: int) -> tuple[int, int, int]:
        """Return the line from 1 in which a place on disk lies, where it starts and where it ends."""
        line = bisect_right(self.line_starts, index)
        start = self.line_starts[line - 1]
        end = self.line_starts[line] - 1 if line < len(self.line_starts) else len(self.original)
        return line, start, end

    def place(self, start: int, end: int | None = None) -> Place:
        """Return the place of a stretch of the parsed text; the caret stays on its first line.

        A line that no screen could show is left out.
        """
        first = min(self.original_index(start), len(self.original))
        line, line_start, line_end = self.line_of(first)
        last = first + 1 if end is None else self.original_index(end)
        if line_end - line_start > _LONGEST_SHOWN:
            return Place(self.name, line, first - line_start + 1)
        shown = self.original[line_start:line_end].rstrip("\r")
        length = max(1, min(last, line_start + len(shown)) - first)
        return Place(self.name, line, first - line_start + 1, masked(shown), length)


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A stretch of a file's parsed text."""

    file: PlanFile
    start: int
    end: int

    @property
    def place(self) -> Place:
        """The stretch as a place that a person can find."""
        return self.file.place(self.start, self.end)

    @property
    def source(self) -> str:
        """The stretch as it stands in the parsed text."""
        return self.file.text[self.start : self.end]


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A text; ``style`` is one of ``' " | >``, or empty for a plain one."""

    spot: Spot
    text: str
    style: str = ""

    @property
    def is_empty(self) -> bool:
        """Say whether YAML reads it as no value at all."""
        return not self.style and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True, eq=False)
class Fields:
    """A mapping, in the order of the file; every key stands in it once."""

    spot: Spot
    entries: tuple[tuple[Scalar, Node], ...]
    in_braces: bool = False

    def get(self, name: str) -> tuple[Scalar, Node] | None:
        """Return the key called ``name`` and its value."""
        return next((entry for entry in self.entries if entry[0].text == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """A list."""

    spot: Spot
    items: tuple[Node, ...]
    in_braces: bool = False


Node = Scalar | Fields | Items


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it, keys too; the builder's limits bound how many."""
    waiting: list[Node] = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, Fields):
            waiting.extend(part for entry in reversed(one.entries) for part in reversed(entry))
        elif isinstance(one, Items):
            waiting.extend(reversed(one.items))
