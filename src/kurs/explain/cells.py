"""The aggregates of each cell of a split, now and then, out of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite, plain
from kurs.metrics.query import ColumnKind
from kurs.problems import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

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

    def occupied(self) -> Cells:
        """Leave out cells that have nothing on either side: they are members of other metrics."""
        kept = np.flatnonzero((self.then != 0).any(axis=0) | (self.now != 0).any(axis=0))
        members = tuple(self.members[int(at)] for at in kept)
        return Cells(self.dimensions, members, self.then[:, kept], self.now[:, kept])


def cells(inquiry: Inquiry, by: tuple[str, ...], now: Answer, then: Answer) -> Cells:
    """Lay the two answers over each other. Raises UsageError for a number that is none."""
    columns = [asked.column for asked in inquiry.leaves]
    found: dict[Members, tuple[list[float], list[float]]] = {}
    for place, answer in ((0, then), (1, now)):
        names = [column.name for column in answer.columns]
        keys = [at for at, column in enumerate(answer.columns) if column.kind is ColumnKind.DIMENSION]
        at = [names.index(column) for column in columns]
        for row in answer.rows:
            member = tuple(row[key] for key in keys)
            both = found.setdefault(member, ([0.0] * len(columns), [0.0] * len(columns)))
            both[place][:] = numbers(inquiry, [row[index] for index in at])
    values = np.array(list(found.values()), float).reshape(len(found), 2, len(columns))
    return Cells(by, tuple(found), values[:, 0].T.copy(), values[:, 1].T.copy())


def numbers(inquiry: Inquiry, row: Sequence[object]) -> list[float]:
    """Return aggregates as numbers; no rows are 0. Raises UsageError for infinity and not-a-number."""
    found = [plain(cell) for cell in row]
    if any(cell is not None and finite(cell) is None for cell in found):
        raise UsageError(Problem("not_finite", {"metric": inquiry.metric.key}))
    return [0.0 if cell is None else float(cell) for cell in found]
