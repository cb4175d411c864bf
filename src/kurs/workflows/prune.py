"""Sources that left the plan: their rows stay in the lake, and count, until they are pruned."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kurs.problems import Problem, Severity, closest
from kurs.workflows.loaded import Loaded

if TYPE_CHECKING:
    from kurs.lake.lake import Lake, Snapshot
    from kurs.model.project import Project


def gone_sources(project: Project, lake: Lake) -> tuple[tuple[str, str], ...]:
    """Return (source, table) of rows in the lake that no source of the plan brings there."""
    found: list[tuple[str, str]] = []
    for table in lake.tables():
        snapshot = lake.open(table)
        for name in _sources(snapshot):
            source = project.sources.get(name)
            if source is None or source.into != table:
                found.append((name, table))
    return tuple(found)


def gone_warnings(project: Project, lake: Lake) -> tuple[Problem, ...]:
    """Say of each source that left the plan that its rows still count."""
    return tuple(
        Problem(
            "source_gone",
            {"source": name, "table": table, "suggestion": closest(name, project.sources)},
            Severity.WARNING,
        )
        for name, table in gone_sources(project, lake)
    )


def prune(project: Project, lake: Lake) -> tuple[Loaded, ...]:
    """Remove the rows of sources that left the plan, each in one commit. Raises SourceError."""
    return tuple(_prune(lake, name, table) for name, table in gone_sources(project, lake))


def _prune(lake: Lake, source: str, table: str) -> Loaded:
    import duckdb

    from kurs.lake.lake import Rows, Scope
    from kurs.lake.record import LoadRecord, Totals

    began = time.monotonic()
    snapshot = lake.open(table)
    assert snapshot is not None
    last = next(record for record in reversed(snapshot.loads) if record.source == source)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    after = Totals(0, dict.fromkeys(last.after.sums, 0))
    record = LoadRecord(uuid.uuid4().hex, source, last.account, at, last.profile, after=after)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        names = ", ".join(f'"{name}"' for name in snapshot.types)
        nothing = connection.sql(f"SELECT {names} FROM ({snapshot.sql()}) WHERE FALSE")
        version, record = lake.replace(table, Rows(snapshot.types, lambda: nothing), Scope(source), record)
    return Loaded(
        source=source,
        table=table,
        files=(),
        skipped_files=(),
        rows_read=0,
        rows_loaded=0,
        rows_rejected=0,
        window=None,
        before=record.before,
        after=Totals(),
        version=version,
        seconds=time.monotonic() - began,
    )


def _sources(snapshot: Snapshot | None) -> list[str]:
    """Name the sources whose last load left rows."""
    last = {record.source: record for record in (() if snapshot is None else snapshot.loads)}
    return [name for name, record in last.items() if not record.is_pruned]
