"""The text of one file of the plan, with what is to be put into it; every other character stays."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kurs.project.nodes import LINE_END
from kurs.project.syntax import flow_stretches

if TYPE_CHECKING:
    from kurs.project.nodes import PlanFile, Scalar

WIDEST = 110  # characters; a longer line of braces goes on below
_HANGING = "    "
_CLOSERS = re.compile(r"[\]},\s]*")


@dataclass(slots=True)
class Sheet:
    """Stretches of a file's text and what comes instead of them, and comments behind lines."""

    file: PlanFile
    edits: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])
    _notes: dict[int, list[str]] = field(default_factory=dict[int, list[str]])
    _braces: list[tuple[int, int]] | None = None

    @property
    def newline(self) -> str:
        """What ends a line of the file: that which ends its first one."""
        found = LINE_END.search(self.file.text)
        return found[0] if found is not None else "\n"

    def text(self) -> str:
        """Return the new text."""
        notes = ((end, end, f"  # {'; '.join(said)}") for end, said in self._notes.items())
        pieces: list[str] = []
        done = 0
        for start, end, new in sorted((*self.edits, *notes), key=lambda edit: edit[:2]):
            pieces += self.file.text[done:start], new
            done = end
        return "".join(pieces) + self.file.text[done:]

    def put(self, start: int, end: int, new: str) -> None:
        """Put a text in the place of a stretch."""
        self.edits.append((start, end, new))

    def note(self, at: int, said: str) -> None:
        """Put a comment behind the line, where nothing but closing braces stands behind ``at``."""
        text, end = self.file.text, self.line_end(at)
        behind = _CLOSERS.match(text, at, end)
        if behind is None or behind.end() != end:
            return
        notes = self._notes.setdefault(end, [])
        if said not in notes:
            notes.append(said)

    def put_below(self, at: int, lines: list[str]) -> None:
        """Put whole lines below the one on which ``at`` lies."""
        ends, written = LINE_END.search(self.file.text, at), "".join(line + self.newline for line in lines)
        end = self.line_end(at)
        if ends is not None:
            self.put(ends.end(), ends.end(), written)
        else:  # the last line may have no end of its own
            begun = any(place == end for place, _, _ in self.edits)
            self.put(end, end, written if begun else self.newline + written)

    def put_beside(self, at: int, more: str) -> None:
        """Put a key behind the one in braces that ends at ``at``, on a new line where that one is full."""
        text = self.file.text
        start, end = self.line_start(at), self.line_end(at)
        before = "".join(new for place, _, new in self.edits if start <= place <= at)
        line = LINE_END.split(before)[-1] if LINE_END.search(before) else text[start:at] + before
        if len(line) + len(", ") + len(more) + end - at <= WIDEST:
            self.put(at, at, f", {more}")
            return
        indent = self.indent(start)
        hanging = indent if self.lies_in_braces(start + len(indent)) else indent + _HANGING
        self.put(at, at, f",{self.newline}{hanging}{more}")

    def line_end(self, at: int) -> int:
        """Return where the line ends on which ``at`` lies."""
        found = LINE_END.search(self.file.text, at)
        return len(self.file.text) if found is None else found.start()

    def line_start(self, at: int) -> int:
        """Return where the line begins on which ``at`` lies."""
        return max(self.file.text.rfind("\n", 0, at), self.file.text.rfind("\r", 0, at)) + 1

    def indent(self, at: int) -> str:
        """Return the blanks with which a line begins."""
        start = end = self.line_start(at)
        while self.file.text[end : end + 1] == " ":
            end += 1
        return self.file.text[start:end]

    def stands_alone(self, key: Scalar) -> bool:
        """Say whether a key begins its line, outside all braces: then it is one of a block."""
        start = self.line_start(key.spot.start)
        is_first = not self.file.text[start : key.spot.start].strip(" ")
        return is_first and not self.lies_in_braces(key.spot.start)

    def lies_in_braces(self, at: int) -> bool:
        """Say whether a place lies between braces or brackets of YAML."""
        if self._braces is None:
            self._braces = flow_stretches(self.file.text)
        return any(start < at < end for start, end in self._braces)
