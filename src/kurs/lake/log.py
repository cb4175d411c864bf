"""A table's log, read as it lies on disk: when each version came, and in which versions a file lives."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Life:
    """One data file: it belongs to the versions from ``first`` to the one before ``end``, if it has left."""

    path: str
    first: int
    end: int | None = None

    def in_any(self, versions: Iterable[int]) -> bool:
        """Say whether one of these versions needs the file."""
        return any(self.first <= version and (self.end is None or version < self.end) for version in versions)


@dataclass(frozen=True, slots=True)
class Log:
    """``times`` are those of the versions in order, which never go back, even where a clock did."""

    versions: tuple[int, ...]
    times: tuple[datetime, ...]
    lives: tuple[Life, ...]

    @property
    def newest(self) -> int:
        """The newest version."""
        return self.versions[-1]

    def at(self, moment: datetime) -> int | None:
        """Return the version that was in force at a moment; None before the first."""
        place = bisect_right(self.times, moment)
        return self.versions[place - 1] if place else None

    def since(self, moment: datetime) -> tuple[int, ...]:
        """Return the versions that were in force at a moment or came later."""
        return self.versions[max(bisect_right(self.times, moment) - 1, 0) :]


def read_log(folder: Path) -> Log:
    """Read the log of the table in ``folder``, which must have one; nothing of it is ever removed."""
    versions: list[int] = []
    times: list[datetime] = []
    lives: dict[str, Life] = {}
    ended: list[Life] = []
    for path in sorted((folder / "_delta_log").glob("*.json"), key=lambda path: path.stem):
        if not path.stem.isdigit():
            continue
        version = int(path.stem)
        versions.append(version)
        times.append(datetime.fromtimestamp(path.stat().st_mtime, UTC))
        for line in path.read_text("utf-8").splitlines():
            action: dict[str, Any] = json.loads(line)
            if "commitInfo" in action:
                times[-1] = datetime.fromtimestamp(action["commitInfo"]["timestamp"] / 1000, UTC)
            elif "add" in action:
                name = unquote(action["add"]["path"])
                lives[name] = Life(name, version)
            elif "remove" in action:
                name = unquote(action["remove"]["path"])
                if name in lives:
                    ended.append(Life(name, lives.pop(name).first, version))
    return Log(tuple(versions), tuple(accumulate(times, max)), (*ended, *lives.values()))
