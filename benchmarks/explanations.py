"""Do the parts of a change add up to it, where segments appear and vanish? kurs beside icanexplain.

    python benchmarks/explanations.py [--environments DIR]

Each case is a handful of rows: a period, a member, a numerator and a denominator. The truth is the change of
the total by plain arithmetic. icanexplain is installed from the package index into an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import fsum, isclose
from pathlib import Path

import duckdb

from kurs.model.days import Days
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

PEER = ("icanexplain==0.3.0", "ibis-framework[duckdb]==9.5.0")
PLAN = """
project: {name: Cases, timezone: UTC, engine: "duckdb:///cases.duckdb", as_of: 2026-03-02}
tables: {days: {time: day, dimensions: [member]}}
metrics:
  below: sum(days.below)
  sum: sum(days.above)
  mean: {expr: "sum / nullif(below, 0)", unit: percent}
"""
NOW = Days(date(2026, 3, 2), date(2026, 3, 2))

Row = tuple[int, str, float, float]
Said = dict[str, dict[str, float]]  # by member and kind of effect


@dataclass(frozen=True, slots=True)
class Case:
    """Rows of two periods, 1 and 2: member, numerator, denominator.

    Explained is by ``kind`` the mean, the sum as mean x count, or the sum as the end of a funnel.
    """

    name: str
    kind: str
    rows: tuple[Row, ...]

    def total(self, period: int) -> float:
        """Return the total of a period: the sum, or the ratio of sums."""
        above = sum(row[2] for row in self.rows if row[0] == period)
        below = sum(row[3] for row in self.rows if row[0] == period)
        return above / below if self.kind == "mean" else above

    @property
    def truth(self) -> float:
        return self.total(2) - self.total(1)


BOTH = ((1, "social", 200, 4000), (1, "direct", 200, 1000))
AFTER = ((2, "social", 30, 1000), (2, "direct", 720, 4000))
CASES = (
    Case("the mix shifts, all rates fall", "mean", (*BOTH, *AFTER)),
    Case("a member appears", "mean", (*BOTH, *AFTER, (2, "affiliate", 90, 3000))),
    Case("a member vanishes", "mean", (*BOTH, (2, "direct", 180, 1000))),
    Case("one appears, one vanishes", "mean", (*BOTH, (2, "direct", 180, 1000), (2, "mail", 400, 1000))),
    Case("all members are new", "mean", (*BOTH, (2, "mail", 40, 1000), (2, "search", 90, 3000))),
    Case("orders without visits", "mean", (*BOTH, *AFTER, (2, "app", 60, 0))),
    Case("a sum; nobody comes or goes", "sum", (*BOTH, *AFTER)),
    Case("a sum; a member appears", "sum", ((1, "a", 1000, 10), (2, "a", 300, 3), (2, "b", 60, 6))),
    Case("a funnel; nobody comes or goes", "funnel", ((1, "a", 1000, 9000), (2, "a", 300, 3000))),
    Case(
        "a funnel; a member appears", "funnel", ((1, "a", 1000, 9000), (2, "a", 300, 3000), (2, "b", 60, 600))
    ),
    Case(
        "a funnel; a member vanishes",
        "funnel",
        ((1, "a", 1000, 9000), (1, "b", 500, 5000), (2, "a", 900, 9000)),
    ),
    Case("a sum; a member vanishes", "sum", ((1, "a", 1000, 10), (1, "b", 500, 5), (2, "a", 900, 9))),
)


def ours(folder: Path) -> list[Said]:
    """Ask ``kurs explain`` of each case, from a DuckDB file; of the end of a funnel with its drivers."""
    said: list[Said] = []
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    for case in CASES:
        with duckdb.connect(str(folder / "cases.duckdb")) as made:
            made.execute("CREATE OR REPLACE TABLE days (day DATE, member TEXT, above DOUBLE, below DOUBLE)")
            rows = [(f"2026-03-0{period}", *rest) for period, *rest in case.rows]
            made.executemany("INSERT INTO days VALUES (?, ?, ?, ?)", rows)
        metric = "mean" if case.kind == "mean" else "sum"
        with open_project(folder) as opened:
            found = explain(opened, Request(metric, NOW, by=("member",), drivers=case.kind == "funnel"))
        effects: Said = {}
        for part in found.parts:
            names = [part.driver] if part.driver is not None else []
            kind = " ".join([str(part.kind), *names])
            effects.setdefault(str(part.members[0]), {})[kind] = part.effect
        said.append(effects)
    return said


def theirs(place: Path) -> list[Said | str]:
    """Ask icanexplain in its own environment."""
    python = place / "icanexplain" / "bin" / "python"
    if not python.exists():
        venv.create(place / "icanexplain", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEER, "pandas"], check=True)
    told = json.dumps([{"kind": case.kind, "rows": case.rows} for case in CASES])
    script = Path(__file__).with_name("peer_icanexplain.py")
    done = subprocess.run([python, script], input=told, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def adds_up(case: Case, effects: Said) -> bool:
    """Say whether all parts together are the change."""
    return isclose(total(effects), case.truth, rel_tol=1e-9, abs_tol=1e-12)


def total(effects: Said) -> float:
    """Add up all parts."""
    return fsum(effect for kinds in effects.values() for effect in kinds.values())


def line(who: str, case: Case, effects: Said | str) -> str:
    """Write what somebody said of a case, and whether it adds up."""
    if isinstance(effects, str):
        return f"  {who:<12} {effects}"
    parts = (
        f"{name} ({', '.join(f'{kind} {effect:+.3g}' for kind, effect in kinds.items())})"
        for name, kinds in sorted(effects.items())
    )
    verdict = "adds up" if adds_up(case, effects) else "DOES NOT ADD UP"
    return f"  {who:<12} {total(effects):+10.4g}  {verdict}: {', '.join(parts)}"


def main() -> int:
    """Print the truth, what kurs says and what icanexplain says of each case."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument(
        "--environments", type=Path, help="where icanexplain is installed; kept for the next run"
    )
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        mine = ours(Path(scratch))
        other = theirs(told.environments or Path(scratch))
    print(f"{datetime.now(UTC):%Y-%m-%d}, kurs beside {PEER[0]}")
    for case, us, them in zip(CASES, mine, other, strict=True):
        print(f"{case.name}\n  {'truth':<12} {case.truth:+10.4g}")
        print(line("kurs", case, us))
        print(line("icanexplain", case, them))
    return 0


if __name__ == "__main__":
    sys.exit(main())
