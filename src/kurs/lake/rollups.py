"""Rollups on disk, below ``.kurs/rollups``: each a folder with Parquet parts and a page that says what holds.

The page (``rollup.json``) names the versions of the tables that the parts were made of, and is replaced in
one step. Parts are never changed: days that a load replaced get a new part, and the older ones are left out
for them. Whoever is killed leaves at most a part that no page names.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from kurs.lake.hits import HITS, hits_of
from kurs.metrics.rollup import DAY, Rollup
from kurs.model.coverage import merged
from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = "rollup.json"
_FORMAT = 2
_TYPE = re.compile(r"[A-Z][A-Z0-9_ ]*(\(\d+, ?\d+\))?")
MOST_PARTS = 8  # more are written into one
MOST_BYTES = 1 << 30  # of all rollups; those that served longest ago go first
_ABANDONED_SECONDS = 3600.0  # a part that no page names, as old as this, has lost its writer


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of a rollup; it does not speak of the days ``without``."""

    file: str
    rows: int
    without: tuple[Days, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A rollup on disk. ``types`` are the engine's, by column; no parts: it was not worth keeping."""

    rollup: Rollup
    versions: Mapping[str, str]
    types: Mapping[str, str]
    parts: tuple[Part, ...]
    folder: Path

    @property
    def rows(self) -> int:
        """How many rows the parts have, those that are left out too."""
        return sum(part.rows for part in self.parts)

    def sql(self) -> str:
        """Return a SELECT for DuckDB over the parts, each without the days that a later one has."""
        columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in self.types.items())
        selects: list[str] = []
        for part in self.parts:
            path = str(self.folder / part.file).replace("'", "''")
            select = f"SELECT {columns} FROM read_parquet('{path}')"
            if part.without:
                stretches = [f"\"{DAY}\" BETWEEN DATE '{d.first}' AND DATE '{d.last}'" for d in part.without]
                select += f" WHERE ({' OR '.join(stretches)}) IS NOT TRUE"
            selects.append(select)
        return " UNION ALL ".join(selects)


@dataclass(frozen=True, slots=True)
class Use:
    """What a rollup takes and gives: bytes on disk, times it served, seconds since it did and was made."""

    kept: Kept
    bytes: int
    hits: int
    idle_seconds: float
    age_seconds: float


@dataclass(frozen=True, slots=True)
class Rollups:
    """All rollups below ``root``. What cannot be read is not there: everything can be made again."""

    root: Path

    def all(self) -> tuple[Kept, ...]:
        """Return what is kept, in order of name."""
        return tuple(kept for folder in self._folders() if (kept := _read(folder)) is not None)

    def find(self, rollup: Rollup) -> Kept | None:
        """Return what is kept under the id of ``rollup``, whatever its states and versions."""
        return _read(self.root / rollup.id)

    def new_part(self, rollup: Rollup) -> Path:
        """Return the path of a file to write a part to; it counts once ``keep`` names it."""
        folder = self.root / rollup.id
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{uuid4().hex}.parquet"

    def keep(
        self, rollup: Rollup, versions: Mapping[str, str], types: Mapping[str, str], parts: tuple[Part, ...]
    ) -> Kept:
        """Let ``parts`` be what holds, in one step; the last of two writers wins, and both were right."""
        folder = self.root / rollup.id
        folder.mkdir(parents=True, exist_ok=True)
        kept = Kept(rollup, dict(versions), dict(types), parts, folder)
        draft = folder / f"{uuid4().hex}.json"
        draft.write_text(json.dumps(_out(kept)), encoding="utf-8")
        draft.replace(folder / _PAGE)
        return kept

    def with_part(self, kept: Kept, versions: Mapping[str, str], part: Part, days: tuple[Days, ...]) -> Kept:
        """Let ``part`` speak for ``days`` from now on."""
        older = tuple(replace(one, without=merged((*one.without, *days))) for one in kept.parts)
        return self.keep(kept.rollup, versions, kept.types, (*older, part))

    def uses(self) -> tuple[Use, ...]:
        """Say what each rollup takes and gives, the one that served last first."""
        now = time.time()
        found = [_use(kept, now) for kept in self.all()]
        return tuple(sorted(found, key=lambda use: (use.idle_seconds, use.kept.rollup.id)))

    def clear(self) -> int:
        """Remove all rollups; returns how many bytes were freed."""
        freed = sum(_size(folder) for folder in self._folders())
        rmtree(self.root, ignore_errors=True)
        return freed

    def tidy(self, most_bytes: int = MOST_BYTES) -> None:
        """Remove parts that no page names and, above ``most_bytes``, what served longest ago."""
        total = 0
        for use in self.uses():
            total += use.bytes
            if total > most_bytes:
                rmtree(use.kept.folder, ignore_errors=True)
        oldest = time.time() - _ABANDONED_SECONDS
        for folder in self._folders():
            kept = _read(folder)
            named = {_PAGE, HITS, *(part.file for part in kept.parts)} if kept is not None else set[str]()
            for path in folder.iterdir():
                if path.name not in named and _changed(path) < oldest:
                    path.unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        return sorted(path for path in self.root.iterdir() if path.is_dir()) if self.root.is_dir() else []


def _read(folder: Path) -> Kept | None:
    try:
        plain: dict[str, Any] = json.loads((folder / _PAGE).read_text(encoding="utf-8"))
        kept = _in(plain, folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return kept if kept is not None and all((folder / part.file).is_file() for part in kept.parts) else None


def _out(kept: Kept) -> dict[str, object]:
    rollup = kept.rollup
    return {
        "format": _FORMAT,
        "home": rollup.home,
        "base": rollup.base,
        "keys": list(rollup.keys),
        "states": list(rollup.states),
        "days": [[str(days.first), str(days.last)] for days in rollup.days],
        "versions": dict(kept.versions),
        "types": dict(kept.types),
        "parts": [
            [part.file, part.rows, [[str(days.first), str(days.last)] for days in part.without]]
            for part in kept.parts
        ],
    }


def _in(plain: dict[str, Any], folder: Path) -> Kept | None:
    if plain["format"] != _FORMAT:
        return None
    parts = tuple(
        Part(Path(file).name, rows, tuple(Days(*map(date.fromisoformat, pair)) for pair in without))
        for file, rows, without in plain["parts"]
    )
    days = tuple(Days(*map(date.fromisoformat, pair)) for pair in plain["days"])
    rollup = Rollup(plain["home"], plain["base"], tuple(plain["keys"]), tuple(plain["states"]), days)
    types: dict[str, str] = plain["types"]
    # The types become a part of SQL: a page that somebody else wrote must not say more than a type.
    if rollup.id != folder.name or not all(_TYPE.fullmatch(kind) for kind in types.values()):
        return None
    return Kept(rollup, plain["versions"], types, parts, folder)


def _use(kept: Kept, now: float) -> Use:
    made = _changed(kept.folder / _PAGE)
    served = max(_changed(kept.folder / HITS), made)
    hits = hits_of(kept.folder)
    return Use(kept, _size(kept.folder), hits, max(0.0, now - served), max(0.0, now - made))


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
