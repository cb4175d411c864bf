"""What a project must keep to itself and cannot make again: the key of its hashes, and who is forgotten.

It lies in ``.kurs-private`` beside the plan, a folder that tells git to leave it out.
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kurs.problems import Problem, SourceError
from kurs.sources.pseudonyms import Forgotten

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ".kurs-private"
VARIABLE = "KURS_HASH_KEY"
_LEAST = 16  # characters of a key that cannot be tried out


def hash_key(project: Path) -> bytes:
    """Return the key of the project's hashes: the environment's, else the folder's, made if there is none.

    Raises SourceError ``bad_hash_key`` for one that is too short to protect anything, OSError.
    """
    said = os.environ.get(VARIABLE, "").strip()
    path = project / FOLDER / "hash-key"
    if not said and not path.exists():
        _folder(project)
        new = path.with_suffix(f".{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(new, path)  # of two that make one at once, the first wins
        except FileExistsError:
            pass
        finally:
            new.unlink()
    key = said or path.read_text("utf-8").strip()
    if len(key) < _LEAST:
        raise SourceError(Problem("bad_hash_key", {"place": VARIABLE if said else f"{FOLDER}/hash-key"}))
    return key.encode()


def forgotten(project: Path) -> tuple[Forgotten, ...]:
    """Return who is not to be taken in again."""
    path = project / FOLDER / "forgotten.jsonl"
    if not path.exists():
        return ()
    entries: dict[tuple[str, str | None], Forgotten] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.endswith("}"):
            continue  # the last one of a writer that was killed
        said = json.loads(line)
        entries[said["hash"], said["column"]] = Forgotten(said["hash"], said["column"], said["finished"])
    return tuple(entries.values())


def remember(project: Path, person: Forgotten) -> None:
    """Write down that a person is to be left out; what is said last holds."""
    said = {"hash": person.hash, "column": person.column, "finished": person.finished}
    said["at"] = datetime.now(UTC).isoformat(timespec="seconds")
    with (_folder(project) / "forgotten.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n" * (file.tell() > 0) + json.dumps(said))
        file.flush()
        os.fsync(file.fileno())


def _folder(project: Path) -> Path:
    folder = project / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    return folder
