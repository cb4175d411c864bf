"""A folder of YAML files -> the linked plan, its marks, and everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.problems import Place, Problem, errors
from kurs.project import link
from kurs.project.compose import compose
from kurs.project.draft import Draft, in_order
from kurs.project.files import PLAN, plan_files
from kurs.project.marks import Marks
from kurs.project.merge import merge
from kurs.project.nodes import Fields, Node, Scalar
from kurs.project.read_calendar import read_calendar
from kurs.project.read_fx import read_fx
from kurs.project.read_kpis import read_kpi
from kurs.project.read_people import read_action, read_goal, read_person, read_strategy
from kurs.project.read_settings import read_settings
from kurs.project.read_sources import named_like_types, read_source
from kurs.project.read_tables import read_metric, read_segment, read_table, with_inherited
from kurs.project.report import Report
from kurs.project.section import Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kurs.model.fx import Fx
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric

_T = TypeVar("_T")


def read_plan(folder: Path, texts: Mapping[str, str] | None = None) -> Draft:
    """Read the plan in ``folder``; all problems are collected, in the order of the files.

    ``texts`` are read instead of what stands in the files of these names.
    """
    files, problems = plan_files(folder, texts)
    composed = [compose(file) for file in files]
    problems += [problem for one in composed for problem in one.problems]
    tree, misfits = merge(composed)
    problems += misfits
    is_whole = not errors(problem for problem in problems if problem.code in _UNREAD) and all(
        one.is_whole for one in composed
    )
    report = Report(folder=folder)
    reader = _Reader(report, tree, folder)
    project = reader.project(is_whole=is_whole)
    problems += report.problems
    names = tuple(file.name for file in files)
    whole = project if is_whole else None
    return Draft(whole, Marks(tree), in_order(problems, names), names, tuple(report.beside))


# Where one of these stands, what other files say may refer to names that nobody has read.
_UNREAD = frozenset({"unreadable_file", "not_utf8", "too_large", "outside_project", "too_many_files"})


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the merged tree block by block."""

    report: Report
    tree: Fields
    folder: Path

    def project(self, *, is_whole: bool) -> Project:
        """Build the plan; names are looked up only when all files could be read."""
        settings = self.settings(is_whole=is_whole)
        block = self.tree.get("metrics")
        metrics = with_inherited(self.block("metrics", read_metric), block[1] if block else None)
        tables = self.block("tables", read_table)
        sources = self.block("sources", read_source)
        project = Project(
            folder=self.folder,
            settings=settings,
            tables=tables,
            metrics=metrics,
            people=self.block("people", read_person),
            strategy=self.block("strategy", read_strategy),
            goals=self.block("goals", read_goal),
            segments=self.block("segments", read_segment),
            sources={key: named_like_types(source, tables.values()) for key, source in sources.items()},
            actions=self.block("actions", read_action),
            calendar=self.calendar(),
            kpis=self.kpis(metrics),
            fx=self.fx(settings.currency),
        )
        if is_whole:
            link.check_names(self.report, self.known(project))
            link.check_joins(self.report, project)
            link.check_clashes(self.report, project, self.tree)
            link.check_relations(self.report, project, self.tree)
        return project

    def entries(self, block: str) -> tuple[tuple[Scalar, Node], ...]:
        """Return the names of a block and what stands below them."""
        entry = self.tree.get(block)
        return entry[1].entries if entry and isinstance(entry[1], Fields) else ()

    def block(self, block: str, one: Callable[[Report, Scalar, Node], _T | None]) -> dict[str, _T]:
        """Read every entry of a block; what makes no sense is left out and noted."""
        read = ((name.text, one(self.report, name, node)) for name, node in self.entries(block))
        return {name: value for name, value in read if value is not None}

    def section(self, block: str) -> Section | None:
        """Return a block that is itself one mapping of keys."""
        entry = self.tree.get(block)
        if entry is None or not isinstance(entry[1], Fields):
            return None
        return Section(self.report, entry[1], entry[0], block)

    def settings(self, *, is_whole: bool) -> Settings:
        section = self.section("project")
        if section is not None:
            return read_settings(section)
        if is_whole:
            place = Place(PLAN, 1)
            self.report.problems.append(
                Problem("missing_key", {"key": "project", "section": PLAN}, place=place)
            )
        return Settings(self.folder.name)

    def calendar(self) -> Calendar:
        section = self.section("calendar")
        return Calendar() if section is None else read_calendar(section)

    def kpis(self, metrics: Mapping[str, Metric]) -> dict[str, Kpi]:
        read: dict[str, Kpi] = {}
        for name, node in self.entries("kpis"):
            self.report.kpi = name.text
            if (kpi := read_kpi(self.report, name, node, metrics)) is not None:
                read[name.text] = kpi
        self.report.kpi = None
        return read

    def fx(self, home: str | None) -> Fx | None:
        entry = self.tree.get("fx")
        return None if entry is None else read_fx(self.report, *entry, home)

    def known(self, project: Project) -> dict[str, tuple[str, ...]]:
        """Return the names that the plan defines, whether or not they could be read in full."""
        blocks = {
            "metric": "metrics",
            "table": "tables",
            "strategy": "strategy",
            "goal": "goals",
            "segment": "segments",
            "person": "people",
            "action": "actions",
        }
        known = {kind: tuple(name.text for name, _ in self.entries(block)) for kind, block in blocks.items()}
        grains = tuple(dict.fromkeys((*project.reckoning.grains, *self.named_in_calendar("periods"))))
        return {**known, "event": self.named_in_calendar("events"), "grain": grains}

    def named_in_calendar(self, key: str) -> tuple[str, ...]:
        """Return the names below a key of the calendar."""
        section = self.section("calendar")
        entry = section.node.get(key) if section else None
        names = entry[1].entries if entry and isinstance(entry[1], Fields) else ()
        return tuple(name.text for name, _ in names)
