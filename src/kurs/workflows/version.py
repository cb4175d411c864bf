"""The version of all that an answer depends on: the plan's files, the journal, the lake, the day."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kurs.ledger.journal import FOLDER as JOURNAL
from kurs.project.files import plan_paths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

_WAREHOUSES = ("*.duckdb",)


def version_of(folder: Path, day: date) -> str:
    """Return a text that changes whenever an answer about the project may; it costs a look at each file.

    Nothing is read: a file that was written anew with the same size within a tick of the clock is missed.
    """
    hashed = hashlib.sha256(day.isoformat().encode())
    for mark in sorted(_marks(folder)):
        hashed.update(mark.encode("utf-8", "surrogateescape"))
    return hashed.hexdigest()[:16]


def _marks(folder: Path) -> Iterator[str]:
    for path in (*plan_paths(folder), *(folder / JOURNAL).glob("*.jsonl")):
        yield _mark(path)
    for pattern in _WAREHOUSES:
        yield from (_mark(path) for path in folder.glob(pattern))
    for log in (folder / ".kurs" / "lake").glob("*/_delta_log"):
        # the newest commit's name is its version
        yield f"{log} {max((path.name for path in log.glob('*.json')), default='')}"


def _mark(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:  # gone meanwhile
        return f"{path} -"
    return f"{path} {found.st_mtime_ns} {found.st_size} {found.st_ino}"
