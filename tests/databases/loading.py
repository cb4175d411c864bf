"""A project over SHOP_DB, and what of it is in the lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.model.database import Database
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import Format, Source
from kurs.problems import Problem, SourceError
from kurs.workflows.load import Loaded, load
from kurs.workflows.opening import open_lake

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.lake.lake import Snapshot
    from kurs.model.days import Days


def orders(*, key: tuple[str, ...] = ("id",), window: str | None = None, **more: object) -> Source:
    """Make a source of the table ``orders``; ``more`` are values of its database or the source's own."""
    own = {name: more.pop(name) for name in ("columns", "account", "max_rejects") if name in more}
    said = {"url": "${SHOP_DB}", "table": "orders"} | more
    if said.get("query"):
        said["table"] = None
    own |= {"unique_key": key, "window": window, "format": Format(nulls=())}
    return Source("orders", "orders", **own, database=Database(**said))  # type: ignore[arg-type]


def project(folder: Path, *sources: Source, timezone: str = "Europe/Stockholm") -> Project:
    """Make a plan of sources alone."""
    named = {source.key: source for source in sources}
    names = ("tables", "metrics", "people", "strategy", "goals", "segments", "actions", "kpis")
    plain: dict[str, object] = {name: {} for name in names}
    settings = Settings("Test", timezone=timezone)
    return Project(folder=folder, settings=settings, sources=named, calendar=Calendar(), **plain)  # type: ignore[arg-type]


def one(folder: Path, source: Source, days: Days | None = None, *, full: bool = False) -> Loaded:
    """Load one source."""
    (loaded,) = load(project(folder, source), days=days, full=full)
    return loaded


def refused(folder: Path, source: Source, days: Days | None = None) -> Problem:
    """Return the one problem for which a source is not loaded."""
    with pytest.raises(SourceError) as failed:
        load(project(folder, source), days=days)
    assert failed.value.exit_code == 3
    (problem,) = failed.value.problems
    return problem


def snapshot(folder: Path, table: str = "orders") -> Snapshot:
    """Open the table in the lake."""
    found = open_lake(project(folder)).open(table)
    assert found is not None
    return found


def rows(folder: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask the lake; ``orders`` is the table."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(f"WITH orders AS ({snapshot(folder).sql()}) {sql}").fetchall()
