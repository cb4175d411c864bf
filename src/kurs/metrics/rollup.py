"""Rollups: what the rows of a table add up to by day and a few keys, and which scans that serves.

A rollup holds *states*: sums, counts and extremes, of which those of any longer time and any coarser group
are made exactly. What is made of all rows together (distinct, percentiles) has no state and goes to the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import converted_tables
from kurs.metrics.arithmetic import aggregate, safe_arithmetic
from kurs.metrics.expression import DIALECT, columns
from kurs.metrics.leaf import OF_DAYS, Aggregate
from kurs.metrics.rows import expressions_of
from kurs.metrics.trees import cast, selected, text_of
from kurs.metrics.zones import date_literal
from kurs.model.coverage import merged, without
from kurs.model.days import AnyGrain, Days, Grain
from kurs.model.table import ColumnType
from kurs.release import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan

DAY = "day"  # the column of a rollup's days, those of the project's zone
EVER = Days(date(1, 1, 2), date(9999, 12, 30))  # both ends have a day beside them
_FEW_VALUES = (ColumnType.TEXT, ColumnType.BOOL)


@dataclass(frozen=True, slots=True)
class Rollup:
    """What a rollup holds, by day: ``states`` by ``keys``, each as SQL over ``home`` and what it joins.

    ``base`` stands for all definitions behind it: the tables that ``home`` reaches and the zone of the days.
    ``days`` are those of which it speaks, sorted and disjoint: of others it has no rows.
    """

    home: str
    base: str
    keys: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    days: tuple[Days, ...] = (EVER,)

    @property
    def id(self) -> str:
        """Name what stays when states and days are added: the table, its definitions and the keys."""
        text = "\n".join((self.home, self.base, *sorted(self.keys)))
        return f"{self.home}_{sha256(text.encode()).hexdigest()[:16]}"

    @property
    def columns(self) -> Mapping[str, str]:
        """The column of each key and state, by its SQL."""
        return _columns_of(self)

    def covers(self, other: Rollup) -> bool:
        """Say whether all that ``other`` holds can be made of this one."""
        return self.holds(other) and not without(other.days, self.days)

    def holds(self, other: Rollup) -> bool:
        """Say the same of its own days: whether it has all keys and states of ``other``."""
        same = (self.home, self.base) == (other.home, other.base)
        return same and set(self.keys) >= set(other.keys) and set(self.states) >= set(other.states)

    def beside(self, other: Rollup) -> Rollup:
        """Return the rollup with the states of ``other`` behind its own, and the days of both."""
        states = dict.fromkeys((*self.states, *other.states))
        return replace(self, states=tuple(states), days=merged((*self.days, *other.days)))


class Origin(StrEnum):
    """How a rollup came to be at hand."""

    KEPT = "kept"
    REFRESHED = "refreshed"
    MADE = "made"
    STEP = "step"  # a step of the statement itself


@dataclass(frozen=True, slots=True)
class Source:
    """A rollup that the engine has, under the name ``relation``; ``rows`` is how long it is."""

    rollup: Rollup
    relation: str
    rows: int
    origin: Origin = Origin.KEPT


def wanted(scan: Scan, world: Map, grain: AnyGrain | None, as_of: date) -> Rollup | None:
    """Return the rollup that would serve the states of ``scan``, or None when only the rows can.

    A condition on columns of few values (texts, truth values) makes keys of these columns, so that one
    rollup serves many conditions; any other is a key itself, true or false.
    """
    if scan.covered is None or scan.made is not None or scan.each is not None or grain is Grain.HOUR:
        return None
    first = scan.first if scan.first is not None else EVER.first
    if scan.last < first:
        return None
    if converted_tables(world, expressions_of(scan)) or depends_on_day(scan, world, as_of):
        return None
    states = dict.fromkeys(state_of(leaf) for _, leaf in scan.leaves if leaf.kind in OF_DAYS)
    if scan.leaves and not states:
        return None
    keys = [text_of(tree) for _, tree in scan.dimensions]
    for condition in map(safe_arithmetic, scan.conditions):
        named = list(columns(condition))
        few = named and all(_type(world, column) in _FEW_VALUES for column in named)
        keys += [text_of(column) for column in named] if few else [text_of(condition)]
    held, days = tuple(dict.fromkeys(keys)), (Days(first, scan.last),)
    return Rollup(scan.home, _base(world, scan.home), held, tuple(states), days)


def served(
    scans: Iterable[Scan], world: Map, grain: AnyGrain | None, as_of: date, sources: Sequence[Source]
) -> tuple[Scan, ...]:
    """Let the scans read from ``sources`` what these have; of a scan with other leaves too, only a part."""
    found: list[Scan] = []
    for scan in scans:
        rollup = wanted(scan, world, grain, as_of)
        source = smallest(sources, rollup) if rollup is not None else None
        if source is None:
            found.append(scan)
            continue
        of_days = tuple(entry for entry in scan.leaves if entry[1].kind in OF_DAYS)
        others = tuple(entry for entry in scan.leaves if entry[1].kind not in OF_DAYS)
        if others:
            found.append(replace(scan, leaves=others))
        mark = f"{scan.mark}_added_up" if others else scan.mark
        found.append(replace(scan, leaves=of_days, source=source, mark=mark))
    return tuple(found)


def together(rollups: Iterable[Rollup]) -> tuple[Rollup, ...]:
    """Return fewer rollups that hold the same: states of the same keys side by side.

    One whose keys are all among those of another is not needed beside it.
    """
    alike: dict[str, Rollup] = {}
    for rollup in rollups:
        alike[rollup.id] = alike[rollup.id].beside(rollup) if rollup.id in alike else rollup
    kept: list[Rollup] = []
    for rollup in sorted(alike.values(), key=lambda one: len(one.keys), reverse=True):
        place = next((at for at, other in enumerate(kept) if _finer(other, rollup)), None)
        if place is None:
            kept.append(rollup)
        else:
            kept[place] = kept[place].beside(rollup)
    return tuple(kept)


def smallest(sources: Sequence[Source], rollup: Rollup) -> Source | None:
    """Return the shortest of ``sources`` that covers ``rollup``, or None."""
    found = [source for source in sources if source.rollup.covers(rollup)]
    return min(found, key=lambda source: (source.rows, source.relation), default=None)


@lru_cache(maxsize=4096)
def state_of(leaf: Leaf) -> str:
    """Return the SQL of a leaf's state: its aggregate, whatever the days and the empty groups."""
    return aggregate(leaf).sql(DIALECT, copy=False)


def from_states(leaf: Leaf, source: Source) -> exp.Expr:
    """Return the aggregate that makes a leaf of a rollup's rows."""
    column = exp.column(source.rollup.columns[state_of(leaf)], table=source.relation)
    match leaf.kind:
        case Aggregate.MIN:
            return exp.Min(this=column)
        case Aggregate.MAX:
            return exp.Max(this=column)
        case Aggregate.COUNT:  # a sum of counts would be a wider integer, and null where there are none
            counted = exp.Coalesce(this=exp.Sum(this=column), expressions=[exp.Literal.number(0)])
            return cast(counted, "BIGINT")
        case _:
            return exp.Sum(this=column)


def on_keys(tree: exp.Expr, source: Source) -> exp.Expr:
    """Return an expression over rows as it reads on a rollup that holds it, or parts of it, as keys."""
    return _on_keys(tree, source).copy()


@lru_cache(maxsize=1024)
def _on_keys(tree: exp.Expr, source: Source) -> exp.Expr:
    held = source.rollup.columns

    def swapped(node: exp.Expr) -> exp.Expr:
        name = held.get(node.sql(DIALECT))
        return exp.column(name, table=source.relation) if name is not None else node

    return tree.transform(swapped)


def states_of(scan: Scan, source: Source) -> exp.Select:
    """Start a SELECT over a rollup's rows of the scan's days, for which its conditions hold."""
    day, last = day_of(source), date_literal(scan.last)
    in_days: exp.Expr = exp.LTE(this=day, expression=last)
    if scan.first is not None:
        in_days = exp.Between(this=day, low=date_literal(scan.first), high=last)
    conditions = [on_keys(safe_arithmetic(tree), source) for tree in scan.conditions]
    return selected(source=source.relation).where(in_days, *conditions, copy=False)


def day_of(source: Source) -> exp.Expr:
    """Return the day of a rollup's row."""
    return exp.column(DAY, table=source.relation)


def versions(world: Map, home: str) -> Mapping[str, str]:
    """Return the version of every table that ``home`` reaches, itself too; "" where nobody counts them."""
    return {name: world.facts[name].version if name in world.facts else "" for name in world.reached(home)}


def depends_on_day(scan: Scan, world: Map, as_of: date) -> bool:
    """Say whether other rows would be read or joined on another day than on ``as_of``."""
    for key in {scan.home, *(step.join.table for step in scan.steps)}:
        table = world.project.tables[key]
        days = world.facts[key].days if key in world.facts else ()
        joined_later = key != scan.home and table.time is not None and bool(days) and days[-1].last > as_of
        if table.latest_by or table.has_history or joined_later:
            return True
    return False


@lru_cache(maxsize=256)
def _columns_of(rollup: Rollup) -> Mapping[str, str]:
    keys = {key: f"key_{place}" for place, key in enumerate(rollup.keys, 1)}
    return {**keys, **{state: f"state_{place}" for place, state in enumerate(rollup.states, 1)}}


def _finer(rollup: Rollup, other: Rollup) -> bool:
    return replace(rollup, states=other.states).holds(other)


def _type(world: Map, column: exp.Column) -> ColumnType | None:
    facts = world.facts.get(column.table)
    return None if facts is None else facts.columns.get(column.name)


def _base(world: Map, home: str) -> str:
    tables = [world.project.tables[name] for name in world.reached(home)]
    # Another version of kurs may write the same state by other SQL.
    text = repr((__version__, world.project.settings.timezone, tables))
    return sha256(text.encode()).hexdigest()[:16]
