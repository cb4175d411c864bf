"""The journal in Postgres: chained and verified as files are, and two writers at once lose nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from kurs.cli.main import run
from kurs.ledger.entry import Decision, Kind
from kurs.ledger.postgres import PostgresJournal
from kurs.problems import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from databases.conftest import Server

pytestmark = pytest.mark.needs("postgres")


def decision(text: str) -> Decision:
    return Decision(Kind.NOTE, date(2026, 3, 1), datetime.now(UTC), "x", {"text": text})


@pytest.fixture
def journal(db: Server, tmp_path: Path) -> PostgresJournal:
    journal = PostgresJournal(tmp_path, "ann", "Shop", "${LEDGER}", db.url)
    assert journal.read().entries == ()
    for number in range(5):
        journal.append(decision(f"note {number}"))
    return journal


def said(journal: PostgresJournal) -> list[object]:
    return [entry.decision.content["text"] for entry in journal.read().entries]


def codes(journal: PostgresJournal) -> list[str]:
    return [problem.code for problem in journal.read().problems]


def test_what_is_written_is_read_and_chained(journal: PostgresJournal) -> None:
    assert (said(journal), codes(journal)) == ([f"note {number}" for number in range(5)], [])
    first, second = journal.read().entries[:2]
    assert (first.previous, second.previous, second.line) == (None, first.hash, 2)
    other = PostgresJournal(journal.folder, "ann", "Another shop", "${LEDGER}", journal.url)
    assert other.read().entries == ()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SET entry = replace(encode(entry, 'escape'), 'note 2', 'note X')::bytea", "edited"),
        ("SET writer = 'eve' WHERE line = 3", "entry_missing"),
        ("SET line = 9 WHERE line = 2", "reordered"),
    ],
)
def test_what_is_changed_is_found(db: Server, journal: PostgresJournal, statement: str, found: str) -> None:
    db.run(f"UPDATE kurs_journal {statement}")
    assert f"journal_{found}" in codes(journal)
    journal.append(decision("next"))
    assert said(journal)[-1] == "next"


def test_a_removed_end_is_found_where_it_was_written(db: Server, journal: PostgresJournal) -> None:
    db.run("DELETE FROM kurs_journal WHERE line = 5")
    assert codes(journal) == ["journal_end_missing"]


WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from kurs.ledger.entry import Decision, Kind
from kurs.ledger.postgres import PostgresJournal
journal = PostgresJournal(Path(sys.argv[1]), sys.argv[2], "Shop", "x", sys.argv[3])
for number in range(15):
    text = f"{sys.argv[4]} {number}"
    journal.append(Decision(Kind.NOTE, date(2026, 3, 1), datetime.now(UTC), "x", {"text": text}))
"""


def test_writers_at_once_lose_nothing(db: Server, tmp_path: Path) -> None:
    """Three processes, two of them by the same name, begin with an empty database."""
    names = (("ann", "one"), ("ann", "two"), ("bob", "three"))
    words = [[sys.executable, "-c", WRITER, str(tmp_path), who, db.url, what] for who, what in names]
    running = [subprocess.Popen(each) for each in words]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    journal = PostgresJournal(tmp_path, "ann", "Shop", "x", db.url)
    assert codes(journal) == []
    notes = [str(text).split() for text in said(journal)]
    for _, what in names:
        assert [number for who, number in notes if who == what] == [str(number) for number in range(15)]


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    journal = PostgresJournal(tmp_path, "ann", "Shop", "${LEDGER}", "postgresql://a:secret@127.0.0.1:1/x")
    with pytest.raises(SourceError) as raised:
        journal.read()
    assert raised.value.problems[0].code == "journal_unreachable"
    assert "secret" not in str(raised.value)


def test_the_commands_decide_there(
    db: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = """\
project: {name: Shop, as_of: 2026-03-10, ledger: "${LEDGER_DB}"}
tables: {orders: {time: day}}
metrics: {revenue: sum(orders.amount)}
people: {ann: Ann}
kpis: {takings: {metric: revenue, every: month, approver: ann}}
"""
    (tmp_path / "kurs.yaml").write_text(plan, "utf-8")
    words = ["--project", str(tmp_path)]
    monkeypatch.delenv("LEDGER_DB", raising=False)
    assert run([*words, "note", "takings", "Well"]) == 3
    monkeypatch.setenv("LEDGER_DB", db.url)
    assert run([*words, "approve", "takings", "--by", "ann"]) == 0
    assert run([*words, "journal", "--verify"]) == 0
    assert "Approved" in capsys.readouterr().out
    assert not (tmp_path / "ledger").exists()
    assert len(db.run("SELECT * FROM kurs_journal WHERE project = 'Shop'")) == 1
