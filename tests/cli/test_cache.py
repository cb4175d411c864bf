"""kurs cache, and kurs query --profile and --no-rollup: what is kept is shown, cleared, and left aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurs.cli.main import run
from kurs.workflows.rollups import MANY_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Kept, timezone: UTC, as_of: 2026-01-31}
sources:
  shop: {files: orders.csv, into: orders, columns: {day: date, amount: "decimal(9,2)"}, window: day}
tables:
  orders: {time: day, dimensions: [channel]}
metrics:
  revenue: sum(orders.amount)
  orders: count(orders)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with as many rows as a rollup is worth."""
    folder = tmp_path_factory.mktemp("kept")
    (folder / "kurs.yaml").write_text(PLAN, encoding="utf-8")
    days = [f"2026-01-{day:02d},web,{day}.50\n" * (MANY_ROWS // 30 + 1) for day in range(1, 31)]
    (folder / "orders.csv").write_text("day,channel,amount\n" + "".join(days), encoding="utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


@pytest.fixture(autouse=True)
def nothing_kept(project: Path, kurs: Run) -> None:
    """Each test starts without rollups."""
    kurs("--project", project, "cache", "--clear")


def test_a_rollup_is_made_found_shown_and_cleared(project: Path, kurs: Run) -> None:
    nothing = {"rollups": [], "questions": {"pages": 0, "bytes": 0, "hits": 0}}
    assert kurs("--project", project, "cache", "--format", "json").json() == nothing
    asked = ("--project", project, "query", "revenue", "--by", "channel", "--format", "json")
    assert kurs(*asked, "--profile").err.count("made of orders by day and orders.channel") == 1
    assert "found: orders" in kurs(*asked, "--profile").err
    (kept,) = kurs("--project", project, "cache", "--format", "json").json()["rollups"]
    assert (kept["table"], kept["by"], kept["hits"], kept["rows"]) == ("orders", ["orders.channel"], 2, 30)
    assert "orders.channel" in kurs("--project", project, "cache").out
    assert kurs("--project", project, "cache", "--clear").out.startswith("Freed")
    assert kurs("--project", project, "cache", "--format", "json").json() == nothing


def test_the_answer_is_the_same_without_one(project: Path, kurs: Run) -> None:
    asked = ("--project", project, "query", "revenue", "orders", "--grain", "week", "--format", "json")
    kurs(*asked)
    with_rollup, without = kurs(*asked), kurs(*asked, "--no-rollup", "--profile")
    assert with_rollup.json() == without.json()
    assert "rollup" not in without.err


def test_the_printed_statement_reads_tables_of_the_plan(project: Path, kurs: Run) -> None:
    asked = ("--project", project, "query", "revenue", "--sql")
    kurs(*asked[:-1])
    assert "rollup_" not in kurs(*asked).out


@pytest.mark.parametrize("output", ["json", "csv", "table"])
@pytest.mark.parametrize(
    "words",
    [
        ("revenue", "--grain", "week", "--lang", "sv"),
        ("revenue", "--by", "channel", "--from", "2026-01-20", "--compare", "previous"),
        ("revenue", "orders", "--to", "2026-01-20", "--order", "revenue:desc", "--limit", "3"),
        ("--by", "channel"),
    ],
)
def test_a_question_that_was_asked_before_is_shown_alike(
    project: Path, kurs: Run, words: tuple[str, ...], output: str
) -> None:
    asked = ("--project", project, "query", *words, "--format", output)
    first, second = kurs(*asked), kurs(*asked)
    assert second == first
    assert first.code == 0
    told = kurs("--project", project, "cache", "--format", "json").json()["questions"]
    assert (told["pages"], told["hits"]) == (1, 1)
    assert "1 question understood before" in kurs("--project", project, "cache").out
