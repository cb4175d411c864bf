"""Sheets of Excel and OpenDocument workbooks: their cells as exact texts, to be typed by the profile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError
from kurs.sources.archives import unpacked
from kurs.sources.delimited import ORDINAL

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    import pyarrow as pa

    from kurs.model.source import Source
    from kurs.sources.files import Found
    from kurs.sources.layout import Placed

_SECONDS, _SECONDS_A_MEGABYTE = 60, 20
MOST_UNPACKED = 2 << 30


@contextmanager
def sheet_of(source: Source, file: Found) -> Generator[Sheet]:
    """Open the sheet of a file for a while."""
    with tempfile.TemporaryDirectory(prefix="kurs-") as folder:
        yield Sheet(source, file, Path(folder))


class Sheet:
    """One sheet: ``headers``, and the rows below them that are not empty, laid down in ``folder``.

    Raises SourceError: ``unreadable``, ``header_missing``, ``column_count``; ``sheet_needed`` and
    ``sheet_missing``; ``sheet_errors``, ``sheet_too_large``.
    """

    def __init__(self, source: Source, file: Found, folder: Path) -> None:
        self._source, self._file = source, file
        self._into = str(folder / "rows.parquet")
        found = ask_process(file, self._asked(unpacked(file, folder, MOST_UNPACKED)))
        if "problem" in found:
            values = {"file": file.name, **cast("dict[str, object]", found["values"])}
            raise SourceError(Problem(str(found["problem"]), values))
        filled = cast("list[bool]", found["filled"])
        self._inexact = cast("list[tuple[int, int, str]]", found["inexact"])
        self.rows = cast("int", found["rows"])
        self.below = cast(
            "list[int]", found["below"]
        )  # rows below the end that are as wide: see ``until_blank``
        headers = cast("list[str] | None", found["headers"])
        if headers is None:
            headers = [column.header for column in source.columns]
            if self.rows and len(headers) != len(filled):
                values = {"file": file.name, "found": len(filled), "expected": len(headers)}
                raise SourceError(Problem("column_count", values))
            filled = filled or [False] * len(headers)
        # A column without a header and without a value is only a part of the sheet that was once formatted.
        self.positions = [n for n, header in enumerate(headers) if header or filled[n]]
        self.headers = [headers[n] for n in self.positions]

    @property
    def first(self) -> str:
        """The name of the first column in the batches: it tells comments and totals rows."""
        return f"c{self.positions[0]}" if self.positions else "NULL"

    def batches(self, columns: Iterable[Placed]) -> pa.RecordBatchReader:
        """Return batches of some columns and the first, as ``c0, c1, ...`` by position, and ``ORDINAL``."""
        import pyarrow as pa

        wanted = sorted({*self.positions[:1], *(self.positions[column.position] for column in columns)})
        names = [f"c{n}" for n in wanted] if self.rows else []
        fields = [*(pa.field(name, pa.string()) for name in names), pa.field(ORDINAL, pa.int64())]
        return pa.RecordBatchReader.from_batches(pa.schema(fields), self._batches(names))

    def check(self, columns: Iterable[Placed]) -> None:
        """Raise SourceError ``inexact_number`` for whole numbers of more digits than a sheet can hold."""
        exact = {
            self.positions[column.position]: column
            for column in columns
            if column.declared is None or column.declared.kind is not ColumnType.FLOAT
        }
        problems = [
            Problem(
                "inexact_number",
                {"file": self._file.name, "row": row + 1, "column": exact[place].header, "value": text},
            )
            for row, place, text in self._inexact
            if place in exact
        ]
        if problems:
            raise SourceError(*problems[:20])

    def _batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        import pyarrow.parquet as pq

        if not self.rows:
            return
        file = pq.ParquetFile(self._into)
        try:
            yield from file.iter_batches(columns=[*names, ORDINAL])
        finally:
            file.close()

    def _asked(self, path: Path) -> dict[str, object]:
        said = self._source.format
        stated = [column.header.strip() for column in self._source.columns if column.date_format]
        return {
            "path": str(path),
            "into": self._into,
            "sheet": said.sheet,
            "header_row": said.header_row,
            "decimal": said.decimal,
            "until_blank": said.until_blank,
            # Where a form of days is stated, a day of the workbook itself must not be taken for such a text.
            "full": stated if said.date is None and said.timestamp is None else None,
            "names": [column.header.strip() for column in self._source.columns],
        }


def ask_process(file: Found, asked: dict[str, object]) -> dict[str, object]:
    """Have the process of ``sheet_process`` answer. Raises SourceError ``unreadable``."""
    seconds = _SECONDS + _SECONDS_A_MEGABYTE * (file.size >> 20)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kurs.sources.sheet_process"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            check=True,
            timeout=seconds,
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        reason = f"> {seconds} s"
    except (subprocess.CalledProcessError, OSError, ValueError) as error:
        reason = type(error).__name__
    raise SourceError(Problem("unreadable", {"file": file.name, "reason": reason}))
