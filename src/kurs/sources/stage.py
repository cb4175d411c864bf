"""Where files are laid side by side before they are typed: one table of texts in a DuckDB of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.source import DataType, Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError
from kurs.sources.delimited import ORDINAL, Dialect, Records, sums_sql
from kurs.sources.files import Kind
from kurs.sources.forms import named, sql_type
from kurs.sources.json_rows import JsonRows
from kurs.sources.layout import Placed, layout, missing, place, position_of
from kurs.sources.parquet import ParquetRows, common_type
from kurs.sources.settled import LOST, Settled, typed_sql
from kurs.sources.sheets import sheet_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.database import Rows, Stretch
    from kurs.sources.files import Found

PART = "_part"
TEXT = DataType(ColumnType.TEXT)


@dataclass(frozen=True, slots=True)
class Staged:
    """One column of the stage: ``data`` is TEXT until it is typed; ``is_string`` if JSON has it in quotes.

    ``native`` is the type that a database has for it, whose texts are then of ISO.
    """

    placed: Placed
    data: DataType
    is_string: bool = False
    native: DataType | None = None


class UndecidedError(Exception):
    """A column has no type before its rows have been looked at."""


class Stage:
    """The files of one load as table ``stage``: ``_part`` (the file's number), ``_ordinal``, columns.

    Row numbers are ordinals; ``rows_of`` finds out where they stand in a file. With ``ahead``, which gives a
    column its type before its rows are read, the rows become table ``typed`` at once: no text is kept. That
    is good if all values ``fit``; otherwise they have to be staged as texts, to be shown.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        source: Source,
        files: Sequence[Found],
        database: Rows | None = None,
        stretch: Stretch | None = None,
        ahead: Callable[[Staged], Settled | None] | None = None,
    ) -> None:
        self._connection = connection
        self._ahead = ahead
        self._source = source
        self._database, self._stretch = database, stretch
        self.files = tuple(files)
        self.columns: dict[str, Staged] = {}
        self.counts: list[int] = []
        self.ragged: list[int] = []
        self.widths: list[int] = []
        self.below: list[
            tuple[int, int | None]
        ] = []  # rows below the end of the table, and the first of them
        self.settled: dict[str, Settled] = {}
        self.table = "stage" if ahead is None else "typed"
        lost = "" if ahead is None else f", {LOST} BOOLEAN"
        connection.execute(f"CREATE TABLE {self.table} ({PART} INTEGER, {ORDINAL} BIGINT{lost})")

    def fill(self, advanced: Callable[[int], None]) -> None:
        """Read all files. Raises SourceError with the problems of all of them, UndecidedError."""
        if len({file.kind for file in self.files}) > 1:
            values = {"files": (self.files[0].name, self.files[-1].name), "source": self._source.key}
            raise SourceError(Problem("mixed_kinds", values))
        if self.files and self.files[0].kind is Kind.PARQUET:
            self._prepare_parquet()
        problems: list[Problem] = []
        for part, file in enumerate(self.files):
            self.counts.append(0)
            self.ragged.append(0)
            self.widths.append(0)
            self.below.append((0, None))
            try:
                self._add(part, file, advanced)
            except SourceError as error:
                problems.extend(error.problems)
        if problems:
            raise SourceError(*problems)

    def fits(self) -> bool:
        """Say whether all values have the types that they were given ahead."""
        return not self._connection.execute(f"SELECT 1 FROM {self.table} WHERE {LOST} LIMIT 1").fetchall()

    def name_of(self, part: int) -> str:
        """Name a file by its number."""
        return self.files[part].name

    def rows_of(self, part: int, ordinals: Sequence[int]) -> dict[int, int]:
        """Return the rows in the file for some ordinals, header and preamble counted."""
        file = self.files[part]
        if file.kind is Kind.CSV:
            records = Records(self._source, file, lambda _: None)
            return {ordinal: row for ordinal, (row, _) in records.rows_at(ordinals).items()}
        # Those of JSON lines count lines, those of a sheet, of Parquet and of a database its rows.
        return {ordinal: ordinal + 1 for ordinal in ordinals}

    def ragged_rows(self, part: int) -> list[tuple[int, int, str]]:
        """Return (row in the file, number of cells, the cells as text) of the ragged rows of one file."""
        records = Records(self._source, self.files[part], lambda _: None)
        return [(row, len(cells), "|".join(cells)) for row, cells in records.ragged_rows()]

    def _add(self, part: int, file: Found, advanced: Callable[[int], None]) -> None:
        match file.kind:
            case Kind.CSV:
                self._add_csv(part, file, advanced)
            case Kind.JSONL | Kind.JSON:
                self._add_json(part, file, advanced)
            case Kind.SHEET:
                self._add_sheet(part, file, advanced)
            case Kind.PARQUET:
                self._add_parquet(part, file, advanced)
            case Kind.DATABASE:
                self._add_database(part, file)

    def _add_csv(self, part: int, file: Found, advanced: Callable[[int], None]) -> None:
        records = Records(self._source, file, advanced)
        placed = [c for c in layout(self._source, records.headers, file.name) if c.keep is not Keep.DROPPED]
        for column in placed:
            self._ensure(Staged(column, TEXT))
        names = {column.name: f"c{column.position}" for column in placed}
        sums = position_of(self._source.format.sums_where_empty, records.headers, file.name)
        # A record without any value is a row of marks alone, such as a spreadsheet leaves below a table.
        everything = range(len(records.headers))
        batches = records.batches(everything)
        filled = " OR ".join(f"c{n} <> ''" for n in everything)
        empty = None if sums is None else f"c{sums}"
        said = position_of(self._source.format.totals_in, records.headers, file.name)
        aside = records.dialect.aside_sql("c0", empty, None if said is None else f"c{said}")
        self._insert(part, names, batches, aside, filled)
        records.check()
        self.ragged[part], self.widths[part] = records.ragged, len(records.headers)
        if records.ending is not None:
            self.below[part] = (records.ending.wide, records.ending.first)

    def _add_json(self, part: int, file: Found, advanced: Callable[[int], None]) -> None:
        lines = JsonRows(self._source, file, advanced)
        for batch in lines.batches():
            # Keys turn up one by one, so two that end alike cannot be numbered as those of a header are.
            keys: dict[str, str] = {}
            for key in lines.kept:
                column = self._place(key)
                if keys.setdefault(column.name, key) != key:
                    values = {"column": column.name, "headers": (keys[column.name], key), "file": file.name}
                    raise SourceError(Problem("column_twice", values))
                self._ensure(Staged(column, TEXT, is_string=key in lines.strings))
            self._insert(part, {name: f"c{n}" for n, name in enumerate(keys)}, batch, self._sums(lines.kept))
        position_of(self._source.format.sums_where_empty, lines.kept, file.name)
        if problems := missing(self._source, lines.keys, file.name):
            raise SourceError(*problems)

    def _add_sheet(self, part: int, file: Found, advanced: Callable[[int], None]) -> None:
        with sheet_of(self._source, file) as sheet:
            there = layout(self._source, sheet.headers, file.name)
            placed = [column for column in there if column.keep is not Keep.DROPPED]
            for column in placed:
                self._ensure(Staged(column, TEXT))
            sheet.check(placed)
            sums = position_of(self._source.format.sums_where_empty, sheet.headers, file.name)
            empty = None if sums is None else f"c{sheet.positions[sums]}"
            at = position_of(self._source.format.totals_in, sheet.headers, file.name)
            said = None if at is None else f"c{sheet.positions[at]}"
            names = {column.name: f"c{sheet.positions[column.position]}" for column in placed}
            self.below[part] = (len(sheet.below), next((n + 1 for n in sheet.below), None))
            if sheet.rows:
                aside = Dialect.of(self._source, file).aside_sql(sheet.first, empty, said)
                beside = [there[n] for n in (sums, at) if n is not None]
                self._insert(part, names, sheet.batches([*placed, *there[:1], *beside]), aside)
        advanced(file.size)

    def _prepare_parquet(self) -> None:
        """Find one type for each column over all files, before the first row is read."""
        types: dict[str, DataType] = {}
        placed: dict[str, Placed] = {}
        for file in self.files:
            rows = ParquetRows(self._source, file)
            for column in layout(self._source, rows.headers, file.name):
                if column.keep is Keep.DROPPED:
                    continue
                data = rows.type_of(column.header)
                types[column.name] = common_type(column, types.get(column.name, data), data, file)
                placed[column.name] = column
        for name, data in types.items():
            self._ensure(Staged(placed[name], data))

    def _add_parquet(self, part: int, file: Found, advanced: Callable[[int], None]) -> None:
        rows = ParquetRows(self._source, file)
        placed = [c for c in layout(self._source, rows.headers, file.name) if c.keep is not Keep.DROPPED]
        names = {column.name: f"c{n}" for n, column in enumerate(placed)}
        headers = [column.header for column in placed]
        position_of(self._source.format.sums_where_empty, headers, file.name)
        self._insert(part, names, rows.batches(headers), self._sums(headers))
        rows.check()
        advanced(file.size)

    def _add_database(self, part: int, file: Found) -> None:
        assert self._database is not None
        columns = {column.name: column for column in self._database.columns}
        placed = [c for c in layout(self._source, list(columns), file.name) if c.keep is not Keep.DROPPED]
        for column in placed:
            self._ensure(Staged(column, TEXT, native=columns[column.header].data))
        names = {column.name: f"c{n}" for n, column in enumerate(placed)}
        for batch in self._database.batches([column.header for column in placed], self._stretch):
            self._insert(part, names, batch)

    def _sums(self, headers: Sequence[str]) -> str:
        """Return SQL that is true for a row of sums, among columns ``c0, c1, ...`` by header."""
        header = self._source.format.sums_where_empty
        if header is None:
            return ""
        plain = [one.strip() for one in headers]
        return sums_sql(f"c{plain.index(header)}" if header in plain else "NULL")

    def _place(self, key: str) -> Placed:
        stated = next((column for column in self._source.columns if column.header == key), None)
        return place(stated, key, len(self.columns))

    def _ensure(self, column: Staged) -> None:
        known = self.columns.get(column.placed.name)
        if known is None:
            name, data = column.placed.name, column.data
            if self._ahead is not None:
                settled = self._ahead(column)
                if settled is None:
                    raise UndecidedError(name)
                self.settled[name], data = settled, settled.data
            self._connection.execute(f"ALTER TABLE {self.table} ADD COLUMN {named(name)} {sql_type(data)}")
            self.columns[name] = column
        elif column.is_string and not known.is_string:
            self.columns[column.placed.name] = column

    def _insert(
        self,
        part: int,
        names: dict[str, str],
        batches: pa.RecordBatchReader | pa.RecordBatch,
        aside: str = "",
        filled: str = "",
    ) -> None:
        columns = "".join(f", {named(came)} AS {named(name)}" for name, came in names.items())
        tests = [f"({aside}) IS NOT TRUE"] * bool(aside) + [f"({filled})"] * bool(filled)
        where = f" WHERE {' AND '.join(tests)}" if tests else ""
        rows = f"SELECT {part} AS {PART}, {ORDINAL}{columns} FROM arrived{where}"
        if self._ahead is not None:
            rows = typed_sql(rows, [self.settled[name] for name in names], (PART, ORDINAL))
        self._connection.register("arrived", batches)
        try:
            self._connection.execute(f"INSERT INTO {self.table} BY NAME {rows}")
        finally:
            self._connection.unregister("arrived")
        counted = f"SELECT count(*) FROM {self.table} WHERE {PART} = {part}"
        ((self.counts[part],),) = self._connection.execute(counted).fetchall()
