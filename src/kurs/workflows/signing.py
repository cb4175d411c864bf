"""Signatures with ssh keys, made and verified by ``ssh-keygen``: who holds the key that the plan names?"""

from __future__ import annotations

import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.ledger.entry import Kind
from kurs.ledger.standing import Signature
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.ledger.entry import Entry
    from kurs.model.project import Project

NAMESPACE = "kurs"
_SECONDS = 60  # a key with a passphrase asks for it


def statement(kpi: str, definition_hash: str, person: str) -> str:
    """Return the text that is signed."""
    return f"{person} approves {kpi} as {definition_hash}\n"


def sign(text: str, key_file: str) -> str:
    """Sign a text with the private key of a file, or the public one of a key that an agent holds.

    Raises SourceError ``signing_failed``.
    """
    if not Path(key_file).is_file():
        raise SourceError(Problem("signing_failed", {"reason": f"{key_file}: no such file"}))
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", key_file], text)
    if done is None or done.returncode != 0:
        said = done.stderr.strip().splitlines() if done is not None else []
        raise SourceError(Problem("signing_failed", {"reason": said[-1] if said else "ssh-keygen"}))
    return done.stdout


@lru_cache(maxsize=1024)
def is_signed(text: str, signature: str, person: str, key: str) -> bool:
    """Say whether ``signature`` is that of ``text`` by the holder of a public key."""
    with tempfile.TemporaryDirectory() as folder:
        signers, signed = Path(folder, "signers"), Path(folder, "signature")
        signers.write_text(f'{person} namespaces="{NAMESPACE}" {key}\n', "utf-8")
        signed.write_text(signature, "utf-8")
        words = ["-Y", "verify", "-n", NAMESPACE, "-f", str(signers), "-I", person, "-s", str(signed)]
        done = _run(words, text)
    return done is not None and done.returncode == 0


def signature_of(project: Project, entry: Entry) -> Signature:
    """Say how an approval is signed, by the key that the plan has for its person now."""
    decision = entry.decision
    given, person = decision.content.get("signature"), decision.person or ""
    if not isinstance(given, str):
        return Signature.RECORDED
    known = project.people.get(person)
    text = statement(decision.kpi or "", str(decision.content.get("definition_hash")), person)
    if known is None or known.key_text is None or not is_signed(text, given, person, known.key_text):
        return Signature.INVALID
    return Signature.SIGNED


def signatures(project: Project, entries: Iterable[Entry]) -> dict[str, Signature]:
    """Verify every approval that bears a signature; return how each stands, by the hash of its entry."""
    approvals = (entry for entry in entries if entry.decision.kind is Kind.APPROVE)
    found = {entry.hash: signature_of(project, entry) for entry in approvals}
    return {entry: how for entry, how in found.items() if how is not Signature.RECORDED}


def _run(words: list[str], text: str) -> subprocess.CompletedProcess[str] | None:
    try:
        return subprocess.run(
            ["ssh-keygen", *words], input=text, capture_output=True, text=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
