"""Where a table ends before its file does: footers and further tables stand below a blank row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.sources.look_totals import is_totals_word

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NULLS = frozenset({"", "-", "--", "n/a", "na", "null", "none", "nan", "\\n", "#n/a"})
_SHOWN = 3
_ROWS_OF_TABLE = 2
_FITTING = 0.9


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its line from 1, its cells, and whether a blank line stands right above it."""

    line: int
    cells: tuple[str, ...]
    below_blank: bool

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold anything."""
        return tuple(cell.strip() for cell in self.cells if cell.strip())


@dataclass(frozen=True, slots=True)
class Rest:
    """What a file holds beside its table: the line where it begins, and how its first rows read.

    ``is_table`` says that it has a header and rows of its own.
    """

    line: int
    rows: tuple[str, ...]
    is_table: bool


def rest_of(
    rows: Sequence[Row], width: int, is_typed: Callable[[str], bool], above: Sequence[Row] = ()
) -> Rest | None:
    """Return what stands below the blank row that ends the table; None where nothing does, or only totals.

    ``rows`` are those below the header; ``above`` is a part of the table that is known to be of it. Below
    the end is no row that could be one of the table.
    """
    known = list(above) or _up_to_blank(rows)
    known = [row for row in known if len(row.cells) == width]
    if not known:
        return None
    typed = _typed_columns(known, width, is_typed)
    end: int | None = None
    for n in range(len(rows) - 1, -1, -1):
        if _could_be(rows[n], width, typed, is_typed):
            break
        if rows[n].below_blank and (n > 0 or above):
            end = n
    if end is None:
        return None
    below = [row for row in rows[end:] if row.filled]
    if all(_is_total(row, width) for row in below):
        return None
    return Rest(
        below[0].line,
        tuple(" | ".join(row.filled[:4]) for row in below[:_SHOWN]),
        _has_rows(below, is_typed, 2),
    )


def table_above(rows: Sequence[Row], is_typed: Callable[[str], bool]) -> Rest | None:
    """Return the table among the rows above a header; None for titles, and pairs of a name and a value."""
    for n, row in enumerate(rows):
        width = len(row.filled)
        alike = [one for one in rows[n:] if len(one.filled) == width]
        if width > 2 and not any(map(is_typed, row.filled)) and _has_rows(alike, is_typed, 3):
            return Rest(row.line, (" | ".join(row.filled[:4]),), is_table=True)
    return None


def _up_to_blank(rows: Sequence[Row]) -> list[Row]:
    end = next((n for n, row in enumerate(rows) if n and row.below_blank), len(rows))
    return list(rows[:end])


def _typed_columns(rows: Sequence[Row], width: int, is_typed: Callable[[str], bool]) -> list[bool]:
    found: list[bool] = []
    for n in range(width):
        values = [row.cells[n].strip() for row in rows if row.cells[n].strip()]
        found.append(bool(values) and sum(map(is_typed, values)) >= _FITTING * len(values))
    return found


def _could_be(row: Row, width: int, typed: Sequence[bool], is_typed: Callable[[str], bool]) -> bool:
    """Say whether a row could be one of the table."""
    if len(row.cells) != width or 2 * len(row.filled) < width or _is_total(row, width):
        return False
    cells = zip(row.cells, typed, strict=True)
    return all(is_typed(cell.strip()) or cell.strip().lower() in NULLS for cell, said in cells if said)


def _is_total(row: Row, width: int) -> bool:
    return len(row.cells) == width and is_totals_word(row.cells[0])


def _has_rows(rows: Sequence[Row], is_typed: Callable[[str], bool], width: int) -> bool:
    """Say whether rows are a header and some rows of at least so many cells."""
    for n, row in enumerate(rows[:-_ROWS_OF_TABLE]):
        alike = [
            one for one in rows[n + 1 :] if len(one.cells) == len(row.cells) and len(one.filled) >= width
        ]
        if len(row.filled) >= width and len(alike) >= _ROWS_OF_TABLE and any(map(is_typed, alike[0].filled)):
            return True
    return False
