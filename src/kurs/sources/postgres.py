"""Postgres: rows as its own text output through COPY, which is exact for every type."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.sources.database import Column
from kurs.sources.forms import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    from _typeshed import WriteableBuffer
    from psycopg import Column as Described
    from psycopg import Copy, Error

    from kurs.problems import SourceError
    from kurs.sources.address import Address
    from kurs.sources.database import Stretch

_BLOCK = 4 << 20  # a row longer than this is refused
_ROWS_AT_ONCE = 2_000
_PLAIN = {
    **dict.fromkeys((20, 21, 23, 26), ColumnType.INT),
    **dict.fromkeys((700, 701), ColumnType.FLOAT),
    16: ColumnType.BOOL,
    1082: ColumnType.DATE,
    1114: ColumnType.TIMESTAMP,
    1184: ColumnType.TIMESTAMPTZ,
}
_NUMERIC = 1700
_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
# Of one transaction, so that a pool of connections keeps nothing of it. The forms of texts are those of ISO.
_SETTINGS = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "lock_timeout": "60s",
}
# A network that went away is noticed after a minute, not after hours.
_PATIENCE = {
    "connect_timeout": "15",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
_MISSING_TABLE = ("42P01", "3F000")


class Postgres:
    """One transaction of a server, read-only, over one snapshot."""

    def __init__(self, address: Address) -> None:
        try:
            import psycopg
            from psycopg.conninfo import conninfo_to_dict, make_conninfo
        except ImportError as error:
            raise address.failure("database_driver_missing", extra="postgres") from error
        self._address = address
        try:
            given = conninfo_to_dict(address.url)
            patience = {name: value for name, value in _PATIENCE.items() if name not in given}
            self._connection = psycopg.connect(
                make_conninfo(address.url, **patience), client_encoding="utf8", application_name="kurs"
            )
        except psycopg.Error as error:
            raise address.failure("database_unreachable", error) from error
        self._connection.read_only = True
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        try:
            for name, value in _SETTINGS.items():
                self._connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        except psycopg.Error as error:
            self._connection.close()
            raise self._failed(error) from error

    def close(self) -> None:
        """End the transaction and the connection."""
        self._connection.close()

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns with their types; a number without a stated scale is a bare ``decimal``."""
        import psycopg

        try:
            cursor = self._connection.execute(f"SELECT * FROM {relation} AS it LIMIT 0".encode())
        except psycopg.Error as error:
            raise self._failed(error) from error
        return tuple(Column(found.name, _data_type(found)) for found in cursor.description or ())

    def tables(self) -> list[str]:
        """Name the tables and views that may be read, those of ``public`` without their schema."""
        self._connection.rollback()
        rows = self._connection.execute(
            "SELECT CASE table_schema WHEN 'public' THEN '' ELSE table_schema || '.' END || table_name "
            "FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        return [str(name) for (name,) in rows]

    def count(self, relation: str) -> int:
        """Count the rows."""
        import psycopg

        try:
            cursor = self._connection.execute(f"SELECT count(*) FROM {relation} AS it".encode())
            row = cursor.fetchone()
        except psycopg.Error as error:
            raise self._failed(error) from error
        return int(row[0]) if row is not None else 0

    def batches(
        self, relation: str, columns: Sequence[Column], stretch: Stretch | None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows as texts; an empty text is one, and no value is none."""
        import psycopg
        import pyarrow as pa

        names = [f"c{n}" for n in range(len(columns))]
        listed = ", ".join(
            f"{named(column.name)} AS {name}" for column, name in zip(columns, names, strict=True)
        )
        where = _where(columns, stretch)
        select = f"SELECT {listed} FROM {relation} AS it{where}"
        try:
            with self._connection.cursor() as cursor:
                with cursor.copy(f"COPY ({select}) TO STDOUT (FORMAT csv)".encode()) as copy:
                    text = _Text(copy)
                    if text.head():
                        yield from _parsed(text, names)
                if text.failure is not None:
                    raise text.failure
        except psycopg.Error as error:
            raise self._failed(error) from error
        except pa.ArrowInvalid as error:
            raise self._address.failure("database_failed", error) from error

    def _failed(self, error: Error) -> SourceError:
        """Say what went wrong: the connection is lost, a table is not there, or the statement failed."""
        if self._connection.closed or self._connection.broken:
            return self._address.failure("database_lost", error)
        code = "database_table_missing" if error.sqlstate in _MISSING_TABLE else "database_failed"
        return self._address.failure(code, error.diag.message_primary or str(error))


def _parsed(text: _Text, names: list[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    from pyarrow import csv

    try:
        yield from csv.open_csv(
            io.BufferedReader(text, _BLOCK),
            csv.ReadOptions(block_size=_BLOCK, column_names=names),
            csv.ParseOptions(delimiter=",", quote_char='"', newlines_in_values=True),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=names,
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid:
        if text.failure is None:  # otherwise the text broke off, and that is what is wrong
            raise


class _Text(io.RawIOBase):
    """What a server sends, as a file. A driver's error would lose its type on the way: it is kept."""

    def __init__(self, copy: Copy) -> None:
        super().__init__()
        self._rows = iter(copy)
        self._buffer = b""
        self.failure: Error | None = None

    def head(self) -> bytes:
        """Return the first bytes without consuming them; none at all is an answer without rows."""
        if not self._buffer:
            self._fill()
        return self._buffer

    def readable(self) -> bool:
        """Say that it can be read: the library that pulls asks."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill ``buffer`` with the next bytes; 0 at the end, or where the server broke off."""
        view = memoryview(buffer).cast("B")
        taken = self.head()[: len(view)]
        self._buffer = self._buffer[len(taken) :]
        view[: len(taken)] = taken
        return len(taken)

    def _fill(self) -> None:
        import psycopg

        try:
            self._buffer = b"".join(islice(self._rows, _ROWS_AT_ONCE))
        except psycopg.Error as error:
            self.failure = error


def _where(columns: Sequence[Column], stretch: Stretch | None) -> str:
    found = next((c for c in columns if stretch is not None and c.name == stretch.column), None)
    if stretch is None or found is None or found.data is None or found.data.kind not in _TIMES:
        return ""
    return f" WHERE {stretch.holds(named(found.name))}"


def _data_type(column: Described) -> DataType:
    """Return the lake's type; what has no counterpart is the text that Postgres writes for it."""
    if column.type_code != _NUMERIC:
        return DataType(_PLAIN.get(column.type_code, ColumnType.TEXT))
    precision, scale = column.precision, column.scale
    if precision is None or scale is None or not (precision <= 38 and 0 <= scale <= precision):
        return DataType(ColumnType.DECIMAL, 18, 6)
    return DataType(ColumnType.DECIMAL, precision, scale)
