"""Questions that were asked before: their statement, columns and warnings; the plan is not read again.

A page speaks for all that the answer depends on: the plan's files, kurs itself, what the lake holds, the
question; the zones' clocks and the day of today are looked at when it is found. The rows are counted anew.
Nothing here imports what reads a plan or writes SQL: that is what a page saves.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import TZPATH

from kurs import __version__
from kurs.lake.hits import count_hit
from kurs.lake.questions import Questions
from kurs.lake.state import ROLLUPS, state
from kurs.metrics.query import Answer
from kurs.model.events import Calendar
from kurs.model.metric import Metric
from kurs.model.project import Project
from kurs.problems import EngineError
from kurs.project import plan_files
from kurs.workflows.clock import today_in
from kurs.workflows.written import NotWritableError, as_it_was, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kurs.metrics.question import Question
    from kurs.workflows.opening import Opened

_LAKE = "duckdb"  # the engine whose data we know the version of


@dataclass(frozen=True, slots=True)
class Wish:
    """A question as it was typed, in a project's folder; one end of its days may be left open."""

    folder: Path
    question: Question
    first: date | None = None
    last: date | None = None
    as_of: date | None = None

    def key(self) -> str:
        """Return a word for the wish and all on which its answer depends, but the clocks."""
        files, problems = plan_files(self.folder)
        asked = (self.question, self.first, self.last, self.as_of)
        parts = (str(self.folder), _of_kurs(), state(_lake(self.folder)), repr(asked), repr(problems))
        texts = (text for file in files for text in (file.name, file.original))
        lengths_and_parts = (f"{len(part)} {part}" for part in (*parts, *texts))
        return sha256("".join(lengths_and_parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer, the question as it was understood, and what of the plan is needed to show them.

    ``plan_warnings`` is how many the plan itself has.
    """

    answer: Answer
    question: Question
    project: Project
    plan_warnings: int


def questions_of(folder: Path) -> Questions:
    """Return the pages of a project's folder."""
    return Questions(folder / ".kurs" / "questions")


def _lake(folder: Path) -> Path:
    return folder / ".kurs" / "lake"


def recall(wish: Wish, key: str) -> Said | None:
    """Answer a wish by the page of an earlier one; None where there is none that still holds."""
    pages = questions_of(wish.folder)
    page = pages.find(key)
    if page is None:
        return None
    try:
        said = _answered(wish, page) if _clocks(page["zones"]) == page["zones"] else None
    except (EngineError, OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None  # a part of a rollup is gone, or it is no page of ours
    if said is not None:
        pages.count_hit(key)
    return said


def remember(wish: Wish, key: str, opened: Opened, said: Said) -> None:
    """Keep what ``recall`` needs, if the data's versions are known and nothing has changed since ``key``."""
    rollups = said.answer.rollups
    used = [(name, kept) for name in rollups if (kept := opened.rollups.kept(name)) is not None]
    of_lake = opened.project.settings.engine == _LAKE
    if not of_lake or len(used) < len(rollups) or wish.key() != key:
        return
    selects = {name: snapshot.sql() for name, snapshot in opened.rollups.snapshots.items()}
    selects |= {relation: kept.sql() for relation, kept in used}
    try:
        page = {
            "sql": said.answer.sql,
            "relations": _named_in(said.answer.sql, selects),
            "rollups": {relation: kept.folder.name for relation, kept in used},
            "columns": written(said.answer.columns),
            "complete_to": written(said.answer.complete_to),
            "warnings": written(said.answer.warnings),
            "question": written(said.question),
            "project": written(_shown_part(said.project, said.question)),
            "plan_warnings": said.plan_warnings,
            "zones": _clocks(_zones(opened.project)),
            "day": opened.as_of.isoformat(),
            "is_today": wish.as_of is None and opened.project.settings.as_of is None,
        }
    except NotWritableError:
        return
    questions_of(wish.folder).keep(key, page)


def _answered(wish: Wish, page: Mapping[str, Any]) -> Said | None:
    from kurs.engines.duckdb import DuckEngine

    project: Project = replace(as_it_was(page["project"]), folder=wish.folder)
    if page["is_today"] and today_in(project.settings.timezone).isoformat() != page["day"]:
        return None
    columns, complete_to = as_it_was(page["columns"]), as_it_was(page["complete_to"])
    lake = _lake(wish.folder)
    with DuckEngine({}, lake) as engine:
        for name, select in page["relations"].items():
            engine.show(name, select)
        rows = engine.run(page["sql"])
    for name in page["rollups"].values():
        count_hit(lake / ROLLUPS / Path(name).name)
    warnings, rollups = as_it_was(page["warnings"]), tuple(page["rollups"])
    answer = Answer(columns, rows, complete_to, warnings, page["sql"], rollups)
    return Said(answer, as_it_was(page["question"]), project, page["plan_warnings"])


def _named_in(sql: str, selects: Mapping[str, str]) -> dict[str, str]:
    """Keep the relations that a statement may read: those whose name is a word of it, in any case."""
    words = set(re.findall(r"\w+", sql.casefold()))
    return {
        name: select
        for name, select in selects.items()
        if words.issuperset(re.findall(r"\w+", name.casefold()))
    }


def _shown_part(project: Project, question: Question) -> Project:
    """Return what a reader sees of a plan: its settings and periods, and how asked metrics are shown."""
    bare = {
        key: Metric(key, "", unit=metric.unit, good=metric.good, label=metric.label)
        for key, metric in project.metrics.items()
        if any(asked.metric == key for asked in question.metrics)
    }
    return Project(
        folder=project.folder,
        settings=project.settings,
        tables={},
        metrics=bare,
        people={},
        strategy={},
        goals={},
        segments={},
        sources={},
        actions={},
        kpis={},
        calendar=Calendar(periods=project.calendar.periods),
    )


def _zones(project: Project) -> Iterable[str]:
    zones = [project.settings.timezone, *(table.timezone for table in project.tables.values())]
    zones += [source.account.timezone for source in project.sources.values()]
    return dict.fromkeys(zone for zone in zones if zone is not None)


def _clocks(zones: Iterable[str]) -> dict[str, str]:
    """Return a word for the rules of each zone: a government may change them, and an update brings it."""
    return {zone: sha256(_rules(zone)).hexdigest() for zone in zones}


def _rules(zone: str) -> bytes:
    for place in TZPATH:
        file = Path(place, zone)
        if file.is_file():
            return file.read_bytes()
    from importlib import resources

    return resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")).read_bytes()


def _of_kurs() -> str:
    """Return a word for the program itself: in a checkout, files change under the same version."""
    newest, count = 0, 0
    for place, _, names in os.walk(Path(__file__).parents[1]):
        for name in names:
            if name.endswith((".py", ".yaml")):
                newest, count = max(newest, Path(place, name).stat().st_mtime_ns), count + 1
    return f"{__version__} {newest} {count} {version('sqlglot')}"
