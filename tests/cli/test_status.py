"""kurs status: the table, the keys of the contract, the exit code for a scheduled job."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from conftest import Ran

    Run = Callable[..., Ran]

CONTRACT = [
    "kpi",
    "label",
    "metric",
    "unit",
    "good",
    "goal",
    "stage",
    "segment",
    "owner",
    "period",
    "as_of",
    "value",
    "numerator",
    "denominator",
    "baseline",
    "baseline_frozen",
    "baseline_restated",
    "target",
    "gap",
    "progress",
    "expected_by_now",
    "pace",
    "forecast",
    "chance",
    "status",
    "since",
    "previous_status",
    "provisional",
    "approved",
    "reason",
    "actions",
]


@pytest.fixture
def status(kurs: Run, shop: Path) -> Run:
    return lambda *words: kurs("--project", shop, "status", *words)


def test_on_a_wide_screen(status: Run, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "150")
    ran = status()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == snapshot


def test_on_a_narrow_screen(
    status: Run, snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = status().out
    assert out == snapshot
    assert max(map(len, out.splitlines())) <= 50


def test_a_narrower_table_leaves_out_the_least_important(
    status: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    out = status().out
    assert "Owner" not in out
    assert all(word in out for word in ("Value", "Target", "Status", "At risk"))
    assert max(map(len, out.splitlines())) <= 80


def test_json_has_the_keys_of_the_contract(status: Run) -> None:
    ran = status("--format", "json")
    assert (ran.code, ran.err) == (0, "")
    readings = {reading["kpi"]: reading for reading in ran.json()}
    assert list(readings) == [
        "visits_this_quarter",
        "engagement",
        "conversion",
        "revenue_first_half",
        "repeat_orders",
    ]
    one = readings["conversion"]
    assert [key for key in CONTRACT if key not in one] == []
    of_target = {
        "plan_since",
        "target_kind",
        "target_set",
        "target_final",
        "milestones",
        "next_milestone",
        "thresholds",
        "reached",
        "members",
    }
    more = {"data_to", "caveats", "recent", "transition", "changed_since_approved"}
    assert set(one) - set(CONTRACT) - of_target == more
    assert of_target <= set(one)
    assert one["label"] == "Conversion rate"
    assert (one["stage"], one["goal"], one["owner"]) == ("activate", "more_buyers", "head_of_web")
    assert one["period"] == {"from": "2026-01-01", "to": "2026-03-31"}
    assert one["value"] == pytest.approx(one["numerator"] / one["denominator"])
    assert one["gap"] == pytest.approx(one["value"] - one["target"])
    assert one["actions"] == [
        {"action": "checkout_review", "state": "planned", "owner": "head_of_web", "due": None}
    ]
    assert [one[key] for key in ("forecast", "chance")] == [None] * 2
    assert one["since"] is not None
    assert one["approved"] is False


def test_csv_is_flat(status: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(status("--format", "csv").out)))
    assert [row["period_from"] for row in rows][:2] == ["2026-01-01", "2026-03-01"]
    assert rows[0]["status"] == "at_risk"
    assert rows[0]["approved"] == "false"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "at_risk"], 1),
        (["--fail-on", "off_track"], 0),
        (["--fail-on", "missed,no_data"], 0),
        (["engagement", "--fail-on", "at_risk"], 0),
        (["--as-of", "2026-03-10", "--fail-on", "off_track"], 0),
        (["--as-of", "2024-03-10", "--fail-on", "missed"], 0),
        (["--as-of", "2024-03-10", "--fail-on", "missed", "--fail-on", "no_data"], 1),
        (["--fail-on", "on_track"], 2),
    ],
)
def test_fail_on(status: Run, words: list[str], code: int) -> None:
    ran = status(*words)
    assert ran.code == code
    assert bool(ran.err) == bool(code)
    assert bool(ran.out) == (code != 2)


def test_the_readings_can_be_chosen(status: Run) -> None:
    def kpis(*words: str) -> list[str]:
        return [reading["kpi"] for reading in status(*words, "--format", "json").json()]

    assert kpis("repeat_orders,engagement") == ["repeat_orders", "engagement"]
    assert kpis("--stage", "activate") == ["conversion", "revenue_first_half"]
    unknown = status("conversoin")
    assert (unknown.code, unknown.out) == (2, "")
    assert "Did you mean conversion?" in unknown.err
    assert status("--stage", "buy").code == 2


def test_what_nobody_kept_is_refused(status: Run) -> None:
    ran = status("--known-on", "2020-01-01")
    assert (ran.code, ran.out) == (2, "")
    assert "kurs snapshot" in ran.err
    ran = status("--known-on", "2020-01-01", "--stage", "reach")
    assert (ran.code, "no other choice" in ran.err) == (2, True)


def test_before_the_first_load_it_says_what_to_do(kurs: Run, tmp_path: Path) -> None:
    kurs("init", tmp_path)
    ran = kurs("--project", tmp_path, "status")
    assert ran.code == 0
    assert "No data" in ran.out
    assert ran.err == f"Next: kurs --project {tmp_path} load\n"
    reasons = {entry["reason"] for entry in kurs("--project", tmp_path, "status", "--format=json").json()}
    assert all(reasons)


def test_status_is_a_word_and_never_colour_alone(status: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "▲ At risk" in status().out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[33m" not in status().out
    assert "▲ At risk" in status().out


def test_numbers_and_dates_of_another_language(status: Run) -> None:
    out = status("--lang", "sv").out
    assert "11\N{NO-BREAK SPACE}463" in out
    assert "20 mars 2026" in out


def test_a_plan_without_kpis_says_so(kurs: Run, tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text("project: {name: Bare, timezone: UTC}\n", "utf-8")
    ran = kurs("--project", tmp_path, "status")
    assert ran.code == 0
    assert ran.out.strip() == "The plan has no KPIs yet."
    assert "kurs --project" in ran.err
    assert kurs("--project", tmp_path, "status", "--format", "json").out.strip() == "[]"
