"""A project of three sources whose data change from round to round, and processes that load it.

As a program it stays ready and loads in a fork of itself, so that a test can kill many loads quickly:
``go`` begins one and answers with its process id, ``wait`` answers with how the oldest of them ended.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb

from kurs.model.database import Database
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import Account, FilesAre, Format, Source
from kurs.problems import SourceError
from kurs.workflows.load import load
from kurs.workflows.opening import open_lake

FIRST = date(2026, 1, 1)
PER_DAY = 40
SOURCES = ("ads", "social", "orders")


def project(folder: Path) -> Project:
    """Two sources of restatements that share a table, and a database that is read since a cursor."""
    ads = Source(
        "ads",
        "ads",
        ("ads_*.csv",),
        files_are=FilesAre.RESTATEMENTS,
        unique_key=("day", "n"),
        window="day",
        account=Account("1"),
    )
    social = Source("social", "ads", ("social.csv",), unique_key=("day", "n"), window="day")
    orders = Source(
        "orders",
        "orders",
        unique_key=("n",),
        format=Format(nulls=()),
        database=Database("sqlite:///shop.sqlite", table="orders", cursor="day", look_back_days=30),
    )
    empty: dict[str, object] = {
        key: {} for key in ("tables", "metrics", "people", "strategy", "goals", "segments", "actions", "kpis")
    }
    named = {source.key: source for source in (ads, social, orders)}
    return Project(folder, Settings("Test"), calendar=Calendar(), sources=named, **empty)  # type: ignore[arg-type]


def write(folder: Path, number: int) -> dict[str, Counter[tuple[object, ...]]]:
    """Bring the data of a round; return the rows that each source then has: (day, n, round)."""
    days = [FIRST + timedelta(days=n) for n in range(20)]
    rows = [(day, n, number) for day in days for n in range(PER_DAY)]
    early, late = [row for row in rows if row[0] < days[12]], [row for row in rows if row[0] >= days[8]]
    restated = [(day, n, number + 1000) for day, n, _ in late]
    _csv(folder / "ads_1.csv", early)
    _csv(folder / "ads_2.csv", restated)
    _csv(folder / "social.csv", rows)
    new = folder / "shop.new"
    new.unlink(missing_ok=True)
    with sqlite3.connect(new) as connection:
        connection.execute("CREATE TABLE orders (day DATE, n INTEGER, round INTEGER)")
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?)",
            [(str(d), n, number) for d, n, _ in ((day, place, 0) for place, day in enumerate(days * 10))],
        )
    connection.close()
    new.replace(folder / "shop.sqlite")
    return {
        "ads": Counter([row for row in early if row[0] < days[8]] + restated),
        "social": Counter(rows),
        "orders": Counter((day, place, number) for place, day in enumerate(days * 10)),
    }


def _csv(path: Path, rows: list[tuple[date, int, int]]) -> None:
    new = path.with_suffix(".new")
    new.write_text("day,n,round\n" + "".join(f"{day},{n},{r}\n" for day, n, r in rows), "utf-8")
    new.replace(path)


def held(folder: Path, source: str) -> Counter[tuple[object, ...]]:
    """Return the rows that the lake has of a source."""
    snapshot = open_lake(project(folder)).open(project(folder).sources[source].into)
    if snapshot is None:
        return Counter()
    with duckdb.connect() as connection:
        sql = f"SELECT day, n, round FROM ({snapshot.sql()}) WHERE _source = '{source}'"
        return Counter(connection.execute(sql).fetchall())


def loads_of(folder: Path, source: str) -> int:
    """Count the loads of a source that are in the lake's records."""
    snapshot = open_lake(project(folder)).open(project(folder).sources[source].into)
    return 0 if snapshot is None else sum(record.source == source for record in snapshot.loads)


def _loading(folder: Path, most_bytes: int) -> int:
    if most_bytes:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    try:
        load(project(folder))
    except SourceError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _serve(folder: Path) -> None:
    import deltalake  # noqa: F401 - what a load imports is there before the fork
    import pyarrow  # noqa: F401

    import kurs.sources.sqlite
    import kurs.sources.take
    import kurs.workflows.changes  # noqa: F401

    started: list[int] = []
    for line in sys.stdin:
        word, _, number = line.partition(" ")
        if word == "go":
            process = os.fork()
            if process == 0:
                os._exit(_loading(folder, int(number)))
            started.append(process)
            answer = process
        else:
            _, status = os.waitpid(started.pop(0), 0)
            answer = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
