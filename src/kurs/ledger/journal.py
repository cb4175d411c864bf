"""The journal's files: one for each writer, appended to and never changed.

``ledger/<writer>.jsonl`` lies in the project, beside the plan, and belongs into git. Its reader trusts only
lines that are as they were written; what is wrong with the others is told, and nothing is mended but the
torn last line of a writer that was killed.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.ledger.entry import Entry, parse, seal, written
from kurs.problems import Place, Problem, Severity, SourceError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from kurs.ledger.entry import Decision

FOLDER = "ledger"


@dataclass(frozen=True, slots=True)
class Told:
    """The entries of all writers that can be trusted, oldest first, and what is wrong with the files."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of the project in ``folder``, to which ``writer`` appends."""

    folder: Path
    writer: str

    def append(self, decision: Decision) -> Entry:
        """Write a decision behind the writer's last entry. It is on the disk when this returns."""
        path = self.folder / FOLDER / f"{self.writer}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as file:
            lines = _mended(file)
            previous = seal(lines[-1])[0] if lines else None
            line = written(decision, self.writer, previous)
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
            head = seal(line[:-1])[0]
            Heads(self.folder).remember(self.writer, head)
        return Entry(decision, self.writer, len(lines) + 1, previous, head)

    def read(self) -> Told:
        """Read all files. An entry that was edited is left out, and told."""
        paths = sorted((self.folder / FOLDER).glob("*.jsonl"))
        files = {path.stem: path.read_bytes() for path in paths}
        return told_of(files, Heads(self.folder))


@dataclass(frozen=True, slots=True)
class Heads:
    """The last entry of each writer that was written here: a chain cannot tell that its end was cut off."""

    folder: Path

    def remember(self, writer: str, head: str) -> None:
        """Keep the hash of a writer's last entry beside the project."""
        path = self._place / writer
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head, "utf-8")

    def missing(self, files: Mapping[str, bytes]) -> Iterator[Problem]:
        """Tell the writers whose last entry, or whole file, is gone."""
        for head in sorted(self._place.glob("*")):
            lines = (line.removesuffix(b"\r") for line in files.get(head.name, b"").split(b"\n"))
            known = head.read_text("utf-8")
            if head.name not in files or (known and known not in (seal(line)[0] for line in lines)):
                yield Problem("journal_end_missing", {"file": _file_name(head.name)})

    @property
    def _place(self) -> Path:
        return self.folder / ".kurs" / "journal"


def told_of(files: Mapping[str, bytes], heads: Heads) -> Told:
    """Read the lines of all writers, each name with its file's content."""
    found = [_file(content, writer) for writer, content in files.items()]
    entries = [entry for told in found for entry in told.entries]
    entries.sort(key=lambda entry: (entry.decision.time, entry.writer, entry.line))
    problems = [problem for told in found for problem in told.problems]
    return Told(tuple(entries), (*problems, *heads.missing(files)))


@contextmanager
def _locked(path: Path) -> Generator[BinaryIO]:
    """Open a file to append to it, alone. The system gives the lock back, however a process ends.

    Raises SourceError ``no_file_locks`` on a system without them, which is Windows.
    """
    try:
        import fcntl
    except ImportError as error:
        raise SourceError(Problem("no_file_locks")) from error
    while True:
        with path.open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # git may have put another file in its place while this one was waited for
            if path.exists() and os.path.samestat(path.stat(), os.fstat(file.fileno())):
                yield file
                return


def _mended(file: BinaryIO) -> list[bytes]:
    """Return the lines; a last one without its end is completed when it is whole, and cut off when not."""
    file.seek(0)
    lines = file.read().split(b"\n")
    rest = lines.pop()
    if rest:
        if _is_json(rest):
            file.write(b"\n")
            lines.append(rest)
        else:
            file.truncate(sum(len(line) + 1 for line in lines))
    return [line.removesuffix(b"\r") for line in lines]


def _is_json(line: bytes) -> bool:
    """Say whether a line is a whole document: no beginning of an object is one."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _file(content: bytes, writer: str) -> Told:
    """Read one file and follow its chain."""
    lines = content.split(b"\n")
    torn = lines.pop()
    if torn and _is_json(torn):
        lines.append(torn)
        torn = b""
    lines = [line.removesuffix(b"\r") for line in lines]
    seals = [seal(line) for line in lines]
    known = {stated for stated, _ in seals}
    entries: list[Entry] = []
    problems: list[Problem] = []
    before: str | None = None
    for number, (line, (stated, is_whole)) in enumerate(zip(lines, seals, strict=True), 1):
        entry = parse(line, number)
        if entry is None:
            problems.append(_problem("journal_unreadable", writer, number))
        elif not is_whole or entry.writer != writer:
            problems.append(_problem("journal_edited", writer, number))
        else:
            entries.append(entry)
        if entry is not None and entry.previous != before:
            code = "journal_reordered" if entry.previous in {*known, None} else "journal_entry_missing"
            problems.append(_problem(code, writer, number))
        before = stated
    if torn:
        problems.append(_problem("journal_torn", writer, len(lines) + 1, Severity.WARNING))
    return Told(tuple(entries), tuple(problems))


def _problem(code: str, writer: str, line: int, severity: Severity = Severity.ERROR) -> Problem:
    values = {"file": _file_name(writer), "line": line}
    return Problem(code, values, severity, place=Place(_file_name(writer), line))


def _file_name(writer: str) -> str:
    return f"{FOLDER}/{writer}.jsonl"
