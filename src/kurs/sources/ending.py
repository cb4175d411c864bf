"""The blank row that ends a table: what stands below it is another table, or a footer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Ending:
    """Cuts a text at the first blank line below ``lines`` lines and a record.

    A line is blank that holds nothing but delimiters and spaces, and is no part of a quoted cell. ``width``,
    once it is known, is that of the table: ``wide`` counts the lines below the end that are as wide and
    filled to the half, ``first`` is the line of the first of them, from 1.
    """

    lines: int
    delimiter: bytes
    quote: bytes
    width: int = 0
    wide: int = 0
    first: int | None = None

    def __call__(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the text up to its end; then read on to the end of the file, and count."""
        marks = rb"[ \t\r" + re.escape(self.delimiter) + rb"]*"
        blank, some_blank = re.compile(marks + rb"\n?"), re.compile(rb"(?:\n|^)" + marks + rb"(?:\n|$)")
        line, inside, records, ended = 0, False, 0, False
        for block in _of_lines(blocks):
            if not ended and records and not inside and not some_blank.search(block[:-1]):
                line += block.count(b"\n")
                inside = bool(self.quote) and block.count(self.quote) % 2 == 1
                yield block
                continue
            kept: list[bytes] = []
            below: list[tuple[int, bytes]] = []
            for text in block.splitlines(keepends=True):
                line += 1
                is_blank = not inside and blank.fullmatch(text) is not None
                ended = ended or (is_blank and records > 0)
                if ended:
                    below.append((line, text))
                    continue
                kept.append(text)
                records += line > self.lines and not is_blank
                inside ^= bool(self.quote) and text.count(self.quote) % 2 == 1
            if kept:
                yield b"".join(kept)  # whose header tells the width
            for number, text in below:
                self._count(text, number)

    def _count(self, text: bytes, line: int) -> None:
        cells = text.strip(b"\r\n").split(self.delimiter)
        if len(cells) == self.width and 2 * sum(bool(cell.strip()) for cell in cells) >= self.width:
            self.wide += 1
            self.first = self.first or line


def _of_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Put blocks together anew, so that each ends with a line."""
    left = b""
    for block in blocks:
        place = block.rfind(b"\n") + 1
        if place:
            yield left + block[:place]
            left = block[place:]
        else:
            left += block
    if left:
        yield left
