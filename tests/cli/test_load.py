"""kurs load: what it prints and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

CONTRACT = [
    "source",
    "table",
    "files",
    "skipped_files",
    "rows_read",
    "rows_loaded",
    "rows_rejected",
    "window",
    "before",
    "after",
    "version",
    "seconds",
    "warnings",
]
PLAN = """\
project: {name: Small, timezone: UTC}
sources:
  sales:
    files: sales.csv
    into: sales
    columns: {day: date, amount: decimal}
    key: [day]
    window: day
tables:
  sales: {time: day}
metrics: {revenue: sum(sales.amount)}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "sales.csv").write_text("day,amount\n2026-01-01,10.50\n2026-01-02,20\n", "utf-8")
    return tmp_path


def test_json_has_the_keys_of_the_contract(kurs: Run, small: Path) -> None:
    ran = kurs("--project", small, "load", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    (one,) = ran.json()
    assert list(one) == CONTRACT
    assert (one["source"], one["files"], one["rows_loaded"]) == ("sales", ["sales.csv"], 2)
    assert one["window"] == {"from": "2026-01-01", "to": "2026-01-02"}
    assert one["before"]["rows"] == 0
    assert one["after"] == {"amount": 30.5, "rows": 2}


def test_a_second_load_has_nothing_new_and_a_change_is_told(kurs: Run, small: Path) -> None:
    first = kurs("--project", small, "load")
    assert "0 → 2" in first.out
    assert first.err == f"Next: kurs --project {small} status\n"
    assert "nothing new" in kurs("--project", small, "load").out
    (small / "sales.csv").write_text("day,amount\n2026-01-01,10.50\n2026-01-02,30\n", "utf-8")
    again = kurs("--project", small, "load", "--quiet")
    assert again.err == ""
    assert "the sum of amount went from 30.50 to 40.50 (+33%)" in again.out


def test_days_need_both_ends(kurs: Run, small: Path) -> None:
    ran = kurs("--project", small, "load", "--from", "2026-01-02")
    assert (ran.code, ran.out) == (2, "")
    kurs("--project", small, "load", "--quiet")
    one = kurs("--project", small, "load", "--from=2026-01-02", "--to=2026-01-02", "--format=json").json()[0]
    assert one["window"] == {"from": "2026-01-02", "to": "2026-01-02"}


def test_a_source_that_is_not_there(kurs: Run, small: Path) -> None:
    ran = kurs("--project", small, "load", "slaes")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean sales?" in ran.err


def test_a_file_that_cannot_be_taken_in_ends_with_three(kurs: Run, small: Path) -> None:
    (small / "sales.csv").write_text("day,amount\n2026-01-01,ten\n", "utf-8")
    ran = kurs("--project", small, "load")
    assert (ran.code, ran.out) == (3, "")
    assert "sales.csv" in ran.err
    assert "“ten”" in ran.err


def test_what_looks_wrong_is_told_beside_the_answer(kurs: Run, small: Path) -> None:
    (small / "sales.csv").write_text("day,amount\n2026-01-01,10.50\n2999-01-02,20\n", "utf-8")
    ran = kurs("--project", small, "load", "--as-of", "2026-01-01")
    assert ran.code == 3  # a day so far away is no doubt
    (small / "sales.csv").write_text("day,amount\n2026-01-01,10.50\n2026-01-02,20\n", "utf-8")
    ran = kurs("--project", small, "load", "--as-of", "2026-01-01")
    assert ran.code == 0
    assert "days_to_come" in ran.err
    said = kurs("--project", small, "load", "--full", "--as-of", "2026-01-01", "--format", "json")
    assert [warning["code"] for warning in said.json()[0]["warnings"]] == ["days_to_come"]
    assert kurs("--project", small, "load", "--full", "--format", "json").json()[0]["warnings"] == []


def test_json_has_what_was_loaded_where_another_source_failed(kurs: Run, small: Path) -> None:
    plan = PLAN.replace("sources:\n", "sources:\n  lost: {files: lost.csv, into: lost}\n")
    (small / "kurs.yaml").write_text(plan, "utf-8")
    ran = kurs("--project", small, "load", "--format", "json")
    assert ran.code == 3
    assert [one["source"] for one in ran.json()] == ["sales"]
    assert "lost.csv" in ran.err
    again = kurs("--project", small, "load")
    assert (again.code, "nothing new" in again.out) == (3, True)
    nothing = kurs("--project", small, "load", "lost", "--format", "json")
    assert (nothing.code, nothing.json()) == (3, [])
