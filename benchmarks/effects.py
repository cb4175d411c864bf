"""How often is an action that did nothing said to have worked, and how often is one found that did?

    python benchmarks/effects.py [RUNS]

Daily orders of a made-up shop: a week's pattern, a year's wave and a busy month of 20 % each, growth, levels
that hang together from day to day. An action is opened on some day, or after a week that fell short; it is
done five days later and changes nothing, or the level by a stated share.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from math import pi, sqrt

import numpy as np

from kurs.explain.expectation import Basis, Expectation, expectation
from kurs.model.days import Days

FIRST = date(2024, 1, 1)
GAP = 5  # days between opened and done
# The persistence of a day's level in the next, and its spread.
STICKY, SPREAD = 0.6, 0.08
SEASON, GROWTH = 0.2, 0.05
DIP = 0.95  # a week that fell short: below this share of the four before
HISTORIES = [("2 years", 104), ("20 months", 87), ("15 months", 65), ("11 months", 48)]


class Made:
    """The past of a made-up KPI, as ``kurs.explain.expectation`` asks for it."""

    def __init__(self, orders: np.ndarray) -> None:
        self.orders = orders

    def value(self, days: Days) -> float | None:
        """Return the orders of some days; None before the first."""
        start = (days.first - FIRST).days
        return float(self.orders[start : start + len(days)].sum()) if start >= 0 else None

    def is_like(self, days: Days, then: Days) -> bool:
        """Say whether both have the same events: here always."""
        return len(days) == len(then)

    def has_beginning(self, days: Days) -> bool:
        """Say whether a source began within some days: here none, but the first of all."""
        return days.first < FIRST <= days.last


def made_orders(rng: np.random.Generator, days: int) -> np.ndarray:
    """Return the expected orders of each day; the year begins on any of its days."""
    at = np.arange(days) + rng.integers(364)
    week = np.array([1.15, 1.1, 1.0, 0.95, 0.9, 0.85, 1.2])[np.arange(days) % 7]
    noise = rng.normal(0, SPREAD * sqrt(1 - STICKY**2), days)
    level = np.empty(days)
    level[0] = rng.normal(0, SPREAD)
    for day in range(1, days):
        level[day] = STICKY * level[day - 1] + noise[day]
    busy = np.where((at % 364 > 320) & (at % 364 < 355), SEASON, 0)
    wave = SEASON * np.sin(2 * pi * at / 364)
    return 200 * week * np.exp(level + busy + wave + GROWTH * at / 364)


def judged(
    rng: np.random.Generator, weeks: int, after: int, lift: float, *, short: bool
) -> tuple[Expectation, float, float] | None:
    """Simulate one action; return what is expected, what was, and the true effect. None where none can be."""
    length = weeks * 7
    level = made_orders(rng, length)
    orders = rng.poisson(level).astype(float)
    opened = length - 7 * after - GAP
    if short:
        days = range(length - 60, opened)
        dips = [d for d in days if orders[d - 7 : d].sum() < DIP * orders[d - 35 : d - 7].sum() / 4]
        if not dips:
            return judged(rng, weeks, after, lift, short=short)
        opened = dips[0]
    first = opened + GAP
    end = first + 7 * after
    orders[first:end] = rng.poisson(level[first:end] * (1 + lift))
    past = Made(orders[:end])
    days_after = Days(FIRST + timedelta(days=first), FIRST + timedelta(days=end - 1))
    days_before = Days(FIRST + timedelta(days=opened - 7 * after), FIRST + timedelta(days=opened - 1))
    found = expectation(past, days_after, days_before)  # type: ignore[arg-type]
    actual, true = past.value(days_after), float(level[first:end].sum()) * lift
    return (found, actual, true) if found is not None and actual is not None else None


def main(runs: int) -> None:
    """Print the shares of runs that are called an effect, and whose interval holds the true one."""
    print(f"{'history':>10} {'weeks':>5} {'opened':>10} {'true':>5}   of {runs} runs")
    for name, weeks in HISTORIES:
        for after in (1, 4):
            for short in (False, True):
                for lift in (0.0, 0.1, 0.2):
                    rng = np.random.default_rng(20261122)
                    told = [judged(rng, weeks, after, lift, short=short) for _ in range(runs)]
                    found = [one for one in told if one is not None]
                    if not found:
                        print(f"{name:>10} {after:>5}   cannot tell yet")
                        continue
                    tests = [(one.significance, was - one.value, true) for one, was, true in found]
                    better = np.mean([test.low95 > 0 for test, _, _ in tests])
                    worse = np.mean([test.high95 < 0 for test, _, _ in tests])
                    holds = np.mean([test.low95 <= true <= test.high95 for test, _, true in tests])
                    basis = np.mean([one.basis is Basis.LAST_YEAR for one, _, _ in found])
                    opened = "short" if short else "any day"
                    print(
                        f"{name:>10} {after:>5} {opened:>10} {lift:>5.0%}   "
                        f"better {better:6.1%}  worse {worse:6.1%}  interval holds {holds:6.1%}  "
                        f"by last year {basis:4.0%}  told {len(found) / runs:4.0%}"
                    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
