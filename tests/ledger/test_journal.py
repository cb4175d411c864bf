"""The journal's files: chained, never lost, never mended beyond a torn end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.ledger.entry import Decision, Kind, written
from kurs.ledger.journal import Journal

if TYPE_CHECKING:
    from pathlib import Path


def decision(text: str = "said") -> Decision:
    return Decision(
        Kind.NOTE, date(2026, 3, 1), datetime.now(UTC), "Ann <ann@example.com>", {"text": text}, "ann", "aov"
    )


def codes(journal: Journal) -> list[str]:
    return [problem.code for problem in journal.read().problems]


def said(journal: Journal) -> list[object]:
    return [entry.decision.content["text"] for entry in journal.read().entries]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    journal = Journal(tmp_path, "ann")
    for number in range(5):
        journal.append(decision(f"note {number}"))
    return journal


def lines(journal: Journal) -> list[bytes]:
    return (journal.folder / "ledger" / "ann.jsonl").read_bytes().splitlines(keepends=True)


def rewrite(journal: Journal, kept: list[bytes]) -> None:
    (journal.folder / "ledger" / "ann.jsonl").write_bytes(b"".join(kept))


def test_what_is_written_is_read_in_order(journal: Journal) -> None:
    assert said(journal) == [f"note {number}" for number in range(5)]
    assert codes(journal) == []
    first, second = journal.read().entries[:2]
    assert (first.previous, second.previous, second.line) == (None, first.hash, 2)


@pytest.mark.parametrize("text", ["Zażółć gęślą jaźń", "نرخ تبدیل", "a\nb\u2028c", "\udcff", '"}', "{"])
def test_any_text_is_one_line(tmp_path: Path, text: str) -> None:
    journal = Journal(tmp_path, "ann")
    journal.append(decision(text))
    journal.append(decision("next"))
    assert codes(journal) == []
    assert said(journal) == [text.replace("\udcff", "?"), "next"]


def test_an_edited_entry_is_found_and_left_aside(journal: Journal) -> None:
    kept = lines(journal)
    kept[2] = kept[2].replace(b"note 2", b"note X")
    rewrite(journal, kept)
    assert codes(journal) == ["journal_edited"]
    assert "note X" not in said(journal)
    assert len(said(journal)) == 4


def test_an_edited_entry_with_a_new_hash_breaks_the_chain(journal: Journal) -> None:
    other = Journal(journal.folder / "other", "ann")
    for number in range(5):
        other.append(decision("forged" if number == 2 else f"note {number}"))
    kept = lines(journal)
    kept[2] = lines(other)[2]
    rewrite(journal, kept)
    assert codes(journal) == ["journal_entry_missing"] * 2


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_a_removed_entry_is_found(journal: Journal, gone: int) -> None:
    kept = lines(journal)
    del kept[gone]
    rewrite(journal, kept)
    (problem,) = journal.read().problems
    assert problem.code == "journal_entry_missing"
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("ledger/ann.jsonl", gone + 1)


def test_a_removed_end_is_found_where_it_was_written(journal: Journal) -> None:
    rewrite(journal, lines(journal)[:-1])
    assert codes(journal) == ["journal_end_missing"]
    (journal.folder / "ledger" / "ann.jsonl").unlink()
    assert codes(journal) == ["journal_end_missing"]


def test_entries_in_another_order_or_twice_are_found(journal: Journal) -> None:
    kept = lines(journal)
    rewrite(journal, [kept[1], kept[0], *kept[2:]])
    assert set(codes(journal)) == {"journal_reordered"}
    rewrite(journal, [*kept, kept[0]])
    assert codes(journal) == ["journal_reordered"]


def test_an_entry_of_another_writer_is_found(journal: Journal) -> None:
    (journal.folder / "ledger" / "bob.jsonl").write_bytes(lines(journal)[0])
    assert codes(journal) == ["journal_edited"]
    assert len(said(journal)) == 5


@pytest.mark.parametrize(
    "junk", [b"<<<<<<< HEAD\n", b"\n", b"[]\n", b'{"kind":"note"}\n', b"[" * 9999 + b"\n"]
)
def test_a_line_that_is_no_entry_is_found(journal: Journal, junk: bytes) -> None:
    kept = lines(journal)
    rewrite(journal, [*kept[:2], junk, *kept[2:]])
    assert "journal_unreadable" in codes(journal)
    assert len(said(journal)) == 5


def test_line_ends_of_another_system_are_no_edit(journal: Journal) -> None:
    rewrite(journal, [line.replace(b"\n", b"\r\n") for line in lines(journal)])
    assert codes(journal) == []
    journal.append(decision("next"))
    assert codes(journal) == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 400))
def test_a_torn_last_line_is_repaired_and_nothing_else(tmp_path: Path, cut: int) -> None:
    journal = Journal(tmp_path, "ann")
    path = tmp_path / "ledger" / "ann.jsonl"
    path.unlink(missing_ok=True)
    for number in range(3):
        journal.append(decision(f"note {number}"))
    whole = lines(journal)
    torn = whole[2][: min(cut, len(whole[2]) - 1)]
    rewrite(journal, [*whole[:2], torn])
    complete = torn == whole[2][:-1]
    assert len(said(journal)) == (3 if complete else 2)
    assert (codes(journal) == []) is complete
    journal.append(decision("next"))
    assert lines(journal)[:2] == whole[:2]
    assert said(journal)[-1] == "next"
    assert codes(journal) == []


def test_an_edited_last_line_without_its_end_is_not_cut_off(journal: Journal) -> None:
    kept = lines(journal)
    rewrite(journal, [*kept[:-1], kept[-1].replace(b"note 4", b"note X").rstrip(b"\n")])
    journal.append(decision("next"))
    assert len(lines(journal)) == 6
    assert codes(journal) == ["journal_edited"]


WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from kurs.ledger.entry import Decision, Kind, written
from kurs.ledger.journal import Journal
journal = Journal(Path(sys.argv[1]), "ann")
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    text = f"{sys.argv[2]} {number} " + "x" * 3000
    journal.append(Decision(Kind.NOTE, date(2026, 3, 1), datetime.now(UTC), "x", {"text": text}))
    print(number, flush=True)
"""


def writer(folder: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_two_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    running = [writer(tmp_path, name, 40) for name in ("one", "two")]
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 0
    journal = Journal(tmp_path, "ann")
    assert codes(journal) == []
    by_name = [str(text).split()[:2] for text in said(journal)]
    for name in ("one", "two"):
        assert [number for who, number in by_name if who == name] == [str(n) for n in range(40)]


def test_killed_writers_leave_all_that_they_confirmed(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "ann")
    confirmed = 0
    for delay in (0.0, 0.004, 0.011):
        process = writer(tmp_path, "killed", 10_000)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(delay)
        os.kill(process.pid, signal.SIGKILL)
        confirmed += len([line for line in process.communicate()[0].split("\n") if line.isdigit()])
        journal.append(decision("after"))
        assert [code for code in codes(journal) if code != "journal_end_missing"] == []
        assert len(said(journal)) >= confirmed
    assert said(journal).count("after") == 3


def test_a_line_is_plain_json(journal: Journal) -> None:
    read = json.loads(lines(journal)[0])
    assert list(read) == [
        "writer", "time", "day", "kind", "person", "identity", "kpi", "content", "previous", "hash",
    ]  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_one_change_of_the_file_is_found_and_no_false_entry_is_told(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """A byte that is another, a line that is gone, stands elsewhere or twice, is cut short or made up."""
    journal = Journal(tmp_path_factory.mktemp("journal"), "ann")
    for number in range(4):
        journal.append(decision(f"note {number}"))
    honest = {entry.hash: entry.decision for entry in journal.read().entries}
    kept = lines(journal)
    at = data.draw(st.integers(0, 3), "line")
    match data.draw(st.sampled_from(["byte", "gone", "moved", "twice", "cut", "forged"]), "change"):
        case "byte":
            place = data.draw(st.integers(0, len(kept[at]) - 2), "place")
            byte = data.draw(st.integers(32, 126).filter(lambda one: one != kept[at][place]), "byte")
            kept[at] = kept[at][:place] + bytes([byte]) + kept[at][place + 1 :]
        case "gone":
            del kept[at]
        case "moved":
            line = kept.pop(at)
            kept.insert(data.draw(st.integers(0, 3).filter(lambda to: to != at), "to"), line)
        case "twice":
            kept.insert(data.draw(st.integers(0, 4), "to"), kept[at])
        case "cut":
            kept[at] = kept[at][: data.draw(st.integers(1, len(kept[at]) - 2), "length")]
        case _:  # with a hash of its own that is right, as somebody would who knows how
            previous = json.loads(kept[at])["previous"]
            kept[at] = written(decision("forged"), "ann", previous)
    rewrite(journal, kept)
    told = journal.read()
    assert told.problems
    forged = [entry for entry in told.entries if honest.get(entry.hash) != entry.decision]
    assert [entry.decision.content["text"] for entry in forged] in ([], ["forged"])


STEPS = st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.integers(0, 90)), max_size=14)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_interleaving_of_writers_and_kills_keeps_what_was_finished(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    """Two writers in any order; a kill leaves the last line without its last bytes, at most its end alone."""
    folder = tmp_path_factory.mktemp("journal")
    kept: dict[str, list[str]] = {"ann": [], "bob": []}
    for number, (who, cut) in enumerate(steps):
        Journal(folder, who).append(decision(f"{who} {number}"))
        path = folder / "ledger" / f"{who}.jsonl"
        if cut:
            path.write_bytes(path.read_bytes()[:-cut])
        if cut <= 1:
            kept[who].append(f"{who} {number}")
    told = Journal(folder, "ann").read()
    for who, texts in kept.items():
        own = [entry.decision.content["text"] for entry in told.entries if entry.writer == who]
        assert own == texts
    harmless = {"journal_torn", "journal_end_missing"}
    assert {problem.code for problem in told.problems} <= harmless
    for who in dict(steps):
        Journal(folder, who).append(decision("last"))
    assert codes(Journal(folder, "ann")) == []
