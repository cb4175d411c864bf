"""The embedded engine: DuckDB over the lake's files, and over an existing DuckDB file, read-only.

The connection is locked down before the first question: no file outside the lake can be read, nothing
can be written or loaded, no setting can be changed.
"""

from __future__ import annotations

import json
import math
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from kurs.model.table import ColumnType
from kurs.problems import EngineError, Problem

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

DIALECT = "duckdb"

_TYPES = {
    "VARCHAR": ColumnType.TEXT,
    "BOOLEAN": ColumnType.BOOL,
    "DATE": ColumnType.DATE,
    "TIMESTAMP WITH TIME ZONE": ColumnType.TIMESTAMPTZ,
    "FLOAT": ColumnType.FLOAT,
    "DOUBLE": ColumnType.FLOAT,
}
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_INSTANT = "TIMESTAMP WITH TIME ZONE"
_WIDE, _AS_WIDE = "HUGEINT", "DECIMAL(38, 0)"


class DuckEngine:
    """Answers SQL over lake tables and, when there is one, a warehouse file. Use it as a context.

    ``lake`` holds a SELECT over one snapshot's files by table; only files below ``lake_folder`` are read.
    """

    def __init__(
        self,
        lake: Mapping[str, str],
        lake_folder: Path,
        warehouse: Path | None = None,
        timeout_seconds: float = 600,
    ) -> None:
        self.timeout_seconds = timeout_seconds
        self._connection = duckdb.connect(":memory:")
        run = self._connection.execute
        for setting, value in (
            ("TimeZone", "'UTC'"),
            ("enable_progress_bar", "false"),  # without a script's file it is on, and writes to stdout
            ("autoinstall_known_extensions", "false"),
            ("autoload_known_extensions", "false"),
            ("python_enable_replacements", "false"),
            ("allowed_directories", f"[{_text(str(lake_folder.resolve()) + '/')}]"),
        ):
            run(f"SET {setting} = {value}")
        if warehouse is not None:
            self._attach(warehouse)
        for name, select in lake.items():
            run(f"CREATE TEMP VIEW {_quoted(name)} AS {select}")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _attach(self, warehouse: Path) -> None:
        if not warehouse.is_file():
            raise EngineError(Problem("engine_file_missing", {"file": str(warehouse)}))
        try:
            self._connection.execute(f"ATTACH {_text(str(warehouse))} AS warehouse (READ_ONLY)")
        except duckdb.Error as error:
            code = "engine_locked" if "lock" in str(error).lower() else "query_failed"
            values = {"file": str(warehouse), "reason": _first_line(error)}
            raise EngineError(Problem(code, values)) from error
        self._connection.execute("USE warehouse")

    def run(self, sql: str) -> tuple[tuple[object, ...], ...]:
        """Return the rows of one SELECT as Python values; NaN and infinity are None.

        Raises EngineError: table_missing, query_failed, query_timeout.
        """
        with self._watched():
            cursor = self._connection.execute(self._one_select(sql))
            instants = [
                place for place, column in enumerate(cursor.description or ()) if column[1] == _INSTANT
            ]
            rows = cursor.fetchall() if not instants else self._with_instants_as_text(sql)
        return tuple(tuple(_finite(value) for value in row) for row in rows)

    def columns(self, relation: str) -> dict[str, ColumnType]:
        """Return the columns of a relation or a SELECT in brackets, with their types."""
        with self._watched():
            select = self._one_select(f"SELECT * FROM {relation}")
            described = self._connection.execute(f"DESCRIBE {select}").fetchall()
        return {str(name): _column_type(str(kind)) for name, kind, *_ in described}

    def explain(self, sql: str) -> None:
        """Let the engine plan a SELECT without running it. Raises EngineError where it cannot."""
        with self._watched():
            self._connection.execute(f"EXPLAIN {self._one_select(sql)}")

    def seconds(self, sql: str) -> dict[str, float]:
        """Run a SELECT, and return the seconds of all threads by kind of step: TABLE_SCAN, HASH_JOIN, ..."""
        with self._watched():
            said = self._connection.execute(
                f"EXPLAIN (ANALYZE, FORMAT json) {self._one_select(sql)}"
            ).fetchall()
        spent: dict[str, float] = {}
        steps: list[Any] = [*json.loads(said[0][1])["operator"]]
        while steps:
            step = steps.pop()
            spent[step["type"]] = spent.get(step["type"], 0.0) + step["timing"]
            steps += step.get("children", [])
        return spent

    def show(self, name: str, select: str) -> None:
        """Let ``name`` stand for a SELECT, until the engine is closed."""
        with self._watched():
            self._connection.execute(
                f"CREATE OR REPLACE TEMP VIEW {_quoted(name)} AS {self._one_select(select)}"
            )

    def hold(self, name: str, select: str) -> int:
        """Keep the rows of a SELECT in memory under ``name``, and return how many there are."""
        with self._watched():
            one = self._one_select(select)
            self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {_quoted(name)} AS {one}")
            return self._connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchall()[0][0]

    def write(self, select: str, path: Path) -> dict[str, str]:
        """Write the rows of a SELECT to a Parquet file below the lake's folder.

        Returns the type of each column, to which a reader must cast: Parquet has no integer as wide as
        that of a sum. Raises EngineError.
        """
        with self._watched():
            described = self._connection.execute(f"DESCRIBE {self._one_select(select)}").fetchall()
            types = {str(name): str(kind) for name, kind, *_ in described}
            columns = ", ".join(
                f"CAST({_quoted(name)} AS {_AS_WIDE})" if kind == _WIDE else _quoted(name)
                for name, kind in types.items()
            )
            named = ", ".join(_quoted(name) for name in types)
            rows = f"SELECT {columns} FROM ({select})"
            self._connection.execute(
                f"COPY (SELECT * FROM ({rows}) AS rows({named})) TO {_text(str(path))} (FORMAT parquet)"
            )
        return types

    def _one_select(self, sql: str) -> str:
        """Return ``sql`` when it is one SELECT: a ``from:`` of the plan may hide a second statement."""
        kinds = [statement.type for statement in self._connection.extract_statements(sql)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise EngineError(Problem("query_failed", {"reason": "not one SELECT"}))
        return sql

    def _with_instants_as_text(self, sql: str) -> Sequence[tuple[object, ...]]:
        # The driver would need one more library to make Python values of instants.
        described = self._connection.execute(f"DESCRIBE {sql}").fetchall()
        casts = ", ".join(
            f"CAST({_quoted(str(name))} AS VARCHAR)" if kind == _INSTANT else _quoted(str(name))
            for name, kind, *_ in described
        )
        return self._connection.execute(f"SELECT {casts} FROM ({sql})").fetchall()

    @contextmanager
    def _watched(self) -> Generator[None]:
        watch = threading.Timer(self.timeout_seconds, self._connection.interrupt)
        watch.daemon = True
        watch.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise EngineError(Problem("query_timeout", {"seconds": self.timeout_seconds})) from error
        except duckdb.Error as error:
            reason = _first_line(error)
            code = "table_missing" if "Table with name" in reason else "query_failed"
            raise EngineError(Problem(code, {"reason": reason})) from error
        finally:
            watch.cancel()


def _column_type(kind: str) -> ColumnType:
    if kind in _TYPES:
        return _TYPES[kind]
    if kind.removeprefix("U") in _INTEGERS:
        return ColumnType.INT
    if kind.startswith("DECIMAL"):
        return ColumnType.DECIMAL
    return ColumnType.TIMESTAMP if kind.startswith("TIMESTAMP") else ColumnType.OTHER


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().split("\n", 1)[0]


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
