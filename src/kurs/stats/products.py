"""The change of a product split over its factors.

Shapley's value takes any sign and zeros. The logarithmic mean (LMDI-I) needs factors above zero, and adds up
over segments consistently: parts that were added in two steps are those added in one.
"""

from __future__ import annotations

from math import expm1, factorial, log, prod
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SERIES = 1e-12


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


def log_mean(a: float, b: float) -> float:
    """Return the logarithmic mean of two numbers above zero, (a - b) / ln(a / b); a where they are equal.

    As a (exp(u) - 1) / u with u = ln(b / a): the difference of near numbers would lose its digits.
    """
    u = log(b / a)
    return a * (1 + u / 2) if abs(u) < _SERIES else a * expm1(u) / u


def log_mean_effects(then: Sequence[float], now: Sequence[float]) -> list[float]:
    """Return the effect of each factor on the product, all above zero: L(V1, V0) ln(x1 / x0).

    LMDI-I, Ang, "The LMDI approach to decomposition analysis" (Energy Policy 33, 2005). Each effect has the
    sign of its factor's change. Raises ValueError for a factor that is not above zero.
    """
    if min(*then, *now) <= 0:
        raise ValueError("a logarithmic mean needs factors above zero")
    mean = log_mean(prod(then), prod(now))
    return [mean * log(after / before) for before, after in zip(then, now, strict=True)]
