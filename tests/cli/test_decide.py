"""kurs approve, approvals, note, action, actions, journal: what people decide, told and held."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from kurs.ledger.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran
    from kurs.ledger.journal import Told

    Run = Callable[..., Ran]

PLAN = """\
project: {name: Decided, timezone: UTC, as_of: 2026-03-10}
sources:
  shop: {files: orders.csv, into: orders, columns: {day: date, amount: "decimal(9,2)"}, window: day}
tables:
  orders: {time: day}
metrics:
  revenue: {expr: sum(orders.amount), good: up}
people: {ann: Ann, bob: Bob}
actions:
  call: {says: Call the buyers, owner: ann, due: 5 days}
  offer: {says: Make an offer, due: 2026-03-31}
kpis:
  takings:
    label: Takings
    metric: revenue
    period: {from: 2026-03-01, to: 2026-03-31}
    target: {reach: 1000}
    owner: ann
    approver: bob
    actions: [call, offer]
  turnover: {metric: revenue, period: {from: 2026-01-01, to: 2026-12-31}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KURS_WRITER", "Ann's laptop")
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    return tmp_path


@pytest.fixture
def ask(project: Path, kurs: Run) -> Callable[..., Any]:
    def asked(*words: object) -> Any:  # noqa: ANN401 - a document of any shape
        ran = kurs("--project", project, *words, "--format", "json")
        assert ran.code == 0, ran.err
        return ran.json()

    return asked


@pytest.fixture
def refused(project: Path, kurs: Run) -> Callable[..., str]:
    def asked(*words: object) -> str:
        ran = kurs("--project", project, *words)
        assert (ran.code, ran.out) == (2, "")
        assert not (project / "ledger").exists() or words[0] == "action"
        return ran.err

    return asked


def edit(project: Path, before: str, after: str) -> None:
    path = project / "kurs.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_an_approval_holds_until_what_was_signed_changes(
    project: Path, kurs: Run, ask: Callable[..., Any]
) -> None:
    def state() -> tuple[str, bool, list[Any]]:
        approval = next(one for one in ask("approvals") if one["kpi"] == "takings")
        reading = next(one for one in ask("status") if one["kpi"] == "takings")
        return approval["state"], reading["approved"], approval["changes"]

    assert state() == ("missing", False, [])
    given = ask("approve", "takings", "--by", "bob")
    assert (given["state"], given["person"], given["day"]) == ("approved", "bob", "2026-03-10")
    assert given["signature"] == "recorded"
    assert state() == ("approved", True, [])
    edit(project, "label: Takings", "label: {en: Takings, sv: Kassa}")
    assert state() == ("approved", True, [])
    edit(project, "reach: 1000", "reach: 1200")
    changed = {"what": "kpis.takings.target.value", "before": 1000, "after": 1200}
    assert state() == ("lapsed", False, [changed])
    for command in ("approvals", "status"):
        assert "Target: reach 1,000 → reach 1,200" in kurs("--project", project, command).out
    assert ask("status", "takings")[0]["changed_since_approved"] == ["Target: reach 1,000 → reach 1,200"]
    ask("approve", "takings", "--by", "bob")
    assert state() == ("approved", True, [])
    edit(project, "sum(orders.amount)", "max(orders.amount)")
    assert [change["what"] for change in state()[2]] == ["metrics.revenue.expr"]
    edit(project, "max(orders.amount)", "sum(orders.amount)")
    assert state() == ("approved", True, [])  # back to what was signed


def test_before_its_day_nothing_was_approved(ask: Callable[..., Any]) -> None:
    ask("approve", "takings", "--by", "bob")
    assert [one["approved"] for one in ask("status", "takings", "--as-of", "2026-03-09")] == [False]
    assert [one["approved"] for one in ask("status", "takings", "--as-of", "2026-03-11")] == [True]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("approve", "takngs", "--by", "bob"), "takings?"),
        (("approve", "takings", "--by", "bbo"), "bob?"),
        (("approve", "takings", "--by", "ann"), "ann does not approve takings"),
        (("approve", "turnover", "--by", "bob"), "approver: bob"),
        (("note", "takngs", "Well"), "takings?"),
        (("note", "takings", "Well", "--by", "nan"), "ann?"),
        (("note", "takings", "  "), "no text"),
        (("action", "takings", "cal", "open"), "call?"),
        (("action", "turnover", "call", "open"), "no action"),
        (("action", "takings", "call", "opened"), "assign"),
        (("action", "takings", "call", "done"), "kurs action takings call open"),
        (("action", "takings", "call", "assign"), "--to"),
        (("action", "takings", "call", "assign", "--to", "bbo"), "bob?"),
        (("action", "takings", "call", "open", "--effect", "none yet"), "done --effect"),
    ],
)
def test_what_makes_no_sense_is_refused_and_not_written(
    refused: Callable[..., str], words: tuple[str, ...], said: str
) -> None:
    assert said in refused(*words)


def test_an_action_is_opened_assigned_overdue_and_done(
    ask: Callable[..., Any], refused: Callable[..., str]
) -> None:
    def shown(day: str) -> dict[str, tuple[str, str | None, str | None]]:
        (reading,) = ask("status", "takings", "--as-of", day)
        return {one["action"]: (one["state"], one["owner"], one["due"]) for one in reading["actions"]}

    assert shown("2026-03-10") == {"call": ("planned", "ann", None), "offer": ("planned", None, None)}
    opened = ask("action", "takings", "call", "open", "--by", "bob")
    assert (opened["state"], opened["due"], opened["overdue"]) == ("open", "2026-03-15", False)
    assert ask("action", "takings", "offer", "open", "--to", "bob")["due"] == "2026-03-31"
    ask("action", "takings", "call", "assign", "--to", "bob", "--as-of", "2026-03-12")
    assert shown("2026-03-11") == {
        "call": ("open", "ann", "2026-03-15"),
        "offer": ("open", "bob", "2026-03-31"),
    }
    assert shown("2026-03-12")["call"] == ("open", "bob", "2026-03-15")
    assert "2026" in refused("action", "takings", "call", "open")
    late = ask("actions", "--open", "--as-of", "2026-03-16")
    assert [(one["action"], one["overdue"]) for one in late] == [("call", True), ("offer", False)]
    ask("action", "takings", "call", "done", "--effect", "12 orders", "--as-of", "2026-03-17")
    assert [one["action"] for one in ask("actions", "--open", "--as-of", "2026-03-17")] == ["offer"]
    done = ask("actions", "--as-of", "2026-03-17")[0]
    assert (done["state"], done["effect"], done["done"]) == ("done", "12 orders", "2026-03-17")


def test_the_journal_tells_and_verifies(project: Path, kurs: Run, ask: Callable[..., Any]) -> None:
    assert ask("journal") == []
    ask("approve", "takings", "--by", "bob")
    note = ask("note", "takings", "The fair\nbegins", "--by", "ann")
    assert (note["kind"], note["person"], note["content"]) == ("note", "ann", {"text": "The fair\nbegins"})
    ask("action", "takings", "call", "open")
    assert [(one["kind"], one["writer"], one["line"]) for one in ask("journal")] == [
        ("approve", "ann-s-laptop", 1),
        ("note", "ann-s-laptop", 2),
        ("action", "ann-s-laptop", 3),
    ]
    shown = kurs("--project", project, "journal").out
    assert "The fair begins" in shown
    assert "Call the buyers" in shown
    assert ask("journal", "--verify") == {"entries": 3, "problems": []}
    path = project / "ledger" / "ann-s-laptop.jsonl"
    path.write_text(path.read_text("utf-8").replace("The fair", "The mess"), "utf-8")
    ran = kurs("--project", project, "journal", "--verify", "--format", "json")
    assert ran.code == 1
    assert [(one["code"], one["file"], one["line"]) for one in ran.json()["problems"]] == [
        ("journal_edited", "ledger/ann-s-laptop.jsonl", 2)
    ]


def test_a_signer_who_is_not_the_approver_is_found_and_does_not_count(
    project: Path, kurs: Run, ask: Callable[..., Any]
) -> None:
    from datetime import date

    from kurs.ledger.definition import definition, digest
    from kurs.ledger.entry import Kind
    from kurs.project import read
    from kurs.workflows.decide import record

    plan = read(project).required()
    of = definition(plan, plan.kpis["takings"])
    content = {"definition_hash": digest(of), "definition": of}
    record(plan, date(2026, 3, 1), Kind.APPROVE, content, "ann", "takings")
    record(plan, date(2026, 3, 1), Kind.APPROVE, content | {"definition_hash": "0" * 64}, "bob", "takings")
    ran = kurs("--project", project, "journal", "--verify", "--format", "json")
    assert ran.code == 1
    found = [(one["code"], one["line"]) for one in ran.json()["problems"]]
    assert found == [("signer_not_approver", 1), ("signed_other_definition", 2)]
    ask("approve", "takings", "--by", "bob")
    record(plan, date(2026, 3, 1), Kind.APPROVE, content, "ann", "takings")
    approval = ask("approvals")[0]
    assert (approval["state"], approval["person"]) == ("approved", "bob")


@pytest.fixture
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the ssh keys of two people."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not there")
    folder = tmp_path_factory.mktemp("keys")
    for name in ("bob", "eve"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(words, check=True)
    return folder


def test_an_ssh_key_signs_and_is_verified(
    project: Path, kurs: Run, ask: Callable[..., Any], keys: Path
) -> None:
    refused = kurs("--project", project, "approve", "takings", "--by", "bob", "--sign-with", keys / "bob")
    assert (refused.code, "key:" in refused.err) == (2, True)
    edit(project, "bob: Bob}", f"bob: {{name: Bob, key: {(keys / 'bob.pub').read_text('utf-8').strip()}}}}}")
    refused = kurs("--project", project, "approve", "takings", "--by", "bob", "--sign-with", keys / "eve")
    assert (refused.code, "not the one" in refused.err) == (2, True)
    failed = kurs("--project", project, "approve", "takings", "--by", "bob", "--sign-with", keys / "nobody")
    assert failed.code == 3
    signed = ask("approve", "takings", "--by", "bob", "--sign-with", keys / "bob")
    assert (signed["state"], signed["signature"]) == ("approved", "signed")
    assert ask("journal", "--verify")["problems"] == []
    other = (keys / "eve.pub").read_text("utf-8").split()[1]
    edit(project, (keys / "bob.pub").read_text("utf-8").split()[1], other)
    ran = kurs("--project", project, "journal", "--verify", "--format", "json")
    assert (ran.code, [one["code"] for one in ran.json()["problems"]]) == (1, ["signature_not_valid"])
    assert ask("approvals")[0]["state"] == "missing"  # nobody knows who gave it
    assert ask("approve", "takings", "--by", "bob")["signature"] == "recorded"


def test_what_is_signed_is_the_plan_in_force(project: Path, ask: Callable[..., Any]) -> None:
    """A revision is something new to sign from its day on; before it the old signature stands."""
    edit(
        project,
        "    owner: ann\n",
        "    owner: ann\n    revisions: [{since: 2026-03-08, target: {reach: 900}}]\n",
    )

    def stands(day: str) -> tuple[str, bool]:
        approval, reading = ask("approvals", "--as-of", day)[0], ask("status", "takings", "--as-of", day)[0]
        return approval["state"], reading["approved"]

    ask("approve", "takings", "--by", "bob", "--as-of", "2026-03-02")
    assert (stands("2026-03-07"), stands("2026-03-08")) == (("approved", True), ("lapsed", False))
    ask("approve", "takings", "--by", "bob", "--as-of", "2026-03-08")
    assert stands("2026-03-10") == ("approved", True)
    assert ask("journal", "--verify")["problems"] == []


@pytest.mark.parametrize("words", [("status",), ("plan",), ("check",), ("snapshot",)])
def test_the_journal_is_read_once_for_an_answer(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    ask("approve", "takings", "--by", "bob")
    read = Journal.read
    times: list[str] = []

    def counted(journal: Journal) -> Told:
        times.append(journal.writer)
        return read(journal)

    monkeypatch.setattr(Journal, "read", counted)
    ask(*words)
    assert len(times) == 1


def test_what_git_has_and_the_journal_lacks_is_found(
    project: Path, ask: Callable[..., Any], kurs: Run
) -> None:
    def git(*words: str) -> None:
        names = ("-c", "user.name=ann", "-c", "user.email=ann@example.com")
        subprocess.run(["git", "-C", str(project), *names, *words], check=True, capture_output=True)

    def found() -> list[tuple[str, object]]:
        ran = kurs("--project", project, "journal", "--verify", "--format", "json")
        return [(one["code"], one["message"]) for one in ran.json()["problems"]]

    for text in ("one", "two", "three"):
        ask("note", "takings", text)
    (file,) = (project / "ledger").glob("*.jsonl")
    git("init", "-q")
    assert found() == []  # nothing is committed yet
    git("add", "ledger")
    git("commit", "-q", "-m", "Decided")
    ask("note", "takings", "four")
    assert found() == []
    whole = file.read_bytes()
    shutil.rmtree(project / ".kurs" / "journal")  # as on another machine
    file.write_bytes(b"".join(whole.splitlines(keepends=True)[:1]))
    ((code, message),) = found()
    assert code == "journal_not_as_committed"
    assert "2" in str(message)
    file.write_bytes(whole.replace(b"\n", b"\r\n"))
    assert found() == []
    file.unlink()
    assert [code for code, _ in found()] == ["journal_not_as_committed"]
