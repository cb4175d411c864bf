"""How long does ``kurs status`` take for 200 KPIs with their reasons? On the simulated shop.

    python benchmarks/reasons.py [--kpis 200] [--rounds 5] [--folder DIR]

The plan of examples/shop, with its metrics as KPIs of every month, of the season, of every week, for everyone
and for single countries, devices and channels (``--everyone``: for all alone). Each round is a process of its
own, as a person starts it: CPU of user and system, and time of the clock. The first one fills the rollups.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import islice, product
from pathlib import Path

import yaml

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "shop"
KURS = [sys.executable, "-c", "from kurs.cli.main import run; import sys; sys.exit(run())"]
METRICS = (
    "conversion_rate",
    "orders",
    "revenue",
    "sessions",
    "aov",
    "engagement_rate",
    "cart_rate",
    "new_buyers",
)
PERIODS = (
    {"period": {"every": "month"}, "baseline": "last_year"},
    {"period": {"event": "holiday_season"}, "baseline": {"same_event": "previous"}},
    {"period": {"every": "week"}, "baseline": "previous"},
)
ROWS = (
    None,
    *(f"country = '{one}'" for one in ("SE", "NO", "DK", "FI")),
    *(f"device = '{one}'" for one in ("mobile", "desktop")),
    *(f"channel = '{one}'" for one in ("email", "direct", "paid_search")),
)


def make(folder: Path, kpis: int, *, everyone: bool) -> None:
    """Write the plan with so many KPIs, simulate the data, and load them."""
    for file in EXAMPLE.glob("*.yaml"):
        shutil.copy(file, folder)
    wanted = product(ROWS[:1] * len(ROWS) if everyone else ROWS, PERIODS, METRICS)
    made = {
        f"kpi_{number}": {"metric": metric, "goal": "more_buyers", "target": {"change": "+5%"}, **period}
        | ({"where": rows} if rows else {})
        for number, (rows, period, metric) in enumerate(islice(wanted, kpis))
    }
    (folder / "kpis.yaml").write_text(yaml.safe_dump({"kpis": made}), "utf-8")
    subprocess.run([sys.executable, EXAMPLE / "simulate.py", "--out", folder / "data"], check=True)
    subprocess.run([*KURS, "--project", folder, "load", "--quiet"], check=True)


def ask(folder: Path) -> tuple[float, float, list[dict[str, object]]]:
    """Run ``kurs status`` once; return seconds of the clock and of CPU, and what it says."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [*KURS, "--project", folder, "status", "--format", "json", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after, ended = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return ended - started, spent, json.loads(done.stdout)


def main() -> int:
    """Make or reuse the shop, ask, and print what it took."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kpis", type=int, default=200)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--everyone", action="store_true", help="no KPI has rows of its own")
    asked.add_argument("--folder", type=Path, help="where the shop lies; kept for the next run")
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = told.folder or Path(scratch)
        if not (folder / "kurs.yaml").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder, told.kpis, everyone=told.everyone)
        cold, cold_cpu, said = ask(folder)
        warm = [ask(folder)[:2] for _ in range(told.rounds)]
    reasons = sum(reading["reason"] is not None for reading in said)
    clock, cpu = (statistics.median(one) for one in zip(*warm, strict=True))
    print(f"{len(said)} KPIs, {reasons} with a reason; load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    print(f"first {cold:6.1f} s ({cold_cpu:.1f} s of CPU)")
    print(f"warm  {clock:6.1f} s ({cpu:.1f} s of CPU), median of {told.rounds}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
