"""Loading end to end: real files, a real lake, read back by DuckDB."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kurs.model.days import Days
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import Account, FilesAre, Format, Keep, Rejects, Source, SourceColumn
from kurs.model.table import Table
from kurs.problems import SourceError, UsageError
from kurs.workflows.load import Loaded, load
from kurs.workflows.opening import open_lake

ADS = Source(
    key="ads",
    into="ads",
    files=("ads_*.csv",),
    unique_key=("date", "campaign"),
    window="date",
    account=Account("123", "Europe/Stockholm", "SEK"),
    restates_days=30,
)


def project(folder: Path, *sources: Source, **tables: Table) -> Project:
    settings = Settings("Test", timezone="Europe/Stockholm")
    empty: dict[str, object] = {}
    return Project(
        folder=folder,
        settings=settings,
        tables=tables,
        sources={source.key: source for source in sources},
        calendar=Calendar(),
        **dict.fromkeys(
            ("metrics", "people", "strategy", "goals", "segments", "actions", "kpis"), empty
        ),  # type: ignore[arg-type]
    )


def rows(folder: Path, sql: str, table: str = "ads") -> list[tuple[object, ...]]:
    snapshot = open_lake(project(folder)).open(table)
    assert snapshot is not None
    return duckdb.sql(sql.replace("TABLE", f"({snapshot.sql()})")).fetchall()


def one(folder: Path, source: Source, **options: object) -> Loaded:
    (loaded,) = load(project(folder, source), **options)  # type: ignore[arg-type]
    return loaded


def codes(folder: Path, *sources: Source, **options: object) -> list[str]:
    with pytest.raises(SourceError) as failed:
        load(project(folder, *sources), **options)  # type: ignore[arg-type]
    return [problem.code for problem in failed.value.problems]


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding)


def test_a_restated_window_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", "date,campaign,cost", "2026-01-01,a,1.10", "2026-01-02,a,2.20", "2026-01-02,b,5")
    first = one(tmp_path, replace_files(ADS))
    assert (first.rows_loaded, first.before.rows, first.after.sums["cost"]) == (3, 0, Decimal("8.30"))
    assert first.window == Days(date(2026, 1, 1), date(2026, 1, 2))
    write(tmp_path, "ads_2.csv", "date,campaign,cost", "2026-01-02,a,2.50", "2026-01-03,a,3.00")
    second = one(tmp_path, replace_files(ADS))
    assert second.files == ("ads_2.csv",)
    assert second.before.sums["cost"] == Decimal("7.20")
    assert rows(tmp_path, "SELECT date::text, campaign, cost FROM TABLE ORDER BY ALL") == [
        ("2026-01-01", "a", Decimal("1.10")),
        ("2026-01-02", "a", Decimal("2.50")),
        ("2026-01-03", "a", Decimal("3.00")),
    ]


def replace_files(source: Source, files_are: FilesAre = FilesAre.RESTATEMENTS) -> Source:
    from dataclasses import replace

    return replace(source, files_are=files_are)
