"""How much CPU the first question after a load of one day costs, on tables of growing length.

    python benchmarks/after_a_load.py [--rows 1000000 10000000] [--rounds 3]

Makes the shop of questions.py, asks two questions so that their rollups are there, and then, again and
again, loads another version of its last day and asks: for the first time after the load, once more, and from
the rows.
Shown are medians of user and system time of each question alone. In proportion to the day means: the first
column does not grow with the table.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from questions import LAST, ask_anew, cases, cpu, make

from kurs.project import read
from kurs.workflows.load import load

QUESTIONS = ("a", "b")


def restate(folder: Path, number: int) -> None:
    """Write the last day once more, with other amounts."""
    start = datetime.combine(LAST, datetime.min.time()) - timedelta(hours=1)  # Stockholm's midnight in UTC
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        day = f"SELECT * REPLACE ((amount + {number})::DECIMAL(18, 2) AS amount) FROM sessions"
        engine.execute(f"CREATE VIEW sessions AS SELECT * FROM read_parquet('{folder / 'sessions.parquet'}')")
        to = f"'{folder / f'sessions_{number}.parquet'}' (FORMAT parquet)"
        engine.execute(f"COPY ({day} WHERE started_at >= TIMESTAMPTZ '{start}+00') TO {to}")


def measured(rows: int, rounds: int) -> None:
    """Make a shop of ``rows``, and print a line for each question."""
    with tempfile.TemporaryDirectory(prefix="kurs-bench-") as made:
        folder = Path(made)
        make(folder, rows)
        plan = folder / "kurs.yaml"
        text = plan.read_text("utf-8")
        plan.write_text(
            text.replace("files: sessions.parquet,", "files: sessions*.parquet, files_are: restatements,")
        )
        asked = [case for case in cases() if case.name[0] in QUESTIONS]
        for case in asked:
            ask_anew(folder, case, rollups=True)
        times: dict[str, list[float]] = {}
        for number in range(1, rounds + 2):
            restate(folder, number)
            took = cpu(lambda: load(read(folder).required()))
            for case in asked:
                after = [ask_anew(folder, case, rollups=rollups) for rollups in (True, True, False)]
                if number > 1:  # the first round warms
                    for name, seconds in zip(("after the load", "again", "from rows"), after, strict=True):
                        times.setdefault(f"{case.name}: {name}", []).append(seconds)
            if number > 1:
                times.setdefault("the load itself", []).append(took)
        for name, seconds in times.items():
            print(f"{rows:>12,} rows  {name:<52} {1000 * statistics.median(seconds):8.0f} ms", flush=True)


def main() -> int:
    """Measure each length."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    asked.add_argument("--rounds", type=int, default=3)
    told = asked.parse_args()
    for rows in told.rows:
        measured(rows, told.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
