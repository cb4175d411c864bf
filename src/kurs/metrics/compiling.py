"""From a question to the one statement that answers it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.metrics.guards import guards_of_rates, guards_of_scan, guards_of_tables
from kurs.metrics.mixed import doubts_of_accounts, doubts_of_rows, unconverted
from kurs.metrics.plan import plan
from kurs.metrics.query import AnswerColumn, ColumnKind, Query
from kurs.metrics.reach import Map
from kurs.metrics.rollup import Origin, served, together, wanted
from kurs.metrics.rows import in_order
from kurs.metrics.shared import read_once
from kurs.metrics.sql import statement
from kurs.model.metric import Unit
from kurs.problems import Problem, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kurs.metrics.guards import Guard
    from kurs.metrics.plan import Plan
    from kurs.metrics.question import Question
    from kurs.metrics.rollup import Rollup, Source
    from kurs.model.coverage import RelationFacts
    from kurs.model.project import Project


def compile_question(
    question: Question,
    project: Project,
    facts: Mapping[str, RelationFacts],
    as_of: date,
    dialect: str = "duckdb",
) -> Query:
    """Return the one SQL statement that answers ``question`` at the end of ``as_of``.

    ``facts`` are by table of the plan. Raises UsageError with every problem of the question, FormulaError
    for a metric that cannot be computed.
    """
    world = Map(project, facts)
    return compile_plan(plan(question, world, as_of), world, dialect)


def compile_plan(planned: Plan, world: Map, dialect: str = "duckdb") -> Query:
    """Return the one SQL statement for a plan. Raises UsageError for an order that it cannot have."""
    planned = read_once(planned, world)
    sql = statement(planned, world).sql(dialect, pretty=True, copy=False)
    return replace(unwritten(planned, world), sql=sql)


def from_rollups(planned: Plan, world: Map, sources: Sequence[Source]) -> Plan:
    """Return the plan as it reads rollups among ``sources``, where they serve it."""
    grain, as_of = planned.question.grain, planned.stretch.as_of
    return replace(planned, scans=served(planned.scans, world, grain, as_of, sources)) if sources else planned


def unwritten(planned: Plan, world: Map) -> Query:
    """Return all of a plan's query but its SQL: what must hold of the data, and what to say beside it."""
    columns = _columns(planned)
    _check_order(planned.question, columns)
    passes = [each for scan in planned.scans for each in scan.all_passes]
    tables = dict.fromkeys(each.home for each in passes)
    # The joins of a kept rollup were looked at when it was filled.
    joined = dict.fromkeys(
        (step.start, step.join.table)
        for each in passes
        if each.source is None or each.source.origin is Origin.STEP
        for step in in_order(each.home, each.steps)
    )
    money = unconverted(world, (each for each in passes if each.made is None))
    read = tuple(dict.fromkeys((*tables, *(other for _, other in joined))))
    sources = (scan.source for scan in planned.scans if scan.source is not None)
    used = dict.fromkeys(source.relation for source in sources if source.origin is not Origin.STEP)
    return Query(
        sql="",
        columns=columns,
        complete_to=planned.complete_to,
        warnings=(*planned.warnings, *doubts_of_accounts(world, money)),
        tables=read,
        joined=tuple(pair for pair in joined if not world.project.tables[pair[1]].has_history),
        guards=_guards(world, planned, read),
        doubts=tuple(dict.fromkeys(doubts_of_rows(world, money, planned.stretch.as_of))),
        rollups=tuple(used),
    )


def outline(planned: Plan) -> Query:
    """Return what the answer of a plan looks like, and nothing of what must hold of the data."""
    return Query(sql="", columns=_columns(planned), complete_to=planned.complete_to)


def rollups_for(planned: Plan, world: Map) -> tuple[Rollup, ...]:
    """Return the rollups from which a plan, or the part of it that can be, would be answered."""
    grain, as_of = planned.question.grain, planned.stretch.as_of
    wishes = (wanted(scan, world, grain, as_of) for scan in planned.scans)
    return together(rollup for rollup in wishes if rollup is not None)


def _guards(world: Map, planned: Plan, tables: tuple[str, ...]) -> tuple[Guard, ...]:
    as_of = planned.stretch.as_of
    passes = [each for scan in planned.scans for each in scan.all_passes if each.made is None]
    of_scans = [guard for each in passes for guard in guards_of_scan(world, each, as_of)]
    of_rates = guards_of_rates(world) if of_scans else []
    # Passes over the same rows ask the same.
    return tuple(dict.fromkeys((*guards_of_tables(world, tables, as_of), *of_rates, *of_scans)))


def _columns(planned: Plan) -> tuple[AnswerColumn, ...]:
    question = planned.question
    columns = [AnswerColumn("time", ColumnKind.TIME)] if question.grain else []
    columns += [AnswerColumn(name, ColumnKind.DIMENSION) for name in question.by]
    for computed in planned.metrics:
        columns.append(AnswerColumn(computed.column, ColumnKind.METRIC, computed.unit))
        if planned.compares:
            columns.append(AnswerColumn(f"{computed.column}__compare", ColumnKind.METRIC, computed.unit))
            columns.append(AnswerColumn(f"{computed.column}__change", ColumnKind.METRIC, Unit.PERCENT))
    return tuple(columns)


def _check_order(question: Question, columns: tuple[AnswerColumn, ...]) -> None:
    names = [column.name for column in columns]
    problems = [
        Problem("bad_order", {"name": order.column, "suggestion": closest(order.column, names)})
        for order in question.order
        if order.column not in names
    ]
    if len(set(names)) != len(names):
        problems.append(Problem("asked_twice", {"names": sorted({n for n in names if names.count(n) > 1})}))
    if problems:
        raise UsageError(*problems)
