"""kurs data: what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Small, timezone: UTC, as_of: 2026-01-10}
sources:
  sales: {files: "sales_*.csv", into: sales, window: day, files_are: restatements}
  stock: {files: stock.csv, into: stock}
"""
SOURCE = ["source", "table", "account", "in_plan", "covered", "covered_to", "days_late", "gaps"]
SOURCE += ["provisional_from", "rows_rejected", "loads", "last_load"]
LOAD = ["source", "table", "account", "version", "at", "files", "rows_read", "rows_rejected", "window"]
LOAD += ["before", "after"]
TABLE = ["table", "sources", "columns", "rows", "version", "versions", "files", "bytes", "bytes_on_disk"]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "sales_1.csv").write_text("day,amount\n2026-01-01,10.50\n2026-01-02,20\n", "utf-8")
    (tmp_path / "sales_2.csv").write_text("day,amount\n2026-01-05,10.50\n", "utf-8")
    return tmp_path


def test_before_the_first_load(kurs: Run, small: Path) -> None:
    ran = kurs("--project", small, "data")
    assert (ran.code, ran.out.count("not loaded")) == (0, 2)
    assert "kurs --project" in ran.err


def test_json_has_its_keys(kurs: Run, small: Path) -> None:
    kurs("--project", small, "load", "sales", "--quiet")
    said = kurs("--project", small, "data", "--format", "json").json()
    assert list(said) == ["as_of", "sources", "tables", "loads"]
    assert said["as_of"] == "2026-01-10"
    sales, stock = said["sources"]
    assert list(sales) == list(stock) == SOURCE
    assert list(sales["last_load"]) == list(said["loads"][0]) == LOAD
    assert list(said["tables"][0]) == TABLE
    assert sales["gaps"] == [{"from": "2026-01-03", "to": "2026-01-04"}]
    assert (sales["covered_to"], sales["days_late"]) == ("2026-01-05", 5)
    assert (stock["last_load"], stock["covered_to"], stock["days_late"]) == (None, None, None)


def test_a_person_sees_gaps_and_restatements(kurs: Run, small: Path) -> None:
    kurs("--project", small, "load", "sales", "--quiet")
    (small / "sales_3.csv").write_text("day,amount\n2026-01-02,25\n", "utf-8")
    kurs("--project", small, "load", "sales", "--quiet")
    ran = kurs("--project", small, "data", "--as-of", "2026-01-08")
    assert "sales: no data for 3" in ran.out
    assert "the sum of amount went from 20.00 to 25.00 (+25%)." in ran.out
    assert "Tables in the lake" in ran.out
    narrow = kurs("--project", small, "data", "--quiet")
    assert narrow.code == 0
