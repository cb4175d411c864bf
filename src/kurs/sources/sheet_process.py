"""Reads one sheet of a workbook, in a process of its own: ``python -m kurs.sources.sheet_process``.

The library that reads workbooks can abort, or go on for ever, over a broken file; nobody else shall come to
harm by that. On stdin stands a JSON object (``path``, ``into``, ``sheet``, ``header_row``, ``decimal``,
``until_blank``, ``full``, ``names``), on stdout the answer: ``headers``, ``filled``, ``inexact``, ``rows``,
``below``; or ``problem`` and its ``values``. The cells go as texts to the Parquet file ``into``, with their
row from 0 as ``ORDINAL``. Where only ``heads`` is asked, a path, the answer is ``sheets`` with the first and
the last rows of each.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from kurs.sources.delimited import ORDINAL
from kurs.sources.sheet_faults import faults_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from python_calamine import CalamineWorkbook

_BATCH = 20_000
_MOST_MEMORY = 6 << 30
_MOST_CELLS = 60_000_000
_EXACT = 2**53  # whole numbers from here on are not all kept apart in a sheet
_SHOWN = 20
_HEAD, _TAIL = 500, 20  # rows by which a layout is found


class Asked(TypedDict):
    """What is asked of the process.

    Days and moments of the columns in ``full``, or of all for None, are written out so that they cannot be
    taken for a text in another form. ``names`` are the columns where no row is a header.
    """

    path: str
    into: str
    sheet: str | None
    header_row: int
    decimal: str
    until_blank: bool
    full: list[str] | None
    names: list[str]


class RefusedError(Exception):
    """A problem's code and values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class HeadsAsked(TypedDict):
    """What is asked where somebody only looks: the path of a workbook."""

    heads: str


def answer(asked: Asked | HeadsAsked) -> dict[str, object]:
    """Read the sheet and say what it holds."""
    import python_calamine as calamine

    path = asked["heads"] if "heads" in asked else asked["path"]
    try:
        with Path(path).open("rb") as file, calamine.CalamineWorkbook.from_filelike(file) as book:
            return _heads(path, book) if "heads" in asked else _read(asked, book)
    except RefusedError as refusal:
        return {"problem": refusal.code, "values": refusal.values}
    except (calamine.CalamineError, OSError, ValueError) as error:
        return {"problem": "unreadable", "values": {"reason": str(error) or type(error).__name__}}


def _heads(path: str, book: CalamineWorkbook) -> dict[str, object]:
    sheets: list[dict[str, object]] = []
    for name in book.sheet_names:
        cells = faults_of(path, name).cells
        if cells > _MOST_CELLS:
            raise RefusedError("sheet_too_large", sheet=name, cells=cells)
        rows = [(n, row) for n, row in enumerate(book.get_sheet_by_name(name).iter_rows()) if _is_filled(row)]
        head, tail = (
            [(n, [_text(cell, ".", full=False) for cell in row]) for n, row in some]
            for some in (rows[:_HEAD], rows[-_TAIL:])
        )
        sheets.append({"name": name, "head": head, "tail": tail})
    return {"sheets": sheets}


def _read(asked: Asked, book: CalamineWorkbook) -> dict[str, object]:
    name = _chosen(book, asked["sheet"])
    faults = faults_of(asked["path"], name)
    if faults.cells > _MOST_CELLS:
        raise RefusedError("sheet_too_large", sheet=name, cells=faults.cells)
    if faults.unplaced:
        raise RefusedError("sheet_errors", sheet=name, value=faults.unplaced)
    sheet = book.get_sheet_by_name(name)
    first = 0 if sheet.start is None else sheet.start[1]
    rows = enumerate(sheet.iter_rows())
    return _written(asked, ((n, _with_faults(faults.texts, row, n, first)) for n, row in rows))


def _chosen(book: CalamineWorkbook, wanted: str | None) -> str:
    names = book.sheet_names
    if wanted is None:
        if len(names) == 1:
            return names[0]
        raise RefusedError("sheet_needed", sheets=names)
    if wanted in names:
        return wanted
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    raise RefusedError("sheet_missing", sheet=wanted, sheets=names)


def _with_faults(
    faults: Mapping[tuple[int, int], str], row: Sequence[object], n: int, first: int
) -> list[object]:
    cells = list(row)
    for place in range(len(cells)) if faults else ():
        if cells[place] == "" and (fault := faults.get((n, first + place))):
            cells[place] = fault
    return cells


def _written(asked: Asked, rows: Iterator[tuple[int, list[object]]]) -> dict[str, object]:
    """Write the rows below the header to Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    headers: list[str] | None = None
    if asked["header_row"]:
        found = next((cells for n, cells in rows if n == asked["header_row"] - 1), list[object]())
        headers = [_text(cell, asked["decimal"], full=False).strip() for cell in found]
        if not any(headers):
            raise RefusedError("header_missing", row=asked["header_row"])
    first = next((row for row in rows if _is_filled(row[1])), None)
    width = len(headers) if headers else len(first[1]) if first else 0
    schema = pa.schema(
        [*(pa.field(f"c{n}", pa.string()) for n in range(width)), pa.field(ORDINAL, pa.int64())]
    )
    names = [*(headers or asked["names"]), *([""] * width)][:width]
    full = [asked["full"] is None or name in asked["full"] for name in names]
    filled, inexact, count = [False] * width, list[tuple[int, int, str]](), 0
    below: list[int] = []
    if asked["until_blank"]:
        rows = _until_blank(rows, width, below)
    with pq.ParquetWriter(asked["into"], schema) as file:
        for batch in _batches(first, rows):
            columns: list[list[str | None]] = [[] for _ in range(width)]
            for n, cells in batch:
                for place, cell in enumerate(cells[:width]):
                    text = _text(cell, asked["decimal"], full=full[place])
                    columns[place].append(text or None)
                    filled[place] = filled[place] or text != ""
                    if isinstance(cell, float) and abs(cell) >= _EXACT and len(inexact) < _SHOWN * width:
                        inexact.append((n, place, text))
            ordinals = pa.array([n for n, _ in batch], pa.int64())
            arrays = [*(pa.array(column, pa.string()) for column in columns), ordinals]
            file.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
            count += len(batch)
    return {"headers": headers, "filled": filled, "inexact": inexact, "rows": count, "below": below}


def _until_blank(
    rows: Iterator[tuple[int, list[object]]], width: int, below: list[int]
) -> Iterator[tuple[int, list[object]]]:
    """Yield the rows above the first blank one; note in ``below`` those that are filled to the half."""
    for n, cells in rows:
        if not _is_filled(cells):
            break
        yield n, cells
    below += [n for n, cells in rows if 2 * sum(cell != "" for cell in cells[:width]) >= width]


def _batches(
    first: tuple[int, list[object]] | None, rows: Iterator[tuple[int, list[object]]]
) -> Iterator[list[tuple[int, list[object]]]]:
    batch = [] if first is None else [first]
    for row in rows:
        if _is_filled(row[1]):
            batch.append(row)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _is_filled(cells: Sequence[object]) -> bool:
    return any(cell != "" for cell in cells)


def _text(cell: object, decimal: str, *, full: bool) -> str:
    """Write a cell as text: numbers by their shortest exact digits, with the stated decimal mark."""
    match cell:
        case str():
            return cell
        case bool():
            return "true" if cell else "false"
        case int() | float():
            return _number(float(cell)).replace(".", decimal)
        case datetime():
            return cell.isoformat("T" if full else " ")
        case date():
            return cell.isoformat() + ("T00:00:00" if full else "")
        case time():
            return cell.isoformat()
        case timedelta():
            whole, rest = divmod(cell, timedelta(hours=1))
            minutes, seconds = divmod(rest, timedelta(minutes=1))
            return f"{whole}:{minutes:02}:{seconds.total_seconds():09.6f}".removesuffix(".000000")
        case _:
            return str(cell)


def _number(number: float) -> str:
    if abs(number) >= _EXACT:
        return repr(number) if "e" in repr(number) else f"{Decimal(repr(number)):E}"
    text = f"{Decimal(repr(number)):f}"
    return text.removesuffix(".0")


def _bound_memory() -> None:
    """Let a file that asks for all memory fail alone; only where the system can."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = _MOST_MEMORY if most == resource.RLIM_INFINITY else min(_MOST_MEMORY, most)
        resource.setrlimit(resource.RLIMIT_AS, (limit, most))


if __name__ == "__main__":
    _bound_memory()
    sys.stdout.write(json.dumps(answer(json.load(sys.stdin))))
