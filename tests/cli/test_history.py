"""kurs history: what changed of a KPI, from a real repository and the journal."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Told, timezone: UTC, as_of: 2026-03-10}
tables: {orders: {time: day}}
metrics:
  revenue: {expr: sum(orders.amount), good: up}
people: {ann: Ann, bob: Bob}
kpis:
  takings: {metric: revenue, period: {from: 2026-03-01, to: 2026-03-31}, target: {reach: 1000},
            owner: ann, approver: bob}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The plan in a folder of a repository, changed by two people."""
    folder = tmp_path / "marketing; rm -rf *"
    folder.mkdir()

    def git(*words: str) -> None:
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)

    def commit(text: str, who: str, subject: str, hour: int) -> None:
        (folder / "kurs.yaml").write_text(text, "utf-8")
        git("add", "-A")
        names = ["-c", f"user.name={who}", "-c", f"user.email={who}@example.com"]
        dated = ["--date", f"2026-03-0{hour}T12:00:00+00:00"]
        git(*names, "commit", "-q", "-m", subject, *dated)

    git("init", "-q")
    commit("project: {name: Told}\n", "ann", "Begin", 1)
    commit(PLAN, "ann", "Count what we take", 2)
    commit(PLAN.replace("name: Told", "name: Still told"), "ann", "Another name", 3)
    raised = PLAN.replace("reach: 1000", "reach: 1200").replace("owner: ann", "owner: bob")
    commit(raised, "bob", "Higher, and Bob's", 4)
    commit("kpis: [", "bob", "Oops", 5)
    commit(raised.replace("sum(orders.amount)", "sum(orders.net)"), "ann", "Net; $(touch hacked)", 6)
    return folder


def test_commits_and_decisions_are_told_in_order(
    project: Path, kurs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURS_WRITER", "ann")
    assert kurs("--project", project, "note", "takings", "Well", "--by", "ann").code == 0
    ran = kurs("--project", project, "history", "takings", "--format", "json")
    assert ran.code == 0, ran.err
    told: list[Any] = ran.json()
    plan = [one for one in told if one["kind"] == "plan"]
    assert [(one["what"], one["subject"], one["differences"]) for one in plan] == [
        ("added", "Count what we take", []),
        (
            "changed",
            "Higher, and Bob's",
            ["Owner: Ann → Bob", "Target: reach 1,000 → reach 1,200"],
        ),
        ("unreadable", "Oops", []),
        (
            "changed",
            "Net; $(touch hacked)",
            ["How Revenue is computed: sum(orders.amount) → sum(orders.net)"],
        ),
    ]
    assert plan[1]["who"] == "bob <bob@example.com>"
    assert told[-1]["content"] == {"text": "Well"}
    assert not list(project.parent.rglob("hacked"))
    shown = kurs("--project", project, "history", "takings").out
    assert "Target: reach 1,000 → reach 1,200" in shown
    assert "Well" in shown


def test_what_is_not_committed_and_what_is_no_repository(project: Path, kurs: Run, tmp_path: Path) -> None:
    path = project / "kurs.yaml"
    path.write_text(path.read_text("utf-8").replace("reach: 1200", "reach: 900"), "utf-8")
    last = kurs("--project", project, "history", "takings", "--format", "json").json()[-1]
    assert (last["commit"], last["differences"]) == (None, ["Target: reach 1,200 → reach 900"])
    unknown = kurs("--project", project, "history", "takngs")
    assert (unknown.code, "takings?" in unknown.err) == (2, True)
    alone = tmp_path.parent / f"{tmp_path.name}-alone"
    alone.mkdir()
    (alone / "kurs.yaml").write_text(PLAN, "utf-8")
    ran = kurs("--project", alone, "history", "takings")
    assert (ran.code, "no git repository" in ran.out) == (0, True)


def test_a_commit_is_read_once(project: Path, kurs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kurs("--project", project, "history", "takings", "--format", "json").json()
    monkeypatch.setattr("kurs.workflows.past_plans._read", lambda *_: pytest.fail("read again"))
    assert kurs("--project", project, "history", "takings", "--format", "json").json() == first
    assert kurs("--project", project, "history", "takings").code == 0


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"version": "0"}', '{"version": 1, "plans": 2}', "\xff"])
def test_what_is_kept_of_plans_may_be_lost(project: Path, kurs: Run, kept: str) -> None:
    first = kurs("--project", project, "history", "takings", "--format", "json").json()
    (project / ".kurs" / "past_plans.json").write_text(kept, "latin-1")
    assert kurs("--project", project, "history", "takings", "--format", "json").json() == first


def test_a_revision_is_told_with_its_day(project: Path, kurs: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KURS_WRITER", "ann")
    plan = project / "kurs.yaml"
    before = plan.read_text("utf-8")

    def told(after: str) -> list[str]:
        plan.write_text(after, "utf-8")
        ran = kurs("--project", project, "history", "takings", "--format", "json")
        last = ran.json()[-1]
        assert last["commit"] is None
        return last["differences"]

    later = "approver: bob, revisions: [{since: 2026-03-05, target: {reach: 1500}, owner: ann}]"
    assert told(before.replace("approver: bob", later)) == [
        "From 5 Mar 2026: Owner: Bob → Ann",
        "From 5 Mar 2026: Target: reach 1,200 → reach 1,500",
    ]
    counted = "good: up, revisions: [{since: 2026-03-06, expr: count(orders)}]"
    assert told(before.replace("good: up", counted)) == [
        "From 6 Mar 2026: How Revenue is computed: sum(orders.net) → count(orders)"
    ]
    plan.write_text(before.replace("approver: bob", later), "utf-8")
    names = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", "-C", str(project), *names, "commit", "-qam", "Later"], check=True)
    assert told(before.replace("approver: bob", later.replace("1500", "1600"))) == [
        "From 5 Mar 2026: Owner: Bob → Ann",
        "From 5 Mar 2026: Target: reach 1,200 → reach 1,600",
    ]
    assert told(before) == ["From 5 Mar 2026: No revision any more"]


def test_a_file_of_targets_is_read_as_it_was_in_each_commit(
    tmp_path: Path, kurs: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURS_WRITER", "ann")
    folder = tmp_path / "plan"
    (folder / "aims").mkdir(parents=True)
    monthly = PLAN.replace("period: {from: 2026-03-01, to: 2026-03-31}", "period: {every: month}")
    of_file = monthly.replace("{reach: 1000}", "{file: ./aims/new.csv}")
    texts = {
        "kurs.yaml": monthly.replace("{reach: 1000}", "{file: aims/old.csv}"),
        "aims/old.csv": "period,reach\n2026-03,1000\n",
    }

    def commit(subject: str, **files: str) -> None:
        for name, text in {**texts, **files}.items():
            (folder / name).write_text(text, "utf-8")
        names = ["-c", "user.name=ann", "-c", "user.email=ann@example.com"]
        for words in (("add", "-A"), (*names, "commit", "-q", "-m", subject)):
            subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)

    subprocess.run(["git", "init", "-q", str(folder)], check=True, capture_output=True)
    commit("Begin")
    texts["aims/old.csv"] = "period,reach,stretch\n2026-03,1200,1500\n2026-04,1300,\n"
    commit("More")  # the plan's own files are as they were
    texts |= {"kurs.yaml": of_file, "aims/new.csv": "period,channel,reach\n2026-03,,1250\n2026-03,mail,50\n"}
    texts["kurs.yaml"] = of_file.replace("{time: day}", "{time: day, dimensions: [channel]}")
    commit("Another file")
    told = kurs("--project", folder, "history", "takings", "--format", "json").json()
    assert [(one["subject"], one["what"]) for one in told] == [
        ("Begin", "added"),
        ("More", "changed"),
        ("Another file", "changed"),
    ]
    assert told[1]["differences"] == [
        "Target of 1–31 Mar 2026: reach 1,000 → reach 1,200, Stretch 1,500",
        "Target of 1–30 Apr 2026: – → reach 1,300",
    ]
    assert told[2]["differences"][:2] == [
        "Target of 1–31 Mar 2026: reach 1,200, Stretch 1,500 → reach 1,250, Target (mail) reach 50",
        "Target of 1–30 Apr 2026: reach 1,300 → –",
    ]
