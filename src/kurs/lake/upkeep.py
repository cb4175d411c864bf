"""Upkeep of a table: small files become one, and files that no needed version reads are removed.

Each step may be killed at any moment: merging is one commit, and a file is removed only when no version that
must stay readable has it, or when no commit ever named it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kurs.lake.log import read_log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kurs.lake.lake import Lake
    from kurs.lake.log import Log

KEEP_DAYS = 30
_SMALL_BYTES = 16 << 20
_MANY_SMALL = 32  # files, from which on reading them costs more than merging them once
_MERGED_BYTES = 64 << 20  # a window's replacement rewrites the files that it cuts, so they may not grow much
_WRITERS_TIME = timedelta(days=1)  # a file that no commit named for so long belongs to a writer that died
_READERS_TIME = timedelta(hours=1)  # whoever opened a version reads its files within this time


@dataclass(frozen=True, slots=True)
class Needed:
    """Which versions must stay readable: the young ones, and what is named by number or by moment.

    The newest always is. ``days`` count from a version's end: what was in force within them is young.
    """

    days: int = KEEP_DAYS
    versions: Mapping[str, frozenset[int]] = field(default_factory=dict[str, "frozenset[int]"])
    moments: tuple[datetime, ...] = ()

    def of(self, table: str, log: Log, now: datetime) -> frozenset[int]:
        """Return the needed versions of one table."""
        young = log.since(now - timedelta(days=self.days))
        named = self.versions.get(table, frozenset())
        then = (log.at(moment) for moment in self.moments)
        known = {version for version in (*named, *then) if version in log.versions}
        return frozenset({*young, *known, log.newest})


@dataclass(frozen=True, slots=True)
class Kept:
    """What upkeep did to one table."""

    table: str
    merged_files: int = 0
    removed_files: int = 0
    removed_bytes: int = 0


def keep_up(lake: Lake, table: str, needed: Needed, now: datetime | None = None) -> Kept:
    """Merge the table's files if many are small, and remove those that nothing needs.

    Another writer comes first: then nothing is merged this time. Raises OSError.
    """
    merged = merge(lake, table)
    removed, size = vacuum(lake, table, needed, now or datetime.now(UTC))
    return Kept(table, merged, removed, size)


def merge(lake: Lake, table: str, many: int = _MANY_SMALL) -> int:
    """Make few files of many small ones, in a commit without new data; return how many were merged."""
    from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties
    from deltalake.exceptions import CommitFailedError, DeltaError

    delta = DeltaTable(lake.root / table)
    folder = lake.root / table
    log = read_log(folder)
    sizes = [_size(folder / life.path) for life in log.lives if life.end is None]
    if sum(size < _SMALL_BYTES for size in sizes) < many:
        return 0
    try:
        done = delta.optimize.compact(
            target_size=_MERGED_BYTES,
            commit_properties=CommitProperties(max_commit_retries=0),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
        )
    except CommitFailedError:
        return 0
    except DeltaError as error:
        raise OSError(str(error).partition("\n")[0]) from error
    return int(done["numFilesRemoved"])


def vacuum(
    lake: Lake, table: str, needed: Needed, now: datetime, readers_time: timedelta = _READERS_TIME
) -> tuple[int, int]:
    """Remove the files that no needed version has, and those of writers that died; return files and bytes.

    Files that left the newest version within ``readers_time`` stay, whatever is needed.
    """
    folder = lake.root / table
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}
    log = read_log(folder)  # after the listing: what is committed meanwhile is known here
    versions = needed.of(table, log, now)
    times = dict(zip(log.versions, log.times, strict=True))
    known = {life.path for life in log.lives}
    stays = {
        life.path
        for life in log.lives
        if life.end is None or life.in_any(versions) or times[life.end] > now - readers_time
    }
    idle = [path for name, path in there.items() if name in known - stays]
    strange = [path for name, path in there.items() if name not in known and path.parent.name != "_delta_log"]
    idle += [path for path in strange if _old(path, now)]
    idle += [path for path in (folder / "_delta_log").glob("*.tmp") if _old(path, now)]
    size = sum(_size(path) for path in idle)
    for path in idle:
        path.unlink(missing_ok=True)
    return len(idle), size


def _old(path: Path, now: datetime) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now - _WRITERS_TIME
    except FileNotFoundError:
        return False


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
