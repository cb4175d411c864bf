"""A flow split over cells and, within each, over its drivers: volume, mix and the factors behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite, plain
from kurs.explain.finding import EffectKind, Method
from kurs.explain.segments import Split
from kurs.metrics.query import ColumnKind
from kurs.stats.products import log_mean_effects, product_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kurs.explain.cells import Cells, Members
    from kurs.metrics.query import Answer

TIMES = " × "
# What is known of the drivers of one cell: a number for each, None where it has none.
Row = tuple[float | None, ...]
Key = tuple[EffectKind, "str | None"]


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
    ``flow`` has the cells' own values, then and now. By logarithmic means where all factors are above zero,
    so that the effects of a driver add up over the cells of any split alike; else by Shapley's value.
    """
    nothing: Row = (None,) * len(drivers)
    totals = [sum(row[0] or 0.0 for row in rows.values()) for rows in (then, now)]
    count = len(found.members)
    cells = [
        _of_cell(drivers, then.get(members, nothing), now.get(members, nothing), totals, at)
        for members, at in zip(found.members, zip(*flow, strict=True), strict=True)
    ]
    is_positive = all((cell.factors > 0).all() for cell in cells)
    effects: dict[Key, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    for place, cell in enumerate(cells):
        for key, effect in zip(cell.keys, cell.effects(is_positive=is_positive), strict=True):
            effects.setdefault(key, np.zeros(count))[place] += effect
    method = Method.LMDI if is_positive else Method.SHAPLEY
    return Split(method, dict(effects) or {(EffectKind.VOLUME, None): np.zeros(count)})


@dataclass(frozen=True, slots=True)
class _Factors:
    """The factors of one cell, then and now in two rows; without any, its ``change`` is of one kind."""

    keys: tuple[Key, ...]
    factors: NDArray[np.float64]
    change: float

    def effects(self, *, is_positive: bool) -> list[float]:
        """Split the change; one way for all cells of a report."""
        if not self.factors.size:
            return [self.change]
        then, now = self.factors
        if is_positive:
            return log_mean_effects(then.tolist(), now.tolist())
        return (product_weights(then[:, None], now[:, None])[:, 0] * (now - then)).tolist()


def _of_cell(
    drivers: Sequence[str], before: Row, after: Row, totals: Sequence[float], flow: tuple[float, float]
) -> _Factors:
    known = _defined(before, after)
    if not known or not all(totals):
        is_new, is_gone = not flow[0] and flow[1], flow[0] and not flow[1]
        kind = EffectKind.NEW if is_new else EffectKind.GONE if is_gone else EffectKind.VOLUME
        return _Factors(((kind, None),), np.zeros((2, 0)), flow[1] - flow[0])
    factors = [
        [total, (row[0] or 0.0) / total, *(value or 0.0 for value in row[1:known])]
        for row, total in ((before, totals[0]), (after, totals[1]))
    ]
    keys: list[Key] = [
        (EffectKind.VOLUME, drivers[0]),
        (EffectKind.MIX, drivers[0]),
        *((EffectKind.DRIVER, name) for name in drivers[1:known]),
    ]
    if known < len(drivers):
        for values, value in zip(factors, flow, strict=True):
            values.append(value / float(np.prod(values)))
        keys.append((EffectKind.DRIVER, TIMES.join(drivers[known:])))
    return _Factors(tuple(keys), np.array(factors), flow[1] - flow[0])


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
