"""An existing DuckDB file, read-only: its rows as text, so that they pass the same checks as all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.sources.database import Column
from kurs.sources.forms import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb
    import pyarrow as pa

    from kurs.sources.address import Address
    from kurs.sources.database import Stretch

_BATCH = 50_000
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_PLAIN = {
    **dict.fromkeys((*_WHOLE, *(f"U{name}" for name in _WHOLE)), ColumnType.INT),
    **dict.fromkeys(("FLOAT", "DOUBLE"), ColumnType.FLOAT),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"), ColumnType.TIMESTAMP),
    "BOOLEAN": ColumnType.BOOL,
    "DATE": ColumnType.DATE,
    "TIMESTAMP WITH TIME ZONE": ColumnType.TIMESTAMPTZ,
}
_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)


class DuckFile:
    """One read transaction of a file, on a connection that can read nothing else."""

    def __init__(self, address: Address) -> None:
        import duckdb

        self._address = address
        settings: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        try:
            self._connection = duckdb.connect(str(address.path), read_only=True, config=settings)
            self._connection.execute("SET TimeZone = 'UTC'")
            self._connection.execute("SET lock_configuration = true")
            self._connection.execute("BEGIN")
        except duckdb.Error as error:
            raise address.failure("database_unreachable", _first_line(error)) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns with their types."""
        rows = self._run(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        return tuple(Column(str(name), _data_type(str(kind))) for name, kind, *_ in rows)

    def tables(self) -> list[str]:
        """Name the tables and views, those of ``main`` without their schema."""
        self._connection.rollback()
        rows = self._run(
            "SELECT CASE table_schema WHEN 'main' THEN '' ELSE table_schema || '.' END || table_name "
            "FROM information_schema.tables"
        ).fetchall()
        return [str(name) for (name,) in rows]

    def count(self, relation: str) -> int:
        """Count the rows."""
        (row,) = self._run(f"SELECT count(*) FROM {relation}").fetchall()
        return int(row[0])

    def batches(
        self, relation: str, columns: Sequence[Column], stretch: Stretch | None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows as texts."""
        import duckdb

        assert columns
        listed = ", ".join(f"CAST({named(c.name)} AS VARCHAR) AS c{n}" for n, c in enumerate(columns))
        try:
            found = self._connection.sql(f"SELECT {listed} FROM {relation}{_where(columns, stretch)}")
            yield from found.to_arrow_reader(_BATCH)
        except duckdb.Error as error:
            raise self._address.failure("database_failed", _first_line(error)) from error

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._connection.execute(sql)
        except duckdb.CatalogException as error:
            code = "database_table_missing" if "Table with name" in str(error) else "database_failed"
            raise self._address.failure(code, _first_line(error)) from error
        except duckdb.Error as error:
            raise self._address.failure("database_failed", _first_line(error)) from error


def _where(columns: Sequence[Column], stretch: Stretch | None) -> str:
    found = next((c for c in columns if stretch is not None and c.name == stretch.column), None)
    if stretch is None or found is None or found.data is None or found.data.kind not in _TIMES:
        return ""
    held = stretch.holds(f"CAST({named(found.name)} AS TIMESTAMP)", "TIMESTAMP '{}'")
    return f" WHERE {held}"


def _data_type(kind: str) -> DataType:
    """Return the lake's type; what has no counterpart is the text that DuckDB writes for it."""
    if kind.startswith("DECIMAL"):
        return DataType.parse(kind.lower()) or DataType(ColumnType.TEXT)
    return DataType(_PLAIN.get(kind, ColumnType.TEXT))


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().split("\n", 1)[0]
