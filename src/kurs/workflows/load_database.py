"""Load a source that is a database: all of it, some of its days, or what changed since the last time.

The rules are those of docs/decisions (search there for: cursor).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.model.coverage import merged
from kurs.model.days import Days
from kurs.problems import Problem, Severity, SourceError
from kurs.workflows.loaded import (
    Loaded,
    Privacy,
    Progress,
    check_account,
    privacy_of,
    time_column_of,
    worth_telling,
    zone_of,
)
from kurs.workflows.opening import day_of
from kurs.workflows.workplace import workplace

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyRelation

    from kurs.lake.lake import Lake, Scope, Snapshot
    from kurs.lake.record import LoadRecord, Totals
    from kurs.model.project import Project
    from kurs.model.source import Source
    from kurs.model.window import Window
    from kurs.sources.covers import Spoken
    from kurs.sources.database import Rows, Stretch
    from kurs.sources.files import Found
    from kurs.sources.take import Order, Taken
    from kurs.workflows.changes import Since
    from kurs.workflows.workplace import Workplace

_DAY = timedelta(days=1)


def load_database(
    project: Project,
    source: Source,
    lake: Lake,
    days: Days | None,
    full: bool,
    progress: Progress,
    today: date,
) -> Loaded:
    """Bring a source's table or query into the lake.

    Raises SourceError; ExpressionError for a query that is not one plain SELECT.
    """
    from kurs.sources.database import open_rows

    if days is not None and source.window is None:
        raise SourceError(Problem("window_needed", {"source": source.key}))
    snapshot = lake.open(source.into)
    check_account(source, snapshot, full=full)
    privacy = privacy_of(project, source, snapshot, full=full and days is None)
    progress.started(source.key, 0)
    try:
        with open_rows(source, project.folder) as rows:
            return _Load(project, source, lake, snapshot, days, full, rows, today, privacy).run()
    finally:
        progress.finished()


@dataclass(frozen=True, slots=True)
class _New:
    """The rows for the lake and which they replace; ``onto`` is the load that they complete, if any."""

    relation: DuckDBPyRelation
    scope: Scope
    covered: tuple[Days, ...]
    after: Totals
    onto: str | None = None


@dataclass(frozen=True, slots=True)
class _Load:
    """One source's load from its open database."""

    project: Project
    source: Source
    lake: Lake
    snapshot: Snapshot | None
    days: Days | None
    full: bool
    rows: Rows
    today: date
    privacy: Privacy

    def run(self) -> Loaded:
        from kurs.sources.files import profile_hash
        from kurs.sources.take import take
        from kurs.workflows.changes import check_cursor, cursor_column, last_whole, since_of

        began = time.monotonic()
        zone, time_column = zone_of(self.project, self.source), time_column_of(self.project, self.source)
        profile = profile_hash(self.source, zone, time_column)
        last = None
        if self.snapshot is not None and self.days is None and not self.full:
            last = last_whole(self.snapshot, self.source, profile)
        since = None
        cursor = cursor_column(self.source, self.rows)
        if self.snapshot is not None and last is not None and cursor is not None:
            since = since_of(self.snapshot, self.source, last, cursor)
        with workplace(self.project.folder / ".kurs", self.source.key) as place:
            stretch = since.stretch if since is not None else self._asked()
            order = self._order(place, zone, time_column, stretch)
            with take(order, lambda _: None) as taken:
                check_cursor(self.source, taken.types)
                new = self._new(taken, since, zone)
                known = self.snapshot is not None and last is not None and self._knows(new.covered)
                if known and self.snapshot is not None and self._is_there(new, taken):
                    return self._result(taken, None, self.snapshot.version, since, began)
                record = self._record(taken, new, profile, place.load)
                version, record = self._replace(taken, new, record)
                place.settle(whole=record.replaced is None)
                return self._result(taken, record, version, since, began)

    def _order(self, place: Workplace, zone: str, time_column: str | None, stretch: Stretch | None) -> Order:
        from kurs.sources.take import Order

        return Order(
            source=self.source,
            files=(self._found(),),
            load=place.load,
            zone=zone,
            known={} if self.snapshot is None or self._alone(self.snapshot) else self.snapshot.types,
            only=self.days,
            today=self.today,
            time_column=time_column,
            rejects_file=place.rejects,
            scratch=place.scratch,
            database=self.rows,
            stretch=stretch,
            hash_key=self.privacy.key,
            forgotten=self.privacy.forgotten,
            spoken=self._spoken(),
        )

    def _spoken(self) -> Spoken | None:
        """Return what the plan says about days; an archive's day is its own."""
        from kurs.sources.covers import spoken

        today = min(self.today, day_of(self.project))
        here = (self._found(),)
        return spoken(self.source, here, here, zone_of(self.project, self.source), today)

    def _found(self) -> Found:
        """Return what stands in the place of a file."""
        from kurs.sources.files import Found, Kind

        return Found(self.rows.name, Path(), Kind.DATABASE, zipped=False, size=0)

    def _asked(self) -> Stretch | None:
        """Return the days that were asked for, a day wider for whatever zone the column is in."""
        from kurs.sources.database import Stretch

        header = self._header(self.source.window)
        if self.days is None or header is None:
            return None
        first, until = self.days.first - _DAY, self.days.last + 2 * _DAY
        midnight = datetime.min.time()
        return Stretch(header, datetime.combine(first, midnight), datetime.combine(until, midnight))

    def _header(self, name: str | None) -> str | None:
        from kurs.sources.layout import layout

        placed = layout(self.source, self.rows.headers, self.rows.name)
        return next((column.header for column in placed if column.name == name), None)

    def _new(self, taken: Taken, since: Since | None, zone: str) -> _New:
        """Say which rows of the lake give way: all, those of the days asked for, or those that changed."""
        from kurs.lake.lake import Scope
        from kurs.lake.record import Totals
        from kurs.workflows.changes import completed

        source = self.source
        after = Totals(taken.rows, taken.sums)
        if since is not None and self.snapshot is not None:
            relation, scope, after = completed(self.snapshot, source, taken, since)
            covered, spoken = merged((*self._covered(), *taken.covered)), self._spoken()
            covered = covered if spoken is None else spoken.onward(covered)
            return _New(relation, scope, covered, after, since.onto)
        if self.days is not None:
            window = taken.window or self._window(zone)
            scope = Scope(source.key, source.account.id, window, (self.days,))
            return _New(taken.relation, scope, taken.covered, after)
        if not taken.rows:
            raise SourceError(Problem("database_empty", {"source": source.key, "url": self.rows.name}))
        days = taken.days[0]
        if self.full or days is None:
            return _New(taken.relation, Scope(source.key, alone=self.full), taken.covered, after)
        # Days at the end that hold no row any more were read before, and are empty now.
        stretch = (replace(days, last=max([days.last, *(part.last for part in self._read_before())])),)
        scope = Scope(source.key, source.account.id, taken.window, stretch)
        spoken = self._spoken()
        return _New(taken.relation, scope, stretch if spoken is None else spoken.covered(stretch), after)

    def _window(self, zone: str) -> Window | None:
        """Return the window by the lake's type of it, where no row came to tell."""
        from kurs.model.window import Window

        kind = None if self.snapshot is None else self.snapshot.types.get(self.source.window or "")
        return None if kind is None else Window(self.source.window or "", kind.kind, zone)

    def _covered(self) -> tuple[Days, ...]:
        from kurs.lake.record import covered_by

        covered = () if self.snapshot is None else covered_by(self.snapshot.loads)
        key = (self.source.key, self.source.account.id)
        return next((entry.days for entry in covered if (entry.source, entry.account) == key), ())

    def _read_before(self) -> tuple[Days, ...]:
        """Return the days that were covered or replaced: rows may lie on them."""
        loads = () if self.snapshot is None else self.snapshot.loads
        own = [r for r in loads if (r.source, r.account) == (self.source.key, self.source.account.id)]
        return (*self._covered(), *(days for record in own for days in record.replaced or ()))

    def _knows(self, covered: tuple[Days, ...]) -> bool:
        """Say whether it is recorded that the source is complete on these days, if the plan says so."""
        there = self._covered()
        return self.source.covers is None or merged((*there, *covered)) == there

    def _is_there(self, new: _New, taken: Taken) -> bool:
        from kurs.workflows.changes import same_rows

        assert self.snapshot is not None
        return same_rows(self.snapshot, new.scope, new.relation, new.after, taken.types)

    def _replace(self, taken: Taken, new: _New, record: LoadRecord) -> tuple[int, LoadRecord]:
        from kurs.lake.lake import Rows as LakeRows
        from kurs.lake.lake import last_load

        types = taken.types
        if new.onto is not None and self.snapshot is not None:
            types = {**self.snapshot.types, **types}
        rows = LakeRows(types, lambda: new.relation)
        onto = last_load(self.snapshot, self.source.key)
        return self.lake.replace(self.source.into, rows, new.scope, record, onto)

    def _record(self, taken: Taken, new: _New, profile: str, load_id: str) -> LoadRecord:
        from kurs.lake.record import FileRecord, LoadRecord

        return LoadRecord(
            load=load_id,
            source=self.source.key,
            account=self.source.account.id,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            profile=profile,
            files=(FileRecord(self.rows.name, "", taken.rows_read, taken.days[0]),),
            complete=new.onto is None,
            replaced=new.scope.days,
            covered=new.covered,
            only=self.days,
            restates_days=self.source.restates_days,
            rows_read=taken.rows_read,
            rows_rejected=taken.rows_rejected,
            after=new.after,
            empty=taken.empty,
            hash_key=self.privacy.mark,
        )

    def _result(
        self, taken: Taken, record: LoadRecord | None, version: int, since: Since | None, began: float
    ) -> Loaded:
        """Say what was done; without a record all was in the lake already."""
        from kurs.lake.record import Totals

        name = (self.rows.name,)
        replaced = record.replaced if record is not None else None
        return Loaded(
            source=self.source.key,
            table=self.source.into,
            files=name if record is not None else (),
            skipped_files=name if record is None else (),
            rows_read=taken.rows_read,
            rows_loaded=taken.rows if record is not None else 0,
            rows_rejected=taken.rows_rejected,
            window=Days(replaced[0].first, replaced[-1].last) if replaced else None,
            before=record.before if record is not None else Totals(),
            after=record.after if record is not None else Totals(),
            version=version,
            seconds=time.monotonic() - began,
            warnings=(
                *worth_telling(self.project, self.source, taken.doubts),
                *(self._unseen() if since is not None else ()),
            ),
        )

    def _unseen(self) -> tuple[Problem, ...]:
        """Hold the number of rows against the database: a cursor sees no row that was deleted."""
        snapshot = self.lake.open(self.source.into)
        if self.privacy.forgotten:
            return ()  # they are there, and not here
        if snapshot is None or any(r.rows_rejected for r in snapshot.loads if r.source == self.source.key):
            return ()
        from kurs.lake.lake import Scope

        here = snapshot.totals(Scope(self.source.key).condition()).rows
        there = self.rows.count()
        if here == there:
            return ()
        values = {"source": self.source.key, "here": here, "there": there}
        return (Problem("cursor_unseen", values, Severity.WARNING),)

    def _alone(self, snapshot: Snapshot) -> bool:
        return self.full and self.days is None and all(r.source == self.source.key for r in snapshot.loads)
