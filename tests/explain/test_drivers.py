"""Trees of drivers: found in formulas and ratios, and each level adds up to the one above."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kurs.explain.cells import Cells
from kurs.explain.driver_cells import Row, split_by_drivers
from kurs.explain.drivers import Branch, Driver, Values, branches, driver_tree
from kurs.explain.finding import EffectKind
from kurs.model.events import Calendar
from kurs.model.metric import Metric
from kurs.model.project import Project, Settings
from kurs.model.table import Table

METRICS = {
    "sessions": "count(sessions)",
    "orders": "count(orders)",
    "revenue": "sum(orders.amount)",
    "cost": "sum(orders.cost)",
    "items": "sum(orders.items)",
    "conversion": "orders / nullif(sessions, 0)",
    "aov": "revenue / nullif(orders, 0)",
    "basket": "items / nullif(orders, 0)",
    "profit": "revenue - cost",
    "margin": "(revenue - cost) / nullif(revenue, 0)",
    "middle": "median(orders.amount)",
}


def project(**drivers: str) -> Project:
    metrics = {key: replace(Metric(key, expr), drivers=drivers.get(key)) for key, expr in METRICS.items()}
    tables = {"sessions": Table("sessions", unique_key="id"), "orders": Table("orders", unique_key="id")}
    nothing: dict[str, object] = {}
    return Project(
        Path(),
        Settings("t"),
        tables,
        metrics,
        *([nothing] * 6),
        kpis={},
        calendar=Calendar(),  # type: ignore[arg-type]
    )


def shape(tree: Driver) -> object:
    return {tree.metric: [shape(driver) for driver in tree.drivers]} if tree.drivers else tree.metric


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("revenue", {"revenue": [{"orders": ["sessions", "conversion"]}, "aov"]}),
        ("orders", {"orders": ["sessions", "conversion"]}),
        ("conversion", {"conversion": ["orders", "sessions"]}),
        ("profit", {"profit": [{"revenue": [{"orders": ["sessions", "conversion"]}, "aov"]}, "cost"]}),
        ("sessions", "sessions"),
        ("middle", "middle"),
    ],
)
def test_drivers_are_found_in_the_plan(metric: str, expected: object) -> None:
    assert shape(driver_tree(project(), {}, metric)) == expected


def test_what_the_plan_states_goes_first() -> None:
    plan = project(revenue="sessions * conversion * aov")
    tree = driver_tree(plan, {}, "revenue")
    assert shape(tree) == {"revenue": ["sessions", "conversion", "aov"]}
    assert tree.factors() == ("sessions", "conversion", "aov")


def test_factors_stand_in_a_row_and_sums_have_none() -> None:
    assert driver_tree(project(), {}, "revenue").factors() == ("sessions", "conversion", "aov")
    assert driver_tree(project(), {}, "profit").factors() is None


AMOUNT = st.floats(0.5, 1e4)


@given(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT))
def test_each_level_adds_up_to_the_one_above(then: tuple[float, ...], now: tuple[float, ...]) -> None:
    def values(sessions: float, orders: float, revenue: float, cost: float) -> dict[str, float | None]:
        return {
            "sessions": sessions,
            "orders": orders,
            "revenue": revenue,
            "cost": cost,
            "conversion": orders / sessions,
            "aov": revenue / orders,
            "profit": revenue - cost,
        }

    root = branches(driver_tree(project(), {}, "profit"), Values(values(*then), values(*now)))
    scale = 1e-9 * (max(then) + max(now)) * 10

    def check(branch: Branch) -> None:
        if branch.branches:
            assert sum(below.effect for below in branch.branches) == pytest.approx(branch.effect, abs=scale)
        for below in branch.branches:
            check(below)

    check(root)
    assert len(root.leaves()) == 4
    assert sum(leaf.effect for leaf in root.leaves()) == pytest.approx(
        (now[2] - now[3]) - (then[2] - then[3]), abs=scale
    )


def test_what_is_not_made_of_its_drivers_is_not_split() -> None:
    tree = driver_tree(project(revenue="sessions * aov"), {}, "revenue")
    values = {"sessions": 10.0, "aov": 5.0, "revenue": 51.0}
    assert branches(tree, Values(values, values)).branches == ()
    missing = {"sessions": 10.0, "aov": None, "revenue": 0.0}
    assert branches(tree, Values(missing, missing)).branches == ()


# Of a cell: sessions, orders, revenue; any of them may be nothing.
COUNT = st.integers(0, 50)
CELL = st.tuples(COUNT, COUNT, st.floats(-1e4, 1e4))


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_drivers_in_cells_add_up_whatever_is_missing(
    rows: list[tuple[tuple[float, ...], tuple[float, ...]]],
) -> None:
    assume(any(then != now for then, now in rows))
    members = tuple((f"m{place}",) for place in range(len(rows)))

    def row(cell: tuple[float, ...]) -> Row:
        sessions, orders, revenue = cell
        return (sessions, orders / sessions if sessions else None, revenue / orders if orders else None)

    flow = tuple([cell[period][2] for cell in rows] for period in (0, 1))
    sides = [{m: row(cell[period]) for m, cell in zip(members, rows, strict=True)} for period in (0, 1)]
    found = Cells(("d",), members, np.zeros((1, len(rows))), np.zeros((1, len(rows))))
    split = split_by_drivers(found, (flow[0], flow[1]), ("sessions", "conversion", "aov"), *sides)
    changes = np.array(flow[1]) - np.array(flow[0])
    scale = 1e-9 * (np.abs(flow).max() + 1) * 1e4
    assert np.isfinite(split.total).all()
    assert split.total == pytest.approx(changes, abs=scale)


def test_a_driver_without_a_value_is_one_factor_with_those_behind_it() -> None:
    members = (("a",), ("b",), ("c",))
    then = {("a",): (100.0, 0.1, 5.0), ("b",): (50.0, 0.0, None)}
    now = {("a",): (120.0, 0.1, 6.0), ("b",): (60.0, 0.1, 2.0), ("c",): (20.0, 0.5, 1.0)}
    found = Cells(("d",), members, np.zeros((1, 3)), np.zeros((1, 3)))
    split = split_by_drivers(found, ([50.0, 0.0, 0.0], [72.0, 12.0, 10.0]), ("s", "c", "p"), then, now)
    cells = {
        key: [place for place, effect in enumerate(effects) if abs(effect) > 1e-12]
        for key, effects in split.effects.items()
    }
    assert cells[EffectKind.DRIVER, "c × p"] == [1]
    assert cells[EffectKind.NEW, None] == [2]
    assert cells[EffectKind.DRIVER, "p"] == [0]
    assert split.effects[EffectKind.DRIVER, "c"].tolist() == pytest.approx([0, 0, 0])
