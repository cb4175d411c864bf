"""How long ``kurs check`` takes over 200 KPIs of the shop in examples/shop, a million sessions.

    python benchmarks/audit.py [--kpis 200] [--folder DIR] [--rounds 5]

Makes the shop's data, loads them, and writes a plan of so many KPIs beside the shop's own ones: metrics of
all kinds by country and device, by month, quarter and year, with targets that are changes. The first check
fills the rollups; those after it are told: seconds of CPU (user and system, all threads) and wall of the
whole command in a process of its own, the interpreter's start included.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path

SHOP = Path(__file__).resolve().parents[1] / "examples" / "shop"
METRICS = ("sessions", "orders", "revenue", "conversion_rate", "aov", "engagement_rate", "cart_rate",
           "checkouts", "new_buyers", "repeat_order_share")  # fmt: skip
COUNTRIES = ("SE", "NO", "FI", "DK", "DE")
DEVICES = ("mobile", "desktop")
PERIODS = ("month", "quarter", "year")


def plan(kpis: int) -> str:
    """Write so many KPIs, no two of which are the same number."""
    lines = ["kpis:"]
    cells = islice(product(PERIODS, COUNTRIES, DEVICES, METRICS), kpis)
    for number, (period, country, device, metric) in enumerate(cells):
        lines.append(
            f"  k{number}: {{label: KPI {metric} {country} {device} {period}, metric: {metric}, "
            f"where: \"country = '{country}' and device = '{device}'\", goal: more_buyers, "
            f"period: {{every: {period}}}, baseline: last_year, target: {{change: +{3 + number % 9}%}}, "
            "level: operational, nature: lagging, owner: head_of_web, review: weekly}"
        )
    return "\n".join(lines) + "\n"


def kurs(*words: str) -> None:
    """Run a command of the kurs beside this interpreter."""
    command = [str(Path(sys.executable).with_name("kurs")), *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def check(folder: Path) -> tuple[float, float]:
    """Check once; return seconds of CPU and wall."""
    before, started = os.times(), time.perf_counter()
    kurs("--project", str(folder), "check", "--format", "json", "--quiet")
    wall, after = time.perf_counter() - started, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent, wall


def main() -> None:
    """Make the shop if it is not there, and check it."""
    words = argparse.ArgumentParser()
    words.add_argument("--kpis", type=int, default=200)
    words.add_argument("--folder", type=Path)
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = asked.folder or Path(scratch, "shop")
        if not (folder / "kurs.yaml").exists():
            shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("data", ".kurs*"))
            subprocess.run([sys.executable, "simulate.py"], cwd=folder, check=True)
            kurs("--project", str(folder), "load", "--quiet")
        (folder / "many.yaml").write_text(plan(asked.kpis), "utf-8")
        first = check(folder)
        rounds = [check(folder) for _ in range(asked.rounds)]
    cpu, wall = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"{asked.kpis} KPIs and the shop's own: first {first[0]:.1f} s of CPU, {first[1]:.1f} s of wall")
    print(f"warm, the median of {asked.rounds}: {cpu:.1f} s of CPU, {wall:.1f} s of wall")


if __name__ == "__main__":
    main()
