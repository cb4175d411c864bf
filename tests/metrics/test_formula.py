"""A metric taken apart: leaves with a home, parts, cycles."""

from __future__ import annotations

import pytest
from sqlglot import exp

from kurs.metrics.formula import Formula, FormulaError, formula_of
from kurs.metrics.leaf import Aggregate
from kurs.metrics.nature import accumulates
from kurs.metrics.reach import Map
from metrics.plans import plan, table

METRICS = {
    "orders": "count(orders)",
    "sessions": "count(sessions)",
    "revenue": "sum(orders.amount)",
    "rate": "orders / sessions",
    "bracketed": "(orders / sessions)",
    "share": "rate",
    "aov": "avg(orders.amount)",
    "double": "orders + orders",
    "nested": "10 - (revenue - orders)",
    "scaled": "orders * 1000",
    "halved": "revenue / 2",
    "largest": "max(orders.amount)",
    "bought": "sum(items.units * orders.rate)",
    "round_trip": "there",
    "there": "and_back",
    "and_back": "there + 1",
    "wrong_twice": "sum(nowhere.x) + unknown_one",
}


def formula(metric: str) -> Formula:
    tables = [
        table("orders", joins={"customers": "customer_id"}, unique_key="id"),
        table("items", joins={"orders": "order_id"}),
        *(table("customers", unique_key="id"), table("sessions")),
    ]
    return formula_of(Map(plan(tables, METRICS), {}), metric)


def test_leaves_are_found_through_the_metrics_and_only_once() -> None:
    assert [(leaf.home, leaf.kind) for leaf in formula("share").leaves] == [
        ("orders", Aggregate.COUNT),
        ("sessions", Aggregate.COUNT),
    ]
    assert len(formula("double").leaves) == 1


def test_a_metric_inside_a_formula_keeps_its_brackets() -> None:
    subtraction = formula("nested").tree
    assert isinstance(subtraction, exp.Sub)
    assert isinstance(subtraction.expression, exp.Paren)


@pytest.mark.parametrize(
    ("metric", "homes"),
    [
        ("rate", ("orders", "sessions")),
        ("bought", ("items",)),
        ("largest", ("orders",)),
        ("share", ("orders", "sessions")),
    ],
)
def test_homes(metric: str, homes: tuple[str, ...]) -> None:
    assert formula(metric).homes == homes


@pytest.mark.parametrize("metric", ["rate", "bracketed", "share"])
def test_parts_of_a_ratio(metric: str) -> None:
    parts = formula(metric).parts()
    assert parts is not None
    assert [[leaf.home for leaf in part.leaves] for part in parts] == [["orders"], ["sessions"]]


def test_parts_of_an_average_are_sum_and_count() -> None:
    parts = formula("aov").parts()
    assert parts is not None
    assert [[leaf.kind for leaf in part.leaves] for part in parts] == [[Aggregate.SUM], [Aggregate.COUNT]]


@pytest.mark.parametrize("metric", ["orders", "double", "nested", "largest"])
def test_what_is_no_division_has_no_parts(metric: str) -> None:
    assert formula(metric).parts() is None


@pytest.mark.parametrize(
    ("metric", "flow"),
    [
        *(("orders", True), ("revenue", True), ("double", True), ("scaled", True), ("halved", True)),
        *(("rate", False), ("aov", False), ("largest", False)),
    ],
)
def test_only_sums_and_counts_add_up_over_time(metric: str, flow: bool) -> None:
    assert accumulates(formula(metric)) is flow


def test_a_cycle_is_shown_whole() -> None:
    with pytest.raises(FormulaError) as error:
        formula("round_trip")
    (problem,) = error.value.problems
    assert (problem.code, problem.values["cycle"]) == ("metric_cycle", "there -> and_back -> there")


def test_all_problems_of_a_formula_come_at_once() -> None:
    with pytest.raises(FormulaError) as error:
        formula("wrong_twice")
    assert [(found.code, found.offset) for found in error.value.problems] == [
        ("unknown_table", 0),
        ("unknown_metric", 17),
    ]
