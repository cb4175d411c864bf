"""Measure the loader: ``python benchmarks/run.py``; see README.md beside this file.

Each round runs every piece of work once, in processes of their own, so that a busy machine slows both sides;
what is told are medians, and medians of the ratios within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import made

ROUNDS = 5
DAYS_OF_A_MILLION = 334  # 1,002,000 rows
DAYS_OF_TEN_MILLION = 3_334
BYTES_A_DAY = 285_000  # of CSV
Took = dict[str, float]


def took(work: str, folder: Path) -> Took:
    """Run one piece of work in a process of its own."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, here / "work.py", work, folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def told(rows: list[Took]) -> str:
    """Write the medians."""
    cpu, wall, peak = (median(row[key] for row in rows) for key in ("cpu", "wall", "peak_mib"))
    return f"cpu {cpu:6.2f} s, wall {wall:6.2f} s, peak {peak:5.0f} MiB"


def loads(folder: Path, rounds: int) -> None:
    """Compare a load of a million rows with DuckDB's own copy of the same file to Parquet."""
    for ending in ("csv", "parquet"):
        project = folder / ending
        made.write_project(project, ending, DAYS_OF_A_MILLION)
        size = (project / f"ads.{ending}").stat().st_size / 1e6
        ours: list[Took] = []
        theirs: list[Took] = []
        for _ in range(rounds):
            theirs.append(took(f"duckdb_{ending}", project))
            shutil.rmtree(project / ".kurs", ignore_errors=True)
            ours.append(took("kurs_load", project))
        print(f"\n{ending}, {DAYS_OF_A_MILLION * made.ROWS_A_DAY:,} rows, {size:.0f} MB, median of {rounds}")
        print(f"  DuckDB {told(theirs)}")
        print(f"  kurs   {told(ours)}")
        for key in ("cpu", "wall"):
            ratios = sorted(one[key] / other[key] for one, other in zip(ours, theirs, strict=True))
            print(f"  {key} of kurs / DuckDB: {median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})")
        shutil.rmtree(project)


def replacement(folder: Path, rounds: int) -> None:
    """Replace 30 days in a table of ten million rows, by a later file."""
    project = folder / "replacement"
    made.write_project(project, "parquet", DAYS_OF_TEN_MILLION)
    took("kurs_load", project)
    last = made.FIRST + timedelta(DAYS_OF_TEN_MILLION - 30)
    rows: list[Took] = []
    for n in range(rounds):
        made.write_file(project / f"ads_{n}.parquet", 30, seed=1000 + n, first=last)
        rows.append(took("kurs_load", project))
    few, many = 30 * made.ROWS_A_DAY, DAYS_OF_TEN_MILLION * made.ROWS_A_DAY
    print(f"\n30 days ({few:,} rows) of {many:,} replaced, median of {rounds}")
    print(f"  kurs   {told(rows)}")
    shutil.rmtree(project)


def memory(folder: Path, gigabytes: float) -> None:
    """Load one large CSV, once."""
    needed = gigabytes * 1e9 * 2.5  # the file, its rows meanwhile, and what the lake keeps
    if (free := shutil.disk_usage(folder).free) < needed:
        sys.exit(f"needs {needed / 1e9:.0f} GB of free disk, has {free / 1e9:.0f}")
    project = folder / "memory"
    days = round(gigabytes * 1e9 / BYTES_A_DAY)
    made.write_project(project, "csv", days)
    size = (project / "ads.csv").stat().st_size
    one = took("kurs_load", project)
    print(f"\nCSV of {size / 1e9:.2f} GB, {days * made.ROWS_A_DAY:,} rows")
    print(f"  kurs   {told([one])}")
    shutil.rmtree(project)


def main() -> None:
    """Run what is asked for, and say where and when."""
    parser = argparse.ArgumentParser(description="Measure the loader.")
    parser.add_argument("which", nargs="*", default=["loads", "replacement", "memory"])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--gigabytes", type=float, default=0.5, help="size of the CSV for the memory")
    parser.add_argument("--folder", type=Path, help="where to put the data; else the system's place for such")
    asked = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    with TemporaryDirectory(dir=asked.folder) as name:
        folder = Path(name)
        if "loads" in asked.which:
            loads(folder, asked.rounds)
        if "replacement" in asked.which:
            replacement(folder, asked.rounds)
        if "memory" in asked.which:
            memory(folder, asked.gigabytes)


if __name__ == "__main__":
    main()
