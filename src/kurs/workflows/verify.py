"""Verify: is the journal as it was written, and did who signed have the right to?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.ledger.definition import digest
from kurs.ledger.entry import Kind, seal
from kurs.ledger.journal import FOLDER
from kurs.ledger.standing import Signature, is_by_approver, signed_definition
from kurs.problems import Place, Problem, Severity
from kurs.workflows.decide import told
from kurs.workflows.git import git
from kurs.workflows.signing import signature_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kurs.ledger.entry import Entry
    from kurs.model.project import Project


def verify(project: Project) -> tuple[Problem, ...]:
    """Return all that is wrong with the journal: its chains, what git has and it has not, and who signed."""
    read = told(project)
    problems = list(read.problems)
    if project.settings.ledger is None:
        known = {_file_of(problem) for problem in problems if problem.severity is Severity.ERROR}
        problems += (one for one in _not_as_committed(project.folder) if _file_of(one) not in known)
    for entry in read.entries:
        if entry.decision.kind is Kind.APPROVE:
            problems += _of_signer(project, entry)
    return tuple(problems)


def _of_signer(project: Project, entry: Entry) -> Iterator[Problem]:
    """An approval must be of the definition that it names, by the approver of that definition."""
    decision, file = entry.decision, f"{FOLDER}/{entry.writer}.jsonl"
    wrong = {
        "signer_not_approver": not is_by_approver(entry),
        "signed_other_definition": digest(signed_definition(entry))
        != decision.content.get("definition_hash"),
        "signature_not_valid": signature_of(project, entry) is Signature.INVALID,
    }
    values = {"person": decision.person or "", "kpi": decision.kpi or "", "file": file}
    for code in (code for code, is_so in wrong.items() if is_so):
        yield Problem(code, values, place=Place(file, entry.line), kpi=decision.kpi)


def _not_as_committed(folder: Path) -> Iterator[Problem]:
    """Tell the files of the last commit whose entries are not all there: a chain does not know its end."""
    said = git(folder, "ls-tree", "-z", "--name-only", "HEAD", "--", f"{FOLDER}/") or b""
    for name in said.decode("utf-8", "surrogateescape").split("\0"):
        if not name.endswith(".jsonl"):
            continue
        path = folder / name
        now = path.read_bytes() if path.is_file() else b""
        gone = _entries(git(folder, "show", f"HEAD:./{name}") or b"") - _entries(now)
        if gone:
            yield Problem("journal_not_as_committed", {"file": name, "count": len(gone)})


def _entries(content: bytes) -> set[str]:
    """Return the hashes of the lines that are as they were written."""
    seals = (seal(line.removesuffix(b"\r")) for line in content.split(b"\n") if line)
    return {stated for stated, is_whole in seals if is_whole}


def _file_of(problem: Problem) -> object:
    return problem.values.get("file")
