"""Student's t: its tail and its quantile, in a few lines."""

from __future__ import annotations

from math import exp, inf, lgamma, log, log1p

_SMALLEST = 1e-300
_EXACT = 1e-15


def t_two_sided(t: float, freedom: float) -> float:
    """Return the chance of a value at least as far from 0 as ``t``, of ``freedom`` > 0 degrees."""
    if freedom <= 0:
        raise ValueError("no degrees of freedom")
    return _beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def t_quantile(level: float, freedom: float) -> float:
    """Return the t whose two-sided tail is 1 - ``level``: 2.228 for 0.95 and 10 degrees. By bisection."""
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1")
    low, high = 0.0, 1.0
    while t_two_sided(high, freedom) > 1 - level and high < 1e12:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if t_two_sided(middle, freedom) > 1 - level else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function, by its continued fraction.

    Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.5.8, summed by Lentz's method.
    """
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
    c, d = 1.0, 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        factor = inf
        for step in (even, odd):
            d = 1 / _away_from_zero(1 + step * d)
            c = _away_from_zero(1 + step / c)
            factor = c * d
            fraction *= factor
        if abs(factor - 1) < _EXACT:
            break
    return front * fraction


def _away_from_zero(x: float) -> float:
    return x if abs(x) > _SMALLEST else _SMALLEST
