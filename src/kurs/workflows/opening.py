"""Open a project: read its plan, its lake and its engine, and say what is known of each table."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kurs.lake.rollups import Rollups
from kurs.lake.state import ROLLUPS
from kurs.metrics.reach import Map
from kurs.model.coverage import Covered, RelationFacts, merged
from kurs.model.days import Days
from kurs.model.table import ColumnType
from kurs.problems import EngineError, Severity
from kurs.workflows.clock import today_in
from kurs.workflows.rollups import MANY_ROWS, Shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from kurs.engines.duckdb import DuckEngine
    from kurs.lake.lake import Lake, Snapshot
    from kurs.ledger.standing import Standing
    from kurs.model.project import Project
    from kurs.model.table import Table
    from kurs.problems import Problem
    from kurs.project import Draft, Marks

_WAREHOUSE = "duckdb:///"
TIMEOUT_SECONDS = 600.0  # of one statement


@dataclass(frozen=True, slots=True)
class Opened:
    """A project that can be asked: use it as a context, it holds the engine open.

    ``facts`` are by table of the plan; ``warnings`` are what the plan's reading left to say; ``beside`` are
    files that were read with it. ``decisions`` keeps what ``decide.decided`` read of the journal.
    """

    project: Project
    marks: Marks
    warnings: tuple[Problem, ...]
    engine: DuckEngine
    facts: Mapping[str, RelationFacts]
    as_of: date
    rollups: Shelf
    beside: tuple[str, ...] = ()
    decisions: list[Standing] = field(default_factory=list["Standing"], compare=False, repr=False)

    @property
    def plan_warnings(self) -> int:
        """How many warnings the plan has."""
        return sum(problem.severity is Severity.WARNING for problem in self.warnings)

    def __enter__(self) -> Opened:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.engine.__exit__(kind, error, trace)

    def again(self) -> Opened:
        """Open the same plan over the same versions of the data once more, for another thread."""
        snapshots = self.rollups.snapshots
        engine = open_engine(self.project, snapshots, self.engine.timeout_seconds)
        shelf = Shelf(self.project, engine, self.rollups.world, snapshots, self.rollups.store)
        return replace(self, engine=engine, rollups=shelf)


def open_project(
    folder: Path,
    as_of: date | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    versions: Mapping[str, int] | None = None,
) -> Opened:
    """Open the project in ``folder`` as it would be at the end of ``as_of``, by the plan in force then.

    Without ``as_of`` the project's own, else today in its zone. With ``versions`` the lake has these tables
    in these versions and no others. Raises ProjectError with all problems of the plan, EngineError when the
    engine cannot be opened, SourceError ``version_gone`` for a version that is not kept.
    """
    from kurs.project import read

    return open_draft(read(folder), as_of, timeout_seconds, versions)


def open_draft(
    draft: Draft,
    as_of: date | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    versions: Mapping[str, int] | None = None,
) -> Opened:
    """Open a plan that has been read. Raises as ``open_project`` does."""
    plan = draft.required()
    day = day_of(plan, as_of)
    project = plan.in_force(day)
    snapshots = snapshots_of(project, versions)
    engine = open_engine(project, snapshots, timeout_seconds)
    facts = facts_of(project, engine, snapshots)
    rollups = Shelf(
        project,
        engine,
        Map(project, facts),
        snapshots,
        Rollups(open_lake(project).root / ROLLUPS),
        many_rows=MANY_ROWS if versions is None else sys.maxsize,  # kept rollups are of the newest versions
    )
    return Opened(project, draft.marks, draft.problems, engine, facts, day, rollups, draft.beside)


def day_of(project: Project, as_of: date | None = None) -> date:
    """Return the day at whose end the answers are given."""
    return as_of or project.settings.as_of or today_of(project)


def today_of(project: Project) -> date:
    """Return the day that it is in the project's zone."""
    return today_in(project.settings.timezone)


def open_lake(project: Project) -> Lake:
    """Return the project's lake."""
    from kurs.lake.lake import Lake

    return Lake(project.folder / ".kurs" / "lake")


def snapshots_of(project: Project, versions: Mapping[str, int] | None = None) -> dict[str, Snapshot]:
    """Take the newest version of every lake table, or those named: all that is asked speaks of these."""
    lake = open_lake(project)
    wanted = dict.fromkeys(lake.tables()) if versions is None else versions
    opened = {name: lake.open(name, version) for name, version in wanted.items()}
    return {name: snapshot for name, snapshot in opened.items() if snapshot is not None}


def open_engine(
    project: Project, snapshots: Mapping[str, Snapshot], timeout_seconds: float = TIMEOUT_SECONDS
) -> DuckEngine:
    """Open the plan's engine over lake tables; it breaks off what takes longer. Raises EngineError."""
    from kurs.engines.duckdb import DuckEngine

    tables = {name: snapshot.sql() for name, snapshot in snapshots.items()}
    engine = project.settings.engine
    warehouse = None
    if engine.startswith(_WAREHOUSE):
        warehouse = project.folder / engine.removeprefix(_WAREHOUSE)
    return DuckEngine(tables, open_lake(project).root, warehouse, timeout_seconds)


def facts_of(
    project: Project, engine: DuckEngine, snapshots: Mapping[str, Snapshot]
) -> dict[str, RelationFacts]:
    """Return what the lake and the engine know, by table of the plan; a missing one has no columns."""
    lake = {name: snapshot.facts() for name, snapshot in snapshots.items()}
    return {key: _facts(project, table, lake, engine) for key, table in project.tables.items()}


def relations_of(table: Table) -> tuple[str, ...]:
    """Return the relations that a table of the plan reads: its own, or those of its statement."""
    from sqlglot import exp

    from kurs.metrics.expression import parse_select

    if table.sql is None:
        return (table.relation or table.key,)
    return tuple(dict.fromkeys(found.name for found in parse_select(table.sql).find_all(exp.Table)))


def _facts(
    project: Project, table: Table, lake: Mapping[str, RelationFacts], engine: DuckEngine
) -> RelationFacts:
    from sqlglot import exp

    relations = relations_of(table)
    recorded = [lake[name] for name in relations if name in lake]
    source = (
        exp.to_table(relations[0]).sql("duckdb", identify=True) if table.sql is None else f"({table.sql})"
    )
    try:
        columns = engine.columns(source)
    except EngineError as error:
        if error.problems[0].code != "table_missing":
            raise
        return RelationFacts()
    covered = tuple(entry for known in recorded for entry in known.covered)
    if table.timezone is not None and columns.get(table.time or "") is ColumnType.TIMESTAMP:
        covered = tuple(_in_project_days(entry, table.timezone, project) for entry in covered)
    if table.time in columns and (not covered or _counted_by_another_clock(project, table)):
        covered = _reaching(covered, _bounds(project, table, columns, engine))
    version = " ".join(known.version for known in recorded)
    return RelationFacts(columns, covered, version)


def _counted_by_another_clock(project: Project, table: Table) -> bool:
    """Say whether loads counted their days by another column or zone than the table's own time."""
    return any(
        source.window != table.time or source.account.timezone not in (None, project.settings.timezone)
        for source in project.sources.values()
        if table.sql is not None or source.into == (table.relation or table.key)
    )


def _reaching(covered: tuple[Covered, ...], rows: tuple[Covered, ...]) -> tuple[Covered, ...]:
    """Let the coverage reach as far as the rows do: a load's last hour may be the next day's first."""
    if not covered or not rows:
        return covered or rows
    last = max(range(len(covered)), key=lambda place: covered[place].to)
    first = min(range(len(covered)), key=lambda place: covered[place].days[0].first)
    entries = list(covered)
    for place, day in ((first, rows[0].days[0].first), (last, rows[0].to)):
        days = entries[place].days
        known = (
            Days(min(days[0].first, day), days[0].last),
            *days[1:-1],
            Days(days[-1].first, max(days[-1].last, day)),
        )
        entries[place] = replace(entries[place], days=merged(known))
    return tuple(entries)


def _in_project_days(entry: Covered, zone: str, project: Project) -> Covered:
    """Turn days of a table's own clock, by which its files were counted, into days of the project."""
    from kurs.metrics.zones import midnight

    here = ZoneInfo(project.settings.timezone)

    def turned(days: Days) -> Days:
        first = midnight(days.first, zone)
        end = midnight(days.last + timedelta(days=1), zone) - timedelta(microseconds=1)
        return Days(first.astimezone(here).date(), end.astimezone(here).date())

    return replace(entry, days=merged(turned(days) for days in entry.days))


def _bounds(
    project: Project, table: Table, columns: Mapping[str, ColumnType], engine: DuckEngine
) -> tuple[Covered, ...]:
    """Where no load recorded its days, the table speaks from its first row's day to its last row's."""
    from kurs.metrics.extremes import first_and_last_day

    sql = first_and_last_day(project, table, columns)
    if sql is None:
        return ()
    first, last = engine.run(sql)[0]
    if not (isinstance(first, date) and isinstance(last, date)):
        return ()
    return (Covered(table.relation or table.key, "", (Days(first, last),)),)
