"""How often does the search name exactly the combinations that an incident was made of?

    python benchmarks/incidents.py [INCIDENTS]

Four dimensions of 12, 10, 8 and 3 members: 2,880 cells of a long-tailed size (Weibull), each expected with an
error of its own (0 to 15 %, noisy 0 to 25 %). One to three causes of one to three dimensions fall, or rise,
by 25 to 100 %, with some spread between their cells. A cause counts as found only if it is named exactly.
Without a cause, all cells grow alike and are counts (Poisson): whatever is named then is a false alarm, also
where the search is told that they are counts, as ``kurs explain --search`` does.
"""

from __future__ import annotations

import sys
import time
from itertools import product

import numpy as np

from kurs.stats.localise import Counting, localise

SIZES = (12, 10, 8, 3)
CROSSINGS = (SIZES, (8, 3), (8, 3, 9))  # small ones have few cells to tell the spread from
KINDS = {"one cause": (1, 1), "one to three": (1, 3), "one to three, noisy": (1, 3)}

Members = frozenset[tuple[int, int]]


def causes_of(rng: np.random.Generator, count: int) -> list[Members]:
    """Draw causes, none of which lies within another."""
    found: list[Members] = []
    while len(found) < count:
        dimensions = rng.choice(len(SIZES), rng.integers(1, 4), replace=False)
        drawn = frozenset((int(d), int(rng.integers(SIZES[d]))) for d in dimensions)
        if not any(drawn <= other or other <= drawn for other in found):
            found.append(drawn)
    return found


def incident(
    rng: np.random.Generator, count: int, noise: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, set[Members]]:
    """Return the codes of the cells, what was expected, what came, and the causes."""
    codes = np.array(list(product(*map(range, SIZES)))).T
    expected = 100 * rng.weibull(rng.uniform(0.5, 1.0), codes.shape[1])
    expected[rng.random(codes.shape[1]) < rng.uniform(0, 0.2)] = 0
    actual = expected * np.maximum(rng.normal(1, rng.uniform(0, noise), codes.shape[1]), 0)
    direction = rng.choice([-1, 1])
    truth = causes_of(rng, count)
    for cause in truth:
        inside = np.all([codes[d] == member for d, member in cause], axis=0)
        severity = rng.normal(rng.uniform(0.25, 1.0), rng.uniform(0, 0.1), int(inside.sum()))
        actual[inside] = expected[inside] * np.maximum(1 + direction * severity, 0)
    return codes, expected, actual, set(truth)


def false_alarms(runs: int, *, is_told: bool) -> float:
    """Return in how many comparisons without a cause one is named."""
    rng = np.random.default_rng(20261122)
    named = 0
    for _ in range(runs):
        sizes = CROSSINGS[rng.integers(len(CROSSINGS))] if is_told else SIZES
        codes = np.array(list(product(*map(range, sizes)))).T
        level = rng.choice([1, 10, 100]) * rng.weibull(0.6, codes.shape[1])
        growth = rng.uniform(0.8, 1.2) * np.exp(rng.normal(0, 0.05, codes.shape[1]))
        then, now = rng.poisson(level) * 1.0, rng.poisson(level * growth) * 1.0
        named += bool(localise(codes, then, now, Counting(then + now, 1.0) if is_told else None))
    return named / runs


def measure(kind: str, runs: int) -> tuple[float, float]:
    """Return the F1 of exactly named causes over all incidents, and the CPU seconds of one search."""
    least, most = KINDS[kind]
    rng = np.random.default_rng(20261122)
    right = named = there = 0
    spent = 0.0
    for _ in range(runs):
        noise = 0.25 if "noisy" in kind else 0.15
        codes, expected, actual, truth = incident(rng, int(rng.integers(least, most + 1)), noise)
        begun = time.process_time()
        found = {frozenset(cause.members) for cause in localise(codes, expected, actual)}
        spent += time.process_time() - begun
        right, named, there = right + len(found & truth), named + len(found), there + len(truth)
    return 2 * right / (named + there), spent / runs


if __name__ == "__main__":
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name in KINDS:
        score, seconds = measure(name, total)
        print(f"{name:<22} F1 {score:.3f}   {seconds:.3f} CPU s a search   ({total} incidents)")
    print(f"{'no cause':<22} named in {false_alarms(total, is_told=False):.1%}")
    print(f"{'no cause, told counts':<22} named in {false_alarms(total, is_told=True):.1%}")
