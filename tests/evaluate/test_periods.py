"""Periods and baselines: leap years, ends of years, events, weeks that start on other days."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate.plans import MONTHLY, SEASON, day, days, kpi, period
from kurs.evaluate.periods import baseline_days, period_of, trend_buckets
from kurs.model.comparison import Against
from kurs.model.days import Days, Grain
from kurs.model.events import Calendar
from kurs.model.kpi import KpiPeriod
from kurs.model.reckoning import Reckoning
from kurs.problems import Problem

CALENDAR = Calendar(events=(SEASON,))
IN_SEASON = KpiPeriod(event="season")
GRAINS = [grain for grain in Grain if grain is not Grain.FISCAL_WEEK]
SOME_DAY = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2020-01-01", "2024-11-22..2024-12-29"),  # before the first one: the first
        ("2024-11-21", "2024-11-22..2024-12-29"),
        ("2024-12-29", "2024-11-22..2024-12-29"),  # its last day
        ("2025-06-01", "2024-11-22..2024-12-29"),  # over, the next one not started: it stays
        ("2025-11-20", "2024-11-22..2024-12-29"),
        ("2025-11-21", "2025-11-21..2025-12-28"),  # the next one starts
        ("2031-01-01", "2025-11-21..2025-12-28"),  # after the last one
    ],
)
def test_an_event_stays_until_the_next_one_starts(as_of: str, expected: str) -> None:
    assert period_of(kpi(IN_SEASON), CALENDAR, day(as_of)) == days(expected)


@pytest.mark.parametrize(
    ("every", "week_starts", "as_of", "expected"),
    [
        (Grain.MONTH, 0, "2024-02-29", "2024-02-01..2024-02-29"),
        (Grain.MONTH, 0, "2025-12-31", "2025-12-01..2025-12-31"),
        (Grain.QUARTER, 0, "2025-12-31", "2025-10-01..2025-12-31"),
        (Grain.YEAR, 0, "2024-02-29", "2024-01-01..2024-12-31"),
        (Grain.WEEK, 0, "2026-01-01", "2025-12-29..2026-01-04"),
        (Grain.WEEK, 6, "2026-01-01", "2025-12-28..2026-01-03"),
        (Grain.WEEK, 5, "2026-01-03", "2026-01-03..2026-01-09"),
        (Grain.DAY, 0, "2024-02-29", "2024-02-29"),
        (Grain.HOUR, 0, "2024-02-29", "2024-02-29"),
    ],
)
def test_a_recurring_period_holds_the_day(every: Grain, week_starts: int, as_of: str, expected: str) -> None:
    found = period_of(kpi(KpiPeriod(every=every)), CALENDAR, day(as_of), Reckoning(week_starts))
    assert found == days(expected)


def test_fixed_days_never_move() -> None:
    for as_of in ("2020-01-01", "2026-01-15", "2030-01-01"):
        assert period_of(kpi(), CALENDAR, day(as_of)) == days("2026-01-01..2026-01-31")


def test_a_period_that_no_linked_plan_has_is_refused() -> None:
    for broken in (KpiPeriod(), KpiPeriod(event="unknown")):
        with pytest.raises(ValueError, match="no such period"):
            period_of(kpi(broken), CALENDAR, day("2026-01-01"))


@pytest.mark.parametrize(
    ("when", "against", "now", "expected"),
    [
        # recurring: the bucket just before, of whatever length
        (MONTHLY, Against.PREVIOUS, "2026-03-01..2026-03-31", "2026-02-01..2026-02-28"),
        (MONTHLY, Against.PREVIOUS, "2024-03-01..2024-03-31", "2024-02-01..2024-02-29"),
        (MONTHLY, Against.PREVIOUS, "2026-01-01..2026-01-31", "2025-12-01..2025-12-31"),
        (KpiPeriod(every=Grain.YEAR), Against.PREVIOUS, "2025-01-01..2025-12-31", "2024-01-01..2024-12-31"),
        (KpiPeriod(every=Grain.WEEK), Against.PREVIOUS, "2025-12-29..2026-01-04", "2025-12-22..2025-12-28"),
        # dated: as many days just before
        (
            period("2026-03-01..2026-03-31"),
            Against.PREVIOUS,
            "2026-03-01..2026-03-31",
            "2026-01-29..2026-02-28",
        ),
        (period("2026-03-05"), Against.PREVIOUS, "2026-03-05", "2026-03-04"),
        # a year ago: whole months stay whole, 29 February becomes the 28th
        (MONTHLY, Against.LAST_YEAR, "2025-02-01..2025-02-28", "2024-02-01..2024-02-29"),
        (MONTHLY, Against.LAST_YEAR, "2024-02-01..2024-02-29", "2023-02-01..2023-02-28"),
        (
            period("2024-02-29..2024-03-10"),
            Against.LAST_YEAR,
            "2024-02-29..2024-03-10",
            "2023-02-28..2023-03-10",
        ),
        (MONTHLY, Against.LAST_YEAR_WEEKDAY, "2026-01-01..2026-01-31", "2025-01-02..2025-02-01"),
        (IN_SEASON, Against.SAME_EVENT, "2025-11-21..2025-12-28", "2024-11-22..2024-12-29"),
    ],
)
def test_baselines_by_name(when: KpiPeriod, against: Against, now: str, expected: str) -> None:
    assert baseline_days(kpi(when, against=against), days(now), CALENDAR) == days(expected)


def test_a_range_is_taken_as_it_is() -> None:
    span = days("2020-02-01..2020-02-29")
    assert (
        baseline_days(kpi(against=Against.RANGE, span=span), days("2026-01-01..2026-01-31"), CALENDAR) == span
    )


def test_no_days_without_a_comparison() -> None:
    for plain in (kpi(), kpi(stated=3)):
        assert baseline_days(plain, days("2026-01-01"), CALENDAR) is None


@pytest.mark.parametrize(
    ("when", "now", "code"),
    [
        (IN_SEASON, "2024-11-22..2024-12-29", "no_earlier_event"),
        (period("2025-11-21..2025-12-28"), "2025-11-21..2025-12-28", "period_is_no_event"),
    ],
)
def test_no_earlier_event_has_a_reason(when: KpiPeriod, now: str, code: str) -> None:
    found = baseline_days(kpi(when, against=Against.SAME_EVENT), days(now), CALENDAR)
    assert isinstance(found, Problem)
    assert found.code == code


@given(SOME_DAY, st.sampled_from(GRAINS), st.integers(0, 6))
def test_the_previous_bucket_ends_where_this_one_starts(as_of: date, every: Grain, week_starts: int) -> None:
    recurring = kpi(KpiPeriod(every=every), against=Against.PREVIOUS)
    now = period_of(recurring, CALENDAR, as_of, Reckoning(week_starts))
    before = baseline_days(recurring, now, CALENDAR, Reckoning(week_starts))
    assert as_of in now
    assert isinstance(before, Days)
    assert (now.first - before.last).days == 1
    assert before == period_of(recurring, CALENDAR, before.first, Reckoning(week_starts))


@given(SOME_DAY, st.integers(1, 800))
def test_a_year_ago_keeps_first_day_or_whole_months(first: date, length: int) -> None:
    now = Days(first, date.fromordinal(first.toordinal() + length - 1))
    before = baseline_days(kpi(KpiPeriod(days=now), against=Against.LAST_YEAR), now, CALENDAR)
    assert isinstance(before, Days)
    assert before.is_whole_months or not now.is_whole_months
    assert (before.first.month, before.first.year) == (now.first.month, now.first.year - 1)
    assert abs(len(before) - len(now)) <= 1


@given(SOME_DAY, st.one_of(st.sampled_from(GRAINS), st.integers(1, 800)), st.integers(0, 6))
def test_the_trend_is_a_row_of_touching_buckets(last: date, kind: Grain | int, week_starts: int) -> None:
    if isinstance(kind, Grain):
        when, points = KpiPeriod(every=kind), 12
    else:
        when = KpiPeriod(days=Days(date.fromordinal(last.toordinal() - kind + 1), last))
        points = 16
    recurring = kpi(when)
    found = trend_buckets(
        recurring, period_of(recurring, CALENDAR, last, Reckoning(week_starts)), last, Reckoning(week_starts)
    )
    assert len(found) == points
    assert last in found[-1]
    assert all((later.first - earlier.last).days == 1 for earlier, later in itertools.pairwise(found))
