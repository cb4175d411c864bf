"""Rollups for the questions of one opened project: found on disk, brought up to date, or made.

Which rollup would serve is decided in ``metrics``, kept ones lie in the ``lake``, the engine fills them. No
answer depends on whether there is one: what is missing, too large or of other versions is left to the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from kurs.lake.hits import count_hit
from kurs.lake.rollups import MOST_PARTS, Kept, Part
from kurs.metrics.extremes import first_and_last_day, repeated_keys
from kurs.metrics.filling import crowding, filling, joins
from kurs.metrics.rollup import EVER, Origin, Rollup, Source, smallest, versions
from kurs.model.coverage import merged, without
from kurs.model.days import Days
from kurs.problems import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kurs.engines.duckdb import DuckEngine
    from kurs.lake.lake import Snapshot
    from kurs.lake.rollups import Rollups
    from kurs.metrics.reach import Map
    from kurs.model.project import Project
    from kurs.model.table import Table

MANY_ROWS = 200_000  # of fewer, the rows themselves are as quick
MOST_OF_ROWS = 0.1  # a rollup longer than this share of the rows is not worth its place
_MOST_GROUPS = 0.25  # of a table's first rows: more groups than this are no groups


@dataclass(slots=True)
class Shelf:
    """The rollups at hand while a project is open. ``snapshots`` are what the engine reads, by relation."""

    project: Project
    engine: DuckEngine
    world: Map
    snapshots: Mapping[str, Snapshot]
    store: Rollups
    many_rows: int = MANY_ROWS
    most_of_rows: float = MOST_OF_ROWS
    sources: list[Source] = field(default_factory=list["Source"])
    _kept: dict[str, Kept] = field(default_factory=dict[str, "Kept"])
    _refused: list[Rollup] = field(default_factory=list["Rollup"])
    _looked: dict[str, tuple[tuple[object, ...], ...]] = field(
        default_factory=dict[str, "tuple[tuple[object, ...], ...]"]
    )
    _rows: dict[str, int] = field(default_factory=dict[str, int])
    _spans: dict[str, Days | None] = field(default_factory=dict[str, "Days | None"])

    def provide(self, rollups: Iterable[Rollup], *, shared: bool = False) -> Sequence[Source]:
        """Return the rollups that serve ``rollups``, where it is worth having them.

        ``shared`` says that several questions wait for each: then also a small table is added up, in memory.
        """
        for rollup in rollups:
            if smallest(self.sources, rollup) is None and not self._is_refused(rollup):
                try:
                    self._provide(rollup, shared)
                except (EngineError, OSError):  # cleared meanwhile, a full disk, numbers beyond all types
                    self._refused.append(rollup)
        return self.sources

    def looked(self, sql: str) -> tuple[tuple[object, ...], ...]:
        """Run a SELECT that questions put again and again: what is read does not change while it is open."""
        if sql not in self._looked:
            self._looked[sql] = self.engine.run(sql)
        return self._looked[sql]

    def repeated_keys(self, table: str) -> tuple[tuple[object, ...], ...]:
        """Return some keys that more than one row of a table has, with how many."""
        return self.looked(repeated_keys(self.project, self.project.tables[table]))

    def count_hits(self, relations: Iterable[str]) -> None:
        """Note which kept rollups served."""
        for relation in relations:
            if relation in self._kept:
                count_hit(self._kept[relation].folder)

    def kept(self, relation: str) -> Kept | None:
        """Return what is kept on disk of a rollup at hand."""
        return self._kept.get(relation)

    def _provide(self, rollup: Rollup, shared: bool) -> None:
        rows = self._rows_of(rollup.home)
        lasting = rows >= self.many_rows and self._is_of_lake(rollup.home)
        if not lasting and not shared:
            return
        now = versions(self.world, rollup.home)
        kept = self._up_to_date(rollup, now) if lasting else None
        if kept is not None:
            self._take_in(*kept, rollup)
            return
        rows_multiply = any(self.repeated_keys(step.join.table) for step in joins(self.world, rollup))
        if rows_multiply or self._is_crowded(rollup):
            self._refused.append(rollup)
            return
        before = self.store.find(rollup) if lasting else None
        if before is not None and before.parts:
            rollup = before.rollup.beside(rollup)
        self._make(rollup, now, rows if lasting else None)

    def _make(self, rollup: Rollup, now: Mapping[str, str], rows_to_keep: int | None) -> None:
        """Fill a rollup in memory, and keep it on disk when it is much shorter than its table."""
        span = self._span_of(rollup.home)
        if span is None:
            return
        relation = f"rollup_{rollup.id}_{len(self.sources)}"
        rollup = replace(rollup, days=_open_ended(rollup.days, span))
        days = _within(rollup.days, span)
        if not days:
            return
        rows = self.engine.hold(relation, filling(self.world, rollup, span, days))
        self.sources.append(Source(rollup, relation, rows, Origin.MADE))
        if rows_to_keep is None:
            return
        if rows > self.most_of_rows * rows_to_keep * sum(map(len, days)) / len(span):
            self.store.keep(rollup, now, {}, ())
            return
        path = self.store.new_part(rollup)
        types = self.engine.write(f'SELECT * FROM "{relation}"', path)
        self._kept[relation] = self.store.keep(rollup, now, types, (Part(path.name, rows),))
        self.store.tidy()

    def _up_to_date(self, rollup: Rollup, now: Mapping[str, str]) -> tuple[Kept, Origin] | None:
        """Return a kept rollup that covers ``rollup`` and speaks of the versions ``now``, or None."""
        holding = [kept for kept in self.store.all() if kept.rollup.holds(rollup)]
        for kept in sorted(holding, key=lambda one: (not one.rollup.covers(rollup), one.rows)):
            if kept.versions == now and (kept.rollup.covers(rollup) or not kept.parts):
                return kept, Origin.KEPT
            fresh: Kept | None = kept if kept.parts else None
            if fresh is not None and fresh.versions != now:
                fresh = self._brought_up_to_date(fresh, now)
            if fresh is not None and not fresh.rollup.covers(rollup):
                fresh = self._with_more_days(fresh, rollup.days)
            if fresh is not None:
                return fresh, Origin.REFRESHED
        return None

    def _brought_up_to_date(self, kept: Kept, now: Mapping[str, str]) -> Kept | None:
        """Add up anew only the days that loads replaced; None where more than that has changed."""
        home = kept.rollup.home
        changed = self._changed_days(home, kept.versions, now)
        span = self._span_of(home)
        if changed is None or span is None:
            return None
        days = tuple(part for held in kept.rollup.days for part in _within(changed, held))
        return self._with_part(kept, now, span, days)

    def _with_more_days(self, kept: Kept, days: tuple[Days, ...]) -> Kept | None:
        """Add up days of which a rollup did not speak yet."""
        span = self._span_of(kept.rollup.home)
        if span is None:
            return None
        asked = _open_ended(days, span)
        longer = replace(kept, rollup=replace(kept.rollup, days=merged((*kept.rollup.days, *asked))))
        missing = _within(without(asked, kept.rollup.days), span)
        return self._with_part(longer, kept.versions, span, missing)

    def _with_part(
        self, kept: Kept, versions: Mapping[str, str], span: Days, days: tuple[Days, ...]
    ) -> Kept | None:
        """Let a new part speak for ``days``; None where it has other types than the older ones."""
        if not days:
            return self.store.keep(kept.rollup, versions, kept.types, kept.parts)
        path = self.store.new_part(kept.rollup)
        if self.engine.write(filling(self.world, kept.rollup, span, days), path) != kept.types:
            return None  # the new sums have other types: the old ones would be cut to theirs
        fresh = self.store.with_part(kept, versions, Part(path.name, self._rows_in(path)), days)
        return self._in_one(fresh) if len(fresh.parts) > MOST_PARTS else fresh

    def _in_one(self, kept: Kept) -> Kept:
        path = self.store.new_part(kept.rollup)
        types = self.engine.write(kept.sql(), path)
        return self.store.keep(kept.rollup, kept.versions, types, (Part(path.name, self._rows_in(path)),))

    def _take_in(self, kept: Kept, origin: Origin, rollup: Rollup) -> None:
        if not kept.parts:  # tried, and found too long
            self._refused.append(rollup)
            return
        relation = f"rollup_{kept.rollup.id}_{len(self.sources)}"
        self.engine.show(relation, kept.sql())
        self.sources.append(Source(kept.rollup, relation, kept.rows, origin))
        self._kept[relation] = kept

    def _changed_days(
        self, home: str, then: Mapping[str, str], now: Mapping[str, str]
    ) -> tuple[Days, ...] | None:
        """Return the days whose rows loads have replaced since; None where more than rows has changed."""
        table = self.project.tables[home]
        relation = table.relation or home
        if table.sql is not None or any(then.get(name) != now[name] for name in now if name != home):
            return None
        into = [source for source in self.project.sources.values() if source.into == relation]
        if any(source.window != table.time for source in into):
            return None
        snapshot = self.snapshots.get(relation)
        return snapshot.changed_since(then.get(home, "")) if snapshot is not None else None

    def _is_refused(self, rollup: Rollup) -> bool:
        return any(refused.id == rollup.id for refused in self._refused)

    def _is_crowded(self, rollup: Rollup) -> bool:
        sql = crowding(self.world, rollup)
        if sql is None:
            return False
        rows, groups = self.engine.run(sql)[0]
        return isinstance(rows, int) and isinstance(groups, int) and groups > max(100, _MOST_GROUPS * rows)

    def _is_of_lake(self, home: str) -> bool:
        return all(versions(self.world, home).values())

    def _rows_of(self, home: str) -> int:
        if home not in self._rows:
            table = self.project.tables[home]
            snapshot = self.snapshots.get(table.relation or home) if table.sql is None else None
            if snapshot is not None:
                (rows,) = self.engine.run(snapshot.rows_sql())[0]
                self._rows[home] = rows if isinstance(rows, int) else 0
            else:
                self._rows[home] = self._count(
                    f"({table.sql})" if table.sql else f'"{table.relation or home}"'
                )
        return self._rows[home]

    def _rows_in(self, path: Path) -> int:
        quoted = str(path).replace("'", "''")
        return self._count(f"read_parquet('{quoted}')")

    def _count(self, relation: str) -> int:
        (found,) = self.engine.run(f"SELECT count(*) FROM {relation}")[0]
        return found if isinstance(found, int) else 0

    def _span_of(self, home: str) -> Days | None:
        """Return the days in which the rows of a table lie, whatever the loads say that they cover."""
        if home not in self._spans:
            table = self.project.tables[home]
            snapshot = self.snapshots.get(table.relation or home) if table.sql is None else None
            said = snapshot.ends_sql(table.time or "") if snapshot is not None else None
            found = self._span(table, said) if said is not None else None
            self._spans[home] = found or self._span(table)
        return self._spans[home]

    def _span(self, table: Table, ends: str | None = None) -> Days | None:
        sql = first_and_last_day(self.project, table, self.world.facts[table.key].columns, ends)
        first, last = self.engine.run(sql)[0] if sql is not None else (None, None)
        return Days(first, last) if isinstance(first, date) and isinstance(last, date) else None


def _open_ended(days: Iterable[Days], span: Days) -> tuple[Days, ...]:
    """Let days that reach an end of ``span``, in which all rows lie, go on beyond it."""
    return merged(
        Days(
            EVER.first if stretch.first <= span.first else stretch.first,
            EVER.last if stretch.last >= span.last else stretch.last,
        )
        for stretch in days
    )


def _within(days: Iterable[Days], span: Days) -> tuple[Days, ...]:
    return tuple(part for stretch in days if (part := stretch.overlap(span)) is not None)
