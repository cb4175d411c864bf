"""Statements are built in place: no node stands at two places, and a plan stays as it is."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from sqlglot import exp, parse_one

from kurs.metrics.compiling import compile_plan
from kurs.metrics.plan import plan as planned
from kurs.metrics.reach import Map
from kurs.metrics.sql import statement
from kurs.metrics.trees import cast, grouped, joined, named, selected, series
from kurs.metrics.zones import date_literal
from kurs.problems import KursError
from metrics.test_oracle import asked, project_of, rows_of
from metrics.worlds import Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 25


def misplaced(tree: exp.Expr) -> Iterator[str]:
    """The nodes whose parent does not know them, or that have another one."""
    seen: set[int] = set()
    for node in tree.walk():
        if id(node) in seen:
            yield f"twice: {node.sql('duckdb')}"
        seen.add(id(node))
        yield from (
            f"of another: {one.sql('duckdb')}" for one in node.iter_expressions() if one.parent is not node
        )


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_no_node_of_a_statement_stands_at_two_places(case: Case) -> None:
    facts = {key: each.facts for key, each in rows_of(case).items()}
    world = Map(project_of(case.world), facts)
    try:
        thought = planned(asked(case), world, case.world.as_of)
        once = compile_plan(thought, world)
    except KursError:
        return
    assert list(misplaced(statement(thought, world))) == []
    assert compile_plan(thought, world) == once


def test_what_is_built_reads_as_what_is_written() -> None:
    first, last = date_literal(date(2026, 1, 1)), date_literal(date(2026, 1, 31))
    days = selected(named(cast(series(first, last, "7 days"), "DATE"), "time"))
    weeks = joined(
        selected(exp.column("time", table="weeks"), exp.Count(this=exp.Star())), "weeks", how="CROSS"
    )
    weeks.set("from_", exp.From(this=days.subquery("days", copy=False)))
    written = """
        SELECT weeks.time, COUNT(*)
        FROM (SELECT CAST(UNNEST(GENERATE_SERIES(DATE '2026-01-01', DATE '2026-01-31', INTERVAL '7 DAYS'))
            AS DATE) AS time) AS days
        CROSS JOIN weeks GROUP BY 1"""
    assert grouped(weeks, 1).sql("duckdb") == parse_one(written, read="duckdb").sql("duckdb")
