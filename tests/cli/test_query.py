"""kurs query: what it asks, and how the answer is written."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Warehouse, timezone: UTC, currency: SEK, engine: "duckdb:///w.duckdb", as_of: 2026-01-31}
tables:
  orders: {time: day, dimensions: [channel]}
metrics:
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  cost: {expr: sum(orders.cost), unit: currency, good: down}
  orders: count(orders)
"""
ROWS = """
(DATE '2026-01-01', 'web',  10.50, 1.0), (DATE '2026-01-02', 'shop', 20.25, 2.0),
(DATE '2026-01-03', NULL,    5.25, 0.1), (DATE '2026-01-10', chr(27) || '[31mred', 1.00, 0.2)
"""


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warehouse")
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute("CREATE TABLE orders (day DATE, channel TEXT, amount DECIMAL(10,2), cost DOUBLE)")
        made.execute(f"INSERT INTO orders VALUES {ROWS}")
    return folder


@pytest.fixture
def ask(kurs: Run, warehouse: Path) -> Run:
    return lambda *words: kurs("--project", warehouse, "query", *words)


def test_json_has_the_keys_of_the_contract(ask: Run) -> None:
    ran = ask("revenue", "--grain", "day", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json() == {
        "columns": [
            {"name": "time", "kind": "time", "unit": None},
            {"name": "revenue", "kind": "metric", "unit": "currency"},
        ],
        "rows": [{"time": "2026-01-01", "revenue": 10.5}, {"time": "2026-01-02", "revenue": 20.25}],
        "complete_to": "2026-01-10",
        "warnings": [],
    }


def test_csv_is_exact_and_null_is_nothing(ask: Run) -> None:
    ran = ask("revenue", "cost", "orders", "--by", "channel", "--order", "revenue:desc", "--format=csv")
    rows = list(csv.reader(io.StringIO(ran.out)))
    assert rows[0] == ["channel", "revenue", "cost", "orders"]
    assert rows[1:3] == [["shop", "20.25", "2.0", "1"], ["web", "10.50", "1.0", "1"]]
    assert rows[3] == ["", "5.25", "0.1", "1"]


def test_metrics_and_dimensions_come_one_by_one_or_with_commas(ask: Run) -> None:
    one = ask("revenue", "orders", "--by", "channel", "--format", "csv").out
    assert one == ask("revenue,orders", "--by", "channel,", "--format", "csv").out


def test_without_a_metric_the_members_are_listed(ask: Run) -> None:
    said = ask("--by", "channel", "--where", "channel in ('web', 'shop')", "--format", "json").json()
    assert said["rows"] == [{"channel": "shop"}, {"channel": "web"}]


def test_one_end_alone_reaches_to_the_data_or_to_the_day(ask: Run) -> None:
    def total(*words: str) -> float:
        (row,) = ask("revenue", *words, "--format", "json").json()["rows"]
        return row["revenue"]

    assert total() == 37
    assert total("--from", "2026-01-02") == 26.5
    assert total("--to", "2026-01-02") == 30.75  # inclusive
    assert total("--from", "2026-01-02", "--to", "2026-01-02") == 20.25
    assert total("--from", "2026-01-02", "--as-of", "2026-01-03") == 25.5
    days = ask("revenue", "--to", "2026-01-02", "--grain", "day", "--format", "json").json()["rows"]
    assert [row["time"] for row in days] == ["2026-01-01", "2026-01-02"]


def test_compare_with_a_range(ask: Run) -> None:
    ran = ask(
        "revenue", "--from=2026-01-02", "--to=2026-01-02", "--compare=2026-01-01..2026-01-01", "--format=json"
    )
    (row,) = ran.json()["rows"]
    assert row["revenue__compare"] == 10.5
    assert row["revenue__change"] == pytest.approx(20.25 / 10.5 - 1)


def test_a_comparison_on_screen(
    ask: Run, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    words = ("revenue", "cost", "--from=2026-01-02", "--to=2026-01-02", "--compare=previous")
    assert ask(*words).out == snapshot
    monkeypatch.setenv("FORCE_COLOR", "1")
    red, green = "\x1b[31m", "\x1b[32m"
    line = next(line for line in ask(*words).out.splitlines() if "20" in line)
    assert line.index(green) < line.index(red)  # more revenue is good, more cost is not


def test_sql_alone_runs_nothing(ask: Run) -> None:
    ran = ask("revenue", "--sql")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("WITH ")
    assert duckdb.extract_statements(ran.out)[0].type == duckdb.StatementType.SELECT


def test_all_mistakes_are_told_at_once(ask: Run) -> None:
    ran = ask("revenue", "--from", "yesterday", "--limit", "0", "--compare", "last_yaer")
    assert (ran.code, ran.out) == (2, "")
    assert all(said in ran.err for said in ("--from", "--limit", "last_year", "3 errors"))
    assert "month" in ask("revenue", "--grain", "moth").err  # the plan may have grains of its own
    for words in (["--from=2026-01-02", "--to=2026-01-01"], ["--compare=2026-01-02..2026-01-01"]):
        assert "before they begin" in ask("revenue", *words).err
    assert ask("revenue", "--compare", "x..y").code == 2
    assert ask("revenue", "--order", "revenue:down").code == 2
    assert "Did you mean revenue?" in ask("revenu").err


def test_warnings_stand_on_stderr_and_in_the_document(ask: Run) -> None:
    words = ("revenue", "--from", "2025-12-30", "--to", "2026-01-01")
    told = ask(*words)
    assert told.code == 0
    assert "warning" in told.err
    assert "warning" not in told.out
    assert len(ask(*words, "--format", "json").json()["warnings"]) == 1


def test_text_from_data_cannot_command_the_terminal(ask: Run) -> None:
    assert "\x1b" not in ask("revenue", "--by", "channel").out


def test_no_rows_and_no_values_are_said(ask: Run) -> None:
    assert "no rows" in ask("revenue", "--by", "channel", "--where", "channel = 'none'").out


def test_what_does_not_fit_is_a_list(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    out = ask("revenue", "cost", "orders", "--grain", "week").out
    assert "─" not in out
    assert "Revenue: SEK" in out
    assert max(map(len, out.splitlines())) <= 40


def test_a_pipe_and_no_color_get_plain_text(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in ask("revenue").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in ask("revenue").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert not [code for code in ("\x1b[31m", "\x1b[32m", "\x1b[36m") if code in ask("revenue").out]


def test_an_engine_that_fails_ends_with_three(kurs: Run, tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    ran = kurs("--project", tmp_path, "query", "revenue")
    assert (ran.code, ran.out) == (3, "")
    assert "w.duckdb" in ran.err


def test_json_gives_every_digit_of_a_decimal(kurs: Run, tmp_path: Path) -> None:
    """A double keeps 17 digits: 90071992547409.93125 would come back as 90071992547409.94."""
    amounts = ("90071992547409.93125", "0.00000000000000001", "-12.5")
    rows = ", ".join(f"(DATE '2026-01-0{n}', {text}, 1.0)" for n, text in enumerate(amounts, 1))
    (tmp_path / "kurs.yaml").write_text(PLAN.replace(", dimensions: [channel]", ""), "utf-8")
    with duckdb.connect(str(tmp_path / "w.duckdb")) as made:
        made.execute("CREATE TABLE orders (day DATE, amount DECIMAL(38,17), cost DOUBLE)")
        made.execute(f"INSERT INTO orders VALUES {rows}")
    asked = ("--project", tmp_path, "query", "revenue", "--from", "2026-01-01", "--to", "2026-01-03")
    said = json.loads(kurs(*asked, "--grain", "day", "--format", "json").out, parse_float=Decimal)
    assert [row["revenue"] for row in said["rows"]] == [Decimal(text) for text in amounts]
    (whole,) = json.loads(kurs(*asked, "--format", "json").out, parse_float=Decimal)["rows"]
    assert whole["revenue"] == Decimal("90071992547397.43125000000000001")
