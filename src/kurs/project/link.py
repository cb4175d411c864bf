"""Looks up every name that the plan uses, and finds names that mean two things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.problems import Problem, Severity, closest
from kurs.project.names import ANSWER_ENDINGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.model.project import Project
    from kurs.project.nodes import Fields, Scalar
    from kurs.project.report import Report

_CODES = {
    "metric": "unknown_metric",
    "table": "unknown_table",
    "strategy": "unknown_strategy",
    "goal": "unknown_goal",
    "segment": "unknown_segment",
    "event": "unknown_event",
    "person": "unknown_person",
    "action": "unknown_action",
    "grain": "unknown_grain",
}


def check_names(report: Report, known: Mapping[str, Sequence[str]]) -> None:
    """Note every name that is used and not defined."""
    for reference in report.references:
        names = known.get(reference.kind)
        if names is None or reference.node.text in names:
            continue
        name = reference.node.text
        values = {"name": name, "suggestion": closest(name, names)}
        if reference.kind == "grain":
            values["grains"] = tuple(names)
        place = reference.node.spot.place
        report.problems.append(Problem(_CODES[reference.kind], values, place=place, kpi=reference.kpi))


def check_joins(report: Report, project: Project) -> None:
    """Note a join to a table that has no key: it could find many rows where one is meant."""
    for reference in report.references:
        table = project.tables.get(reference.node.text) if reference.kind == "joined" else None
        if table is not None and table.unique_key is None:
            report.error("join_without_key", reference.node, other=table.key, table=reference.user)


def check_clashes(report: Report, project: Project, tree: Fields) -> None:
    """Note a metric whose name a dimension or an answer's own column has."""
    dimensions = {
        dimension.name: table.key for table in project.tables.values() for dimension in table.dimensions
    }
    for name in _keys(tree, "metrics"):
        if name.text in dimensions:
            report.error("ambiguous_name", name, name=name.text, table=dimensions[name.text])
        stem, _, ending = name.text.rpartition("__")
        if ending in ANSWER_ENDINGS and stem in project.metrics:
            report.error("reserved_name", name, name=name.text)


def check_relations(report: Report, project: Project, tree: Fields) -> None:
    """Warn of a table of the lake into which no source of the plan loads."""
    loaded = {source.into for source in project.sources.values()}
    if project.settings.engine != "duckdb" or not loaded:
        return
    for name in _keys(tree, "tables"):
        table = project.tables.get(name.text)
        if table is None or table.relation is None or table.relation in loaded:
            continue
        values = {"table": table.key, "name": table.relation, "suggestion": closest(table.relation, loaded)}
        place = name.spot.place
        report.problems.append(Problem("unknown_source_table", values, Severity.WARNING, place))


def _keys(tree: Fields, block: str) -> list[Scalar]:
    from kurs.project.nodes import Fields

    entry = tree.get(block)
    return [name for name, _ in entry[1].entries] if entry and isinstance(entry[1], Fields) else []
