"""Where the change happened: the fewest combinations of members that explain it."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import finite
from kurs.explain.algebra import Linear, value, weights
from kurs.explain.finding import Located, Search
from kurs.explain.segments import split
from kurs.stats.localise import Counting, localise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kurs.explain.cells import Cells
    from kurs.explain.finding import Side
    from kurs.explain.inquiry import Inquiry

    Floats = NDArray[np.float64]

MOST_SEARCHED = 50_000  # cells: a second or two
MOST_DIMENSIONS = 6
_USUAL_DIMENSIONS = 4
_KNOWN = 0.5  # of the whole: a dimension with less is not searched by unless somebody says so
_REST = 0.5  # of the change: with more of it elsewhere, the causes do not explain it


def search(inquiry: Inquiry, found: Cells, change: float) -> Search:
    """Look for causes among the cells of crossed dimensions.

    The effects of the causes and of the rest add up to ``change``: each cell belongs to one of them. It is
    localised where the rest moved by at most half of the change.
    """
    effects = split(inquiry, found).total
    room = np.maximum(_room(inquiry, found), abs(effects) / 2)
    causes = localise(_codes(found), room - effects / 2, room + effects / 2, _counting(inquiry, found))
    located: list[Located] = []
    for cause in causes:
        own = cause.cells
        first = found.members[int(np.flatnonzero(own)[0])]
        located.append(
            Located(
                dimensions=tuple(found.dimensions[dimension] for dimension, _ in cause.members),
                members=tuple(first[dimension] for dimension, _ in cause.members),
                effect=float(effects[own].sum()),
                score=cause.score,
                value=_value(inquiry, found.now[:, own].sum(axis=1)),
                against_value=_value(inquiry, found.then[:, own].sum(axis=1)),
            )
        )
    rest = change - sum(one.effect for one in located)
    is_localised = bool(located) and abs(rest) <= _REST * abs(change)
    return Search(found.dimensions, is_localised, tuple(located), rest)


def usual_dimensions(sides: Sequence[Side], own: Sequence[str]) -> tuple[str, ...]:
    """Choose what to search by where nobody said, while the crossing stays in bounds.

    First the ``own`` dimensions, those of the metric's tables themselves, then others, of both the most
    telling ones. One that is unknown for most is none of them: a customer's, where few visitors are known.
    """
    chosen: list[str] = []
    cells = 1
    for side in sorted(sides, key=lambda one: (one.dimensions[0] not in own, -one.unevenness)):
        size = sum({part.cell: part.merged for part in side.parts}.values())
        if len(chosen) < _USUAL_DIMENSIONS and cells * size <= MOST_SEARCHED and side.named >= _KNOWN:
            chosen += side.dimensions
            cells *= size
    return tuple(chosen)


def _codes(found: Cells) -> NDArray[np.int64]:
    """Number the members of each dimension."""
    codes = np.empty((len(found.dimensions), len(found.members)), np.int64)
    for dimension in range(len(found.dimensions)):
        numbers: dict[object, int] = {}
        codes[dimension] = [numbers.setdefault(cell[dimension], len(numbers)) for cell in found.members]
    return codes


def _room(inquiry: Inquiry, found: Cells) -> Floats:
    """Return how much of the metric lies in each cell, in its unit: the mean of then and now.

    A cell of a ratio has what it gives, and what its share of the denominator gives at the mean ratio: so
    a cell that keeps its ratio at the mean has no effect, however it grows, and one that is new has all.
    """
    if inquiry.terms is None:
        if inquiry.node is None:
            raise ValueError("a formula that is no arithmetic has no parts")
        by_leaf = weights(inquiry.node, found.then.sum(axis=1), found.now.sum(axis=1))
        of = [abs(w) * (abs(found.then[leaf]) + abs(found.now[leaf])) for leaf, w in by_leaf.items()]
        return np.sum(of, axis=0) / 2 if of else np.zeros(len(found.members))
    room = np.zeros(len(found.members))
    for term in inquiry.terms:
        n = [term.above.over(found.then), term.above.over(found.now)]
        if term.below is None:
            room += (abs(n[0]) + abs(n[1])) / 2
            continue
        d = [term.below.over(found.then), term.below.over(found.now)]
        totals = [float(side.sum()) for side in d]
        mean = sum(float(above.sum()) / total for above, total in zip(n, totals, strict=True)) / 2
        for above, below, total in zip(n, d, totals, strict=True):
            room += (abs(above) + abs(mean * below)) / abs(total) / 2
    return room


def _counting(inquiry: Inquiry, found: Cells) -> Counting:
    """Return the variance of each cell's effect that counting makes: n events vary by the root of n.

    A sum of whole numbers varies at least as much as a count; of other amounts nothing is known here, 0.
    """
    sides = (found.then, found.now)
    counts = [np.where(_is_counted(side), np.abs(side), 0.0) for side in sides]
    if inquiry.terms is None:
        if inquiry.node is None:
            raise ValueError("a formula that is no arithmetic has no parts")
        by_leaf = weights(inquiry.node, *(side.sum(axis=1) for side in sides))
        return Counting(
            np.sum([w**2 * (counts[0][leaf] + counts[1][leaf]) for leaf, w in by_leaf.items()], axis=0)
        )
    noise = np.zeros(len(found.members))
    units: list[float] = []
    for term in inquiry.terms:
        below = term.below or Linear({})
        totals = [float(term.below.over(side).sum()) if term.below is not None else 1.0 for side in sides]
        means = [
            float(term.above.over(side).sum()) / total for side, total in zip(sides, totals, strict=True)
        ]
        for of, total in zip(counts, totals, strict=True):
            noise += (_squared(term.above).over(of) + fmean(means) ** 2 * _squared(below).over(of)) / total**2
        units += [
            abs(factor) * fmean(1 / abs(total) for total in totals) for factor in term.above.of.values()
        ]
    return Counting(noise, units[0] if len(units) == 1 else 0.0)


def _squared(of: Linear) -> Linear:
    return Linear({leaf: factor**2 for leaf, factor in of.of.items()})


def _is_counted(leaves: Floats) -> NDArray[np.bool_]:
    """Say of each aggregate whether all its cells are whole numbers."""
    return (leaves == np.round(leaves)).all(axis=1, keepdims=True)


def _value(inquiry: Inquiry, leaves: Floats) -> float | None:
    return finite(float(value(inquiry.node, leaves))) if inquiry.node is not None else None
