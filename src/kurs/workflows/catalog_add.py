"""Take a standard KPI into a plan: its metric over the project's own tables, and a draft of the KPI."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.problems import Problem, ProjectError, UsageError, closest, errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from kurs.model.standard import StandardKpi
    from kurs.workflows.opening import Opened

_COLUMN = re.compile(r"\b([a-z_]+)\.([a-z0-9_]+)\b")
_ROWS = re.compile(r"\bcount\(([a-z_]+)\)")


@dataclass(frozen=True, slots=True)
class Added:
    """A standard KPI that was taken in: the new ``file``, and the names that are others in the project."""

    kpi: StandardKpi
    file: Path
    renamed: tuple[tuple[str, str], ...] = ()


def names() -> frozenset[str]:
    """Return the names of all standard KPIs."""
    from kurs.project.read_catalogue import catalogue

    return frozenset(kpi.name for kpi in catalogue())


def standard_kpi(name: str) -> StandardKpi:
    """Return the standard KPI of a name. Raises UsageError."""
    from kurs.project.read_catalogue import catalogue

    by_name = {kpi.name: kpi for kpi in catalogue()}
    if name not in by_name:
        values = {"name": name, "suggestion": closest(name, by_name)}
        raise UsageError(Problem("unknown_standard_kpi", values))
    return by_name[name]


def add(opened: Opened, name: str, own_names: Mapping[str, str]) -> Added:
    """Write a file with the metric and a draft of the KPI beside the plan's others.

    ``own_names`` are those of the project for canonical ones: ``orders: sales``, ``orders.net: sales.total``;
    names that are spelled alike need none. Raises UsageError for what is missing, and when the plan with the
    file would have an error: then nothing is written.
    """
    kpi = standard_kpi(name)
    project = opened.project
    taken = [kind for kind, names in (("metrics", project.metrics), ("kpis", project.kpis)) if name in names]
    if taken:
        raise UsageError(Problem("standard_kpi_there", {"name": name, "where": taken}))
    known = {key: tuple(opened.facts[key].columns) for key in project.tables}
    found = _mapped(kpi.formula, known, own_names)
    file = project.folder / f"{name}.yaml"
    if file.exists():
        raise UsageError(Problem("files_in_the_way", {"files": [file.name]}))
    _write(file, _draft(kpi, _own_formula(kpi.formula, found)))
    _refuse_errors(file, opened)
    renamed = tuple((old, new) for old, new in found.items() if old != new)
    return Added(kpi, file, renamed)


def _mapped(
    formula: str, known: Mapping[str, tuple[str, ...]], own_names: Mapping[str, str]
) -> dict[str, str]:
    """Return the project's name of each table and ``table.column`` of a formula. Raises UsageError."""
    columns, counted = dict.fromkeys(_COLUMN.findall(formula)), _ROWS.findall(formula)
    found: dict[str, str] = {}
    missing: list[str] = []
    for table in dict.fromkeys([*(table for table, _ in columns), *counted]):
        own = own_names.get(table) or _alike(table, known)
        in_other_tables = all(f"{one}.{column}" in own_names for one, column in columns if one == table)
        if own is not None and own in known:
            found[table] = own
        elif table in counted or not in_other_tables:
            missing.append(table)
    not_loaded = [own for own in found.values() if not known[own]]
    for table, column in columns:
        name, own = f"{table}.{column}", found.get(table)
        stated = own_names.get(name)
        there = _alike(column, known[own]) if own is not None and stated is None else None
        if stated is not None and _is_there(stated, known):
            found[name] = stated
        elif there is not None:
            found[name] = f"{own}.{there}"
        elif stated is not None or (own is not None and own not in not_loaded):
            missing.append(name)
    if missing:
        raise UsageError(Problem("standard_kpi_lacks", {"missing": missing, "example": missing[0]}))
    if not_loaded:
        raise UsageError(Problem("standard_kpi_not_loaded", {"tables": not_loaded}))
    return found


def _is_there(name: str, known: Mapping[str, tuple[str, ...]]) -> bool:
    table, _, column = name.partition(".")
    return column in known.get(table, ())


def _alike(name: str, names: Iterable[str]) -> str | None:
    """Return the name itself, or the only one that is spelled alike: ``net_amount`` for ``net``."""
    known = tuple(names)
    if name in known:
        return name
    alike = [one for one in known if _bare(one) == _bare(name)]
    return alike[0] if len(alike) == 1 else None


def _bare(name: str) -> str:
    """Return what a name is without its dress: ``Is_First`` is ``first``, ``net_amount`` is ``net``."""
    bare = re.sub(r"^(is|has)_|_amount$", "", name.casefold()).replace("_", "")
    return bare.removesuffix("s")


def _own_formula(formula: str, names: Mapping[str, str]) -> str:
    rows = _ROWS.sub(lambda found: f"count({names[found[1]]})", formula)
    in_place = _COLUMN.sub(lambda found: names.get(found[0], found[0]), rows)
    return " ".join(in_place.split())


def _draft(kpi: StandardKpi, formula: str) -> str:
    """Write the YAML: what must be decided stands in it as a comment."""
    text = json.dumps
    notes = [f"# {note}" for note in (*kpi.dialects, *kpi.caveats)]
    return "\n".join(
        [
            f"# {kpi.label}, from the catalogue of standard KPIs. Say in the description which one is meant:",
            *notes,
            "metrics:",
            f"  {kpi.name}:",
            f"    label: {text(kpi.label)}",
            f"    description: {text(kpi.definition)}",
            f"    expr: {text(formula)}",
            f"    unit: {kpi.unit}",
            f"    good: {kpi.good}",
            "kpis:",
            f"  {kpi.name}:",
            f"    label: {text(kpi.label)}",
            f"    metric: {kpi.name}",
            "    period: {every: month}",
            "    baseline: last_year",
            f"    level: {kpi.level}",
            f"    nature: {kpi.nature}",
            "    # goal:    a name of goals:",
            "    # target:  {change: +10%}",
            "    # owner:   a name of people:",
            "    # review:  weekly",
            "    # actions: [names of actions:]",
            "",
        ]
    )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, "utf-8")
    except OSError as error:
        values = {"file": str(file), "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("not_writable", values)) from error


def _refuse_errors(file: Path, opened: Opened) -> None:
    """Take the file away again where the plan with it has an error. Raises ProjectError with it."""
    from kurs.metrics.check import check_plan
    from kurs.project import read

    draft = read(opened.project.folder)
    found = check_plan(draft.project, opened.facts) if draft.project is not None else []
    wrong = errors(draft.with_found(list(found)))
    if wrong:
        file.unlink()
        raise ProjectError(*wrong)
