"""The change of a product split over its factors: Shapley's value, for any sign and with zeros."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def product_weights(then: Floats, now: Floats) -> Floats:
    """Return for each factor what one unit of its change makes of the product's: the mean of the others.

    ``then`` and ``now`` have the factors in the first axis. ``weights * (now - then)`` sums to the product's
    change over that axis. A mean over all orders in which the factors could have changed: for a subset S
    of the others, |S|! (n - |S| - 1)! / n! x prod(S, now) x prod(not S, then), gathered by the size of S
    as the coefficients of prod(then + now t).
    """
    n = len(then)
    orders = [factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)]
    weights = np.zeros_like(then)
    for factor in range(n):
        by_size = [np.ones_like(then[0])]
        for other in (place for place in range(n) if place != factor):
            longer = [coefficient * then[other] for coefficient in by_size]
            longer.append(np.zeros_like(then[0]))
            for size, coefficient in enumerate(by_size):
                longer[size + 1] = longer[size + 1] + coefficient * now[other]
            by_size = longer
        weights[factor] = sum(order * part for order, part in zip(orders, by_size, strict=True))
    return weights
