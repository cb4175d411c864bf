"""Snapshot: keep what was reported in the journal, and show again what was known on a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kurs.ledger.definition import definition, digest
from kurs.ledger.entry import Kind
from kurs.ledger.known import Known
from kurs.ledger.reported import Reported, reported
from kurs.problems import Problem, SourceError, UsageError
from kurs.workflows import decide, measure
from kurs.workflows.opening import open_lake, open_project

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kurs.evaluate.reading import Reading
    from kurs.model.project import Project
    from kurs.words import Language
    from kurs.workflows.opening import Opened


def snapshot(opened: Opened, by: str | None, language: Language) -> Reported:
    """Write what ``kurs status`` says now into the journal. Raises UsageError, EngineError."""
    from kurs.report.as_json import reading as as_plain

    project = opened.project
    decide.known_people(project, by)
    decided = decide.decided(opened)
    content: dict[str, object] = {
        "readings": [as_plain(one, language, decided) for one in measure.status(opened)],
        "definitions": _definitions(project),
        "versions": {name: of.version for name, of in opened.rollups.snapshots.items()},
    }
    entry = decide.record(project, opened.as_of, Kind.SNAPSHOT, content, by)
    kept = reported(entry)
    assert kept is not None
    return kept


def known_on(folder: Path, project: Project, day: date) -> Known:
    """Return what was known at the end of ``day``: as reported, and by the lake as it was then.

    Raises UsageError ``nothing_known`` where neither is kept.
    """
    kept = decide.standing(project, day).reported()
    again = _again(folder, project, kept, day)
    if kept is None and again is None:
        raise UsageError(Problem("nothing_known", {"day": day}))
    changed: frozenset[str] = frozenset()
    if kept is not None:
        now = _definitions(project.in_force(kept.day))
        changed = frozenset(key for key, one in kept.definitions.items() if now.get(key, one) != one)
    return Known(day, kept, again, changed)


def _definitions(project: Project) -> dict[str, str]:
    return {key: digest(definition(project, kpi)) for key, kpi in project.kpis.items()}


def _again(folder: Path, project: Project, kept: Reported | None, day: date) -> tuple[Reading, ...] | None:
    """Read the KPIs anew from the tables as they were; None where they are not kept."""
    versions = kept.versions if kept is not None else _versions_at(project, day)
    if not versions:
        return None
    try:
        with open_project(folder, kept.day if kept is not None else day, versions=versions) as opened:
            return measure.readings(opened)
    except SourceError:
        return None


def _versions_at(project: Project, day: date) -> dict[str, int]:
    """Return the versions that the lake's tables had at the end of ``day`` in the project's zone."""
    lake = open_lake(project)
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(project.settings.timezone))
    found = {name: lake.version_at(name, midnight.astimezone(UTC)) for name in lake.tables()}
    return {name: version for name, version in found.items() if version is not None}
