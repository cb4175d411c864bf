"""One piece of work in a process of its own; prints what it took: ``python work.py WORK FOLDER``.

Only the work is measured: libraries are imported, and a first tiny query or load is done, before.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import made

if TYPE_CHECKING:
    from collections.abc import Callable


def duckdb_csv(folder: Path) -> None:
    """Let DuckDB read the CSV by its own lights, and write it as Parquet."""
    _copy(folder, f"read_csv('{folder}/ads.csv')")


def duckdb_parquet(folder: Path) -> None:
    """Let DuckDB copy the Parquet."""
    _copy(folder, f"read_parquet('{folder}/ads.parquet')")


def kurs_load(folder: Path) -> None:
    """Load whatever is new, with all checks."""
    from kurs.project import read
    from kurs.workflows.load import load

    load(read(folder).required())


def _copy(folder: Path, relation: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"COPY (SELECT * FROM {relation}) TO '{folder}/copy.parquet' (FORMAT parquet)")


WORK: dict[str, Callable[[Path], None]] = {
    "duckdb_csv": duckdb_csv,
    "duckdb_parquet": duckdb_parquet,
    "kurs_load": kurs_load,
}


def main() -> None:
    """Warm up, work, print seconds of CPU (user and system, all threads) and wall, and the peak of memory."""
    work, folder = WORK[sys.argv[1]], Path(sys.argv[2])
    with TemporaryDirectory() as small:
        ending = "parquet" if (folder / "ads.parquet").exists() else "csv"
        made.write_project(Path(small), ending, 1)
        work(Path(small))
    cpu, wall = time.process_time(), time.perf_counter()
    work(folder)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = peak // 1024 if sys.platform == "darwin" else peak
    print(json.dumps({"cpu": cpu, "wall": wall, "peak_mib": peak / 1024, "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
