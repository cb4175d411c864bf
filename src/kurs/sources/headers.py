"""The columns of a source before its first load, as far as its plan and its first file tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.source import Keep
from kurs.model.table import ColumnType
from kurs.sources.delimited import read_header
from kurs.sources.files import Kind, find
from kurs.sources.json_rows import JsonRows
from kurs.sources.layout import layout
from kurs.sources.parquet import ParquetRows
from kurs.sources.sheets import sheet_of
from kurs.sources.stream import nothing_told

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.source import Source


def headers(source: Source, folder: Path) -> dict[str, ColumnType | None]:
    """Name the lake's columns of a source, with their types where they are stated (or in Parquet).

    Reads the head of the first file only. Columns of a database are not known before a load: nothing else
    connects. Raises SourceError when it cannot be read as declared.
    """
    if source.database is not None:
        return {}
    first = find(source, folder)[0]
    types: dict[str, ColumnType] = {}
    match first.kind:
        case Kind.CSV:
            names = read_header(source, first)
        case Kind.JSONL | Kind.JSON:
            lines = JsonRows(source, first, nothing_told)
            next(lines.batches(), None)
            names = lines.keys
        case Kind.SHEET:
            with sheet_of(source, first) as sheet:
                names = sheet.headers
        case Kind.PARQUET:
            rows = ParquetRows(source, first)
            names = rows.headers
            kept = [column for column in layout(source, names, first.name) if column.keep is not Keep.DROPPED]
            types = {column.name: rows.type_of(column.header).kind for column in kept}
        case Kind.DATABASE:
            return {}
    found: dict[str, ColumnType | None] = {}
    for column in layout(source, names, first.name):
        if column.keep is Keep.DROPPED:
            continue
        stated = ColumnType.TEXT if column.keep is Keep.HASHED else column.declared and column.declared.kind
        found[column.name] = stated or types.get(column.name)
    return found
