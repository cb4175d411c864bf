"""How often is a change called real when there is none, and found when there is one?

    python benchmarks/false_alarms.py [RUNS]

Daily visits and orders of a made-up shop: a week's pattern, levels that hang together from day to day
(AR(1) on a log scale), more spread than Poisson's. Two periods are compared that differ by nothing, or by a
stated true change of the conversion rate; each test is asked at 5 %. Beside ours stand the two that are usual
and wrong. "kurs, by users" is what stands in where the past is too short: visitors come 1.5 times on average.
"""

from __future__ import annotations

import sys
from math import erfc, sqrt

import numpy as np

from kurs.stats.change import BLOCK, LEAST_BLOCKS, blocks, least_pairs, paired, placebo, welch
from kurs.stats.users import LEAST_WEEKS, Sums, by_users

HISTORY, PAIRS, LEVEL = 60, 60, 0.05
# The persistence of a day's level in the next, and its spread.
STICKY, SPREAD = 0.6, 0.08
CASES = [(7, 7), (14, 14), (28, 28), (56, 56), (112, 112), (182, 182)]
LIFTS = [0.0, 0.1, 0.2]


def levels(rng: np.random.Generator, days: int) -> np.ndarray:
    """Return a log-level for each day: it comes back to 0, slowly."""
    noise = rng.normal(0, SPREAD * sqrt(1 - STICKY**2), days)
    path = np.empty(days)
    path[0] = rng.normal(0, SPREAD)
    for day in range(1, days):
        path[day] = STICKY * path[day - 1] + noise[day]
    return path


def shop(rng: np.random.Generator, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the visits of each day, and the chance of an order on it."""
    week = np.array([1.15, 1.1, 1.0, 0.95, 0.9, 0.85, 1.2])[np.arange(days) % 7]
    visits = rng.poisson(1500 * week * np.exp(levels(rng, days)))
    rate = 0.03 * np.exp(levels(rng, days)) * (2 - week) ** 0.3
    return visits.astype(float), rate


def z_test(y0: np.ndarray, x0: np.ndarray, y1: np.ndarray, x1: np.ndarray) -> float:
    """Take every visit as a coin of its own."""
    pooled = (y0.sum() + y1.sum()) / (x0.sum() + x1.sum())
    error = sqrt(pooled * (1 - pooled) * (1 / x0.sum() + 1 / x1.sum()))
    return erfc(abs(y1.sum() / x1.sum() - y0.sum() / x0.sum()) / error / sqrt(2))


def run(rng: np.random.Generator, before: int, after: int, lift: float) -> dict[str, float]:
    """Simulate once; return the p-value of each test."""
    length = before + after
    days = HISTORY * 7 + length
    visits, rate = shop(rng, days)
    rate[-after:] *= 1 + lift
    orders = rng.binomial(visits.astype(int), np.minimum(rate, 1)).astype(float)
    then, now = slice(days - length, days - after), slice(days - after, days)
    y0, x0, y1, x1 = orders[then], visits[then], orders[now], visits[now]
    found = {"every visit alone (z)": z_test(y0, x0, y1, x1)}
    by_day = welch(y0, x0, y1, x1)
    found["every day alone"] = by_day.p_value if by_day else 1.0
    ends = [days - 7 * week for week in range(-(-after // 7), PAIRS) if days - 7 * week >= length]
    reference = [
        (ratio(orders, visits, end - length, end - after), ratio(orders, visits, end - after, end))
        for end in ends
    ]
    tested = placebo(float(y0.sum() / x0.sum()), float(y1.sum() / x1.sum()), reference, least_pairs(length))
    if tested is None and min(before, after) >= LEAST_BLOCKS * BLOCK:
        tested = paired(*(blocks(side) for side in (y0, x0, y1, x1)))
    found["kurs"] = tested.p_value if tested else 1.0
    if min(before, after) >= LEAST_WEEKS * 7:
        sides = [visitors(rng, *side) for side in ((y0, x0), (y1, x1))]
        (oy, ox), (ny, nx) = sides
        none_then, none_now = np.zeros(len(ny)), np.zeros(len(oy))  # nobody comes on both sides
        users = Sums(
            np.concatenate([oy, none_then]),
            np.concatenate([none_now, ny]),
            np.concatenate([ox, none_then]),
            np.concatenate([none_now, nx]),
        )
        weekdays = (np.arange(before) % 7, np.arange(after) % 7)
        judged = by_users(users, Sums(y0, y1, x0, x1), weekdays)
        found["kurs, by users"] = judged.p_value if judged else 1.0
    return found


def visitors(
    rng: np.random.Generator, orders: np.ndarray, visits: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Share the visits of a side out among visitors; return the orders and visits of each."""
    total, bought = int(visits.sum()), int(orders.sum())
    who = rng.integers(0, max(int(total / 1.5), 1), total)
    return np.bincount(who[:bought], minlength=total).astype(float), np.bincount(who, minlength=total).astype(
        float
    )


def ratio(orders: np.ndarray, visits: np.ndarray, first: int, end: int) -> float:
    """Return the conversion rate of some days."""
    return float(orders[first:end].sum() / visits[first:end].sum())


def main(runs: int) -> None:
    """Print the share of runs in which each test says that the change is real."""
    print(f"{'days':>9} {'true change':>12}   share of {runs} runs called real, at 5 %")
    for before, after in CASES:
        for lift in LIFTS:
            rng = np.random.default_rng(20261122)
            results = [run(rng, before, after, lift) for _ in range(runs)]
            shares = {name: np.mean([r[name] <= LEVEL for r in results]) for name in results[0]}
            said = "   ".join(f"{name} {share:5.1%}" for name, share in shares.items())
            print(f"{before:>4}/{after:<4} {lift:>12.0%}   {said}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
