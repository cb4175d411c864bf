"""The SQL that fills a rollup: one pass over the rows of its table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from kurs.metrics.expression import DIALECT, columns
from kurs.metrics.rollup import DAY
from kurs.metrics.rows import clock_at, joined_rows, own_conditions
from kurs.metrics.scan import Scan
from kurs.metrics.trees import both, cast, grouped, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.metrics.reach import Map, Step
    from kurs.metrics.rollup import Rollup
    from kurs.model.days import Days

_HEAD = 20_000  # rows that are looked at, to see how many groups there are


def filling(world: Map, rollup: Rollup, rows_in: Days, only: tuple[Days, ...] = ()) -> str:
    """Return a SELECT of the rollup's rows: ``day``, then its keys and states.

    ``rows_in`` are the days in which all rows of the table lie; ``only`` limits it to some of them.
    """
    stretches = [(days.first, days.last) for days in only or (rows_in,)]
    return added_up(world, rollup, rows_in, stretches).sql(DIALECT, pretty=True, copy=False)


def added_up(
    world: Map, rollup: Rollup, rows_in: Days, only: Iterable[tuple[date | None, date]]
) -> exp.Select:
    """Return the same as a tree; a stretch without a first day has all rows up to its last one."""
    held = {text: parse_one(text, read=DIALECT) for text in (*rollup.keys, *rollup.states)}
    rows = _rows(world, rollup.home, held.values())
    day = cast(clock_at(world, rollup.home, rows_in), "DATE")
    passes = (replace(rows, first=first, last=last) for first, last in only)
    stretches = [both(own_conditions(world, each, date.max)) for each in passes]
    select = joined_rows(world, rows, date.max).where(exp.or_(*stretches, copy=False), copy=False)
    columns = [named(tree, rollup.columns[text]) for text, tree in held.items()]
    return grouped(select.select(named(day, DAY), *columns, copy=False), 1 + len(rollup.keys))


def crowding(world: Map, rollup: Rollup) -> str | None:
    """Return a SELECT of one row, or None without keys: rows of the table's head, and groups among them.

    It costs little, and says of most keys that are as many as the rows that they are.
    """
    if not rollup.keys:
        return None
    trees = [parse_one(text, read=DIALECT) for text in rollup.keys]
    head = joined_rows(world, _rows(world, rollup.home, trees), date.max)
    head = head.select(*(exp.alias_(tree, f"key_{place}") for place, tree in enumerate(trees))).limit(_HEAD)
    groups = exp.select("*").distinct().from_(head.subquery("head"))
    counted = exp.select(exp.Count(this=exp.Star(), big_int=True)).from_(groups.subquery("groups"))
    total = exp.select(exp.Count(this=exp.Star(), big_int=True)).from_(head.subquery("head"))
    return exp.select(total.subquery(), counted.subquery()).sql(DIALECT)


def joins(world: Map, rollup: Rollup) -> frozenset[Step]:
    """Return the joins by which the rows reach all tables that the rollup's keys and states name."""
    return _rows(world, rollup.home, [parse_one(text, read=DIALECT) for text in rollup.columns]).steps


def _rows(world: Map, home: str, trees: Iterable[exp.Expr]) -> Scan:
    """Return a pass over all rows of ``home``, joined with the tables that the trees name."""
    steps: frozenset[Step] = frozenset()
    for tree in trees:
        for column in columns(tree):
            steps |= frozenset(world.path(home, column.table) or ())
    return Scan(home, (), (), (), steps, None, date.max, None)
