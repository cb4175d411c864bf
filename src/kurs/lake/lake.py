"""Tables under ``.kurs/lake``: one Delta table each, one commit a load, read from a snapshot's own files.

A reader takes the list of files of one version and reads those: a writer adds files and never changes
one, so that neither waits for the other. Files go when no needed version has them (``upkeep``).
"""

from __future__ import annotations

import json
import random
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.lake.record import LoadRecord, Totals, covered_by
from kurs.model.coverage import RelationFacts, merged
from kurs.model.days import Days
from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from arro3.core.types import ArrowStreamExportable
    from deltalake import DeltaTable

    from kurs.model.window import Window

RECORD = "kurs"  # the key of our record among the commit's metadata
FORGOT = "kurs_forgot"  # that of a commit which took a person out
NO_LOAD = ""
ROW_COLUMNS = ("_source", "_account", "_load", "_file")  # every row carries them

# The log is the history of the loads: neither a checkpoint nor an age may remove a part of it.
_CONFIGURATION = {
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.checkpointInterval": "20",
}
_OF_DELTA = {
    "string": "text",
    "long": "int",
    "double": "float",
    "boolean": "bool",
    "timestamp_ntz": "timestamp",
    "timestamp": "timestamptz",
}
_SAME_ROWS = ("OPTIMIZE", "VACUUM START", "VACUUM END")  # operations that only tidy files up
_ROW_GROUP = 122_880  # rows that the writer holds in memory at least; as many as DuckDB takes at once
_FILE_SIZE = 18 << 20  # a replaced window rewrites every file that holds one of its rows
_ATTEMPTS = 30
_SUMMED = {ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows a load replaces.

    ``days`` None: the source's whole content. ``account`` None: whatever the account. ``alone`` says that
    the table may take the load's columns as they are, if no other source has rows in it.
    """

    source: str
    account: str | None = None
    window: Window | None = None
    days: tuple[Days, ...] | None = None
    alone: bool = False

    def condition(self) -> str:
        """Return SQL that is true for the replaced rows, for DuckDB and Delta alike."""
        parts = [f'"_source" = {_literal(self.source)}']
        if self.account is not None:
            parts.append(f'"_account" = {_literal(self.account)}')
        if self.days is not None:
            # Days without a window to find them by: none may be lost for want of one.
            parts.append("FALSE" if self.window is None else self.window.holds(self.days))
        return " AND ".join(parts)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One version of a table. ``files`` are absolute paths; ``types`` are those of its columns.

    ``changes`` are the commits that changed its rows, by version, None for one that is not a load.
    """

    table: str
    id: str
    version: int
    files: tuple[str, ...]
    types: Mapping[str, DataType]
    changes: tuple[tuple[int, LoadRecord | None], ...]

    @property
    def data_version(self) -> int:
        """The version in which the rows were last changed: later ones only merged files."""
        return self.changes[-1][0] if self.changes else self.version

    @property
    def loads(self) -> tuple[LoadRecord, ...]:
        """What the loads of the table did, the oldest first."""
        return tuple(load for _, load in self.changes if load is not None)

    @property
    def columns(self) -> dict[str, ColumnType]:
        """The columns of the rows by name, with those that are known but have had no value yet, as text."""
        named = {name: data.kind for name, data in self.types.items() if name not in ROW_COLUMNS}
        return {**named, **dict.fromkeys(self._empty(), ColumnType.TEXT)}

    def facts(self) -> RelationFacts:
        """Return what is known of the rows before a question is asked."""
        return RelationFacts(self.columns, covered_by(self.loads), f"{self.id}:{self.data_version}")

    def changed_since(self, version: str) -> tuple[Days, ...] | None:
        """Return the days whose rows were replaced since ``version`` of ``facts``, widened by a day.

        The days of a window may be those of another clock than the project's. None where that is not known.
        """
        of, _, number = version.partition(":")
        if of != self.id or not number.isdigit() or int(number) > self.data_version:
            return None
        later = [change for at, change in self.changes if at > int(number)]
        if any(change is None or change.replaced is None for change in later):
            return None
        day = timedelta(days=1)
        stretches = [days for change in later if change is not None for days in change.replaced or ()]
        return merged(Days(days.first - day, days.last + day) for days in stretches)

    def sql(self) -> str:
        """Return a SELECT for DuckDB over the snapshot's files, whole also where a file lacks a column."""
        known = [(name, data) for name, data in self.types.items() if data.kind is not ColumnType.OTHER]
        columns = ", ".join(f'CAST(NULL AS {_sql_type(data)}) AS "{name}"' for name, data in known)
        empty = "".join(f', CAST(NULL AS VARCHAR) AS "{name}"' for name in self._empty())
        shape = f"SELECT {columns} WHERE FALSE"
        if self.files:
            paths = ", ".join(_literal(path) for path in self.files)
            shape += f" UNION ALL BY NAME SELECT * FROM read_parquet([{paths}], union_by_name = true)"
        return f"SELECT *{empty} FROM ({shape})"

    def rows_sql(self) -> str:
        """Return a SELECT for DuckDB of how many rows there are, by what the files say of themselves."""
        if not self.files:
            return "SELECT 0"
        paths = ", ".join(_literal(path) for path in self.files)
        return f"SELECT CAST(sum(num_rows) AS BIGINT) FROM parquet_file_metadata([{paths}])"

    def ends_sql(self, column: str) -> str | None:
        """Return a SELECT for DuckDB of the least and the greatest value of a time, by what the files say.

        Both are null where a file does not say it. None where the column is no time.
        """
        kind = self.types[column].kind if column in self.types else None
        if not self.files or kind not in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ):
            return None
        paths = ", ".join(_literal(path) for path in self.files)
        of = _sql_type(self.types[column])
        least, greatest = (f"TRY_CAST(stats_{end}_value AS {of})" for end in ("min", "max"))
        # A block of which nobody knows the ends, but that it has no value at all, may have rows anywhere.
        said = f"bool_and(({least} <= {greatest} OR stats_null_count = num_values) IS TRUE)"
        return (
            f'SELECT CASE WHEN {said} THEN UNNEST([min({least}), max({greatest})]) END AS "{column}"'
            f" FROM parquet_metadata([{paths}]) WHERE path_in_schema = {_literal(column)}"
        )

    def totals(self, condition: str, summed: Iterable[str] = ()) -> Totals:
        """Count the rows for which ``condition`` is true, and sum those of ``summed`` that are numeric."""
        import duckdb

        names = [name for name in summed if name in self.types and self.types[name].kind in _SUMMED]
        sums = "".join(f', sum("{name}")' for name in names)
        with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            (row,) = connection.execute(
                f"SELECT count(*){sums} FROM ({self.sql()}) WHERE {condition}"
            ).fetchall()
        return Totals(
            row[0], {name: value for name, value in zip(names, row[1:], strict=True) if value is not None}
        )

    def _empty(self) -> list[str]:
        return [
            name
            for name in dict.fromkeys(n for load in self.loads for n in load.empty)
            if name not in self.types
        ]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows for the lake: their types, ``ROW_COLUMNS`` among them, and a stream that can be had again."""

    types: Mapping[str, DataType]
    stream: Callable[[], ArrowStreamExportable]


@dataclass(frozen=True, slots=True)
class Lake:
    """All tables below ``root``, which is a project's ``.kurs/lake``. Nothing is cached."""

    root: Path

    def tables(self) -> tuple[str, ...]:
        """Name the tables that exist, in alphabetical order."""
        return tuple(
            sorted(log.parent.name for log in self.root.glob("*/_delta_log") if any(log.glob("*.json")))
        )

    def open(self, table: str, version: int | None = None) -> Snapshot | None:
        """Take the newest version of a table, or a named one; None where there is none yet.

        Raises SourceError ``version_gone`` for one that upkeep has removed, or that never was.
        """
        delta = self._delta(table)
        if delta is None or version is None:
            return None if delta is None else _snapshot(table, delta)
        found = None
        if 0 <= version <= delta.version():
            delta.load_as_version(version)
            found = _snapshot(table, delta)
        if found is None or not all(Path(file).exists() for file in found.files):
            raise SourceError(Problem("version_gone", {"table": table, "version": version}))
        return found

    def version_at(self, table: str, moment: datetime) -> int | None:
        """Return the version that was the newest at a moment; None before the first."""
        from kurs.lake.log import read_log

        return read_log(self.root / table).at(moment) if table in self.tables() else None

    def facts(self, table: str) -> RelationFacts:
        """Return what is known of a table before a question is asked; empty facts where there is none."""
        snapshot = self.open(table)
        return RelationFacts() if snapshot is None else snapshot.facts()

    def replace(
        self, table: str, rows: Rows, scope: Scope, record: LoadRecord, onto: str | None = None
    ) -> tuple[int, LoadRecord]:
        """Put ``rows`` in the place of those in ``scope``, in one commit that also holds ``record``.

        Another writer may commit in between: then all is done again over what it left. Returns the
        version and the record with its ``before``. Raises SourceError: ``type_changed_meanwhile``
        when a column has another type by now, ``lake_busy`` when other writers were faster each time or when
        the last load of this source is not the one that ``onto`` names, where the rows were made for it
        (``NO_LOAD``: for a table without any); ``lake_not_written`` when the disk or the rows refuse.
        """
        from deltalake.exceptions import CommitFailedError, DeltaError

        for attempt in range(_ATTEMPTS):
            delta = self._delta(table)
            snapshot = None if delta is None else _snapshot(table, delta)
            if onto is not None and onto != last_load(snapshot, record.source):
                break
            before = Totals() if snapshot is None else snapshot.totals(scope.condition(), record.after.sums)
            complete = replace(record, before=before)
            try:
                self._commit(table, delta, snapshot, rows, scope, complete)
            except CommitFailedError:
                time.sleep(random.uniform(0.01, 0.05 * (attempt + 1)))
                continue
            except (DeltaError, OSError) as error:
                values = {"table": table, "source": record.source, "reason": str(error).partition("\n")[0]}
                raise SourceError(Problem("lake_not_written", values)) from error
            return self._version_of(table, record.load), complete
        raise SourceError(Problem("lake_busy", {"table": table, "source": record.source}))

    def _commit(
        self,
        table: str,
        delta: DeltaTable | None,
        snapshot: Snapshot | None,
        rows: Rows,
        scope: Scope,
        record: LoadRecord,
    ) -> None:
        from deltalake import CommitProperties, PostCommitHookProperties, WriterProperties, write_deltalake

        others = snapshot is not None and any(load.source != scope.source for load in snapshot.loads)
        fresh = scope.alone and not others
        if snapshot is not None and not fresh:
            _same_types(snapshot, rows.types, record.source)
        if delta is None:
            (self.root / table).mkdir(parents=True, exist_ok=True)
        write_deltalake(
            self.root / table if delta is None else delta,
            rows.stream(),
            mode="overwrite",
            predicate=None if fresh else scope.condition(),
            schema_mode="overwrite" if fresh else "merge",
            target_file_size=_FILE_SIZE,
            configuration=_CONFIGURATION,
            writer_properties=WriterProperties(max_row_group_size=_ROW_GROUP),
            # Our own loop repeats the whole load: ``before`` must speak of the version it follows.
            commit_properties=CommitProperties({RECORD: record.to_json()}, max_commit_retries=0),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
        )

    def _delta(self, table: str) -> DeltaTable | None:
        from deltalake import DeltaTable
        from deltalake.exceptions import TableNotFoundError

        try:
            return DeltaTable(self.root / table)
        except TableNotFoundError:
            return None

    def _version_of(self, table: str, load: str) -> int:
        delta = self._delta(table)
        assert delta is not None
        loads = (entry for entry in delta.history() if RECORD in entry)
        return next(entry["version"] for entry in loads if _record(entry).load == load)


def _snapshot(table: str, delta: DeltaTable) -> Snapshot:
    version = delta.version()
    history = sorted((e for e in delta.history() if e["version"] <= version), key=lambda e: e["version"])
    fields: list[dict[str, str]] = json.loads(delta.schema().to_json())["fields"]
    return Snapshot(
        table=table,
        id=str(delta.metadata().id),
        version=version,
        files=tuple(delta.file_uris()),
        types={field["name"]: _data_type(field["type"]) for field in fields},
        changes=tuple(
            (entry["version"], _record(entry) if RECORD in entry else None)
            for entry in history
            if entry["operation"] not in _SAME_ROWS
        ),
    )


def last_load(snapshot: Snapshot | None, source: str) -> str:
    """Return the id of the last load of a source, or ``NO_LOAD``."""
    loads = () if snapshot is None else reversed(snapshot.loads)
    return next((record.load for record in loads if record.source == source), NO_LOAD)


def _record(entry: Mapping[str, str]) -> LoadRecord:
    return LoadRecord.from_json(entry[RECORD])


def _same_types(snapshot: Snapshot, now: Mapping[str, DataType], source: str) -> None:
    """Delta would cast in silence: refuse instead. Sources have cast to the known types already."""
    problems = [
        Problem(
            "type_changed_meanwhile",
            {"column": name, "was": str(was), "now": str(now[name]), "source": source},
        )
        for name, was in snapshot.types.items()
        if name in now and now[name] != was
    ]
    if problems:
        raise SourceError(*problems)


def _data_type(delta: str) -> DataType:
    return DataType.parse(_OF_DELTA.get(delta, delta)) or DataType(ColumnType.OTHER)


def _sql_type(data: DataType) -> str:
    plain = {
        ColumnType.TEXT: "VARCHAR",
        ColumnType.INT: "BIGINT",
        ColumnType.FLOAT: "DOUBLE",
        ColumnType.BOOL: "BOOLEAN",
        ColumnType.DATE: "DATE",
        ColumnType.TIMESTAMP: "TIMESTAMP",
        ColumnType.TIMESTAMPTZ: "TIMESTAMP WITH TIME ZONE",
    }
    return plain.get(data.kind, str(data).upper())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
