"""How much CPU a question costs, beside SQL that somebody wrote by hand over the same files.

    python benchmarks/questions.py [--rows 10000000] [--rounds 5] [--folder DIR]

Makes a shop of its own (seeded): sessions with instants in UTC over 730 days, 3 % of them with an order,
eight channels, 20 countries, three devices; loads it; then asks each question in turns with the SQL by hand:
from the rows (rollups off), and from rollups once they are there. Shown are medians of user and system time
of the whole process, and what they are of the hand's. Both sides count days in Europe/Stockholm. The hand
knows what kurs does about zones: it compares instants with the switches instead of converting each.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kurs.metrics.question import Asked, Question
from kurs.metrics.zones import offsets
from kurs.model.days import Days, Grain
from kurs.project import read
from kurs.workflows import measure
from kurs.workflows.load import load
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.workflows.opening import Opened

FIRST, LENGTH = date(2024, 11, 1), 730
LAST = FIRST + timedelta(LENGTH - 1)
CHANNELS = ("direct", "email", "affiliate", "display", "paid_search", "paid_social", "organic", "referral")
ZONE = "Europe/Stockholm"

PLAN = """
project: {{name: Bench, timezone: Europe/Stockholm, currency: SEK, as_of: {as_of}}}
sources:
  web: {{files: sessions.parquet, into: sessions, window: started_at}}
tables:
  sessions: {{time: started_at, dimensions: [channel, country, device]}}
metrics:
  sessions: count(sessions)
  revenue: sum(sessions.amount)
  orders: count(sessions) filter (where sessions.ordered)
  pages: sum(sessions.pages)
  buyers_28d: {{expr: count(distinct sessions.buyer), window: 28 days}}
  conversion_rate: orders / sessions
  aov: revenue / orders
  aov_growth: "aov / offset(aov, '1 year') - 1"
  revenue_7d: {{expr: revenue, window: 7 days}}
{by_channel}
kpis:
{kpis}
"""


@dataclass(frozen=True)
class Case:
    """One question, and the SQL by hand that answers it."""

    name: str
    ask: Callable[[Opened], object]
    by_hand: str


def of_channels() -> dict[str, str]:
    """Name 16 more metrics, two of each channel."""
    found: dict[str, str] = {}
    for channel in CHANNELS:
        found[f"sessions_{channel}"] = f"count(sessions) filter (where sessions.channel = '{channel}')"
        found[f"revenue_{channel}"] = f"sum(sessions.amount) filter (where sessions.channel = '{channel}')"
    return found


TWENTY = ("sessions", "revenue", "orders", "pages", *of_channels())


def make(folder: Path, rows: int) -> None:
    """Write the plan and both files, and load them."""
    kpis = [
        f"  k_{name}_{every}: {{metric: {name}, period: {{every: {every}}}, baseline: last_year, "
        f"target: {{change: +5%}}, good: up}}"
        for name in TWENTY
        for every in ("month", "quarter")
    ]
    metrics = [f'  {name}: "{expr}"' for name, expr in of_channels().items()]
    plan = PLAN.format(as_of=LAST, by_channel="\n".join(metrics), kpis="\n".join(kpis))
    (folder / "kurs.yaml").write_text(plan, encoding="utf-8")
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        draw = "(hash(i * 7919 + {}) % {})::BIGINT"
        channels = ", ".join(f"'{channel}'" for channel in CHANNELS)
        rows_of_sessions = f"""
            SELECT
                i AS session_id,
                TIMESTAMPTZ '{FIRST} 00:00:00+00'
                    + to_seconds(i * {LENGTH * 86_400 - 7_200} // {rows}) AS started_at,
                [{channels}][1 + {draw.format(1, len(CHANNELS))}] AS channel,
                'country_' || {draw.format(2, 20)} AS country,
                ['phone', 'desktop', 'tablet'][1 + {draw.format(3, 3)}] AS device,
                1 + {draw.format(4, 9)} AS pages,
                {draw.format(5, 100)} < 3 AS ordered,
                CASE WHEN ordered THEN {draw.format(6, max(1, rows // 60))} END AS buyer,
                CASE WHEN ordered THEN (10 + {draw.format(7, 200_000)} / 100)::DECIMAL(18, 2) END AS amount
            FROM range({rows}) r(i)"""
        engine.execute(f"COPY ({rows_of_sessions}) TO '{folder / 'sessions.parquet'}' (FORMAT parquet)")
    load(read(folder).required())


def day_by_hand(column: str) -> str:
    """Return the local day of an instant, by the zone's switches."""
    switches = offsets(ZONE, FIRST, LAST)
    cases = " ".join(
        f"WHEN {column} < TIMESTAMPTZ '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00' THEN {seconds * 1_000_000}"
        for (_, seconds), (at, _) in pairwise(switches)
    )
    return f"make_timestamp(epoch_us({column}) + CASE {cases} ELSE {switches[-1][1] * 1_000_000} END)::DATE"


def cases() -> tuple[Case, ...]:
    """Return the questions, each with its SQL by hand."""
    day = day_by_hand("started_at")
    recent = Days(LAST - timedelta(89), LAST)
    start = f"'{datetime.combine(recent.first, datetime.min.time(), UTC) - timedelta(hours=2)}'"
    orders = "count(*) FILTER (ordered)"
    twenty = [
        *("count(*)", "sum(amount)", orders, "sum(pages)"),
        *(
            f"{one} FILTER (channel = '{channel}')"
            for channel in CHANNELS
            for one in ("count(*)", "sum(amount)")
        ),
    ]
    of_status = [
        f"{one} FILTER (day BETWEEN DATE '{first}' AND DATE '{last}' AND {what})"
        for one in ("count(*)", "sum(amount)")
        for what in ("true", *(f"channel = '{channel}'" for channel in CHANNELS))
        for first, last in _status_periods()
    ]
    return (
        Case(
            "a  revenue by day",
            asking(["revenue"], Grain.DAY),
            f"SELECT {day} AS d, sum(amount) FROM sessions GROUP BY 1 ORDER BY 1",
        ),
        Case(
            "b  conversion rate by week and channel",
            asking(["conversion_rate"], Grain.WEEK, ("channel",)),
            f"""SELECT date_trunc('week', {day}) AS w, channel, {orders} / count(*)
            FROM sessions GROUP BY 1, 2 ORDER BY 1, 2""",
        ),
        Case(
            "c  AOV beside the year before, by month",
            asking(["aov_growth"], Grain.MONTH),
            f"""WITH m AS (SELECT date_trunc('month', {day}) AS m, sum(amount) / {orders} AS aov
            FROM sessions GROUP BY 1)
            SELECT m.m, m.aov / b.aov - 1
            FROM m LEFT JOIN m b ON b.m = m.m - INTERVAL 1 YEAR ORDER BY 1""",
        ),
        Case(
            "d  revenue of 7 days, by day",
            asking(["revenue_7d"], Grain.DAY),
            f"""WITH d AS (SELECT {day} AS d, sum(amount) AS r FROM sessions GROUP BY 1)
            SELECT d, sum(r) OVER (ORDER BY d RANGE BETWEEN INTERVAL 6 DAY PRECEDING AND CURRENT ROW)
            FROM d ORDER BY 1""",
        ),
        Case(
            "e  20 metrics over 90 days",
            asking(list(TWENTY), None, days=recent),
            f"SELECT {', '.join(twenty)} FROM sessions WHERE started_at >= {start}",
        ),
        Case(
            "f  status of 40 KPIs with baselines",
            measure.status,
            f"SELECT {', '.join(of_status)} FROM (SELECT *, {day} AS day FROM sessions)",
        ),
        Case(
            "g  distinct buyers of 28 days, by day",
            asking(["buyers_28d"], Grain.DAY),
            f"""WITH seen AS (SELECT DISTINCT buyer, {day} AS d FROM sessions WHERE buyer IS NOT NULL),
            spans AS (SELECT d, least(d + 28, lead(d, 1, DATE '9999-01-01')
                OVER (PARTITION BY buyer ORDER BY d)) AS till FROM seen),
            moves AS (SELECT d, count(*) AS n FROM spans GROUP BY 1
                UNION ALL SELECT till, -count(*) FROM spans GROUP BY 1)
            SELECT d, sum(sum(n)) OVER (ORDER BY d) FROM moves WHERE d <= DATE '{LAST}'
            GROUP BY 1 ORDER BY 1""",
        ),
    )


def asking(
    metrics: list[str], grain: Grain | None, by: tuple[str, ...] = (), days: Days | None = None
) -> Callable[[Opened], object]:
    """Return a call that asks one question."""
    question = Question(tuple(map(Asked, metrics)), by, grain, days)
    return lambda opened: measure.query(opened, question)


def _status_periods() -> list[tuple[date, date]]:
    """Return this month and quarter, to date, and the same a year before, and a year of months."""
    month, quarter = LAST.replace(day=1), date(LAST.year, (LAST.month - 1) // 3 * 3 + 1, 1)
    before = [(first.replace(year=first.year - 1), LAST - timedelta(365)) for first in (month, quarter)]
    return [(month, LAST), (quarter, LAST), *before]


def cpu(work: Callable[[], object]) -> float:
    """Return the seconds of CPU, of all threads, that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def compare(folder: Path, rounds: int) -> None:
    """Ask all questions ``rounds`` times in turns with the hand, and print what each took."""
    for case in cases():
        times: dict[str, list[float]] = {"hand": [], "rows": [], "first": [], "rollup": []}
        with duckdb.connect() as hand:
            hand.execute("SET TimeZone = 'UTC'")
            with open_project(folder) as opened:
                store = opened.rollups.store
                for name, snapshot in opened.rollups.snapshots.items():
                    hand.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({list(snapshot.files)})")

            def by_hand(hand: duckdb.DuckDBPyConnection = hand, case: Case = case) -> object:
                return hand.execute(case.by_hand).fetchall()

            by_hand()  # warm: libraries, the disk
            ask_anew(folder, case, rollups=False)
            for _ in range(rounds):
                times["hand"].append(cpu(by_hand))
                times["rows"].append(ask_anew(folder, case, rollups=False))
                store.clear()
                times["first"].append(ask_anew(folder, case, rollups=True))
                times["rollup"].append(ask_anew(folder, case, rollups=True))
        show(case.name, [statistics.median(seconds) for seconds in times.values()])


def ask_anew(folder: Path, case: Case, *, rollups: bool) -> float:
    """Open the project, and return the seconds of CPU of the question alone."""
    with open_project(folder) as opened:
        if not rollups:
            opened.rollups.many_rows = sys.maxsize  # no table is so long that one is kept, or looked for
        return cpu(lambda: case.ask(opened))


def show(name: str, seconds: list[float]) -> None:
    """Print one line: milliseconds, and what they are of the hand's."""
    hand = seconds[0]
    cells = [f"{hand * 1000:8.0f}", *(f"{s * 1000:8.0f} {s / hand:5.2f}x" for s in seconds[1:])]
    print(f"{name:40}" + " ".join(cells), flush=True)


def main() -> int:
    """Make the data, measure, print the table."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--folder", type=Path, help="where the data lie; kept for the next run")
    told = asked.parse_args()
    folder = told.folder or Path(tempfile.mkdtemp(prefix="kurs-bench-"))
    try:
        if not (folder / "kurs.yaml").exists():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder, told.rows)
        print(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}, ",
            end="",
        )
        print(f"DuckDB {duckdb.__version__}, {told.rows:,} sessions, medians of {told.rounds} rounds")
        print(f"{'ms of CPU':40}{'by hand':>8} {'from rows':>15} {'first, made':>15} {'from rollups':>15}")
        compare(folder, told.rounds)
    finally:
        if told.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
