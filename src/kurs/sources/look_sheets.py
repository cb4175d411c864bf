"""The tables in a workbook: which sheets hold one, and where its header stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kurs.problems import Problem, SourceError
from kurs.sources.look_layout import Laid, lay_out_rows
from kurs.sources.sheets import ask_process

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from kurs.sources.files import Found
    from kurs.sources.look_layout import Records


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The first and the last rows of a sheet: (row from 1, cells as text) of those that are not empty."""

    name: str
    head: Records
    tail: Records


def heads_of(file: Found, path: Path) -> tuple[tuple[SheetHead, ...], int]:
    """Return the sheets that hold a table, and how many sheets there are.

    Raises SourceError ``unreadable``; ``file_empty`` where no sheet holds anything.
    """
    answer = ask_process(file, {"heads": str(path)})
    if "problem" in answer:
        values = {"file": file.name, **cast("dict[str, object]", answer["values"])}
        raise SourceError(Problem(str(answer["problem"]), values))
    sheets = cast("list[dict[str, object]]", answer["sheets"])
    found = [SheetHead(str(one["name"]), _rows(one["head"]), _rows(one["tail"])) for one in sheets]
    filled = [one for one in found if one.head]
    if not filled:
        raise SourceError(Problem("file_empty", {"file": file.name}))
    # A title or a note stands alone; a table has several columns and rows. One column is one, too.
    tables = [one for one in filled if len(one.head) > 1 and len(one.head[0][1]) > 1]
    return tuple(tables or filled[:1]), len(sheets)


def laid(file: Found, sheet: SheetHead, stated: Collection[str] = ()) -> Laid:
    """Find the layout of a sheet; ``stated`` is ``header`` or ``data`` where a person has said so."""
    return lay_out_rows(file.name, sheet.head, sheet.tail, stated)


def _rows(rows: object) -> Records:
    return tuple((number + 1, tuple(cells)) for number, cells in cast("list[tuple[int, list[str]]]", rows))
