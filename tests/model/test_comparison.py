"""Which days are compared with which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.model.comparison import Against, Comparison, counterpart, year_before
from kurs.model.days import Days, Grain, add_months, bucket_of
from spans import days

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
RANGES = st.builds(lambda first, more: Days(first, first + timedelta(days=more)), DAYS, st.integers(0, 800))


@given(RANGES)
def test_the_previous_period_ends_where_this_one_begins(period: Days) -> None:
    before = counterpart(period, period, Comparison(Against.PREVIOUS))
    assert len(before) == len(period)
    assert before.last + timedelta(days=1) == period.first


@given(RANGES)
def test_a_year_of_weeks_keeps_the_weekday(period: Days) -> None:
    before = counterpart(period, period, Comparison(Against.LAST_YEAR_WEEKDAY))
    assert before.first.weekday() == period.first.weekday()
    assert len(before) == len(period)


@given(RANGES, st.data())
def test_a_part_keeps_its_place_in_the_period(period: Days, data: st.DataObject) -> None:
    """The stretch to date and the last days: together they are compared with all that the whole is."""
    cut = data.draw(st.integers(0, len(period) - 1))
    head = Days(period.first, period.first + timedelta(days=cut))
    other = Comparison(Against.RANGE, Days(period.first, period.last).shifted(-400))
    for comparison in (Comparison(Against.PREVIOUS), Comparison(Against.LAST_YEAR_WEEKDAY), other):
        whole = counterpart(period, period, comparison)
        assert counterpart(head, period, comparison) == Days(whole.first, whole.first + timedelta(days=cut))


@given(DAYS)
def test_a_year_before_is_the_same_day_of_the_calendar(day: date) -> None:
    found = year_before(Days(day, day))
    assert len(found) == 1
    leap = (day.month, day.day) == (2, 29)
    assert found.first == date(day.year - 1, day.month, 28 if leap else day.day)


@given(DAYS, st.integers(1, 30))
def test_whole_months_stay_whole_months(day: date, months: int) -> None:
    first = bucket_of(day, Grain.MONTH).first
    period = Days(first, add_months(first, months) - timedelta(days=1))
    before = year_before(period)
    assert before.is_whole_months
    assert (before.first, before.last + timedelta(days=1)) == (
        add_months(period.first, -12),
        add_months(period.last + timedelta(days=1), -12),
    )


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2025-02-01..2025-02-28", "2024-02-01..2024-02-29"),
        ("2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
        ("2024-02-01..2024-02-28", "2023-02-01..2023-02-28"),
        ("2024-02-29", "2023-02-28"),
        ("2025-01-15..2025-02-28", "2024-01-15..2024-02-28"),
    ],
)
def test_february(period: str, before: str) -> None:
    assert year_before(days(period)) == days(before)


@pytest.mark.parametrize("against", [Against.SAME_EVENT, Against.RANGE])
def test_what_only_the_calendar_knows_is_refused(against: Against) -> None:
    period = days("2026-01-01..2026-01-31")
    with pytest.raises(ValueError, match="range"):
        counterpart(period, period, Comparison(against))
