"""Rows of a database: each value as exact text, its column's type beside it, in bounded batches.

The databases differ in one file each (``postgres``, ``sqlite``, ``duckdb_file``): a class that opens one
snapshot of it, read-only, with the methods of ``Connection``.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kurs.model.source import Keep
from kurs.problems import SourceError, closest
from kurs.sources.address import Address, Engine, address_of
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from kurs.model.source import DataType, Source

_DIALECTS = {Engine.POSTGRES: "postgres", Engine.SQLITE: "sqlite", Engine.DUCKDB: "duckdb"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the database declares it; ``data`` is None where its values decide."""

    name: str
    data: DataType | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The rows from ``first`` on and before ``until``, and those without a value in ``column``.

    Both are in UTC, or as a column without a zone has them. A database may give more rows, never fewer.
    """

    column: str
    first: datetime | None = None
    until: datetime | None = None

    def holds(self, column: str, literal: str = "'{}'") -> str:
        """Return SQL for it: ``column`` and ``literal`` say how the two are compared."""
        parts = [f"{column} >= {literal.format(self.first)}"] if self.first is not None else []
        if self.until is not None:
            parts.append(f"{column} < {literal.format(self.until)}")
        return f"({column} IS NULL OR ({' AND '.join(parts) or 'TRUE'}))"


class Connection(Protocol):
    """An open database: all that it says is of one moment."""

    def columns(self, relation: str) -> tuple[Column, ...]:
        """Return the columns of a relation or a query in brackets."""
        ...

    def tables(self) -> list[str]:
        """Name what could be read, for a suggestion."""
        ...

    def count(self, relation: str) -> int:
        """Count the rows."""
        ...

    def batches(
        self, relation: str, columns: Sequence[Column], stretch: Stretch | None
    ) -> Iterator[pa.RecordBatch]:
        """Yield the rows as texts, one column for each of ``columns``."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """What a source reads of its open database. ``name`` says which rows, without a secret."""

    name: str
    relation: str
    columns: tuple[Column, ...]
    connection: Connection

    @property
    def headers(self) -> list[str]:
        """The names of the columns, as the database has them."""
        return [column.name for column in self.columns]

    def count(self) -> int:
        """Count all rows, whatever a load reads of them."""
        return self.connection.count(self.relation)

    def batches(self, wanted: Sequence[str], stretch: Stretch | None) -> Iterator[pa.RecordBatch]:
        """Yield batches of text columns ``c0, c1, ...``, one for each wanted name, and ``ORDINAL``."""
        import numpy as np
        import pyarrow as pa

        columns = {column.name: column for column in self.columns}
        fields = [pa.field(f"c{n}", pa.string()) for n in range(len(wanted))]
        schema = pa.schema([*fields, pa.field(ORDINAL, pa.int64())])
        done = 0
        for batch in self.connection.batches(self.relation, [columns[name] for name in wanted], stretch):
            ordinals = pa.array(np.arange(done, done + batch.num_rows))
            done += batch.num_rows
            yield pa.RecordBatch.from_arrays([*batch.columns, ordinals], schema=schema)


@contextmanager
def open_rows(source: Source, folder: Path) -> Generator[Rows]:
    """Open the database of a source, and find its columns.

    Raises SourceError for an address that leads nowhere, a driver or a table that is not there;
    ExpressionError for a query that is not one plain SELECT.
    """
    from kurs.metrics.expression import parse_select

    said = source.database
    assert said is not None
    address = address_of(source, folder)
    if said.query is None:
        relation = ".".join(named(part) for part in (said.table or "").split("."))
    else:
        relation = f"({parse_select(said.query).sql(_DIALECTS[address.engine])})"
    connection = _connect(address)
    try:
        columns = _columns(connection, relation, address, said.table)
        yield Rows(said.name, relation, columns, connection)
    finally:
        connection.close()


def kept(source: Source, header: str) -> bool:
    """Say whether a column is taken in: what is dropped is not even asked for."""
    return not any(c.header == header and c.keep is Keep.DROPPED for c in source.columns)


def _connect(address: Address) -> Connection:
    match address.engine:
        case Engine.POSTGRES:
            from kurs.sources.postgres import Postgres

            return Postgres(address)
        case Engine.SQLITE:
            from kurs.sources.sqlite import Sqlite

            return Sqlite(address)
        case Engine.DUCKDB:
            from kurs.sources.duckdb_file import DuckFile

            return DuckFile(address)


def _columns(
    connection: Connection, relation: str, address: Address, table: str | None
) -> tuple[Column, ...]:
    try:
        return connection.columns(relation)
    except SourceError as error:
        if error.problems[0].code != "database_table_missing":
            raise
        there = connection.tables()
        reason = str(error.problems[0].values["reason"])
        missing = table if table is not None else reason
        near = closest(table, there) if table is not None else ()
        raise address.failure("database_table_missing", reason, table=missing, suggestion=near) from error
