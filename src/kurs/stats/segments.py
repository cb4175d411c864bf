"""A change split over segments: the parts add up to it, exactly.

Arrays have one number a segment; 0 stands before is then, 1 now. Nothing here divides by a segment's zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RatioParts:
    """The effects of each segment on a ratio of sums; together they are its change.

    ``rate``: the segment's own ratio changed. ``mix``: its share of the denominator changed. ``new`` and
    ``gone``: it has a denominator in one period alone, so nothing can be said of its rate. ``orphan``: it
    has a numerator without a denominator, which is a fault of the data.
    """

    rate: Floats
    mix: Floats
    new: Floats
    gone: Floats
    orphan: Floats

    @property
    def total(self) -> Floats:
        """All effects of each segment: the numbers that add up to those of a coarser split."""
        return self.rate + self.mix + self.new + self.gone + self.orphan


def ratio_parts(n0: Floats, d0: Floats, n1: Floats, d1: Floats) -> RatioParts:
    """Split the change of sum(n) / sum(d): midpoint weights, mix against the mean ratio.

    Raises ValueError for a negative denominator, where shares mean nothing, and for one that sums to zero.
    """
    if (d0 < 0).any() or (d1 < 0).any():
        raise ValueError("a negative denominator has no share")
    then, now = float(d0.sum()), float(d1.sum())
    if not then or not now:
        raise ValueError("the denominators sum to zero")
    mean = (float(n0.sum()) / then + float(n1.sum()) / now) / 2
    w0, w1 = d0 / then, d1 / now
    r0, r1 = _where(d0 > 0, n0, d0), _where(d1 > 0, n1, d1)
    both = (d0 > 0) & (d1 > 0)
    return RatioParts(
        rate=np.where(both, (w0 + w1) / 2 * (r1 - r0), 0.0),
        mix=np.where(both, (w1 - w0) * ((r0 + r1) / 2 - mean), 0.0),
        new=np.where((d0 == 0) & (d1 > 0), w1 * (r1 - mean), 0.0),
        gone=np.where((d0 > 0) & (d1 == 0), -w0 * (r0 - mean), 0.0),
        orphan=np.where(d1 == 0, n1 / now, 0.0) - np.where(d0 == 0, n0 / then, 0.0),
    )


def excess(f0: Floats, f1: Floats) -> Floats | None:
    """Return what each segment of a flow changed beyond its share of the total change; sums to 0.

    None where the shares then mean nothing: the flow was zero.
    """
    then = float(f0.sum())
    if not then:
        return None
    return (f1 - f0) - f0 / then * (float(f1.sum()) - then)


def unevenness(effects: Floats, weights: Floats) -> float:
    """Return how far effects are from being spread like ``weights``: the larger, the more a split tells.

    The root of the sum of squares, so that a few large deviations count for more than much noise.
    """
    total = float(weights.sum())
    even = weights / total * float(effects.sum()) if total else np.zeros_like(effects)
    return float(np.sqrt(np.square(effects - even).sum()))


def _where(condition: NDArray[np.bool_], above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(below), where=condition)
