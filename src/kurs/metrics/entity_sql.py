"""Metrics of each entity as SQL.

<name>_<table>_...   what each table says of each entity, in each bucket and group
<name>_entities      one row for each entity, with the values that the metric takes of it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.cohort_sql import cohort_entities
from kurs.metrics.entity_values import known_value
from kurs.metrics.events import EntityRows, FunnelRows
from kurs.metrics.funnel_sql import entries_name, funnel_entries
from kurs.metrics.made import leaf_names
from kurs.metrics.per_entity import ENTITY

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.metrics.funnel_sql import Rows
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan

_ALL = "entities"


def made_steps(
    scan: Scan, timed: bool, world: Map, rows: Rows, steps: Callable[[Scan], list[tuple[str, exp.Query]]]
) -> list[tuple[str, exp.Query]]:
    """Return the steps that make the rows of a scan that no table has; ``steps`` are those of a pass."""
    if isinstance(scan.made, FunnelRows):
        return funnel_entries(scan, scan.made, world, rows)
    if isinstance(scan.made, EntityRows) and scan.made.cohort is not None:
        return cohort_entities(scan, scan.made, scan.made.cohort, world, rows)
    if isinstance(scan.made, EntityRows):
        return [*(step for each in scan.passes for step in steps(each)), _values(scan, scan.made, timed)]
    return []


def _values(scan: Scan, made: EntityRows, timed: bool) -> tuple[str, exp.Query]:
    """Return the step with one row for each entity of a bucket and group."""
    keys = (*(("time",) if timed else ()), *(name for name, _ in scan.dimensions), ENTITY)
    names = leaf_names(made.leaves, (name for name, _ in scan.dimensions))
    homes = {name: each.name for each in scan.passes for name, _ in each.leaves}
    alone = len(scan.passes) == 1
    columns = [exp.column(_name(key), table=None if alone else _ALL) for key in keys]
    leaves = [
        (exp.column(_name(names[leaf]), table=None if alone else homes[names[leaf]]), leaf.is_zero_when_empty)
        for leaf in made.leaves
    ]
    values = [exp.alias_(known_value(tree, leaves), _name(name)) for name, tree in made.values]
    select = exp.select(*columns, *values)
    if alone:
        return entries_name(scan), select.from_(scan.passes[0].name)
    parts = [exp.select(*(exp.column(_name(key)) for key in keys)).from_(each.name) for each in scan.passes]
    select = select.from_(exp.union(*parts, distinct=True).subquery(_ALL))
    for each in scan.passes:
        same = [_same(key, each.name) for key in keys]
        select = select.join(exp.to_table(each.name), on=exp.and_(*same), join_type="left")
    return entries_name(scan), select


def _same(key: str, table: str) -> exp.Expr:
    both = exp.column(_name(key), table=_ALL), exp.column(_name(key), table=table)
    kind = exp.EQ if key in ("time", ENTITY) else exp.NullSafeEQ  # what may be null meets its like
    return kind(this=both[0], expression=both[1])


def _name(name: str) -> exp.Identifier:
    return exp.to_identifier(name)
