"""Days in other calendars, in words, with two-digit years, as counts: exact, or not at all."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from kurs.model.source import DataType, Digits, SourceColumn
from kurs.model.written_days import CalendarKind, WrittenDays
from kurs.sources.forms import Forms
from sources.taking import came, refused, source

if TYPE_CHECKING:
    from pathlib import Path

JALALI = WrittenDays(CalendarKind.JALALI)


@cache
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute("SET TimeZone = 'UTC'")
    return made


def values(
    texts: list[str], to: str, form: str, days: WrittenDays, zone: str | None = None
) -> list[str | None]:
    data = DataType.parse(to)
    assert data is not None
    forms = Forms(date=form, timestamp=form, days=days, zone=zone)
    sql = f"SELECT ({forms.value('x', data)})::VARCHAR FROM (SELECT unnest(?) AS x)"
    return [row[0] for row in connection().execute(sql, [texts]).fetchall()]


@pytest.mark.parametrize(
    ("text", "form", "days", "expected"),
    [
        ("05.01.26", "%d.%m.%y", WrittenDays(years_from=1970), "2026-01-05"),
        ("05.01.70", "%d.%m.%y", WrittenDays(years_from=1970), "1970-01-05"),
        ("05.01.69", "%d.%m.%y", WrittenDays(years_from=1970), "2069-01-05"),
        ("05.01.26", "%d.%m.%y", WrittenDays(years_from=1926), "1926-01-05"),
        ("29.02.00", "%d.%m.%y", WrittenDays(years_from=1901), "2000-02-29"),
        ("29.02.00", "%d.%m.%y", WrittenDays(years_from=1900), None),  # 1900 had no such day
        ("5 januari 2026", "%d %B %Y", WrittenDays(locale="sv"), "2026-01-05"),
        ("5 maj. 2026", "%d %b %Y", WrittenDays(locale="sv"), "2026-05-05"),
        ("5 OKT 2026", "%d %b %Y", WrittenDays(locale="sv"), "2026-10-05"),
        ("5 October 2026", "%d %B %Y", WrittenDays(locale="sv"), None),
        ("5 października 2026", "%d %B %Y", WrittenDays(locale="pl"), "2026-10-05"),
        ("5 październik 2026", "%d %B %Y", WrittenDays(locale="pl"), "2026-10-05"),
        ("śr., 5 sie 2026", "%a, %d %b %Y", WrittenDays(locale="pl"), "2026-08-05"),
        ("31 lut 2026", "%d %b %Y", WrittenDays(locale="pl"), None),
        ("1405/02/31", "%Y/%m/%d", JALALI, "2026-05-21"),
        ("1405/1/1", "%Y/%m/%d", JALALI, "2026-03-21"),
        ("1403/12/30", "%Y/%m/%d", JALALI, "2025-03-20"),  # a leap year
        ("1404/12/30", "%Y/%m/%d", JALALI, None),
        ("1405/07/31", "%Y/%m/%d", JALALI, None),
        ("1405/13/01", "%Y/%m/%d", JALALI, None),
        ("2026/01/05", "%Y/%m/%d", JALALI, None),  # not of this calendar
        ("05/02/01", "%y/%m/%d", WrittenDays(CalendarKind.JALALI, years_from=1350), "2026-04-21"),
        ("۱ x", "%Y/%m/%d", JALALI, None),
        ("1 اردیبهشت 1405", "%d %B %Y", WrittenDays(CalendarKind.JALALI, "fa"), "2026-04-21"),
        ("14050231", "%Y%m%d", JALALI, "2026-05-21"),
    ],
)
def test_a_day_is_the_one_that_is_stated_or_none(
    text: str, form: str, days: WrittenDays, expected: str | None
) -> None:
    assert values([text], "date", form, days) == [expected]


def test_moments_in_other_calendars() -> None:
    form = "%Y/%m/%d %H:%M:%S"
    texts = ["1405/02/31 23:59:58", "1405/02/31 24:00:00", "1405/02/31 00:60:00"]
    assert values(texts, "timestamp", form, JALALI) == ["2026-05-21 23:59:58", None, None]
    assert values(texts[:1], "timestamptz", form, JALALI, "Asia/Tehran") == ["2026-05-21 20:29:58+00"]
    assert values(texts[:1], "timestamptz", form, JALALI) == [None]
    assert values(
        ["1405/02/31 12:05 am", "1405/02/31 12:05 PM"], "timestamp", "%Y/%m/%d %I:%M %p", JALALI
    ) == [
        "2026-05-21 00:05:00",
        "2026-05-21 12:05:00",
    ]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.dates(date(1930, 1, 1), date(2200, 1, 1)), min_size=1, max_size=50))
def test_jalali_days_come_back(days: list[date]) -> None:
    texts = [JalaliDate(day).strftime("%Y-%m-%d") for day in days]
    assert values(texts, "date", "%Y-%m-%d", JALALI) == [str(day) for day in days]


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(["sv", "pl", "de", "fr"]), st.lists(st.dates(date(1000, 1, 1)), min_size=1, max_size=30)
)
def test_words_for_months_come_back(locale: str, days: list[date]) -> None:
    texts = [format_date(day, "d MMMM yyyy", locale=locale) for day in days]
    assert values(texts, "date", "%d %B %Y", WrittenDays(locale=locale)) == [str(day) for day in days]


@pytest.mark.parametrize(
    ("text", "form", "to", "zone", "expected"),
    [
        ("1767225600", "unix_s", "timestamptz", None, "2026-01-01 00:00:00+00"),
        ("1767225600.25", "unix_s", "timestamptz", None, "2026-01-01 00:00:00.25+00"),
        ("1767225600123", "unix_ms", "timestamptz", None, "2026-01-01 00:00:00.123+00"),
        ("1767225600123456", "unix_us", "timestamptz", None, "2026-01-01 00:00:00.123456+00"),
        ("1767225600", "unix_s", "date", None, None),  # the day of which zone?
        ("1767225600", "unix_s", "date", "America/New_York", "2025-12-31"),
        ("1767225600", "unix_s", "timestamp", "Europe/Stockholm", "2026-01-01 01:00:00"),
        ("1767225600123", "unix_s", "timestamptz", None, None),
        ("1.7e9", "unix_s", "timestamptz", None, None),
        ("99999999999999999", "unix_us", "timestamptz", None, "5138-11-16 09:46:39.999999+00"),
    ],
)
def test_counts_since_1970(text: str, form: str, to: str, zone: str | None, expected: str | None) -> None:
    assert values([text], to, form, WrittenDays(), zone) == [expected]


def test_a_count_is_never_inferred(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("at,n\n1767225600,5\n", "utf-8")
    at = SourceColumn("at", "at", "timestamptz")
    it = came(tmp_path, source("a.csv", at, timestamp="unix_s"))
    assert it.types == {"at": "timestamptz", "n": "int"}
    assert it.rows == [("2026-01-01 00:00:00+00", 5)]


def test_numbers_of_parquet_may_be_days(tmp_path: Path) -> None:
    pq.write_table(pa.table({"day": [20260105], "at": [1767225600]}), tmp_path / "a.parquet")
    columns = (
        SourceColumn("day", "day", "date", "%Y%m%d"),
        SourceColumn("at", "at", "timestamptz", "unix_s"),
    )
    assert came(tmp_path, source("a.parquet", *columns)).rows == [
        (date(2026, 1, 5), "2026-01-01 00:00:00+00")
    ]


def test_jalali_days_in_persian_digits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day,n\n۱۴۰۵/۰۲/۳۱,۵\n", "utf-8")
    profile = {"calendar": CalendarKind.JALALI, "digits": Digits.PERSIAN, "date": "%Y/%m/%d"}
    assert came(tmp_path, source("a.csv", **profile)).rows == [(date(2026, 5, 21), 5)]
    (problem,) = refused(tmp_path, source("a.csv", SourceColumn("day", "day", "date"), date="%Y/%m/%d"))
    assert problem.code == "untypable"
