"""Days and hours of a zone by its switch instants, held against zoneinfo."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from kurs.metrics.zones import local, midnight, offsets, skipped_hours, within
from kurs.model.days import Days
from kurs.model.table import ColumnType

ZONES = [
    *("UTC", "Europe/Stockholm", "America/New_York", "Asia/Tehran", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Asia/Beirut", "Africa/Cairo", "America/Sao_Paulo", "America/Havana", "Africa/Casablanca"),
    *("Pacific/Apia", "Asia/Kathmandu", "Antarctica/Troll", "America/Asuncion", "Europe/Dublin"),
]
DAYS = st.dates(date(1990, 1, 1), date(2040, 1, 1))
MINUTES = st.integers(-3 * 1440, 40 * 1440)


def instants_near(day: date, minutes: list[int]) -> list[datetime]:
    return [datetime.combine(day, time(), UTC) + timedelta(minutes=n) for n in minutes]


def switch_minutes(zone: str, days: Days) -> list[datetime]:
    found = [instant for instant, _ in offsets(zone, days.first, days.last)[1:]]
    return [instant + timedelta(seconds=n) for instant in found for n in (-1, 0, 1)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), DAYS, st.lists(MINUTES, min_size=1, max_size=20))
def test_a_wall_clock_is_that_of_the_zone(zone: str, first: date, minutes: list[int]) -> None:
    days = Days(first, first + timedelta(days=37))
    info = ZoneInfo(zone)
    moments = [*instants_near(first, minutes), *switch_minutes(zone, days)]
    moments = [each for each in moments if each.astimezone(info).date() in days]
    if not moments:
        return
    clock = local(exp.column("instant", table="v"), ColumnType.TIMESTAMPTZ, None, zone, days).sql("duckdb")
    naive = local(exp.column("bare", table="v"), ColumnType.TIMESTAMP, "UTC", zone, days).sql("duckdb")
    inside = " AND ".join(
        part.sql("duckdb")
        for part in within(
            exp.column("instant", table="v"), ColumnType.TIMESTAMPTZ, None, zone, days.first, days.last
        )
    )
    rows = ", ".join(
        f"(TIMESTAMPTZ '{each:%Y-%m-%d %H:%M:%S}+00', TIMESTAMP '{each:%Y-%m-%d %H:%M:%S}')"
        for each in moments
    )
    found = duckdb.sql(f"SELECT {clock}, {naive}, {inside} FROM (VALUES {rows}) v(instant, bare)").fetchall()
    walls = [each.astimezone(info).replace(tzinfo=None) for each in moments]
    assert found == [(wall, wall, True) for wall in walls]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ZONES), DAYS, st.integers(0, 3), st.lists(MINUTES, min_size=1, max_size=20))
def test_a_row_is_within_its_own_days(zone: str, first: date, more: int, minutes: list[int]) -> None:
    """By comparing the bare instant, never a function of it: so the engine can skip blocks."""
    days, info = Days(first, first + timedelta(days=more)), ZoneInfo(zone)
    start, end = midnight(days.first, zone), midnight(days.last + timedelta(days=1), zone)
    edges = [edge + timedelta(seconds=n) for edge in (start, end) for n in (-1, 0, 1)]
    for moment in (*instants_near(first, minutes), *edges, *switch_minutes(zone, days)):
        assert (start <= moment < end) == (moment.astimezone(info).date() in days)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(ZONES), DAYS)
def test_offsets_are_those_of_the_zone(zone: str, first: date) -> None:
    days, info = Days(first, first + timedelta(days=400)), ZoneInfo(zone)
    switches = offsets(zone, days.first, days.last)
    for hours in range(0, 400 * 24, 7):
        moment = datetime.combine(first, time(), UTC) + timedelta(hours=hours)
        offset = [seconds for instant, seconds in switches if instant <= moment][-1]
        assert timedelta(seconds=offset) == moment.astimezone(info).utcoffset()


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Europe/Stockholm", "2024-03-31", [2]),
        ("Europe/Stockholm", "2024-10-27", []),
        (
            "Australia/Lord_Howe",
            "2024-10-06",
            [],
        ),  # half an hour is jumped over: the hour is short, but there
        ("Asia/Beirut", "2024-03-31", [0]),
        ("America/Sao_Paulo", "2017-10-15", [0]),
        ("Africa/Cairo", "2024-04-26", [0]),
        ("Antarctica/Troll", "2024-03-31", [1, 2]),
        ("Pacific/Apia", "2011-12-30", list(range(24))),
    ],
)
def test_hours_that_are_skipped(zone: str, day: str, expected: list[int]) -> None:
    on = date.fromisoformat(day)
    found = [hour.hour for hour in skipped_hours(zone, Days(on, on)) if hour.date() == on]
    assert found == expected


def test_a_day_that_its_zone_left_out_has_no_instant() -> None:
    """Samoa went from 29 to 31 December 2011."""
    out = date(2011, 12, 30)
    assert midnight(out, "Pacific/Apia") == midnight(out + timedelta(days=1), "Pacific/Apia")


@pytest.mark.parametrize("own", ["America/New_York", "UTC", "Europe/Stockholm", None])
def test_a_naive_time_is_read_in_its_own_zone(own: str | None) -> None:
    """23:30 in New York is 5:30 of the next day in Stockholm."""
    clock = local(exp.column("bare"), ColumnType.TIMESTAMP, own, "Europe/Stockholm", None).sql("duckdb")
    ((found,),) = duckdb.sql(
        f"SELECT {clock} FROM (SELECT TIMESTAMP '2024-07-01 23:30:00' AS bare)"
    ).fetchall()
    read = datetime(2024, 7, 1, 23, 30, tzinfo=ZoneInfo(own or "Europe/Stockholm"))
    assert found == read.astimezone(ZoneInfo("Europe/Stockholm")).replace(tzinfo=None)
    day = date(2024, 7, 2)
    bounds = within(exp.column("bare"), ColumnType.TIMESTAMP, own, "Europe/Stockholm", day, day)
    inside = " AND ".join(bound.sql("duckdb") for bound in bounds)
    ((held,),) = duckdb.sql(
        f"SELECT {inside} FROM (SELECT TIMESTAMP '2024-07-01 23:30:00' AS bare)"
    ).fetchall()
    assert held == (found.date() == day)
