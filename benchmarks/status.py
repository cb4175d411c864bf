"""How much CPU the status of many KPIs costs.

    python benchmarks/status.py [--kpis 40 200] [--rounds 5] [--profile]

Makes the starter's shop (two small tables) and asks for the status of KPIs of its eight metrics: of all rows
and of each channel, by week, month, quarter and year, and of a dated period, each with a baseline, a target
and the days before. The tables being small, nearly all of it is planning. Told are medians of user and system
time within one process that has asked before, of reading the plan and of the status.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import statistics
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path

from kurs.project import read
from kurs.workflows import measure
from kurs.workflows.load import load
from kurs.workflows.opening import open_project
from kurs.workflows.scaffold import scaffold

METRICS = ("visits", "revenue", "orders", "conversion_rate", "engagement_rate")
METRICS += ("average_order", "later_orders", "repeat_share")
CHANNELS = ("email", "search", "social")
ROWS = (None, *(f"channel = '{channel}'" for channel in CHANNELS), "channel <> 'email'")
PERIODS = ("{every: week}", "{every: month}", "{every: quarter}", "{every: year}")
PERIODS += ("{from: 2026-01-01, to: 2026-06-30}",)


def shop(folder: Path, kpis: int) -> None:
    """Write the starter's shop with ``kpis`` KPIs instead of its own, and load it."""
    scaffold(folder, "shop")
    load(read(folder).required())
    lines = ["kpis:"]
    for number, (period, rows, metric) in enumerate(islice(product(PERIODS, ROWS, METRICS), kpis)):
        where = f'where: "{rows}", ' if rows else ""
        compared = "baseline: last_year, target: {change: +5%}, good: up, level: operational, nature: lagging"
        lines.append(f"  k{number}: {{metric: {metric}, {where}period: {period}, owner: cmo, {compared}}}")
    (folder / "kpis.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def measured(folder: Path) -> tuple[float, float]:
    """Return the milliseconds of CPU of opening the project, and of the status of all KPIs."""
    start = time.process_time()
    with open_project(folder) as opened:
        between = time.process_time()
        readings = measure.status(opened)
        end = time.process_time()
    without = [reading.reason for reading in readings if reading.value is None]
    assert not without, without[0]
    return 1000 * (between - start), 1000 * (end - between)


def profiled(folder: Path) -> None:
    """Print where the status spends its time."""
    with open_project(folder) as opened, cProfile.Profile() as watched:
        measure.status(opened)
    pstats.Stats(watched).sort_stats("cumtime").print_stats(60)


def main() -> int:
    """Make each shop, measure, print a line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kpis", type=int, nargs="+", default=[40, 200])
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--profile", action="store_true")
    told = asked.parse_args()
    for kpis in told.kpis:
        with tempfile.TemporaryDirectory(prefix="kurs-bench-") as made:
            folder = Path(made) / "shop"
            shop(folder, kpis)
            measured(folder)  # warm
            rounds = [measured(folder) for _ in range(told.rounds)]
            opening, status = (statistics.median(times) for times in zip(*rounds, strict=True))
            print(f"{kpis} KPIs: open {opening:.0f} ms, status {status:.0f} ms, {status / kpis:.1f} a KPI")
            if told.profile:
                profiled(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
