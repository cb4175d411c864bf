"""The questions of ``questions.py``, asked of other metric layers on the same files.

    python benchmarks/peers.py [--rows 10000000] [--rounds 5] [--folder DIR] [--environments DIR]

MetricFlow and Sidemantic are installed from the package index, each into an environment of its own. All
sides count the same local days: the others get a view whose column ``day`` is written as by hand. Shown are
medians of user and system time over interleaved rounds, of planning + running; kurs is asked from the rows
alone, and from rollups. "other" stands where the numbers are not those of the SQL by hand.
"""

from __future__ import annotations

import argparse
import json
import select
import statistics
import subprocess
import sys
import tempfile
import venv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import questions

from kurs.workflows.opening import open_project

PEERS = {
    "MetricFlow": ("metricflow", "peer_metricflow.py"),
    "Sidemantic": ("sidemantic", "peer_sidemantic.py"),
}
ASKED = "abcdeg"  # targets and baselines (f) are not theirs
SAME = 1e-6
PATIENCE_SECONDS = 60.0  # of the clock


class Peer:
    """Another layer, in a process of its own; ``missing`` says why there is none."""

    def __init__(self, package: str, script: str, place: Path, told: dict[str, object]) -> None:
        python = place / package / "bin" / "python"
        self.missing, self.version = "", ""
        self.times: dict[str, list[tuple[float, float]]] = {}
        self.said: dict[str, str] = {}
        if not python.exists():
            venv.create(place / package, with_pip=True)
            pip = [python, "-m", "pip", "install", "--quiet", package, "duckdb"]
            done = subprocess.run(pip, capture_output=True, text=True, check=False)
            if done.returncode:
                self.missing = done.stderr.strip().rpartition("\n")[2]
                return
        version = f"import importlib.metadata as m; print(m.version({package!r}))"
        done = subprocess.run([python, "-c", version], capture_output=True, text=True, check=True)
        self.version = done.stdout.strip()
        self.python, self.script, self.told = python, script, told
        self.process = self.start()

    def ask(self, line: str) -> dict[str, float | str]:
        """Send a line, and return what it says."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE_SECONDS)[0]:
            self.process.kill()
            self.process = self.start()
            return {"failed": f"not within {PATIENCE_SECONDS:.0f} s"}
        return json.loads(self.process.stdout.readline() or '{"failed": "it ended"}')

    def start(self) -> subprocess.Popen[str]:
        """Start the process, and hand it the setup."""
        process = subprocess.Popen(
            [self.python, Path(__file__).with_name(self.script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(self.told) + "\n")
        process.stdin.flush()
        if not process.stdout.readline():
            self.missing = "does not start"
        return process

    def measure(self, case: str, total: float) -> None:
        """Ask a question, and note what it took."""
        if self.missing or case in self.said:
            return
        found = self.ask(case)
        if "failed" in found:
            self.said[case] = str(found["failed"])
            return
        plan, run = float(found["plan"]), float(found["run"])
        self.times.setdefault(case, []).append((plan, run))
        if abs(float(found["total"]) - total) > SAME * max(1.0, abs(total)):
            self.said[case] = f"other ({found['total']:.6g} for {total:.6g}), {(plan + run) * 1000:.0f}"

    def cell(self, case: str, hand: float) -> str:
        """Write what a question took: planning + running, and what that is of the hand's."""
        if self.missing or case in self.said:
            return self.missing or self.said[case]
        plan, run = (statistics.median(one) * 1000 for one in zip(*self.times[case], strict=True))
        return f"{plan:.0f} + {run:.0f} ({(plan + run) / hand / 1000:.2f}x)"


def compare(folder: Path, rounds: int, place: Path) -> None:
    """Ask all questions of all, ``rounds`` times in turns, and print a table."""
    with open_project(folder) as opened:
        files = list(opened.rollups.snapshots["sessions"].files)
        store = opened.rollups.store
    day = questions.day_by_hand("started_at")
    rows = f"SELECT * FROM read_parquet({files})"
    span = f"DATE '{questions.FIRST}', DATE '{questions.LAST}'"
    spine = f"SELECT unnest(generate_series({span}, INTERVAL 1 DAY))::DATE AS ds"
    told = {
        "setup": [
            "SET TimeZone = 'UTC'",
            f"CREATE VIEW sessions AS SELECT *, {day} AS day FROM ({rows})",
            f"CREATE TABLE time_spine AS {spine}",
        ],
        "twenty": questions.TWENTY,
        "recent": str(questions.LAST - timedelta(89)),
    }
    peers = {name: Peer(*which, place, told) for name, which in PEERS.items()}
    print(", ".join(f"{name} {peer.version.strip() or peer.missing}" for name, peer in peers.items()))
    print(f"| ms of CPU | by hand | kurs, from rows | kurs, from rollups | {' | '.join(peers)} |")
    print(f"|---|---|---|---|{'---|' * len(peers)}")
    for case in questions.cases():
        hand = duckdb.connect()
        hand.execute("SET TimeZone = 'UTC'")
        hand.execute(f"CREATE VIEW sessions AS {rows}")
        found = hand.execute(case.by_hand).fetchall()
        total = sum(float(row[-1]) for row in found if row[-1] is not None)
        questions.ask_anew(folder, case, rollups=False)
        questions.ask_anew(folder, case, rollups=True)
        times: dict[str, list[float]] = {"hand": [], "rows": [], "rollup": []}
        for _ in range(rounds):
            times["hand"].append(questions.cpu(lambda: hand.execute(case.by_hand).fetchall()))  # noqa: B023
            times["rows"].append(questions.ask_anew(folder, case, rollups=False))
            times["rollup"].append(questions.ask_anew(folder, case, rollups=True))
            for peer in peers.values():
                if case.name[0] in ASKED:
                    peer.measure(case.name[0], total)
        by_hand, *ours = (statistics.median(seconds) for seconds in times.values())
        cells = [f"{by_hand * 1000:.0f}", *(f"{one * 1000:.0f} ({one / by_hand:.2f}x)" for one in ours)]
        cells += [p.cell(case.name[0], by_hand) if case.name[0] in ASKED else "–" for p in peers.values()]
        print(f"| {' | '.join([case.name, *cells])} |", flush=True)
        hand.close()
    store.clear()


def main() -> int:
    """Make the data, measure, print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--folder", type=Path, help="where the data lie; kept for the next run")
    asked.add_argument(
        "--environments", type=Path, help="where the others are installed; kept for the next run"
    )
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = told.folder or Path(scratch) / "data"
        if not (folder / "kurs.yaml").exists():
            folder.mkdir(parents=True, exist_ok=True)
            questions.make(folder, told.rows)
        print(f"{datetime.now(UTC):%Y-%m-%d}, DuckDB {duckdb.__version__}, medians of {told.rounds} rounds")
        compare(folder, told.rounds, told.environments or Path(scratch) / "environments")
    return 0


if __name__ == "__main__":
    sys.exit(main())
