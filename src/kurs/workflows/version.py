"""The version of all that an answer depends on: the plan's files, the journal, the lake, the day."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kurs.ledger.journal import FOLDER as JOURNAL
from kurs.project.files import plan_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

_WAREHOUSES = ("*.duckdb",)


def version_of(folder: Path, day: date) -> str:
    """Return a text that changes whenever an answer about the project may; it costs a look at each file.

    Nothing is read: a file that was written anew with the same size within a tick of the clock is missed.
    """
    return _hashed([day.isoformat(), *sorted(_marks(folder))])


def version_beside(folder: Path, names: Iterable[str]) -> str:
    """Return the same of files that the plan names: which they are is known once it is read.

    A name that leads out of the folder, or is none, is not looked at: the plan may not read such a file.
    """
    inside = [path for name in names if "\0" not in name and _is_inside(folder, path := folder / name)]
    return _hashed(map(_mark, inside)) if inside else ""


def _is_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def _hashed(marks: Iterable[str]) -> str:
    hashed = hashlib.sha256()
    for mark in marks:
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
