"""Where did a change happen: the fewest combinations of members whose cells moved alike, unlike the rest.

The shortest description wins. Cells of one cause share one relative change, all others the background's;
a cause pays for naming it and for its number, and gains what the cells are then better told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

DEEPEST = 4  # dimensions in one cause: more cannot be read, and cost more than they tell
MOST_CAUSES = 8
_LEAST_EFFECT = 0.03  # of the largest cause's: what is smaller explains nothing
_SIZES = 12  # groups of cells of like size, whose spread is measured together
_LEAST_GROUP = 15
_LEAST_SPREAD = 0.02
_MAD = 1.4826  # of a normal distribution: its standard deviation over its median absolute deviation
_MEAN_ABS = 0.798  # of a normal distribution, in standard deviations: the root of 2 / pi
_CLEARLY_MORE = 1.5  # than counting alone: the spread of a few cells tells no less
_FEW = 0.05  # the relative variance of forty events before and after: with fewer, a median tells no spread
_SWEEPS = 4
_TIE = 0.01
_COUNTED_NUMBER = 3.0  # with it, 4 % of comparisons without a cause name one (benchmarks/incidents.py)
_LEAST_KNOWN = 0.5  # of the usual variance: few events may be few by chance
_NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Cause:
    """Members, one a dimension that is named, by (dimension, code); ``cells`` are those that it alone tells.

    ``score``, 0 to 1, is how much of what its cells moved one common relative change tells.
    """

    members: tuple[tuple[int, int], ...]
    cells: NDArray[np.bool_]
    score: float


@dataclass(frozen=True, slots=True)
class _Cuboid:
    """All combinations of members of some dimensions: which of them each cell is of."""

    dimensions: tuple[int, ...]
    of: Codes
    count: int
    price: float  # what it costs to name one of them


@dataclass(frozen=True, slots=True)
class _Pick:
    cuboid: _Cuboid
    member: int

    @property
    def cells(self) -> NDArray[np.bool_]:
        return self.cuboid.of == self.member


@dataclass(frozen=True, slots=True)
class Counting:
    """What counting alone makes vary: ``noise`` is the variance of each cell's change, ``unit`` one event's.

    ``unit`` is 0 where events are not of one size.
    """

    noise: Floats
    unit: float = 0.0


def localise(codes: Codes, then: Floats, now: Floats, counting: Counting | None = None) -> tuple[Cause, ...]:
    """Return the causes, the one that moved most first; none where nothing stands out.

    ``codes`` has a dimension a row and a cell a column; ``then`` and ``now`` are not negative. ``counting``
    is given where cells are counts, or ratios of them. No cell belongs to two causes.
    """
    size = (then + now) / 2
    alive = size > 0
    if alive.sum() < 2 or not np.isfinite(size).all():
        return ()
    size, kept = size[alive], codes[:, alive]
    moved = (now - then)[alive] / size
    if counting is None:
        counting = Counting(np.zeros(len(then)))
    fit = _Fit(tuple(_cuboids(kept)), moved, size, Counting(counting.noise[alive], counting.unit))
    picks = fit.search()
    return _large_ones(_causes(fit, picks, codes, alive), then, now, fit.background(picks))


def _cuboids(codes: Codes) -> Iterator[_Cuboid]:
    """Number the combinations of members of each set of dimensions, the fewest dimensions first."""
    dimensions = range(len(codes))
    sets = [some for n in range(1, min(len(codes), DEEPEST) + 1) for some in combinations(dimensions, n)]
    for some in sets:
        key = np.zeros(codes.shape[1], np.int64)
        for dimension in some:
            key = key * (int(codes[dimension].max()) + 1) + codes[dimension]
        names, of = np.unique(key, return_inverse=True)
        if len(names) > 1:
            yield _Cuboid(some, of.astype(np.int64), len(names), 2 * log(len(names) * len(sets)))


class _Fit:
    """Looks for causes against a background in which all moved alike."""

    def __init__(self, cuboids: Sequence[_Cuboid], moved: Floats, size: Floats, counting: Counting) -> None:
        self.cuboids = cuboids
        self.moved = moved
        self.size = size
        self.counting = counting
        # The relative variance of counting, as it is usual for a cell of that size: one cell tells it badly.
        self.usual = float(counting.noise.sum() / size.sum()) / size
        # What a number costs to tell; of counts, which are rough, no more than so much.
        self.number = min(log(len(moved)), _COUNTED_NUMBER if counting.noise.any() else log(len(moved)))
        self.weight = self._weights(moved - np.median(moved), is_first=True)

    def search(self) -> list[_Pick]:
        """Add the cause that tells most, and look at each again, until none is worth its price."""
        picks: list[_Pick] = []
        for _ in range(2):  # again with the spread that is left when the causes are known
            picks = self._grown(picks)
            self.weight = self._weights(self.moved - self._told(picks))
            picks = self._settled(picks)
        return self._grown(picks)

    def _grown(self, picks: list[_Pick]) -> list[_Pick]:
        while len(picks) < MOST_CAUSES:
            found = self._best(picks)
            if found is None:
                break
            picks = self._settled([*picks, found])
        return picks

    def _settled(self, picks: list[_Pick]) -> list[_Pick]:
        """Choose each cause anew beside the others, until nothing changes."""
        for _ in range(_SWEEPS):
            before = self.cost(picks)
            for pick in list(picks):
                others = [other for other in picks if other is not pick]
                found = self._best(others)
                better = [*others, found] if found is not None else others
                if self.cost(better) < self.cost(picks) - 1e-9:
                    picks = better
            if self.cost(picks) >= before - 1e-9:
                break
        return picks

    def _best(self, picks: list[_Pick]) -> _Pick | None:
        """Return the cause that tells most of the free cells, each of its side and the rest by its mean."""
        free = self._free(picks)
        weight = np.where(free, self.weight, 0.0)
        pull = weight * (self.moved - self.background(picks))
        total = float(weight.sum())
        best, most = None, 0.0
        for cuboid in self.cuboids:
            weights: Floats = np.bincount(cuboid.of, weight, cuboid.count).astype(float)
            pulls = np.bincount(cuboid.of, pull, cuboid.count)
            rest = total - weights
            apart = (weights > _NOISE * total) & (rest > _NOISE * total)
            gains = np.divide(pulls**2 * total, weights * rest, out=np.zeros_like(pulls), where=apart)
            # Of two halves that say the same, the one whose other half stayed is the cause.
            left = np.divide(-pulls, rest, out=np.zeros_like(pulls), where=apart) + self.background(picks)
            gains = gains * self._of_counts(cuboid, weight, weights) - _TIE * np.abs(left)
            member = int(np.argmax(gains))
            gain = float(gains[member]) - cuboid.price - self.number
            if gain > most:
                best, most = _Pick(cuboid, member), gain
        return best

    def _of_counts(self, cuboid: _Cuboid, weight: Floats, weights: Floats) -> Floats | float:
        """Return by how much counts tell more of each combination than its squares do, or less.

        A combination varies by its own events, not by those usual for its size. And what has lost nearly all
        of few events is farther out than squares say: of the share t of the events by which it moved,
        ((1 + t) log(1 + t) + (1 - t) log(1 - t)) / t^2, the likelihood ratio of two Poisson counts.
        """
        if not self.usual.any():
            return 1.0
        spread = np.divide(self.size**2, weight, out=np.zeros_like(weight), where=weight > 0)
        counted = self.usual * self.size**2 >= spread * (1 - _NOISE)
        noise = np.where(counted, self.counting.noise, spread)
        own = np.bincount(cuboid.of, np.divide(weight**2 * noise, self.size**2), cuboid.count)
        known = np.divide(own, weights, out=np.ones_like(own), where=weights > 0)
        moved = np.bincount(cuboid.of, np.where(weight > 0, self.moved * self.size, 0.0), cuboid.count)
        noises = np.bincount(cuboid.of, noise, cuboid.count)
        events = np.divide(moved * self.counting.unit, noises, out=np.zeros_like(noises), where=noises > 0)
        t = np.clip(np.abs(events), 1e-3, 1 - 1e-9)
        likelihood = ((1 + t) * np.log1p(t) + (1 - t) * np.log1p(-t)) / t**2
        return likelihood / np.maximum(known, _LEAST_KNOWN)

    def _free(self, picks: Sequence[_Pick]) -> NDArray[np.bool_]:
        free = np.ones(len(self.moved), bool)
        for pick in picks:
            free &= ~pick.cells
        return free

    def background(self, picks: Sequence[_Pick]) -> float:
        """Return by how much cells without a cause moved."""
        free = self._free(picks)
        return float(np.average(self.moved[free], weights=self.weight[free])) if free.any() else 0.0

    def _told(self, picks: Sequence[_Pick]) -> Floats:
        told = np.full(len(self.moved), self.background(picks))
        free = np.ones(len(self.moved), bool)
        for pick in picks:
            own = pick.cells & free
            if own.any():
                told[own] = np.average(self.moved[own], weights=self.weight[own])
            free &= ~own
        return told

    def cost(self, picks: Sequence[_Pick]) -> float:
        """Return the length of the description: what is not told, and the price of what is."""
        untold = float((self.weight * np.square(self.moved - self._told(picks))).sum())
        return untold + sum(p.cuboid.price + self.number for p in picks)

    def _weights(self, residual: Floats, *, is_first: bool = False) -> Floats:
        """Return 1 / variance of cells of like size, by the median: a larger cell never varies more.

        Where two groups say otherwise, the larger spread is right. At first the smaller one is: causes that
        are not known yet may be what spreads the other. Of cells with few events the median is an accident
        (most moved by nothing, or by all they have): there counting alone says how much they vary.
        """
        variance = np.maximum(self.usual, _LEAST_SPREAD**2)
        many = np.flatnonzero(self.usual <= _FEW)
        if self.usual.any() and len(many) < _LEAST_GROUP:
            beyond = _MAD * float(np.median(np.abs(residual) / np.sqrt(variance)))
            return 1 / (variance * (beyond**2 if beyond > _CLEARLY_MORE else 1.0))
        order = many[np.argsort(self.size[many], kind="stable")]
        groups = np.array_split(order, max(1, min(_SIZES, len(order) // _LEAST_GROUP)))
        known = np.array([_MAD * float(np.median(np.abs(residual[group]))) for group in groups])
        falling = np.minimum.accumulate(known) if is_first else np.maximum.accumulate(known[::-1])[::-1]
        for group, own in zip(groups, falling, strict=True):
            variance[group] = np.maximum(variance[group], own**2)
        return 1 / variance


def _causes(fit: _Fit, picks: list[_Pick], codes: Codes, alive: NDArray[np.bool_]) -> list[Cause]:
    background = fit.background(picks)
    places = np.flatnonzero(alive)
    free = np.ones(len(fit.moved), bool)
    found: list[Cause] = []
    for pick in picks:
        own = pick.cells & free
        free &= ~own
        if not own.any():
            continue
        moved, size = fit.moved[own], fit.size[own]
        level = np.average(moved, weights=fit.weight[own])
        # Counts differ by chance from any common change: so much of what is left is no fault of it.
        chance = float((size * _MEAN_ABS / np.sqrt(fit.weight[own])).sum()) if fit.usual.any() else 0.0
        left = max(float((size * abs(moved - level)).sum()) - chance, 0.0)
        all_of_it = float((size * abs(moved - background)).sum())
        cells = np.zeros(codes.shape[1], bool)
        cells[places[own]] = True
        first = int(places[np.flatnonzero(pick.cells)[0]])
        members = tuple((dimension, int(codes[dimension, first])) for dimension in pick.cuboid.dimensions)
        score = min(max(1 - left / all_of_it, 0.0), 1.0) if all_of_it else 0.0
        found.append(Cause(members, cells, score))
    return found


def _large_ones(causes: list[Cause], then: Floats, now: Floats, background: float) -> tuple[Cause, ...]:
    """Order causes by what they moved beyond the background, and leave out what is next to nothing."""
    beyond = (now - then) - background * (then + now) / 2
    moved = [abs(float(beyond[cause.cells].sum())) for cause in causes]
    largest = max(moved, default=0.0)
    order = sorted(range(len(causes)), key=lambda at: (-moved[at], causes[at].members))
    return tuple(causes[at] for at in order if moved[at] > _LEAST_EFFECT * largest)
