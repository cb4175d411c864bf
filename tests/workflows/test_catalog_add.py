"""kurs catalog add: the formula over the project's own tables, by names that are spelled alike or stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.metrics.question import Asked, Question
from kurs.problems import KursError
from kurs.workflows.catalog_add import Added, add
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """\
project: {name: Own, timezone: UTC, currency: EUR, engine: "duckdb:///own.duckdb"}
tables:
  orders: {from: order_rows, time: day}
  refund: {from: refund_rows, time: day}        # spelled otherwise than refunds
  costs: {from: ad_costs, time: day}
metrics: {there: count(orders)}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = {
        "order_rows (day date, net_amount int, first bool, customer text)": (
            "('2026-01-01', 100, true, 'a'), ('2026-01-02', 50, false, 'a'), ('2026-01-02', 30, true, 'b')"
        ),
        "refund_rows (day date, Amount int)": "('2026-01-03', 18)",
        "ad_costs (day date, spend int, sold int)": "('2026-01-01', 20, 50), ('2026-01-02', 20, 70)",
    }
    with duckdb.connect(str(tmp_path / "own.duckdb")) as connection:
        for table, values in rows.items():
            connection.execute(f"create table {table}")
            connection.execute(f"insert into {table.partition(' ')[0]} values {values}")
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    return tmp_path


def added(folder: Path, name: str, **own: str) -> Added:
    with open_project(folder) as opened:
        return add(opened, name, {key.replace("__", "."): value for key, value in own.items()})


def value(folder: Path, name: str) -> object:
    with open_project(folder) as opened:
        return query(opened, Question((Asked(name),))).rows[0][0]


def problem(folder: Path, name: str, **own: str) -> tuple[str, object]:
    with pytest.raises(KursError) as raised:
        added(folder, name, **own)
    (found,) = raised.value.problems
    return found.code, dict(found.values)


def test_names_that_are_spelled_alike(folder: Path) -> None:
    """(100 + 50 + 30) / 3 is 60; two of the orders are a first one; 18 of 180 was given back."""
    assert added(folder, "aov").renamed == (("orders.net", "orders.net_amount"),)
    assert value(folder, "aov") == 60
    added(folder, "new_customers")
    assert value(folder, "new_customers") == 2
    renamed = dict(added(folder, "refund_rate").renamed)
    assert renamed["refunds"] == "refund"
    assert value(folder, "refund_rate") == pytest.approx(0.1)
    assert (folder / "kurs.yaml").read_text("utf-8") == PLAN


def test_names_that_are_stated(folder: Path) -> None:
    assert problem(folder, "roas")[1] == {
        "missing": ["ad_performance_daily"],
        "example": "ad_performance_daily",
    }
    code, values = problem(folder, "roas", ad_performance_daily="costs")
    lacks = ["ad_performance_daily.conversions_value"]
    assert (code, values) == ("standard_kpi_lacks", {"missing": lacks, "example": lacks[0]})
    assert not (folder / "roas.yaml").exists()
    own = {"ad_performance_daily": "costs", "ad_performance_daily__conversions_value": "costs.sold"}
    added(folder, "roas", **own)
    assert value(folder, "roas") == 3
    own["ad_performance_daily__conversions_value"] = "costs.nothing"
    assert problem(folder, "new_customer_roas", ad_performance_daily="nowhere")[0] == "standard_kpi_lacks"


def test_a_column_in_another_table(folder: Path) -> None:
    added(folder, "refund_rate", refunds__amount="costs.spend")
    assert value(folder, "refund_rate") == pytest.approx(40 / 180)


def test_nothing_is_overwritten(folder: Path) -> None:
    added(folder, "orders")
    assert problem(folder, "orders") == (
        "standard_kpi_there",
        {"name": "orders", "where": ["metrics", "kpis"]},
    )
    (folder / "aov.yaml").write_text("# mine\n", "utf-8")
    assert problem(folder, "aov")[0] == "files_in_the_way"
    assert (folder / "aov.yaml").read_text("utf-8") == "# mine\n"


def test_a_plan_that_would_be_wrong_is_left_as_it_was(folder: Path) -> None:
    """A text cannot be added up: the check of the plan with the new file says so, and the file goes."""
    before = sorted(path.name for path in folder.iterdir())
    code, _ = problem(folder, "aov", orders__net="orders.customer")
    assert code not in ("standard_kpi_lacks", "standard_kpi_not_loaded")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_before_the_first_load(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("day,net\n2026-01-01,5\n", "utf-8")
    (tmp_path / "kurs.yaml").write_text(
        "project: {name: New, timezone: UTC}\n"
        "sources: {shop: {files: orders.csv, into: orders, window: day, columns: {day: date, net: int}}}\n"
        "tables: {orders: {time: day}}\nmetrics: {n: count(orders)}\n",
        "utf-8",
    )
    assert problem(tmp_path, "orders") == ("standard_kpi_not_loaded", {"tables": ["orders"]})
