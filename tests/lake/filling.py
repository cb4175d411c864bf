"""Fill a lake as loads do, here and in processes of their own."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import duckdb

from kurs.lake.lake import Lake, Rows, Scope
from kurs.lake.record import FileRecord, LoadRecord, Totals
from kurs.lake.upkeep import merge
from kurs.model.days import Days
from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.model.window import Window

TYPES = ("date date", "n int", "cost decimal", "_source text", "_account text", "_load text", "_file text")
JANUARY = Days(date(2026, 1, 1), date(2026, 1, 31))
WINDOW = Window("date", ColumnType.DATE)


def data(name: str) -> DataType:
    found = DataType.parse(name)
    assert found is not None
    return found


def put(
    lake: Lake,
    source: str,
    load: str,
    days: Days = JANUARY,
    *,
    per_day: int = 1,
    whole: bool = False,
    account: str = "",
    **more: str,
) -> int:
    """Replace ``days`` of a source by ``per_day`` rows a day that all carry the load's id; see ``whole``."""
    types = dict(pair.split() for pair in TYPES) | {name: text.split(": ")[0] for name, text in more.items()}
    extra = "".join(f', {text.split(": ")[1]} AS "{name}"' for name, text in more.items())
    quoted = account.replace("'", "''")
    with duckdb.connect() as connection:
        relation = connection.sql(
            f"""SELECT (DATE '{days.first}' + (i // {per_day})::INT)::DATE AS date, i AS n,
                0.1::DECIMAL(18,6) AS cost, '{source}' AS _source, '{quoted}' AS _account,
                '{load}' AS _load, 'f' AS _file{extra}
            FROM range({len(days) * per_day}) t(i)"""
        )
        names = [*types]
        chosen = ", ".join(f'"{name}"' for name in names)
        rows = Rows({name: data(types[name]) for name in names}, lambda: relation.project(chosen))
        record = LoadRecord(
            load=load,
            source=source,
            account=account,
            at="2026-01-01T00:00:00+00:00",
            profile="p",
            files=(FileRecord("f", load, len(days) * per_day, days),),
            replaced=None if whole else (days,),
            covered=(days,),
            after=Totals(len(days) * per_day, {"n": 0}),
        )
        scope = Scope(source, account, None if whole else WINDOW, None if whole else (days,))
        return lake.replace("t", rows, scope, record)[0]


def asked(lake: Lake, sql: str, version: int | None = None) -> list[tuple[object, ...]]:
    """Ask the newest version, or a named one; ``TABLE`` stands for its rows."""
    snapshot = lake.open("t", version)
    assert snapshot is not None
    with duckdb.connect() as connection:
        return connection.sql(sql.replace("TABLE", f"({snapshot.sql()})")).fetchall()


if __name__ == "__main__":
    folder, source, loads, per_day = sys.argv[1:]
    for number in range(int(loads)):
        put(Lake(Path(folder)), source, f"{source}-{number}", per_day=int(per_day))
        if number % 3 == 2:
            merge(Lake(Path(folder)), "t", many=2)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
