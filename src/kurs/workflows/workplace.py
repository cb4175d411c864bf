"""Where a load works: room for what does not fit into memory, and for rejects until the rows are in."""

from __future__ import annotations

import shutil
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Workplace:
    """What one load of one source has for itself; ``load`` is the id that its rows carry."""

    load: str
    scratch: Path
    kept_rejects: Path

    @property
    def rejects(self) -> Path:
        """Where rejects lie until the rows are in the lake."""
        return self.scratch / "rejects.csv"

    def settle(self, *, whole: bool) -> None:
        """Keep the rejects of a load that is in; a load of everything without any forgets earlier ones."""
        if self.rejects.exists():
            self.kept_rejects.parent.mkdir(parents=True, exist_ok=True)
            self.rejects.replace(self.kept_rejects)
        elif whole:
            self.kept_rejects.unlink(missing_ok=True)


@contextmanager
def workplace(folder: Path, source: str) -> Generator[Workplace]:
    """Make room in ``folder``, which is a project's ``.kurs``, and clear it away in the end.

    What a killed load left there, rows among it, goes once it is a day old.
    """
    load = uuid.uuid4().hex
    place = folder / "scratch" / load
    sweep(folder, older_than=_DAY_SECONDS)
    try:
        yield Workplace(load, place, folder / "rejects" / f"{source}.csv")
    finally:
        shutil.rmtree(place, ignore_errors=True)


def sweep(folder: Path, older_than: float) -> int:
    """Remove the rooms of loads that nobody has touched for so many seconds; return how many."""
    rooms = [room for room in (folder / "scratch").glob("*") if _idle(room) > older_than]
    for room in rooms:
        shutil.rmtree(room, ignore_errors=True)
    return len(rooms)


def _idle(room: Path) -> float:
    """Return for how many seconds nothing in a room has changed; its load may remove it meanwhile."""
    try:
        return time.time() - max(path.stat().st_mtime for path in (room, *room.rglob("*")))
    except FileNotFoundError:
        return 0
