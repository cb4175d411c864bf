"""Ranges of days, months, buckets: arithmetic that adds up."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.model.days import CIVIL, Days, Grain, add_months, bucket_of
from kurs.model.reckoning import Reckoning

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
RANGES = st.builds(lambda first, more: Days(first, first + timedelta(days=more)), DAYS, st.integers(0, 800))
GRAINS = st.sampled_from(CIVIL)
WEEKDAYS = st.integers(0, 6)


def test_a_range_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before"):
        Days(date(2026, 1, 2), date(2026, 1, 1))


@given(RANGES, RANGES)
def test_an_overlap_holds_the_days_of_both(one: Days, other: Days) -> None:
    both = set(one) & set(other)
    overlap = one.overlap(other)
    assert (set(overlap) if overlap else set()) == both


@given(RANGES, DAYS)
def test_until_keeps_what_is_over(days: Days, day: date) -> None:
    kept = days.until(day)
    assert (list(kept) if kept else []) == [each for each in days if each <= day]


@given(RANGES, st.integers(-900, 900))
def test_a_shift_keeps_the_length_and_goes_back(days: Days, by: int) -> None:
    assert len(days.shifted(by)) == len(days) == len(list(days))
    assert days.shifted(by).shifted(-by) == days


@given(DAYS, st.integers(-60, 60))
def test_a_month_later_is_that_month_and_no_later_day(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, calendar.monthrange(moved.year, moved.month)[1])


@given(DAYS, GRAINS, WEEKDAYS)
def test_a_day_lies_in_its_bucket_and_all_its_days_share_it(
    day: date, grain: Grain, week_starts: int
) -> None:
    bucket = bucket_of(day, grain, week_starts)
    assert day in bucket
    assert {bucket_of(each, grain, week_starts) for each in bucket} == {bucket}


@given(RANGES, GRAINS, WEEKDAYS)
def test_buckets_are_gapless_and_no_more_than_needed(days: Days, grain: Grain, week_starts: int) -> None:
    found = list(Reckoning(week_starts).buckets(days, grain))
    assert all(later.first - earlier.last == timedelta(days=1) for earlier, later in pairwise(found))
    assert days.first in found[0]
    assert days.last in found[-1]


@given(DAYS, WEEKDAYS)
def test_a_week_starts_where_the_plan_says(day: date, week_starts: int) -> None:
    week = bucket_of(day, Grain.WEEK, week_starts)
    assert (week.first.weekday(), len(week)) == (week_starts, 7)


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        *(("2024-02-01", "2024-02-29", True), ("2025-02-01", "2025-02-28", True)),
        *(("2024-02-01", "2024-02-28", False), ("2024-01-31", "2024-02-29", False)),
        *(("2024-01-01", "2024-12-31", True), ("2024-01-01", "2024-01-01", False)),
    ],
)
def test_whole_months(first: str, last: str, whole: bool) -> None:
    assert Days(date.fromisoformat(first), date.fromisoformat(last)).is_whole_months is whole
