"""kurs check: problems on stdout, the exit code, the keys of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from syrupy.assertion import SnapshotAssertion

    from conftest import Ran

    Run = Callable[..., Ran]
    Plan = Callable[[str], Path]

BROKEN = """\
project: {name: Broken, timezone: UTC}
tables:
  orders: {time: day}
metrics:
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  aov: {expr: "revenu / count(orders)"}
kpis:
  sales:
    metric: revenu
    period: {from: 2026-03-01, to: 2026-02-01}
    target: {reach: 1000}
"""
FINDING = ["letter", "code", "message", "hint", "evidence", "snippet", "paste"]
COVERAGE = ("reach", "engage", "activate", "loyalty", "leading", "lagging")
PROBLEM = ["code", "severity", "file", "line", "column", "kpi", "message", "hint"]


def test_a_plan_in_order(kurs: Run, shop: Path) -> None:
    ran = kurs("check", "--project", shop)
    assert ran.code == 0
    first, *audited = ran.out.splitlines()
    assert first == "The plan has no errors: 5 KPIs, 8 metrics, 2 tables and 2 sources."
    assert audited[1].split() == [
        "KPI",
        "Specific",
        "Measurable",
        "Achievable",
        "Relevant",
        "Time-bound",
        "Score",
    ]
    assert ran.err == f"Next: kurs --project {shop} status\n"
    assert kurs("check", "--project", shop, "--quiet").err == ""


def test_before_the_first_load_one_line_says_so(kurs: Run, plan: Plan) -> None:
    weak = """\
project: {name: Weak, timezone: UTC}
tables: {orders: {time: day}}
metrics: {orders: {expr: count(orders), good: up}}
kpis:
  one: {metric: orders, period: {every: month}, target: {reach: 10}}
  two: {metric: orders, period: {every: week}, target: {reach: 10}}
"""
    lines = kurs("check", "--project", plan(weak)).out.splitlines()
    (place,) = [place for place, line in enumerate(lines) if line.startswith("? ")]
    assert lines[place].split() == ["?", "Measurable", "and", "Achievable", "All", "KPIs"]
    assert "kurs load" in lines[place + 1]


def test_problems_are_the_answer(kurs: Run, plan: Plan, snapshot: SnapshotAssertion) -> None:
    folder = plan(BROKEN)
    ran = kurs("check", "--project", folder)
    assert (ran.code, ran.err) == (1, f"Next: kurs --project {folder} check --fix\n")  # of `revenu`
    assert ran.out == snapshot


def test_problems_fit_a_narrow_terminal(kurs: Run, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    ran = kurs("check", "--project", plan(BROKEN))
    assert max(map(len, ran.out.splitlines())) <= 50
    assert "^" in ran.out


def test_json_has_the_keys_of_the_contract(kurs: Run, plan: Plan) -> None:
    ran = kurs("check", "--project", plan(BROKEN), "--format", "json")
    assert (ran.code, ran.err) == (1, "")
    said = ran.json()
    assert list(said) == ["problems", "audit", "coverage", "set"]
    assert said["audit"] == said["set"] == []
    assert tuple(said["coverage"]) == COVERAGE
    assert all(list(problem) == PROBLEM for problem in said["problems"])
    assert ("kurs.yaml", 9) in {(problem["file"], problem["line"]) for problem in said["problems"]}


def test_coverage_counts_stages_and_natures(kurs: Run, shop: Path) -> None:
    said = kurs("check", "--project", shop, "--format", "json").json()
    assert said["coverage"] == dict(zip(COVERAGE, (1, 1, 2, 1, 2, 3), strict=True))


def test_broken_yaml_is_bad_news_for_check_and_wrong_usage_for_all_others(kurs: Run, plan: Plan) -> None:
    folder = plan("project: [")
    assert kurs("check", "--project", folder).code == 1
    said = kurs("check", "--project", folder, "--format=json").json()
    assert set(said["coverage"].values()) == {0}
    for command in ("status", "load", "query"):
        ran = kurs(command, "--project", folder)
        assert (ran.code, ran.out) == (2, "")
        assert "kurs.yaml:1" in ran.err


def test_the_audit_has_the_keys_of_the_contract(kurs: Run, shop: Path) -> None:
    said = kurs("check", "--project", shop, "--format", "json").json()
    letters = ["specific", "measurable", "achievable", "relevant", "time_bound"]
    assert len(said["audit"]) == 5
    for one in said["audit"]:
        assert list(one) == ["kpi", "score", *letters, "findings"]
        assert 0 <= one["score"] <= 1
        assert {one[letter] for letter in letters} <= {"pass", "warn", "fail", "unknown"}
        assert all(found["message"] and found["letter"] in letters for found in one["findings"])
        assert all(list(found) == FINDING for found in one["findings"])


def test_strict_lets_a_failed_letter_fail(kurs: Run, plan: Plan) -> None:
    folder = plan(
        "project: {name: P, timezone: UTC}\ntables: {t: {time: day}}\n"
        "metrics: {rows: {expr: count(t), good: up}}\n"
        "kpis: {k: {metric: rows, period: {every: month}, target: {reach: 5}}}"
    )
    lenient, strict = kurs("check", "--project", folder), kurs("check", "--project", folder, "--strict")
    assert (lenient.code, strict.code) == (0, 1)
    assert "Nobody answers for it." in strict.out
    assert "warning" not in strict.out


def test_strict_lets_a_warning_fail(kurs: Run, tmp_path: Path) -> None:
    plan = "project: {name: P, timezone: UTC}\nsources:\n  crm:\n    files: crm.csv\n    into: crm\n"
    (tmp_path / "kurs.yaml").write_text(plan, "utf-8")
    (tmp_path / "crm.csv").write_text("id,email\n1,ann@example.com\n", "utf-8")  # nobody decided to keep it
    lenient, strict = kurs("check", "--project", tmp_path), kurs("check", "--project", tmp_path, "--strict")
    assert (lenient.code, strict.code) == (0, 1)
    assert "warning" in lenient.out


def test_before_the_first_load_the_next_step_is_load(kurs: Run, tmp_path: Path) -> None:
    kurs("init", tmp_path)
    ran = kurs("check", "--project", tmp_path)
    assert ran.code == 0
    assert "error" not in ran.out.replace("no errors", "")


def test_personal_data_is_a_warning_until_it_is_decided(kurs: Run, tmp_path: Path) -> None:
    plan = "project: {name: P, timezone: UTC}\nsources:\n  crm:\n    files: crm.csv\n    into: crm\n"
    (tmp_path / "kurs.yaml").write_text(plan, "utf-8")
    (tmp_path / "crm.csv").write_text("id,email,who\n1,ann@example.com,bob@example.com\n", "utf-8")

    def warned() -> list[str]:
        found = kurs("--project", tmp_path, "check", "--format", "json").json()["problems"]
        return [one["message"].split()[2] for one in found if one["code"] == "personal_data"]

    assert warned() == ["email"]
    assert kurs("--project", tmp_path, "load", "--quiet").code == 0
    assert warned() == ["email", "who"]
    stated = plan + "    columns: {email: {keep: plain}, who: {keep: plain}}\n"
    (tmp_path / "kurs.yaml").write_text(stated, "utf-8")
    assert warned() == []


FIXABLE = """\
project: {name: Weak, timezone: UTC}
tables: {orders: {time: day}}
metrics: {orders: {expr: count(orders), good: up}}
kpis:
  orders:
    metric: orders  # all
    period: {every: month}
"""


def test_a_fix_shows_its_changes_and_then_the_plan(kurs: Run, plan: Plan) -> None:
    folder = plan(FIXABLE)
    shown = kurs("check", "--project", folder, "--as-of", "2026-06-15", "--fix", "--dry-run")
    assert "+    review: weekly\n" in shown.out
    assert "Nothing is written yet." in shown.out
    assert (folder / "kurs.yaml").read_text("utf-8") == FIXABLE
    done = kurs("check", "--project", folder, "--as-of", "2026-06-15", "--fix")
    assert done.out.startswith("--- kurs.yaml\n+++ kurs.yaml\n@@ ")
    assert "Changed: kurs.yaml" in done.out
    assert "    metric: orders  # all\n    period: {every: month}\n" in (folder / "kurs.yaml").read_text(
        "utf-8"
    )
    assert "review: weekly" in (folder / "kurs.yaml").read_text("utf-8")
    again = kurs("check", "--project", folder, "--as-of", "2026-06-15", "--fix")
    assert again.out.startswith("Nothing was found that could be written")


def test_a_fix_as_json(kurs: Run, plan: Plan) -> None:
    folder = plan(FIXABLE)
    found = kurs("check", "--project", folder, "--as-of", "2026-06-15", "--fix", "--format", "json").json()
    assert list(found) == ["problems", "audit", "coverage", "set", "fix"]
    assert list(found["fix"]) == ["written", "files", "diff", "done", "refused"]
    assert {"code": "no_review", "kpi": "orders", "change": "kpis.orders: review: weekly"} in found["fix"][
        "done"
    ]
    (one,) = found["audit"]
    owner = next(fault for fault in one["findings"] if fault["code"] == "no_owner")
    assert owner["snippet"].startswith("people:\n  head_of_marketing:\n    name: Head of marketing  # who?\n")
    assert [place["below"] for place in owner["paste"]] == [[], ["kpis", "orders"]]
    assert owner["paste"][1]["yaml"] == "owner: head_of_marketing  # who?"


def test_a_fix_ends_as_the_check_does(kurs: Run, plan: Plan) -> None:
    folder = plan(FIXABLE.replace("metric: orders  #", "metric: ordres  #"))
    assert kurs("check", "--project", folder, "--fix", "--dry-run").code == 1  # the file is as it was
    assert kurs("check", "--project", folder, "--fix").code == 0
    assert kurs("check", "--project", folder, "--fix", "--strict").code == 1
    assert kurs("check", "--project", folder, "--dry-run").code == 2
