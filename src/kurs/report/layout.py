"""Columns on a screen: which of them fit, how wide each is, and a list where a table does not fit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

Vertical = Literal["top", "bottom"]
GUTTER = 2
LIST_BELOW = 60  # a narrower screen gets a list
_KEEPS_ITS_PLACE = "\N{LEFT-TO-RIGHT MARK}"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BRANCH = re.compile(r" *[│├└]")  # a line of a tree
# The gap between two sentences, as of a problem and its hint, is no gap between columns.
_GAP = re.compile(rf"(?<=[^\s.؟]) {{{GUTTER},}}(?=\S)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    ``least`` is the width to which its texts may wrap; 0: they never do. ``rank`` 0 is always shown,
    otherwise the highest is left out first where the screen is narrow.
    """

    header: str
    align: Literal["left", "right"] = "left"
    least: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns that are shown, by their places, and the width of each."""

    places: tuple[int, ...]
    widths: tuple[int, ...]

    def __len__(self) -> int:
        return sum(self.widths) + GUTTER * (len(self.widths) - 1)


Row = tuple[Text, ...]


def fit(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Fit | None:
    """Choose columns and widths for a screen of ``width`` cells; None where a table does not fit."""
    if width < LIST_BELOW:
        return None
    cells = [max((row[place].cell_len for row in rows), default=0) for place in range(len(columns))]
    natural = [max(Text(columns[place].header).cell_len, cell) for place, cell in enumerate(cells)]
    filled = [place for place in range(len(columns)) if not rows or any(row[place] for row in rows)]
    shown = [place for place in filled if natural[place]]
    while True:
        least = [_least(columns[place], cells[place]) for place in shown]
        spare = width - sum(least) - GUTTER * (len(shown) - 1)
        if spare >= 0:
            break
        last = max(shown, key=lambda place: columns[place].rank, default=None)
        if last is None or not columns[last].rank:
            return None
        shown.remove(last)
    widths: list[int] = []
    for place, start in zip(shown, least, strict=True):
        more = min(natural[place] - start, spare)
        spare -= more
        widths.append(start + more)
    return Fit(tuple(shown), tuple(widths))


def _least(column: Column, cell: int) -> int:
    """Return the narrowest width of a column: headers wrap between their words."""
    word = max((Text(word).cell_len for word in column.header.split()), default=0)
    return max(word, min(cell, column.least or cell))


def grid(columns: Sequence[Column], rows: Sequence[Row], fitted: Fit, vertical: Vertical = "top") -> Table:
    """Lay rows out under each other in the widths of ``fitted``."""
    table = Table.grid(padding=(0, GUTTER, 0, 0), pad_edge=False)
    for place, width in zip(fitted.places, fitted.widths, strict=True):
        table.add_column(justify=columns[place].align, width=width, vertical=vertical)
    for row in rows:
        table.add_row(*(row[place] for place in fitted.places))
    return table


def in_place(shown: str) -> str:
    """Keep what stands apart on a line in its column, where a terminal puts letters in order by itself.

    Cells of a right-to-left script would change places with their neighbours: docs/decisions/0020.
    """
    if not _RIGHT_TO_LEFT.search(shown):
        return shown
    return "\n".join(map(_line_in_place, shown.split("\n")))


def _line_in_place(line: str) -> str:
    marked, gaps = _GAP.subn(rf"{_KEEPS_ITS_PLACE}\g<0>", line)
    if not (gaps or _BRANCH.match(line)) or not _RIGHT_TO_LEFT.search(line):
        return line
    return f"{_KEEPS_ITS_PLACE}{marked}{_KEEPS_ITS_PLACE}"


def head(columns: Sequence[Column], fitted: Fit) -> RenderableType:
    """Lay out the headers, with a line below them."""
    headers = tuple(Text(column.header, "bold") for column in columns)
    return Group(grid(columns, [headers], fitted, "bottom"), Text("─" * len(fitted), "dim"))


def table(
    columns: Sequence[Column], rows: Sequence[Row], width: int, foot: Row | None = None
) -> RenderableType:
    """Lay out a whole table, or a list of its rows where it does not fit."""
    everything = [*rows, foot] if foot is not None else list(rows)
    fitted = fit(columns, everything, width)
    if fitted is None:
        return Group(*(listed(columns, row, width) for row in rows))
    parts = [head(columns, fitted), grid(columns, rows, fitted)]
    if foot is not None:
        parts.append(grid(columns, [foot], fitted))
    return Group(*parts)


def listed(columns: Sequence[Column], row: Row, width: int, indent: int = 2) -> RenderableType:
    """Lay one row out as a list: its first text is the headline, the others follow behind their names."""
    first, *rest = zip(columns, row, strict=True)
    pairs = [Text.assemble((f"{column.header}: ", "dim"), cell) for column, cell in rest if cell]
    lines: list[Text] = []
    for pair in pairs:
        if lines and lines[-1].cell_len + GUTTER + 1 + pair.cell_len <= width - indent:
            lines[-1] = Text.assemble(lines[-1], (" · ", "dim"), pair)
        else:
            lines.append(pair)
    return Group(Text(first[1].plain, "bold"), *(Padding(line, (0, 0, 0, indent)) for line in lines))
