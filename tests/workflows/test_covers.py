"""A source says until when it is complete: what is empty there is 0, and what was there is gone."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.metrics.question import Asked, Question
from kurs.model.days import Days, Grain
from kurs.model.reckoning import Reckoning
from kurs.model.source import Covers
from kurs.problems import SourceError
from kurs.project import read
from kurs.sources.covers import wholes_of
from kurs.workflows.load import Loaded, load
from kurs.workflows.measure import query
from kurs.workflows.opening import open_lake, open_project

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
project: {{name: Test, timezone: Europe/Stockholm, as_of: {as_of}}}
sources:
  leads:
    {files}
    into: leads
    columns: {{day: date, n: int}}
    {more}
tables:
  leads: {{from: leads, time: day}}
metrics:
  leads: count(leads)
"""


def plan(folder: Path, *more: str, files: str = 'files: "leads*.csv"', as_of: str = "2026-01-12") -> None:
    text = PLAN.format(files=files, more="\n    ".join(more), as_of=as_of)
    (folder / "kurs.yaml").write_text(text, "utf-8")


def write(folder: Path, name: str, *days: int, at: str = "2026-01-12T06:00:00") -> None:
    path = folder / name
    path.write_text("day,n\n" + "".join(f"2026-01-{day:02},{n}\n" for n, day in enumerate(days)), "utf-8")
    seconds = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))


def loaded(folder: Path, days: Days | None = None) -> Loaded:
    (one,) = load(read(folder).required(), days=days)
    return one


def january(folder: Path, first: int = 1, last: int = 12) -> tuple[list[object], date | None]:
    """Return the number of leads of each day, and until when they are complete."""
    asked = Question((Asked("leads"),), grain=Grain.DAY, days=Days(date(2026, 1, first), date(2026, 1, last)))
    with open_project(folder) as opened:
        answer = query(opened, asked)
    by_day = {row[0]: row[1] for row in answer.rows}
    every = [date(2026, 1, first) + timedelta(days=n) for n in range(last - first + 1)]
    found: list[object] = []
    for day in every:
        same = [v for moment, v in by_day.items() if str(moment).startswith(day.isoformat())]
        found += same or [None]
    return found, answer.complete_to


WAYS = [
    pytest.param(("covers: {from: 2026-01-02, to: file_modified}", "window: day"), id="window"),
    pytest.param(("covers: {from: 2026-01-02, to: file_modified}",), id="whole"),
    pytest.param(
        ("covers: {from: 2026-01-02, to: yesterday}", "window: day", "files_are: parts"), id="parts"
    ),
    pytest.param(("covers: {from: 2026-01-02, to: 2026-01-11}", "window: day"), id="date"),
]


@pytest.mark.parametrize("more", WAYS)
def test_days_without_rows_are_zero_where_a_source_is_complete(tmp_path: Path, more: tuple[str, ...]) -> None:
    write(tmp_path, "leads.csv", 4, 4, 6)
    plan(tmp_path, *[line for line in more if "covers" not in line])
    loaded(tmp_path)
    assert january(tmp_path) == ([None] * 3 + [2, 0, 1] + [None] * 6, date(2026, 1, 6))
    plan(tmp_path, *more)
    assert {problem.code for problem in loaded(tmp_path).warnings} == set()
    assert january(tmp_path) == ([None, 0, 0, 2, 0, 1, 0, 0, 0, 0, 0, None], date(2026, 1, 11))
    assert loaded(tmp_path).files == ()  # twice changes nothing


def test_rows_of_a_day_that_is_not_over_do_not_complete_it(tmp_path: Path) -> None:
    write(tmp_path, "leads.csv", 4, 12)
    plan(tmp_path, "covers: {to: yesterday}", "window: day")
    loaded(tmp_path)
    assert january(tmp_path, 4)[1] == date(2026, 1, 11)
    write(tmp_path, "leads.csv", 4)  # what was there this morning is gone
    loaded(tmp_path)
    assert duckdb.sql(f"SELECT count(*) FROM ({_lake(tmp_path)})").fetchall() == [(2,)]
    plan(tmp_path, "covers: {to: yesterday}", "window: day", as_of="2026-01-13")
    loaded(tmp_path)
    assert january(tmp_path, 4) == ([1] + [0] * 8, date(2026, 1, 12))


def _lake(folder: Path) -> str:
    snapshot = open_lake(read(folder).required()).open("leads")
    assert snapshot is not None
    return snapshot.sql()


def test_the_same_file_a_day_later_is_complete_a_day_longer(tmp_path: Path) -> None:
    write(tmp_path, "leads_1.csv", 2, 3)
    write(tmp_path, "leads_2.csv", 4)
    plan(tmp_path, "covers: {to: yesterday}", "window: day", "files_are: restatements")
    loaded(tmp_path)
    plan(tmp_path, "covers: {to: yesterday}", "window: day", "files_are: restatements", as_of="2026-01-14")
    again = loaded(tmp_path)
    assert (again.files, again.skipped_files) == (("leads_2.csv",), ("leads_1.csv",))
    assert january(tmp_path, 2) == ([1, 1, 1] + [0] * 8, date(2026, 1, 13))


def test_what_a_longer_export_no_longer_holds_is_gone(tmp_path: Path) -> None:
    write(tmp_path, "leads_1.csv", 2, 3, 9)
    plan(tmp_path, "covers: {to: file_modified}", "window: day", "files_are: restatements")
    loaded(tmp_path)
    write(tmp_path, "leads_2.csv", 3, 5)  # of all days since the 3rd: the 9th was withdrawn
    loaded(tmp_path)
    assert january(tmp_path, 2, 11) == ([1, 1, 0, 1] + [0] * 6, date(2026, 1, 11))


def test_each_file_covers_the_days_in_its_name(tmp_path: Path) -> None:
    write(tmp_path, "leads_2026-01-01_2026-01-04.csv", 2)
    write(tmp_path, "leads_2026-01-05_2026-01-08.csv")  # nobody came
    plan(tmp_path, "covers: {by: file_name}", "window: day")
    loaded(tmp_path)
    assert january(tmp_path) == ([0, 1] + [0] * 6 + [None] * 4, date(2026, 1, 8))
    write(tmp_path, "leads_2026-01-09_2026-01-31.csv", 9, at="2026-01-11T06:00:00")
    assert loaded(tmp_path).files == ("leads_2026-01-09_2026-01-31.csv",)
    assert january(tmp_path) == ([0, 1] + [0] * 6 + [1, 0, None, None], date(2026, 1, 10))
    write(tmp_path, "leads_2026-01-05_2026-01-08.csv", 6)  # somebody came after all
    loaded(tmp_path)
    assert january(tmp_path)[0][4:8] == [0, 1, 0, 0]


def test_a_back_fill_covers_what_it_brings_and_no_day_that_is_not_over(tmp_path: Path) -> None:
    write(tmp_path, "leads.csv", 4)
    plan(tmp_path, "covers: {to: yesterday}", "window: day")
    loaded(tmp_path, Days(date(2026, 1, 3), date(2026, 1, 15)))
    assert january(tmp_path, 2) == ([None, 0, 1] + [0] * 7 + [None], date(2026, 1, 11))


def test_a_database_that_is_quiet_is_not_late(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as shop:
        shop.execute("CREATE TABLE leads AS SELECT DATE '2026-01-04' AS day, 1 AS n, now()::TIMESTAMP AS at")
    said = ("covers: {to: yesterday}", "key: n")
    for more in (("window: day",), (), ("window: day", "cursor: at", "look_back: 2 days")):
        read = ("url: duckdb:///shop.duckdb", "table: leads")
        plan(tmp_path, *said, *more, files="\n    ".join(read))
        loaded(tmp_path)
        assert january(tmp_path, 4) == ([1] + [0] * 7 + [None], date(2026, 1, 11)), more
        plan(tmp_path, *said, *more, files="\n    ".join(read), as_of="2026-01-14")
        loaded(tmp_path)
        assert loaded(tmp_path).files == ()
        assert january(tmp_path, 4) == ([1] + [0] * 8, date(2026, 1, 13)), more
        (tmp_path / ".kurs").rename(tmp_path / f".old_{len(more)}_{'window' in str(more)}")


def test_a_source_without_days_cannot_be_complete_until_one(tmp_path: Path) -> None:
    write(tmp_path, "leads.csv", 4)
    plan(tmp_path, "covers: {to: yesterday}")
    path = tmp_path / "kurs.yaml"
    path.write_text(path.read_text("utf-8").replace(", time: day", ""), "utf-8")
    with pytest.raises(SourceError) as failed:
        load(read(tmp_path).required())
    assert failed.value.problems[0].code == "covers_needs_days"


def weekly(folder: Path, *more: str, as_of: str) -> date | None:
    plan(folder, "window: day", *more, as_of=as_of)
    days = [date(2025, 11, 3) + timedelta(7 * n) for n in range(10)]  # Mondays until 5 January
    (folder / "leads.csv").write_text("day,n\n" + "".join(f"{day},1\n" for day in days), "utf-8")
    (one,) = load(read(folder).required())
    assert ("rows_of_weeks" in {problem.code for problem in one.warnings}) != bool(more)
    return january(folder, 5, 12)[1]


def test_a_row_of_a_week_covers_it_to_its_end(tmp_path: Path) -> None:
    assert weekly(tmp_path, as_of="2026-01-12") == date(2026, 1, 5)
    assert weekly(tmp_path, "covers: {rows: week}", as_of="2026-01-12") == date(2026, 1, 11)
    assert weekly(tmp_path, "covers: {rows: week}", as_of="2026-01-08") == date(2026, 1, 8)
    (other := tmp_path / "other").mkdir()
    assert weekly(other, "covers: {rows: week, to: 2026-01-07}", as_of="2026-01-12") == date(2026, 1, 7)


def test_a_week_that_runs_is_covered_as_far_as_it_is_over() -> None:
    covers, monday = Covers(rows=Grain.WEEK), date(2026, 1, 5)
    for today, last in ((6, 5), (8, 7), (12, 11), (20, 11), (5, 5)):
        whole = wholes_of(covers, Reckoning(), date(2026, 1, today))
        assert whole is not None
        assert whole(monday) == Days(monday, date(2026, 1, last))
    sunday = wholes_of(covers, Reckoning(week_starts=6), date(2026, 2, 1))
    assert sunday is not None
    assert sunday(date(2026, 1, 4)) == Days(date(2026, 1, 4), date(2026, 1, 10))
