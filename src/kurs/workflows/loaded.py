"""What a load says of itself, and what loads of files and of databases share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

from kurs.model.source import Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.lake.lake import Snapshot
    from kurs.lake.record import Totals
    from kurs.model.days import Days
    from kurs.model.project import Project
    from kurs.model.source import Source
    from kurs.sources.pseudonyms import Forgotten


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


def worth_telling(project: Project, source: Source, doubts: Sequence[Problem]) -> tuple[Problem, ...]:
    """Leave out doubts that the plan answers: amounts that a table converts by the currency of their row."""
    tables = [table for table in project.tables.values() if (table.relation or table.key) == source.into]

    def converted(amount: str, column: object) -> bool:
        return any(
            amount in table.amounts
            and table.currency is not None
            and (table.currency == column or table.dimension(table.currency) is not None)
            for table in tables
        )

    told: list[Problem] = []
    for doubt in doubts:
        if doubt.code != "mixed_currencies":
            told.append(doubt)
            continue
        amounts = cast("tuple[str, ...]", doubt.values["amounts"])
        if left := tuple(one for one in amounts if not converted(one, doubt.values["column"])):
            told.append(replace(doubt, values={**doubt.values, "amounts": left}))
    return tuple(told)


def check_account(source: Source, snapshot: Snapshot | None, *, full: bool) -> None:
    """Refuse a source whose account was renamed: its old rows would stay and count twice."""
    if snapshot is None or full:
        return
    loads = [record for record in snapshot.loads if record.source == source.key]
    if loads and loads[-1].account != source.account.id:
        values = {"source": source.key, "was": loads[-1].account, "now": source.account.id}
        raise SourceError(Problem("account_changed", values))


@dataclass(frozen=True, slots=True)
class Privacy:
    """How a source's personal data are protected, and who is left out.

    ``key`` is None where nothing is to be hashed or looked for; ``mark`` tells by which key data were hashed.
    """

    key: bytes | None = None
    mark: str = ""
    forgotten: tuple[Forgotten, ...] = ()


def privacy_of(project: Project, source: Source, snapshot: Snapshot | None, *, full: bool) -> Privacy:
    """Say how a source's personal data are protected.

    Raises SourceError: ``bad_hash_key``; ``hash_key_changed`` and ``keep_changed`` where rows in the lake are
    otherwise, of which some would stay beside the new ones.
    """
    from kurs.sources.pseudonyms import fingerprint
    from kurs.workflows.private import forgotten, hash_key

    people = forgotten(project.folder)
    hashed = [column.name for column in source.columns if column.keep is Keep.HASHED]
    key = hash_key(project.folder) if hashed or people else None
    mark = fingerprint(key) if hashed and key is not None else ""
    if snapshot is not None and not full:
        _check_kept(source, snapshot, mark, hashed)
    return Privacy(key, mark, people)


def _check_kept(source: Source, snapshot: Snapshot, mark: str, hashed: Sequence[str]) -> None:
    from kurs.lake.lake import Scope

    loads = [record for record in snapshot.loads if record.source == source.key]
    if mark and loads and loads[-1].hash_key not in ("", mark):
        raise SourceError(Problem("hash_key_changed", {"source": source.key}))
    tests = {name: f"NOT regexp_full_match(\"{name}\", '[0-9a-f]{{64}}')" for name in hashed}
    dropped = [column.name for column in source.columns if column.keep is Keep.DROPPED]
    tests |= {name: f'"{name}" IS NOT NULL' for name in dropped}
    own = Scope(source.key).condition()
    for name, test in tests.items():
        there = name in snapshot.types and not (
            name in hashed and snapshot.types[name].kind != ColumnType.TEXT
        )
        if there and snapshot.totals(f"{own} AND {test}").rows:
            raise SourceError(Problem("keep_changed", {"source": source.key, "column": name}))
