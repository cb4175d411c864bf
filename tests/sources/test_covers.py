"""The days in a name, and what a plan says about days without rows."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from kurs.model.source import Covers, CoversTo, Source
from kurs.problems import SourceError
from kurs.sources.covers import Spoken, days_in, spoken
from kurs.sources.files import Found, Kind
from spans import days

if TYPE_CHECKING:
    from pathlib import Path

NOV = "2026-11-01..2026-11-30"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((f"ads_{month}.csv", NOV) for month in ("2026-11", "2026_11", "202611", "2026.11", "2026-11-v2")),
        *((f"ads-{day}.csv.gz", "2026-11-03") for day in ("2026-11-03", "20261103", "2026-11-03_2")),
        ("20261101-20261107.csv", "2026-11-01..2026-11-07"),
        ("2026-11-01_2026-11-07.csv", "2026-11-01..2026-11-07"),
        ("2026_11_2027_02.csv", "2026-11-01..2027-02-28"),
        ("id123_2026-11.csv", NOV),
        ("2026-11_2026-11-05.csv", "2026-11-01..2026-11-05"),
        # What may mean something else means nothing.
        *((f"ads_{it}.csv", None) for it in ("2026", "2026-W47", "2026-13", "21.11.2026", "11-2026", "x")),
        *((f"ads_{it}.csv", None) for it in ("2026-11-31", "2026-11-45", "2026-11_2", "20261345", "1202611")),
        ("2026-11-07_2026-11-01.csv", None),
        ("2026-01_2026-02_2026-03.csv", None),
    ],
)
def test_days_in_a_name(name: str, expected: str | None) -> None:
    assert days_in(name) == (None if expected is None else days(expected))


def written(folder: Path, name: str, moment: str) -> Found:
    path = folder / name
    path.write_text("", "utf-8")
    seconds = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()
    os.utime(path, (seconds, seconds))
    return Found(name, path, Kind.CSV, zipped=False, size=0)


def said(covers: Covers, *files: Found, chosen: int = 0) -> Spoken:
    source = Source("a", "a", covers=covers)
    found = spoken(source, files[chosen:], files, "Europe/Stockholm", date(2026, 11, 21))
    assert found is not None
    return found


def test_a_file_is_complete_until_the_day_before_it_was_written_where_its_readers_are(tmp_path: Path) -> None:
    file = written(tmp_path, "a.csv", "2026-11-20T23:30:00")  # the 21st, half past midnight
    assert said(Covers(last=CoversTo.FILE_MODIFIED), file).last == date(2026, 11, 20)
    assert said(Covers(last=CoversTo.YESTERDAY), file).last == date(2026, 11, 20)


def test_the_last_file_runs_on_and_the_first_begins_earlier(tmp_path: Path) -> None:
    files = [written(tmp_path, name, "2026-11-15T12:00:00") for name in ("1", "2")]
    covers = Covers(first=date(2026, 10, 1), last=CoversTo.FILE_MODIFIED)
    rows = [days("2026-10-05..2026-10-20"), days("2026-11-02..2026-11-10")]
    both = said(covers, *files)
    stretched = (days("2026-10-01..2026-10-20"), days("2026-11-02..2026-11-14"))
    assert both.by_file(rows) == stretched == both.covered(stretched)
    assert both.until(files) == (None, date(2026, 11, 14))
    later = said(covers, *files, chosen=1)  # the first one is in already: its days stay
    assert later.by_file(rows[1:]) == stretched[1:]


def test_days_beyond_are_read_but_not_complete(tmp_path: Path) -> None:
    files = [written(tmp_path, name, "2026-11-15T12:00:00") for name in ("1", "2")]
    both = said(Covers(first=date(2026, 10, 7), last=CoversTo.FILE_MODIFIED), *files)
    rows = (days("2026-10-05..2026-10-20"), days("2026-11-02..2026-11-15"))
    assert both.by_file(rows) == rows
    assert both.covered(rows) == (days("2026-10-07..2026-10-20"), days("2026-11-02..2026-11-14"))


def test_a_month_that_is_not_over_is_complete_until_its_file_was_written(tmp_path: Path) -> None:
    over = written(tmp_path, "ads_2026-10.csv", "2026-11-02T12:00:00")
    running = written(tmp_path, "ads_2026-11.csv", "2026-11-15T12:00:00")
    too_early = written(tmp_path, "ads_2026-12.csv", "2026-11-15T12:00:00")
    found = said(Covers(by_name=True), over, running, too_early)
    october, november = days("2026-10-01..2026-10-31"), days("2026-11-01..2026-11-14")
    assert found.named == (october, november, None)
    # No rows at all, rows on all days and one of the day when it was written, a plan.
    rows = (None, days("2026-11-01..2026-11-15"), days("2026-12-24"))
    assert found.by_file(rows) == (october, rows[1], rows[2])
    assert found.covered(rows) == (days("2026-10-01..2026-11-14"),)


def test_a_name_without_days_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as failed:
        said(Covers(by_name=True), written(tmp_path, "ads.csv", "2026-11-15T12:00:00"))
    assert [problem.code for problem in failed.value.problems] == ["no_days_in_name"]
