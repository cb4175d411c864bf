"""Four months of one plan: set, signed, changed, fallen short, acted upon, measured, restated.

Each decision is taken on its day, and what is asked later about an earlier day is told as it was.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from commands import printed
from kurs.project import read
from kurs.workflows.load import needed_versions

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2025, 11, 1)
PLAN = """\
project: {name: Four months, timezone: Europe/Stockholm}
sources:
  web: {files: days.csv, into: days, columns: {day: date, visits: int, orders: int}, window: day}
tables:
  days: {time: day}
metrics:
  orders: {expr: sum(days.orders), good: up}
  rate: {expr: orders / sum(days.visits), unit: percent, good: up}
people:
  web: {name: Head of web}
  cmo: {name: CMO}
strategy:
  grow: {says: Grow}
goals:
  buyers: {says: More visitors buy, strategy: grow, stage: activate}
  back: {says: Buyers come back, strategy: grow, stage: loyalty}
actions:
  checkout: {says: Mend the checkout, when: at_risk for 3 days, owner: web, due: 5 days, expect: +1pp}
kpis:
  conversion:
    metric: rate
    goal: buyers
    period: {from: 2026-09-01, to: 2026-12-31}
    baseline: {from: 2026-06-01, to: 2026-08-31}
    target: {change: +10%}
    owner: web
    approver: cmo
    actions: [checkout]
"""


def orders_of(day: date, *, restated: bool) -> int:
    """5 % of 1,000 visits and a little wobble; better in autumn, ill in November, mended on the 14th."""
    wobble = (day.toordinal() * 7919) % 5 - 2
    if restated and date(2026, 6, 1) <= day < date(2026, 10, 1):
        wobble += 3
    if day < date(2026, 9, 1):
        return 50 + wobble
    if day < date(2026, 11, 1):
        return 56 + wobble
    return (45 if day < date(2026, 11, 14) else 66) + wobble


class Story:
    """The project of the story, and its commands."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        (folder / "kurs.yaml").write_text(PLAN, "utf-8")

    def load(self, to: str, *, restated: bool = False) -> None:
        """Bring the data up to a day, as the shop tells them now."""
        days = range((date.fromisoformat(to) - FIRST).days + 1)
        rows = [FIRST + timedelta(days=n) for n in days]
        lines = [f"{day},1000,{orders_of(day, restated=restated)}" for day in rows]
        (self.folder / "days.csv").write_text("\n".join(["day,visits,orders", *lines, ""]), "utf-8")
        self.ask("load", "--as-of", to)

    def ask(self, *words: str, code: int = 0) -> Any:  # noqa: ANN401 - a document of any shape
        return printed(self.capsys, "--project", str(self.folder), *words, code=code)

    def status(self, day: str) -> Any:  # noqa: ANN401
        (reading,) = self.ask("status", "--as-of", day)
        return reading


def test_four_months(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURS_WRITER", "server")
    story = Story(tmp_path, capsys)
    # September: the target is set, signed, and measured from a frozen baseline
    story.load("2026-08-31")
    frozen = story.ask("baseline", "conversion", "--freeze", "--by", "web", "--as-of", "2026-09-01")
    assert frozen["value"] == pytest.approx(0.05, rel=0.01)
    story.ask("approve", "conversion", "--by", "cmo", "--as-of", "2026-09-01")
    story.load("2026-09-30")
    september = story.status("2026-09-30")
    assert (september["status"], september["approved"]) == ("on_track", True)
    assert september["target"] == pytest.approx(frozen["value"] * 1.1)
    assert story.status("2026-08-31")["status"] == "not_started"
    story.ask("snapshot", "--by", "web", "--as-of", "2026-09-30")
    # October: the target is raised; the approval lapses until it is signed again
    (tmp_path / "kurs.yaml").write_text(PLAN.replace("+10%", "+11%"), "utf-8")
    assert story.status("2026-10-05")["approved"] is False
    (approval,) = story.ask("approvals", "--as-of", "2026-10-05")
    assert (approval["state"], [one["what"] for one in approval["changes"]]) == (
        "lapsed",
        ["kpis.conversion.target.value"],
    )
    story.ask("approve", "conversion", "--by", "cmo", "--as-of", "2026-10-06")
    # November: it slips; the action is opened after three days at risk, once
    story.load("2026-11-13")
    opened = [
        (day, one["due"], one["because"])
        for day in range(1, 14)
        for one in story.ask("watch", "--once", "--as-of", f"2026-11-{day:02}")["opened"]
    ]
    assert len(opened) == 1
    day, due, because = opened[0]
    slipped = story.status(f"2026-11-{day:02}")
    assert slipped["since"] == f"2026-11-{day - 2:02}"
    assert (slipped["previous_status"], slipped["transition"]) == ("on_track", "slipping")
    assert story.status(f"2026-11-{day - 3:02}")["status"] == "on_track"
    assert (due, because) == (f"2026-11-{day + 5:02}", "at_risk for 3 days")
    assert [one["state"] for one in slipped["actions"]] == ["open"]
    late = story.ask("watch", "--once", "--fail-on", "overdue", "--as-of", f"2026-11-{day + 6:02}", code=1)
    assert (late["opened"], [one["action"] for one in late["overdue"]]) == ([], ["checkout"])
    story.ask("action", "conversion", "checkout", "done", "--by", "web", "--as-of", "2026-11-13")
    # too early to tell on the next day, told in December
    (early,) = story.ask("actions", "--effect", "--as-of", "2026-11-14")
    assert early["measured"]["verdict"] == "cannot_tell"
    story.load("2026-12-12")
    (late_on,) = story.ask("actions", "--effect", "--as-of", "2026-12-12")
    measured = late_on["measured"]
    assert measured["after"] == {"from": "2026-11-14", "to": "2026-12-11"}
    assert (measured["verdict"], measured["expected"]) == ("better", 0.01)
    assert measured["low95"] < measured["effect"] < measured["high95"]
    # A year of October days is not there yet, so the weeks before are carried on.
    assert (measured["expectation"], measured["change"] > 0) == ("trend", True)
    assert story.ask("watch", "--once", "--as-of", "2026-12-12") == {
        "as_of": "2026-12-12", "opened": [], "overdue": [],
    }  # fmt: skip
    # December: history is restated; the frozen baseline and what was reported stand
    story.load("2026-12-12", restated=True)
    now = story.status("2026-12-12")
    assert now["baseline"] == frozen["value"]
    assert now["baseline_restated"] == pytest.approx(frozen["value"] + 0.003)
    (known,) = story.ask("status", "--known-on", "2026-10-04")
    assert (known["source"], known["reported_on"], known["value"], known["target"]) == (
        *("journal", "2026-09-30"),
        *(september["value"], september["target"]),
    )
    assert (known["same"], known["definition_changed"]) == (True, True)
    assert known["recomputed"]["value"] == september["value"]  # by the tables of then
    assert story.status("2026-09-30")["value"] == pytest.approx(september["value"] + 0.003)  # by those of now
    needed = needed_versions(read(tmp_path).required())
    assert needed.versions == {"days": frozenset({1})}
    tree = story.ask("plan", "--as-of", "2026-12-12")
    (strategy,) = tree["strategies"]
    assert [[kpi["kpi"] for kpi in goal["kpis"]] for goal in strategy["goals"]] == [["conversion"], []]
    assert {"gap": "goal_without_kpi", "name": "back"} in tree["gaps"]
    assert story.ask("journal", "--verify")["problems"] == []
