"""A flow split over cells and, within each, over its drivers: volume, mix and the factors behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite, plain
from kurs.explain.finding import EffectKind, Method
from kurs.explain.segments import Split
from kurs.metrics.query import ColumnKind
from kurs.stats.products import product_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.explain.cells import Cells, Members
    from kurs.metrics.query import Answer

TIMES = " × "
# What is known of the drivers of one cell: a number for each, None where it has none.
Row = tuple[float | None, ...]


def rows_of(answer: Answer, columns: Sequence[str]) -> dict[Members, Row]:
    """Take the values of drivers out of an answer, by cell."""
    names = [column.name for column in answer.columns]
    keys = [at for at, column in enumerate(answer.columns) if column.kind is ColumnKind.DIMENSION]
    at = [names.index(column) for column in columns]
    return {
        tuple(row[key] for key in keys): tuple(finite(plain(row[index])) for index in at)
        for row in answer.rows
    }


def split_by_drivers(
    found: Cells,
    flow: tuple[Sequence[float], Sequence[float]],
    drivers: Sequence[str],
    then: Mapping[Members, Row],
    now: Mapping[Members, Row],
) -> Split:
    """Split a flow, which is the product of ``drivers`` in each cell, the first of them a flow itself.

    Of the first the change of its total is volume, that of the cell's share is mix. In a cell where a driver
    has no value (an average of nothing) it and those behind it are one factor: the flow by what is before.
    ``flow`` has the cells' own values, then and now.
    """
    nothing: Row = (None,) * len(drivers)
    totals = [sum(row[0] or 0.0 for row in rows.values()) for rows in (then, now)]
    count = len(found.members)
    effects: dict[tuple[EffectKind, str | None], np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for cell, members in enumerate(found.members):
        before, after = then.get(members, nothing), now.get(members, nothing)
        for key, effect in _of_cell(drivers, before, after, totals, (flow[0][cell], flow[1][cell])):
            effects.setdefault(key, np.zeros(count))[cell] += effect
    return Split(Method.SHAPLEY, dict(effects) or {(EffectKind.VOLUME, None): np.zeros(count)})


def _of_cell(
    drivers: Sequence[str], before: Row, after: Row, totals: Sequence[float], flow: tuple[float, float]
) -> list[tuple[tuple[EffectKind, str | None], float]]:
    change = flow[1] - flow[0]
    known = _defined(before, after)
    if not known or not all(totals):
        is_new, is_gone = not flow[0] and flow[1], flow[0] and not flow[1]
        kind = EffectKind.NEW if is_new else EffectKind.GONE if is_gone else EffectKind.VOLUME
        return [((kind, None), change)]
    factors = [
        [total, (row[0] or 0.0) / total, *(value or 0.0 for value in row[1:known])]
        for row, total in ((before, totals[0]), (after, totals[1]))
    ]
    keys: list[tuple[EffectKind, str | None]] = [
        (EffectKind.VOLUME, drivers[0]),
        (EffectKind.MIX, drivers[0]),
        *((EffectKind.DRIVER, name) for name in drivers[1:known]),
    ]
    if known < len(drivers):
        for values, value in zip(factors, flow, strict=True):
            values.append(value / float(np.prod(values)))
        keys.append((EffectKind.DRIVER, TIMES.join(drivers[known:])))
    x0, x1 = np.array(factors)
    return list(
        zip(keys, map(float, product_weights(x0[:, None], x1[:, None])[:, 0] * (x1 - x0)), strict=True)
    )


def _defined(before: Row, after: Row) -> int:
    """Count the drivers, from the first on, whose product can be divided by in both periods.

    The last one is never counted: it is what the flow is by all others, so that nothing is lost.
    """
    count = 0
    for one, other in zip(before[:-1], after[:-1], strict=True):
        if not one or not other:
            break
        count += 1
    return count
