"""Forget: take one person out of all that kurs has stored, and leave them out of the next loads."""

from __future__ import annotations

import csv
import io
import shutil
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.lake.state import ROLLUPS
from kurs.problems import Problem, UsageError
from kurs.sources.pseudonyms import Forgotten, pseudonym_of, use_key
from kurs.workflows.opening import open_lake
from kurs.workflows.private import forgotten, hash_key, remember
from kurs.workflows.workplace import sweep

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.lake.forgetting import Holding, Wanted
    from kurs.model.project import Project

_KEPT = ("lake", "rejects", "scratch")  # of .kurs; all else is made of the lake, and made again
_IDLE_SECONDS = 3600
_TELLING = 5  # letters of a value that is looked for inside longer texts, too


@dataclass(frozen=True, slots=True)
class ForgottenTable:
    """What held the person in one table; ``versions`` are older ones that cannot be opened any more."""

    table: str
    columns: tuple[str, ...]
    rows: int
    versions: int
    files: int


@dataclass(frozen=True, slots=True)
class Forgot:
    """What was found of a person, and removed unless ``dry_run``.

    ``files`` are copies beside the tables, with the rows that went. ``sources`` are those whose rows held the
    person: what they come from is out of reach. ``remembered`` says that loads leave the person out.
    """

    dry_run: bool
    tables: tuple[ForgottenTable, ...]
    files: tuple[tuple[str, int], ...]
    sources: tuple[str, ...]
    remembered: bool

    @property
    def found(self) -> bool:
        """Say whether the person was anywhere."""
        return bool(self.tables or self.files)


def forget(project: Project, value: str, column: str | None = None, *, dry_run: bool = False) -> Forgot:
    """Find a person by a value, plain or hashed, in every table and copy; and remove them.

    Rows that hold the value in any column of text go, or in columns of the name ``column``, of whatever type.
    Interrupted, it is to be run again, and ends right. Raises UsageError ``forget_nobody``, SourceError.
    """
    key = hash_key(project.folder)
    digest = pseudonym_of(value, key)
    if digest is None:
        raise UsageError(Problem("forget_nobody"))
    person = Forgotten(digest, column, finished=False)
    begun = any((p.hash, p.column) == (digest, column) and not p.finished for p in forgotten(project.folder))
    found = _look(project, person, key, value)
    if dry_run or not (found.found or begun):
        return found
    remember(project.folder, person)  # before all else: a load that comes between brings nobody back
    from kurs.lake.forgetting import remove

    lake = open_lake(project)
    held = [remove(lake, table, _wanted(person, key)) for table in lake.tables()]
    folder = project.folder / ".kurs"
    for path, _ in found.files:
        _without(project.folder / path, value)
    sweep(folder, older_than=_IDLE_SECONDS)
    for path in (*folder.glob("*"), lake.root / ROLLUPS):
        if path.name not in _KEPT and path.exists():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    remember(project.folder, replace(person, finished=True))
    return replace(found, dry_run=False, remembered=True, **_of_tables(held))


def _look(project: Project, person: Forgotten, key: bytes, value: str) -> Forgot:
    from kurs.lake.forgetting import find

    lake = open_lake(project)
    held = [find(lake, table, _wanted(person, key)) for table in lake.tables()]
    rejects = sorted((project.folder / ".kurs" / "rejects").glob("*.csv"))
    counted = [(path.relative_to(project.folder).as_posix(), _rows_with(path, value)) for path in rejects]
    files = tuple((path, rows) for path, rows in counted if rows)
    return replace(Forgot(True, (), files, (), remembered=False), **_of_tables(held))


def _of_tables(held: list[Holding]) -> dict[str, tuple[object, ...]]:
    tables = tuple(
        ForgottenTable(one.table, tuple(one.values or ()), one.rows, one.versions, len(one.files))
        for one in held
        if one.files
    )
    return {"tables": tables, "sources": tuple(dict.fromkeys(name for one in held for name in one.sources))}


def _wanted(person: Forgotten, key: bytes) -> Wanted:
    from kurs.lake.forgetting import Wanted

    return Wanted(person.condition, lambda connection: use_key(connection, key))


def _rows_with(path: Path, value: str) -> int:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    return sum(_says(row, value) for row in rows[1:])


def _without(path: Path, value: str) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*rows[:1], *(row for row in rows[1:] if not _says(row, value))])
    new.replace(path)


def _says(row: list[str], value: str) -> bool:
    wanted = _plain(value)
    cells = [_plain(cell) for cell in row]
    return wanted in cells or (len(wanted) >= _TELLING and any(wanted in cell for cell in cells))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower().strip()
