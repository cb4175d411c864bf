"""Letters of UTF-8 that were read one byte at a time, as “Ã¶” for “ö”."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named
from kurs.sources.stage import PART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settled import Settled
    from kurs.sources.stage import Stage

_SAMPLE = 200  # texts of each column
_USUAL = "windows-1252"  # what a file of UTF-8 was most likely read as, where its damage came with it


def mojibake(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> tuple[Problem, ...]:
    """Look at the headers and texts of table ``typed``; return ``mojibake`` for the first such column.

    In an encoding of one byte a letter some texts may look so by chance, but not half of them.
    """
    encoding = codecs.lookup(source.format.encoding).name
    is_unicode = encoding.startswith("utf")
    page = _USUAL if is_unicode else encoding
    headers = [column.header for column in columns]
    for column in columns:
        texts = [header for header in headers if not header.isascii()] if column is columns[0] else []
        if column.data.kind is ColumnType.TEXT:
            name = named(column.name)
            rows = connection.execute(
                f"SELECT DISTINCT {name} FROM typed WHERE strlen({name}) <> length({name}) LIMIT {_SAMPLE}"
            ).fetchall()
            texts += [str(row[0]) for row in rows]
        meant = {text: other for text in texts if (other := _as_utf_8(text, page)) is not None}
        if meant and (is_unicode or 2 * len(meant) >= len(texts)):
            return (_problem(connection, source, stage, column, meant),)
    return ()


def _as_utf_8(text: str, page: str) -> str | None:
    """Return what the bytes of a text say in UTF-8, or None where they say nothing."""
    try:
        return text.encode(page).decode("utf-8")
    except UnicodeError:
        return None


def _problem(
    connection: DuckDBPyConnection, source: Source, stage: Stage, column: Settled, meant: dict[str, str]
) -> Problem:
    value, other = min(meant.items())
    said = {"source": source.key, "column": column.header, "value": value, "other": other}
    said["encoding"] = source.format.encoding
    found = connection.execute(
        f"SELECT {PART}, {ORDINAL} FROM typed WHERE CAST({named(column.name)} AS VARCHAR) = ? "
        "ORDER BY 1, 2 LIMIT 1",
        [value],
    ).fetchall()
    part, ordinal = found[0] if found else (0, None)
    row = source.format.header_row if ordinal is None else stage.rows_of(part, [ordinal]).get(ordinal)
    return Problem("mojibake", {**said, "file": stage.name_of(part), "row": row or 1}, Severity.WARNING)
