"""What a load says of itself, and what loads of files and of databases share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.lake.lake import Snapshot
    from kurs.lake.record import Totals
    from kurs.model.days import Days
    from kurs.model.project import Project
    from kurs.model.source import Source


class LoadError(SourceError):
    """Some sources failed; ``loaded`` are those that are in."""

    def __init__(self, loaded: Sequence[Loaded], problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.loaded = tuple(loaded)


class Progress(Protocol):
    """Whoever wants to see how far a load is."""

    def started(self, source: str, total_bytes: int) -> None:
        """A source is about to be read; 0 where nobody knows how much it is."""
        ...

    def advanced(self, read_bytes: int) -> None:
        """So many bytes more have been read."""
        ...

    def finished(self) -> None:
        """The source is in the lake, or has failed."""
        ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one source's load did. ``before`` and ``after`` speak of the replaced window.

    ``window`` is None where the whole content was replaced, or nothing had to be loaded. ``warnings`` are
    what was taken in but looks wrong.
    """

    source: str
    table: str
    files: tuple[str, ...]
    skipped_files: tuple[str, ...]
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    window: Days | None
    before: Totals
    after: Totals
    version: int
    seconds: float
    warnings: tuple[Problem, ...] = ()


def zone_of(project: Project, source: Source) -> str:
    """Return the zone whose days a source speaks of."""
    return source.account.timezone or project.settings.timezone


def time_column_of(project: Project, source: Source) -> str | None:
    """Return the time of a table of the plan over the source's table: it tells the covered days."""
    tables = project.tables.values()
    return next(
        (table.time for table in tables if table.time and (table.relation or table.key) == source.into),
        None,
    )


def check_account(source: Source, snapshot: Snapshot | None, *, full: bool) -> None:
    """Refuse a source whose account was renamed: its old rows would stay and count twice."""
    if snapshot is None or full:
        return
    loads = [record for record in snapshot.loads if record.source == source.key]
    if loads and loads[-1].account != source.account.id:
        values = {"source": source.key, "was": loads[-1].account, "now": source.account.id}
        raise SourceError(Problem("account_changed", values))
