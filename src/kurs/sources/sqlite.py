"""SQLite: any value may stand in any column, so the values decide, or the plan."""

from __future__ import annotations

import math
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.sources.database import Column
from kurs.sources.forms import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

    from kurs.sources.address import Address
    from kurs.sources.database import Stretch

_BATCH = 20_000
_WAIT_SECONDS = 30
_TEXT = ("CHAR", "CLOB", "TEXT")


class Sqlite:
    """One read transaction of a file."""

    def __init__(self, address: Address) -> None:
        assert address.path is not None
        self._address = address
        try:
            uri = f"{address.path.resolve().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(uri, _WAIT_SECONDS, isolation_level=None, uri=True)
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("BEGIN")
        except sqlite3.Error as error:
            raise address.failure("database_unreachable", error) from error

    def close(self) -> None:
        """End the transaction and let go of the file."""
        self._connection.close()

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns; a table's own that is declared as text stays text, the rest is up to values."""
        described = self._run(f"SELECT * FROM {relation} LIMIT 0").description or ()
        kinds = self._declared(relation)
        return tuple(
            Column(name, DataType(ColumnType.TEXT) if _is_text(kinds.get(name, "")) else None)
            for name, *_ in described
        )

    def tables(self) -> list[str]:
        """Name the tables and views."""
        sql = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        return [str(name) for (name,) in self._run(sql)]

    def count(self, relation: str) -> int:
        """Count the rows."""
        (row,) = self._run(f"SELECT count(*) FROM {relation}").fetchall()
        return int(row[0])

    def batches(
        self, relation: str, columns: Sequence[Column], stretch: Stretch | None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows as texts."""
        import pyarrow as pa

        listed = ", ".join(named(column.name) for column in columns)
        cursor = self._run(f"SELECT {listed} FROM {relation}{_where(columns, stretch)}")
        names = [f"c{n}" for n in range(len(columns))]
        schema = pa.schema([pa.field(name, pa.string()) for name in names])
        try:
            while rows := cursor.fetchmany(_BATCH):
                texts = ([_text(value) for value in values] for values in zip(*rows, strict=True))
                yield pa.RecordBatch.from_arrays([pa.array(t, pa.string()) for t in texts], schema=schema)
        except sqlite3.Error as error:
            raise self._address.failure("database_failed", error) from error

    def _run(self, sql: str) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql)
        except sqlite3.Error as error:
            code = "database_table_missing" if "no such table" in str(error) else "database_failed"
            raise self._address.failure(code, error) from error

    def _declared(self, relation: str) -> dict[str, str]:
        if relation.startswith("("):
            return {}
        schema, _, table = relation.rpartition('"."')
        pragma = f'PRAGMA {schema}".table_info("{table}' if schema else f"PRAGMA table_info({relation}"
        return {str(name): str(kind).upper() for _, name, kind, *_ in self._run(f"{pragma})")}


def _is_text(declared: str) -> bool:
    return any(word in declared for word in _TEXT)


def _text(value: object) -> str | None:
    """Write a value so that nothing of it is lost."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, float) and math.isfinite(value):
        text = repr(value)
        return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")
    return str(value)


def _where(columns: Sequence[Column], stretch: Stretch | None) -> str:
    """Compare moments that are written as ISO has them; what is not, is read as well."""
    if stretch is None or stretch.column not in {column.name for column in columns}:
        return ""
    name = named(stretch.column)
    held = stretch.holds(f"julianday({name})", "julianday('{}')")
    return f" WHERE (typeof({name}) <> 'text' OR {held})"
