"""kurs baseline: frozen, it stands when history is restated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Frozen, timezone: UTC, as_of: 2026-03-10}
sources:
  shop: {files: orders.csv, into: orders, columns: {day: date, amount: int, buyers: int}, window: day}
tables:
  orders: {time: day}
metrics:
  revenue: {expr: sum(orders.amount), good: up}
  each: {expr: sum(orders.amount) / sum(orders.buyers), good: up}
people: {ann: {name: Ann}, bob: {name: Bob}}
kpis:
  takings:
    metric: each
    period: {from: 2026-03-01, to: 2026-03-31}
    baseline: {from: 2026-02-01, to: 2026-02-28}
    target: {change: +20%}
    owner: ann
    approver: bob
  stated: {metric: revenue, period: {from: 2026-03-01, to: 2026-03-31}, baseline: {value: 7}}
  monthly: {metric: revenue, period: {every: month}, baseline: previous}
  later: {metric: each, period: {from: 2026-04-01, to: 2026-04-30}, baseline: previous}
"""


def rows(february: int) -> str:
    days = [f"2026-02-{day:02d},{february},2\n" for day in range(1, 29)]
    return (
        "day,amount,buyers\n" + "".join(days) + "".join(f"2026-03-{day:02d},12,2\n" for day in range(1, 11))
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kurs: Run) -> Path:
    monkeypatch.setenv("KURS_WRITER", "test")
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "orders.csv").write_text(rows(10), "utf-8")
    assert kurs("--project", tmp_path, "load", "--quiet").code == 0
    return tmp_path


@pytest.fixture
def ask(project: Path, kurs: Run) -> Callable[..., Any]:
    def asked(*words: object) -> Any:  # noqa: ANN401 - a document of any shape
        ran = kurs("--project", project, *words, "--format", "json")
        assert ran.code == 0, ran.err
        return ran.json()

    return asked


def restate(project: Path, kurs: Run) -> None:
    (project / "orders.csv").write_text(rows(11), "utf-8")
    assert kurs("--project", project, "load", "--quiet").code == 0


def test_a_frozen_baseline_stands_when_history_is_restated(
    project: Path, kurs: Run, ask: Callable[..., Any]
) -> None:
    assert ask("baseline", "takings")["frozen"] is None
    frozen = ask("baseline", "takings", "--freeze", "--by", "ann")
    assert (frozen["value"], frozen["numerator"], frozen["denominator"]) == (5, 280, 56)
    assert frozen["frozen"] == {
        "value": 5, "numerator": 280, "denominator": 56, "day": "2026-03-10", "same_definition": True,
    }  # fmt: skip
    (before,) = ask("status", "takings")
    assert (before["baseline"], before["baseline_frozen"], before["target"]) == (5, "2026-03-10", 6)
    assert not any("frozen" in caveat for caveat in before["caveats"])
    restate(project, kurs)
    (after,) = ask("status", "takings")
    assert (after["baseline"], after["baseline_restated"], after["target"]) == (5, 5.5, 6)
    assert any("10" in caveat and "frozen" in caveat for caveat in after["caveats"])
    again = ask("baseline", "takings")
    assert (again["value"], again["frozen"]["value"]) == (5.5, 5)
    (earlier,) = ask("status", "takings", "--as-of", "2026-03-09")
    assert (earlier["baseline"], earlier["baseline_frozen"]) == (5.5, None)
    ask("baseline", "takings", "--freeze")
    assert ask("status", "takings")[0]["baseline"] == 5.5
    assert "5" in kurs("--project", project, "baseline", "takings").out
    (entry, _) = ask("journal")
    assert entry["content"]["versions"].keys() == {"orders"}
    assert ask("journal", "--verify")["problems"] == []


def test_another_definition_is_said_beside_it(project: Path, ask: Callable[..., Any]) -> None:
    ask("baseline", "takings", "--freeze")
    plan = project / "kurs.yaml"
    plan.write_text(PLAN.replace("change: +20%", "change: +30%").replace("owner: ann", "owner: bob"), "utf-8")
    assert ask("baseline", "takings")["frozen"]["same_definition"] is True
    plan.write_text(
        PLAN.replace("each: {expr: sum(orders.amount) /", "each: {expr: max(orders.amount) /"), "utf-8"
    )
    (reading,) = ask("status", "takings")
    assert reading["baseline"] == 5
    assert any("definition" in caveat for caveat in reading["caveats"])


def test_another_period_is_measured_anew(project: Path, kurs: Run, ask: Callable[..., Any]) -> None:
    ask("baseline", "monthly", "--freeze")
    restate(project, kurs)
    assert ask("status", "monthly")[0]["baseline"] == 280
    plan = project / "kurs.yaml"
    plan.write_text(PLAN.replace("to: 2026-02-28", "to: 2026-02-27"), "utf-8")
    assert ask("status", "takings")[0]["baseline_frozen"] is None


def test_before_an_event_it_is_the_coming_one_that_is_frozen(
    project: Path, kurs: Run, ask: Callable[..., Any]
) -> None:
    fair = """
  fair: {metric: revenue, period: {event: fair}, baseline: {same_event: previous}, target: {change: +10%}}
calendar:
  events:
    fair:
      - {from: 2026-02-02, to: 2026-02-03}
      - {from: 2026-02-20, to: 2026-02-22}
      - {from: 2026-03-09, to: 2026-03-10}
"""
    (project / "kurs.yaml").write_text(PLAN + fair.lstrip("\n"), "utf-8")
    on = ("--as-of", "2026-03-01")
    frozen = ask("baseline", "fair", "--freeze", *on)
    assert frozen["of_period"] == {"from": "2026-03-09", "to": "2026-03-10"}
    assert (frozen["period"]["from"], frozen["value"]) == ("2026-02-20", 20)
    assert frozen["frozen"]["day"] == "2026-03-01"
    assert "9–10 Mar 2026" in kurs("--project", project, "baseline", "fair", *on).out
    # While an occurrence runs, and after the last one, it is that one's own.
    for day, of, value in (("2026-02-20", "2026-02-20", 30), ("2026-03-10", "2026-03-09", 20)):
        asked = ask("baseline", "fair", "--as-of", day)
        assert (asked["of_period"]["from"], asked["value"]) == (of, value)
    assert ask("status", "fair", *on)[0]["baseline_frozen"] is None  # still that of February
    restate(project, kurs)
    reading = ask("status", "fair")[0]
    assert (reading["baseline"], reading["baseline_frozen"]) == (20, "2026-03-01")
    assert reading["baseline_restated"] == 22


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("takngs",), "unknown_kpi"),
        (("takings", "--freeze", "--by", "nan"), "unknown_person"),
        (("stated", "--freeze"), "nothing_to_freeze"),
        (("takings", "--freeze", "--as-of", "2026-02-20"), "freeze_too_early"),
        (("later", "--freeze"), "freeze_too_early"),
    ],
)
def test_what_cannot_be_frozen_is_refused(
    project: Path, kurs: Run, words: tuple[str, ...], code: str
) -> None:
    ran = kurs("--project", project, "baseline", *words)
    assert (ran.code, ran.out) == (2, "")
    assert code in ran.err
    assert not (project / "ledger").exists()
