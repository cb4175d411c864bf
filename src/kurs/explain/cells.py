"""The aggregates of each cell of a split, now and then, out of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite, plain
from kurs.metrics.query import ColumnKind
from kurs.problems import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kurs.explain.inquiry import Inquiry
    from kurs.metrics.query import Answer

    Floats = NDArray[np.float64]

Members = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """``then`` and ``now`` have an aggregate a row and a cell a column; what a cell lacks is 0.

    ``members`` name each cell, in the order of ``dimensions``; a member may be None.
    """

    dimensions: tuple[str, ...]
    members: tuple[Members, ...]
    then: Floats
    now: Floats

    def by(self, dimension: str) -> Cells:
        """Add the cells up to those of one dimension."""
        at = self.dimensions.index(dimension)
        places: dict[Members, int] = {}
        of = np.array([places.setdefault((cell[at],), len(places)) for cell in self.members], dtype=int)

        def added(leaves: Floats) -> Floats:
            sums = np.zeros((len(leaves), len(places)))
            np.add.at(sums.T, of, leaves.T)
            return sums

        return Cells((dimension,), tuple(places), added(self.then), added(self.now))

    def of(self, members: Mapping[str, object]) -> Cells:
        """Keep the cells of these members: the rows for which each of the dimensions is just that."""
        wanted = [(self.dimensions.index(name), member) for name, member in members.items()]
        return self._kept(
            [at for at, cell in enumerate(self.members) if all(cell[n] == m for n, m in wanted)]
        )

    def occupied(self) -> Cells:
        """Leave out cells that have nothing on either side: they are members of other metrics."""
        alive = (self.then != 0).any(axis=0) | (self.now != 0).any(axis=0)
        return self._kept([int(at) for at in np.flatnonzero(alive)])

    def _kept(self, places: Sequence[int]) -> Cells:
        members = tuple(self.members[at] for at in places)
        return Cells(self.dimensions, members, self.then[:, places], self.now[:, places])


@dataclass(frozen=True, slots=True)
class Laid:
    """Two answers laid over each other: their columns of numbers, with 0 for a cell that one of them lacks.

    ``wrong`` are the columns that have infinity or not-a-number.
    """

    members: tuple[Members, ...]
    then: Mapping[str, Floats]
    now: Mapping[str, Floats]
    wrong: frozenset[str]

    def of(self, inquiry: Inquiry, by: tuple[str, ...]) -> Cells:
        """Take the aggregates of one metric. Raises UsageError for a number that is none."""
        columns = [asked.column for asked in inquiry.leaves]
        if not self.wrong.isdisjoint(columns):
            raise UsageError(Problem("not_finite", {"metric": inquiry.metric.key}))
        then, now = (
            np.array([side[column] for column in columns]).reshape(len(columns), len(self.members))
            for side in (self.then, self.now)
        )
        return Cells(by, self.members, then, now)


def laid(now: Answer, then: Answer) -> Laid:
    """Lay two answers over each other, cell by cell."""
    places: dict[Members, int] = {}
    sides: list[dict[str, Floats]] = []
    wrong: set[str] = set()
    for answer in (then, now):
        keys = [at for at, column in enumerate(answer.columns) if column.kind is ColumnKind.DIMENSION]
        of = [places.setdefault(tuple(row[key] for key in keys), len(places)) for row in answer.rows]
        sides.append({})
        for at, column in enumerate(answer.columns):
            if column.kind is not ColumnKind.METRIC:
                continue
            values = [row[at] for row in answer.rows]
            known = np.array(values, float)
            if not np.isfinite(known).all() and (~np.isfinite(known)).sum() != values.count(None):
                wrong.add(column.name)
            sides[-1][column.name] = np.zeros(len(places))
            sides[-1][column.name][of] = np.nan_to_num(known)
    before, after = ({name: _padded(one, len(places)) for name, one in side.items()} for side in sides)
    return Laid(tuple(places), before, after, frozenset(wrong))


def _padded(values: Floats, length: int) -> Floats:
    return np.concatenate([values, np.zeros(length - len(values))])


def cells(inquiry: Inquiry, by: tuple[str, ...], now: Answer, then: Answer) -> Cells:
    """Lay the two answers over each other. Raises UsageError for a number that is none."""
    return laid(now, then).of(inquiry, by)


def numbers(inquiry: Inquiry, row: Sequence[object]) -> list[float]:
    """Return aggregates as numbers; no rows are 0. Raises UsageError for infinity and not-a-number."""
    found = [plain(cell) for cell in row]
    if any(cell is not None and finite(cell) is None for cell in found):
        raise UsageError(Problem("not_finite", {"metric": inquiry.metric.key}))
    return [0.0 if cell is None else float(cell) for cell in found]
