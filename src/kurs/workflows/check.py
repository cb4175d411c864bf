"""Check a plan: its text, its names, its expressions against the data, all problems at once; and audit it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.coverage import RelationFacts
from kurs.model.table import ColumnType
from kurs.problems import EngineError, KursError, Problem, Severity, closest, errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from kurs.audit.audit import Audit
    from kurs.model.project import Project
    from kurs.project import Draft, Marks
    from kurs.workflows.opening import Opened


_OF_PARTS = ("members_do_not_add_up", "member_without_rows")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; ``project`` is None when the plan could not be read as one.
    ``marks`` say where its parts stand.

    ``unloaded`` are the tables of which only the sources' headers are known, or nothing. ``audit`` is None
    where the plan has errors: what it means is not known then.
    """

    project: Project | None
    problems: tuple[Problem, ...]
    marks: Marks
    unloaded: tuple[str, ...] = ()
    audit: Audit | None = None

    @property
    def passed(self) -> bool:
        """Say whether nothing found is an error."""
        return not errors(self.problems)


def check(folder: Path, as_of: date | None = None) -> Checked:
    """Check the plan in ``folder``. Before the first load, columns are those of the sources.

    Raises ProjectError when there is no plan, SourceError and EngineError when data cannot be read.
    """
    from kurs.project import read

    return check_draft(read(folder), as_of)


def check_draft(draft: Draft, as_of: date | None = None) -> Checked:
    """Check a plan that has been read. Raises SourceError and EngineError when data cannot be read."""
    from kurs.metrics.check import check_plan
    from kurs.workflows.audit import audit
    from kurs.workflows.opening import open_draft

    if draft.project is None:
        return Checked(None, draft.problems, draft.marks)
    found: list[Problem] = []
    facts: Mapping[str, RelationFacts] = {}
    unloaded: tuple[str, ...] = ()
    if not errors(draft.problems):
        facts = _loaded_facts(draft.project)
        unloaded = tuple(key for key, known in facts.items() if not known.columns)
        facts = {**facts, **_from_headers(draft.project, unloaded, found)}
        found += _personal(draft.project)
    problems = draft.with_found([*found, *check_plan(draft.project, facts)])
    if errors(problems):
        return Checked(draft.project, problems, draft.marks, unloaded)
    with open_draft(draft, as_of) as opened:
        problems = (*problems, *_against_data(opened, draft.marks))
        judged = audit(opened) if not errors(problems) else None
    return Checked(draft.project, problems, draft.marks, unloaded, judged)


def _loaded_facts(project: Project) -> Mapping[str, RelationFacts]:
    from kurs.workflows.opening import facts_of, open_engine, snapshots_of

    snapshots = snapshots_of(project)
    with open_engine(project, snapshots) as engine:
        return facts_of(project, engine, snapshots)


def _from_headers(
    project: Project, unloaded: tuple[str, ...], problems: list[Problem]
) -> dict[str, RelationFacts]:
    """Return what the sources say of tables that are not loaded: stated columns and the files' headers."""
    from kurs.sources.headers import headers

    facts: dict[str, RelationFacts] = {}
    for table in (project.tables[key] for key in unloaded):
        relation = None if table.sql is not None else table.relation or table.key
        columns: dict[str, ColumnType] = {}
        for source in (source for source in project.sources.values() if source.into == relation):
            if source.database is not None:
                columns = {}  # nobody knows them yet, so those of its neighbours are not all
                break
            try:
                found = headers(source, project.folder)
            except KursError as error:
                problems += (replace(one, severity=_severity(one, project.folder)) for one in error.problems)
                continue
            columns |= {name: kind or ColumnType.OTHER for name, kind in found.items()}
        facts[table.key] = RelationFacts(columns)
    return facts


def _severity(problem: Problem, folder: Path) -> Severity:
    """Say how bad it is that headers cannot be read: without the folder of the files nobody erred.

    So it is where a plan is checked without its data, as in the CI of its repository.
    """
    pattern = str(problem.values.get("files", ""))
    if problem.code != "source_file_missing" or "/" not in pattern:
        return Severity.WARNING
    first = pattern.partition("/")[0]
    there = set("*?[") & set(first) or (folder / first).exists()
    return Severity.WARNING if there else Severity.INFO


def _personal(project: Project) -> Iterator[Problem]:
    """Warn of columns with personal data of which the plan does not say what becomes of them."""
    import duckdb

    from kurs.sources.headers import headers
    from kurs.sources.undecided import undecided
    from kurs.workflows.opening import open_lake

    lake = open_lake(project)
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        for source in project.sources.values():
            snapshot = lake.open(source.into)
            if snapshot is not None and any(load.source == source.key for load in snapshot.loads):
                there = {name: (name, kind) for name, kind in snapshot.columns.items()}
                own = f"(SELECT * FROM ({snapshot.sql()}) WHERE _source = '{source.key}')"
                yield from undecided(source, there, connection, own)
                continue
            with suppress(KursError):  # what is wrong with the file is said elsewhere
                found = headers(source, project.folder)
                yield from undecided(source, {name: (name, kind) for name, kind in found.items()})


def _against_data(opened: Opened, marks: Marks) -> Iterator[Problem]:
    """Let the engine read every metric's statement, and look for keys that are not unique."""
    from kurs.metrics.question import Asked, Question
    from kurs.workflows.measure import prepare, refuse_fan_out
    from kurs.workflows.opening import open_lake
    from kurs.workflows.prune import gone_warnings

    yield from _unknown_holidays(opened, marks)
    yield from gone_warnings(opened.project, open_lake(opened.project))
    for key in opened.project.metrics:
        if not _loaded(opened, key):
            continue
        try:
            opened.engine.explain(prepare(opened, Question((Asked(key),))).sql)
        except EngineError as error:
            path = ("metrics", key, "expr")
            yield from (marks.locate(replace(problem, path=path)) for problem in error.problems)
    yield from _guarded(opened)
    yield from _parts(opened, marks)
    for table in opened.project.tables.values():
        for join in table.joins:
            loaded = opened.facts[join.table].columns and opened.facts[table.key].columns
            if loaded and not opened.project.tables[join.table].has_history:
                try:
                    refuse_fan_out(opened, table.key, join.table)
                except KursError as error:
                    yield from error.problems


def _guarded(opened: Opened) -> Iterator[Problem]:
    """Look at tables whose rows have versions, and at the rates."""
    from kurs.metrics.guards import guards_of_rates, guards_of_tables
    from kurs.metrics.reach import Map
    from kurs.workflows.measure import refuse

    world, fx = Map(opened.project, opened.facts), opened.project.fx
    loaded = [key for key, known in opened.facts.items() if known.columns]
    guards = guards_of_tables(world, loaded, opened.as_of)
    guards += guards_of_rates(world) if fx is not None and fx.table in loaded else []
    try:
        refuse(opened, guards)
    except KursError as error:
        yield from error.problems


def _unknown_holidays(opened: Opened, marks: Marks) -> Iterator[Problem]:
    """Say of which countries, or parts of them, no public holidays are known."""
    from kurs.model.holidays import knows, parts_of

    for place, country in enumerate(opened.project.calendar.countries):
        if not knows(country):
            values = {"country": country, "suggestion": closest(country, parts_of(country))}
            path = ("calendar", "countries", place)
            yield marks.locate(Problem("no_holidays", values, Severity.WARNING, path=path))


def _parts(opened: Opened, marks: Marks) -> Iterator[Problem]:
    """Hold targets of members against their whole, and their names against the data."""
    from kurs.model.target import Target
    from kurs.workflows.measure import readings

    kpis = opened.project.kpis.values()
    keys = [kpi.key for kpi in kpis if isinstance(kpi.target, Target) and kpi.target.dimensions]
    for reading in readings(opened, keys) if keys else ():
        path = ("kpis", reading.kpi.key, "target", "members")
        yield from (
            marks.locate(replace(caveat, path=path)) for caveat in reading.caveats if caveat.code in _OF_PARTS
        )


def _loaded(opened: Opened, metric: str) -> bool:
    from kurs.metrics.nature import metric_facts

    return metric_facts(opened.rollups.world, metric).loaded
