"""Hold every expression of the plan against its tables, before anybody asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.expression import offset_of, parse_metric, parse_rows, parse_select
from kurs.metrics.filters import segment_condition
from kurs.metrics.formula import formula_of
from kurs.metrics.leaf import Aggregate
from kurs.metrics.reach import Map
from kurs.model.fx import is_code
from kurs.model.table import ColumnType
from kurs.model.target import Target, TargetTable
from kurs.model.version import Version
from kurs.problems import KursError, Problem, Severity, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kurs.metrics.formula import Formula
    from kurs.model.coverage import RelationFacts
    from kurs.model.kpi import Kpi
    from kurs.model.metric import Metric
    from kurs.model.project import Project
    from kurs.model.segment import Segment
    from kurs.model.table import Table

_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
# What a sum or an average can be made of; OTHER is a type that nobody knows yet.
_ADDABLE = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT, ColumnType.BOOL, ColumnType.OTHER)
_NEEDS_NUMBERS = (Aggregate.SUM, Aggregate.MEDIAN, Aggregate.PERCENTILE)


def check_plan(project: Project, facts: Mapping[str, RelationFacts]) -> list[Problem]:
    """Return every problem of the plan's expressions, each with its path in the plan.

    ``facts`` are by table; one without columns is not known yet, and its names are believed.
    """
    world = Map(project, facts)
    problems: list[Problem] = []
    for table in project.tables.values():
        problems += _table_problems(world, table)
    for source in project.sources.values():
        if source.database is not None and source.database.query is not None:
            query = source.database.query
            problems += _caught(lambda text=query: parse_select(text), ("sources", source.key, "query"))
    problems += _fx_problems(world)
    formulas: dict[str, Formula] = {}
    for key, metric in project.metrics.items():
        try:
            formulas[key] = formula_of(world, key)
        except KursError as error:
            problems += error.problems
            continue
        problems += _not_numbers(world, key, formulas[key])
        problems += _driver_problems(world, metric)
        problems += _revision_problems(world, metric)
    for segment in project.segments.values():
        problems += _segment_problems(world, segment)
    for noun in project.kpis.values():
        for place, version in enumerate(noun.versions or (Version(None, noun),)):
            found = _all_kpi_problems(world, version.noun, formulas)
            problems += found if not place else _of_revision(found, place - 1, version.changed)
    return list({(found.code, found.path, str(found.values)): found for found in problems}.values())


def _revision_problems(world: Map, metric: Metric) -> Iterator[Problem]:
    """Hold what a metric is since a later day against the tables, as far as it is new."""
    for place, version in enumerate(metric.versions[1:]):
        project = replace(world.project, metrics={**world.project.metrics, metric.key: version.noun})
        found = list(_caught(lambda plan=project: formula_of(Map(plan, world.facts), metric.key), ()))
        known = (replace(problem, path=("metrics", metric.key, "expr")) for problem in found)
        yield from _of_revision(known, place, ("expr", *version.changed))


def _of_revision(found: Iterable[Problem], place: int, changed: tuple[str, ...]) -> Iterator[Problem]:
    """Keep the problems of what a revision changes, and let them stand there."""
    for problem in found:
        entry, below = problem.path[:2], problem.path[2:]
        if below and below[0] in changed:
            yield replace(problem, path=(*entry, "revisions", place, *below))


def _table_problems(world: Map, table: Table) -> Iterator[Problem]:
    path = ("tables", table.key)
    known = world.facts[table.key].columns if table.key in world.facts else None
    if table.sql is not None:
        yield from _caught(lambda: parse_select(table.sql or ""), (*path, "sql"))
    if not known:
        yield Problem("not_loaded", {"table": table.key}, Severity.INFO, path=path)
    named = (("time", table.time), ("key", table.unique_key))
    for key, column in named:
        if column is not None:
            yield from _caught(_finder(world, table.key, column), (*path, key))
    for join in table.joins:
        yield from _caught(_finder(world, table.key, join.column), (*path, "joins", join.table))
    for place, dimension in enumerate(table.dimensions):
        yield from _caught(
            lambda name=dimension.name: world.own(table.key, name), (*path, "dimensions", place)
        )
    if table.where is not None:
        yield from _caught(lambda: world.where(table.key), (*path, "where"))
    yield from _history_problems(world, table)
    yield from _amount_problems(world, table)
    if not known or table.time is None or table.time not in known:
        return
    kind = known[table.time]
    if kind not in (*_TIMES, ColumnType.OTHER):
        values = {"table": table.key, "column": table.time, "type": str(kind)}
        yield Problem("time_not_time", values, path=(*path, "time"))
    if kind is ColumnType.TIMESTAMP and table.timezone is None:
        values = {"table": table.key, "column": table.time, "zone": world.project.settings.timezone}
        yield Problem("naive_time", values, Severity.WARNING, path=(*path, "time"))


def _history_problems(world: Map, table: Table) -> Iterator[Problem]:
    """Find columns that order or limit the versions of a row, and are not there or no times."""
    path = ("tables", table.key)
    for column in table.latest_by:
        yield from _caught(_finder(world, table.key, column), (*path, "latest_by"))
    for key, column in (("valid_from", table.valid_from), ("valid_to", table.valid_to)):
        if column is None:
            continue
        yield from _caught(_finder(world, table.key, column), (*path, key))
        kind = world.type_of(table.key, column)
        if kind not in (*_TIMES, ColumnType.OTHER):
            values = {"table": table.key, "column": column, "type": str(kind)}
            yield Problem("time_not_time", values, path=(*path, key))


def _amount_problems(world: Map, table: Table) -> Iterator[Problem]:
    """Find amounts that are no numbers, or of which nobody says what they are in."""
    for column in table.amounts:
        path = ("tables", table.key, "amounts")
        yield from _caught(_finder(world, table.key, column), path)
        kind = world.type_of(table.key, column)
        if kind not in _ADDABLE:
            values = {"name": f"{table.key}.{column}", "type": str(kind), "aggregate": str(Aggregate.SUM)}
            yield Problem("not_a_number", values, path=path)


def _fx_problems(world: Map) -> Iterator[Problem]:
    fx = world.project.fx
    if fx is None or fx.table not in world.project.tables:
        return
    if world.project.tables[fx.table].time is None:
        yield Problem("no_time", {"table": fx.table}, path=("fx", "table"))
    for key, column in (("from", fx.source), ("to", fx.target), ("rate", fx.rate)):
        if not is_code(column):
            yield from _caught(_finder(world, fx.table, column), ("fx", key))


def _not_numbers(world: Map, metric: str, formula: Formula) -> Iterator[Problem]:
    for leaf in formula.leaves:
        argument = leaf.argument
        if leaf.kind not in _NEEDS_NUMBERS or not isinstance(argument, exp.Column):
            continue
        kind = world.type_of(argument.table, argument.name)
        if kind not in _ADDABLE:
            name = f"{argument.table}.{argument.name}"
            values = {"name": name, "type": str(kind), "aggregate": str(leaf.kind)}
            yield Problem("not_a_number", values, path=("metrics", metric, "expr"))


def _driver_problems(world: Map, metric: Metric) -> Iterator[Problem]:
    """Hold ``drivers:`` against the plan: an expression over its metrics."""
    path = ("metrics", metric.key, "drivers")
    names = world.project.metrics
    if metric.drivers is None:
        return
    try:
        tree = parse_metric(metric.drivers)
    except KursError as error:
        yield from (replace(problem, path=path) for problem in error.problems)
        return
    for column in tree.find_all(exp.Column):
        if column.name not in names:
            values = {"name": column.name, "suggestion": closest(column.name, names)}
            yield Problem("unknown_metric", values, path=path, offset=offset_of(column))


def _segment_problems(world: Map, segment: Segment) -> Iterator[Problem]:
    if segment.of in world.project.tables:
        yield from _caught(
            lambda: world.condition(segment.of, segment_condition(segment.of, segment.where)),
            ("segments", segment.key, "where"),
        )


def _all_kpi_problems(world: Map, kpi: Kpi, formulas: Mapping[str, Formula]) -> list[Problem]:
    metrics = [name for name in dict.fromkeys((kpi.metric, kpi.basis_metric)) if name in formulas]
    return [problem for name in metrics for problem in _kpi_problems(world, kpi, formulas[name])]


def _kpi_problems(world: Map, kpi: Kpi, formula: Formula) -> Iterator[Problem]:
    path = ("kpis", kpi.key)
    for home in formula.homes:
        if world.project.tables[home].time is None:
            values = {"table": home, "metric": kpi.metric}
            yield Problem("no_time", values, path=(*path, "metric"), kpi=kpi.key)
        filters: list[tuple[str, Callable[[], exp.Expr]]] = []
        if kpi.where is not None:
            filters.append(("where", lambda: parse_rows(kpi.where or "")))
        segment = world.project.segments.get(kpi.segment or "")
        if segment is not None:
            filters.append(("segment", lambda noun=segment: segment_condition(noun.of, noun.where)))
        for key, tree in filters:
            for problem in _caught(lambda made=tree, at=home: world.condition(at, made()), (*path, key)):
                offset = problem.offset if key == "where" else 0
                yield replace(problem, kpi=kpi.key, offset=offset)
        yield from (replace(problem, kpi=kpi.key) for problem in _part_problems(world, kpi, home))


def _part_problems(world: Map, kpi: Kpi, home: str) -> Iterator[Problem]:
    """Find dimensions and segments with targets of their own that the metric's table does not reach."""
    targets = [kpi.target] if isinstance(kpi.target, Target) else []
    if isinstance(kpi.target, TargetTable):
        targets = [row.target for row in kpi.target.rows]
    path = ("kpis", kpi.key, "target")
    for name in dict.fromkeys(name for target in targets for name in target.dimensions):
        yield from _caught(lambda name=name: world.dimension(home, name), (*path, "members", name))
    for name in dict.fromkeys(part.name for one in targets for part in one.parts if part.dimension is None):
        noun = world.project.segments.get(name)
        if noun is not None:
            tree = segment_condition(noun.of, noun.where)
            yield from (
                replace(problem, offset=0)
                for problem in _caught(
                    lambda made=tree: world.condition(home, made), (*path, "segments", name)
                )
            )


def _finder(world: Map, table: str, name: str) -> Callable[[], object]:
    return lambda: world.own(table, name)


def _caught(attempt: Callable[[], object], path: tuple[str | int, ...]) -> Iterator[Problem]:
    try:
        attempt()
    except KursError as error:
        yield from (replace(problem, path=path) for problem in error.problems)
