"""CSV and its kin: the header by the profile, the records as text, where they stand when one is wrong."""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.problems import Problem, SourceError
from kurs.sources.ending import Ending
from kurs.sources.forms import quoted
from kurs.sources.stream import TextStream, nothing_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa
    from pyarrow.csv import InvalidRow

    from kurs.model.source import Source
    from kurs.sources.files import Found

_BLOCK = 4 << 20  # a record longer than this is refused
ORDINAL = "_ordinal"
_RIVALS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Dialect:
    """The marks by which a file falls into records and cells."""

    encoding: str
    delimiter: str
    quote: str
    header_row: int
    comment: str | None
    totals: re.Pattern[str] | None
    until_blank: bool = False

    @classmethod
    def of(cls, source: Source, file: Found) -> Dialect:
        """Take the marks from the profile; without a delimiter a file ending in .tsv or .tab has tabs."""
        said = source.format
        tabs = file.name.lower().removesuffix(".gz").endswith((".tsv", ".tab"))
        delimiter = said.delimiter or ("\t" if tabs else ",")
        for name, mark in (("delimiter", delimiter), ("quote", said.quote)):
            if len(mark) > 1 or not mark.isascii() or mark in ("\r", "\n"):
                raise SourceError(Problem("mark_not_one_character", {"name": name, "mark": mark}))
        totals = None
        if said.totals is not None:
            totals = re.compile(".*".join(re.escape(part) for part in said.totals.split("*")), re.DOTALL)
        return cls(
            said.encoding, delimiter, said.quote, said.header_row, said.comment, totals, said.until_blank
        )

    def stream(self, file: Found, advanced: Callable[[int], None]) -> tuple[TextStream, Ending | None]:
        """Open the text of a file, up to the end of its table; the end tells of rows below it."""
        ending = None
        if self.until_blank:
            ending = Ending(self.header_row, self.delimiter.encode(), self.quote.encode())
        return TextStream(file, self.encoding, self.quote, advanced, ending), ending

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Read records with Python's own reader, which is slower but knows where it is."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        quoting = csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote or None, quoting=quoting, strict=True
        )

    def is_aside(self, cells: Sequence[str]) -> bool:
        """Say whether a record of another width than the header is a comment, or has the word for totals."""
        if self.comment and cells[0].lstrip().startswith(self.comment):
            return True
        plain = [cell.strip() for cell in cells]
        words = plain[:1] if plain[0] else ["", *filter(None, plain)]
        return self.totals is not None and any(self.totals.fullmatch(word) for word in words)

    def aside_sql(self, first: str, empty: str | None = None, said: str | None = None) -> str:
        """Return SQL that is true for a comment or a row of sums; empty where there can be none.

        ``first`` is the first column, ``empty`` the one that is empty in rows of sums, ``said`` the one that
        has the word for totals, if it is not the first.
        """
        asides = [self.totals_sql(said or first, empty)]
        if self.comment:
            asides.append(f"starts_with(ltrim({first}), {quoted(self.comment)})")
        return " OR ".join(filter(None, asides))

    def totals_sql(self, said: str, empty: str | None = None) -> str:
        """Return SQL that is true for a row of sums; empty where there can be none."""
        sums: list[str] = []
        if self.totals:
            pattern = quoted(self.totals.pattern)
            sums.append(f"regexp_full_match(trim(coalesce({said}, '')), {pattern}, 's')")
        if empty is not None:
            sums.append(sums_sql(empty))
        return " OR ".join(sums)


def sums_sql(column: str) -> str:
    """Return SQL that is true for rows of sums, by the column that is empty in them."""
    return f"trim(coalesce(CAST({column} AS VARCHAR), '')) = ''"


def read_header(source: Source, file: Found) -> list[str]:
    """Return the headers of a file, or of ``columns:`` where it has none. Raises SourceError."""
    dialect = Dialect.of(source, file)
    stream, _ = dialect.stream(file, nothing_told)
    return _header(source, file, dialect, stream)


class Records:
    """The records of one file as batches of text columns ``c0, c1, ...`` and their ordinal.

    Blank lines are left out. A record with another number of cells than the header is left out too and,
    unless it is a comment or a totals row, counted in ``ragged``. Comments and totals rows as wide as the
    header are among the records: their first cell tells, see ``Dialect.is_aside``.
    """

    def __init__(self, source: Source, file: Found, advanced: Callable[[int], None]) -> None:
        self._file = file
        self.dialect = Dialect.of(source, file)
        self._stream, self.ending = self.dialect.stream(file, advanced)
        self.headers = _header(source, file, self.dialect, self._stream)
        if self.ending is not None:
            self.ending.width = len(self.headers)
        self._aside = 0
        self.records = 0
        self.ragged = 0

    def batches(self, wanted: Iterable[int]) -> pa.RecordBatchReader:
        """Return the batches of the ``wanted`` columns and the first.

        What goes wrong on the way ends them: call ``check`` afterwards.
        """
        import pyarrow as pa

        names = [f"c{n}" for n in sorted({0, *wanted})]
        fields = [pa.field(name, pa.string()) for name in names]
        schema = pa.schema([*fields, pa.field(ORDINAL, pa.int64())])
        return pa.RecordBatchReader.from_batches(schema, self._batches(names, schema))

    def check(self) -> None:
        """Raise SourceError if the file could not be read to its end, or not in one way only."""
        if self._stream.failure is not None:
            raise self._stream.failure
        # Fewer records than lines: a quoted cell holds a line end, or a stray quote swallowed records.
        if self._stream.quoted and self._stream.lines > self.records + self._aside + self.ragged:
            whole = sum(len(cells) == len(self.headers) for _, cells in self.walk())
            if whole != self.records:
                values = {"file": self._file.name, "reason": f"{self.records} != {whole}"}
                raise SourceError(Problem("unreadable", values))

    def walk(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every record with its row in the file, as a spreadsheet would number it; ragged ones too.

        Raises SourceError ``stray_quote`` where a quote is not closed, or text follows a closing one.
        """
        dialect = self.dialect
        stream, _ = dialect.stream(self._file, nothing_told)
        text = io.TextIOWrapper(io.BufferedReader(stream), "utf-8", newline="")
        row = 0
        for _ in range(max(dialect.header_row - 1, 0)):
            row += 1
            text.readline()
        reader = dialect.reader(iter(text))
        try:
            for cells in reader:
                row += 1
                if row > dialect.header_row and not self._is_left_out(cells):
                    yield row, cells
        except csv.Error as error:
            raise SourceError(Problem("stray_quote", {"file": self._file.name, "row": row + 1})) from error
        if stream.failure is not None:
            raise stream.failure

    def _is_left_out(self, cells: list[str]) -> bool:
        """Say whether a record is none: blank, or a comment or totals row of its own width."""
        if not cells:
            return True
        if len(cells) == len(self.headers):
            return False
        return (len(cells) == 1 and not cells[0].strip()) or self.dialect.is_aside(cells)

    def rows_at(self, ordinals: Sequence[int]) -> dict[int, tuple[int, list[str]]]:
        """Find records by their ordinal: ordinal -> (row in the file, cells)."""
        wanted, width = set(ordinals), len(self.headers)
        whole = ((row, cells) for row, cells in self.walk() if len(cells) == width)
        return {n: record for n, record in enumerate(whole) if n in wanted}

    def ragged_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the records that have another number of cells than the header."""
        return ((row, cells) for row, cells in self.walk() if len(cells) != len(self.headers))

    def _batches(self, names: list[str], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        import numpy as np
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        try:
            if not self._stream.head():
                return
        except SourceError as error:  # it would lose its type on the way
            self._stream.failure = error
            return
        try:
            reader = arrow_csv.open_csv(
                io.BufferedReader(self._stream, _BLOCK),
                arrow_csv.ReadOptions(
                    block_size=_BLOCK, column_names=[f"c{n}" for n in range(len(self.headers))]
                ),
                arrow_csv.ParseOptions(
                    delimiter=self.dialect.delimiter,
                    quote_char=self.dialect.quote or False,
                    newlines_in_values=True,
                    invalid_row_handler=self._on_ragged,
                ),
                arrow_csv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    include_columns=names,
                    strings_can_be_null=False,
                    check_utf8=False,  # the stream has encoded it
                ),
            )
            for batch in reader:
                ordinals = pa.array(np.arange(self.records, self.records + batch.num_rows))
                self.records += batch.num_rows
                yield pa.RecordBatch.from_arrays([*batch.columns, ordinals], schema=schema)
        except pa.ArrowInvalid as error:
            if self._stream.failure is None:
                self._stream.failure = self._explained(error)

    def _explained(self, error: Exception) -> SourceError:
        try:
            for _ in self.walk():
                pass
        except SourceError as found:
            return found
        return SourceError(Problem("unreadable", {"file": self._file.name, "reason": str(error)}))

    def _on_ragged(self, row: InvalidRow) -> str:
        try:
            cells = next(self.dialect.reader(iter([row.text])), list[str]()) or [""]
        except csv.Error:  # a stray quote: nobody hears of an error that is raised here
            cells = [row.text]
        if not row.text.strip() or self.dialect.is_aside(cells):
            self._aside += 1
        else:
            self.ragged += 1
        return "skip"


def _header(source: Source, file: Found, dialect: Dialect, stream: TextStream) -> list[str]:
    """Read the header and consume it, so that the stream goes on with the first record."""
    head = stream.head()
    if not head:
        raise SourceError(Problem("file_empty", {"file": file.name}))
    lines = io.StringIO(head.decode("utf-8", "ignore"), newline="")
    read: list[str] = []

    def counted() -> Iterator[str]:
        for line in lines:
            read.append(line)
            yield line

    numbered = counted()
    for _ in range(dialect.header_row - 1):
        next(numbered, None)
    try:
        cells = next(dialect.reader(numbered), list[str]())
    except csv.Error as error:
        values = {"file": file.name, "row": dialect.header_row or 1}
        raise SourceError(Problem("stray_quote", values)) from error
    if not any(cell.strip() for cell in cells):
        raise SourceError(Problem("header_missing", {"file": file.name, "row": dialect.header_row or 1}))
    if dialect.header_row == 0:
        headers = [column.header for column in source.columns]
        if len(headers) != len(cells):
            values = {"file": file.name, "found": len(cells), "expected": len(headers)}
            raise SourceError(Problem("column_count", values))
        return headers
    stream.drop(len("".join(read).encode()))
    rivals = [mark for mark in _RIVALS if mark != dialect.delimiter and mark in cells[0]]
    if len(cells) == 1 and rivals and cells[0] not in {column.header for column in source.columns}:
        values = {"file": file.name, "delimiter": dialect.delimiter, "suggested": rivals[0]}
        raise SourceError(Problem("wrong_delimiter", values))
    return cells
