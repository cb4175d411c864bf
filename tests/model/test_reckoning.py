"""Buckets of every calendar, held against counting day by day in plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.model.days import AnyGrain, Days, Grain, OwnPeriods
from kurs.model.frame import Span, Steps
from kurs.model.periods import Period, PeriodSet
from kurs.model.reckoning import Reckoning
from kurs.model.years import JalaliYears, MonthYears, WeekYears, YearEnd, Years

DAY = timedelta(days=1)
SEASONS = PeriodSet(
    "seasons",
    (
        Period("spring_2024", Days(date(2024, 3, 1), date(2024, 5, 15))),
        Period("summer_2024", Days(date(2024, 5, 16), date(2024, 8, 31))),
        Period("spring_2025", Days(date(2025, 3, 10), date(2025, 5, 31))),
    ),
)
OWN = OwnPeriods("seasons")
FISCAL: tuple[Years, ...] = (
    MonthYears(),
    MonthYears(7),
    MonthYears(2),
    JalaliYears(),
    WeekYears(),
    WeekYears((4, 4, 5), 6, 12, YearEnd.LAST),
    WeekYears((5, 4, 4), 2, 9, YearEnd.NEAREST),
)
LISTED = tuple(grain for grain in Grain if "_" in grain and grain is not Grain.FISCAL_WEEK)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
years = st.sampled_from(FISCAL)
week_years = st.sampled_from([rule for rule in FISCAL if isinstance(rule, WeekYears)])


def reckoning(fiscal: Years = MonthYears()) -> Reckoning:  # noqa: B008 - a frozen value
    return Reckoning(0, fiscal, (SEASONS,))


@given(days, years, st.sampled_from(LISTED))
@settings(max_examples=150, deadline=None)
def test_a_day_lies_in_one_bucket_and_buckets_tile(day: date, fiscal: Years, grain: Grain) -> None:
    of = reckoning(fiscal)
    span = Days(day - 400 * DAY, day + 400 * DAY)
    found = list(of.buckets(span, grain))
    assert all(left.last + DAY == right.first for left, right in pairwise(found))
    assert found[0].first <= span.first
    assert span.last <= found[-1].last
    for each in Days(day, day + 20 * DAY):
        assert [bucket for bucket in found if each in bucket] == [of.bucket_of(each, grain)]


@given(days, years, st.sampled_from(["fiscal", "jalali"]))
@settings(max_examples=60, deadline=None)
def test_a_year_is_four_quarters_and_twelve_months(day: date, fiscal: Years, kind: str) -> None:
    of = reckoning(fiscal)
    year = of.bucket_of(day, Grain(f"{kind}_year"))
    assert year is not None
    quarters = list(of.buckets(year, Grain(f"{kind}_quarter")))
    months = list(of.buckets(year, Grain(f"{kind}_month")))
    assert (len(quarters), len(months)) == (4, 12)
    assert [quarter.first for quarter in quarters] == [month.first for month in months[::3]]
    assert sum(map(len, months)) == len(year) == sum(map(len, quarters))
    assert of.place(day, Grain(f"{kind}_year")).days == year
    assert months[of.place(day, Grain(f"{kind}_month")).number - 1] == of.bucket_of(
        day, Grain(f"{kind}_month")
    )


@given(days, week_years)
@settings(max_examples=100, deadline=None)
def test_a_year_of_weeks_ends_on_its_weekday_near_its_month(day: date, rule: WeekYears) -> None:
    of = reckoning(rule)
    year = of.bucket_of(day, Grain.FISCAL_YEAR)
    assert year is not None
    assert year.last.weekday() == rule.ends_on
    # by hand: of the days around, the one of that weekday that the rule names
    around = [year.last + offset * DAY for offset in range(-10, 11)]
    ends = [each for each in around if (each + DAY).day == 1 and each.month == rule.month]
    assert len(ends) == 1
    distance = (year.last - ends[0]).days
    assert -3 <= distance <= 3 if rule.rule is YearEnd.NEAREST else -6 <= distance <= 0
    weeks = list(of.buckets(year, Grain.FISCAL_WEEK))
    assert {len(week) for week in weeks} == {7}
    assert len(weeks) in (52, 53)
    months = [len(month) // 7 for month in of.buckets(year, Grain.FISCAL_MONTH)]
    expected = [*(rule.weeks * 4)]
    expected[-1] += len(weeks) - 52
    assert months == expected
    extra = of.extra_week(day)
    assert extra == (weeks[52] if len(weeks) == 53 else None)


def test_years_of_53_weeks_are_those_of_the_retail_federation() -> None:
    found = [year for year in range(2000, 2035) if WeekYears().extra_week(year) is not None]
    assert found == [2000, 2006, 2012, 2017, 2023, 2028, 2034]
    year = reckoning(WeekYears()).bucket_of(date(2023, 7, 1), Grain.FISCAL_YEAR)
    assert year == Days(date(2023, 1, 29), date(2024, 2, 3))


def test_jalali_years_begin_on_nowruz() -> None:
    # the official calendar: leap years have 30 Esfand
    begins = {1399: (2020, 3, 20), 1400: (2021, 3, 21), 1403: (2024, 3, 20), 1404: (2025, 3, 21)}
    begins |= {1405: (2026, 3, 21), 1408: (2029, 3, 20), 1409: (2030, 3, 21)}
    for year, first in begins.items():
        assert JalaliYears().first_days(year)[0] == date(*first)
        assert reckoning().place(date(*first), Grain.JALALI_YEAR).year == year
        assert reckoning().place(date(*first) - DAY, Grain.JALALI_YEAR).year == year - 1
    lengths = [
        len(month)
        for month in reckoning().buckets(Days(date(2024, 3, 20), date(2025, 3, 20)), Grain.JALALI_MONTH)
    ]
    assert lengths == [31] * 6 + [30] * 6


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-03-20", "2025-03-20", "2023-03-21..2024-03-19"),  # 1403 of 366 days, 1402 of 365
        ("2025-03-20", "2025-03-20", "2024-03-19..2024-03-19"),  # 30 Esfand goes to 29 Esfand
        ("2026-02-20", "2026-03-20", "2025-02-19..2025-03-20"),  # a whole month stays a whole month
        ("2026-02-21", "2026-03-20", "2025-02-20..2025-03-19"),  # what is no whole month keeps its days
        ("2026-02-20", "2026-03-19", "2025-02-19..2025-03-18"),
    ],
)
def test_a_jalali_year_before(first: str, last: str, expected: str) -> None:
    span = Days(date.fromisoformat(first), date.fromisoformat(last))
    assert str(reckoning().year_before(span, Grain.JALALI_MONTH)) == expected


@given(days, week_years)
@settings(max_examples=100, deadline=None)
def test_a_week_is_compared_with_the_one_of_its_number(day: date, rule: WeekYears) -> None:
    of = reckoning(rule)
    week, place = of.bucket_of(day, Grain.FISCAL_WEEK), of.place(day, Grain.FISCAL_WEEK)
    assert week is not None
    before = of.year_before(week, Grain.FISCAL_WEEK)
    year = of.before(place.days, Grain.FISCAL_YEAR)
    assert year is not None
    weeks = list(of.buckets(year, Grain.FISCAL_WEEK))
    assert before == (weeks[place.number - 1] if place.number <= len(weeks) else None)
    if before is not None:
        assert before.first.weekday() == week.first.weekday()


def test_a_year_of_53_weeks_is_compared_with_52() -> None:
    of = reckoning(WeekYears())
    longer = of.bucket_of(date(2023, 7, 1), Grain.FISCAL_YEAR)
    after = of.bucket_of(date(2024, 7, 1), Grain.FISCAL_YEAR)
    assert longer is not None
    assert after is not None
    assert len(longer) == 53 * 7
    assert of.year_before(longer, Grain.FISCAL_YEAR) == of.before(longer, Grain.FISCAL_YEAR)
    assert of.year_before(after, Grain.FISCAL_YEAR) == Days(longer.first, longer.last - 7 * DAY)


@given(days, st.integers(1, 30), st.sampled_from([1, 3, 12]))
@settings(max_examples=60, deadline=None)
def test_going_back_by_jalali_months_keeps_the_day_of_the_month(day: date, count: int, unit: int) -> None:
    of = reckoning(JalaliYears())
    grain = {1: Grain.JALALI_MONTH, 3: Grain.JALALI_QUARTER, 12: Grain.JALALI_YEAR}[unit]
    back = of.back(Days(day, day), Steps(count, grain), keeps_whole=False)
    month = of.bucket_of(day, Grain.JALALI_MONTH)
    assert back is not None
    assert month is not None
    walked = month
    for _ in range(count * unit):
        walked = of.before(walked, Grain.JALALI_MONTH) or walked
    place = min((day - month.first).days, len(walked) - 1)
    assert back == Days(walked.first + place * DAY, walked.first + place * DAY)


def test_fiscal_years_of_months_are_calendar_months() -> None:
    of = reckoning(MonthYears(7))
    assert of.bucket_of(date(2026, 3, 9), Grain.FISCAL_YEAR) == Days(date(2025, 7, 1), date(2026, 6, 30))
    assert of.bucket_of(date(2026, 3, 9), Grain.FISCAL_QUARTER) == Days(date(2026, 1, 1), date(2026, 3, 31))
    assert of.plain(Steps(2, Grain.FISCAL_QUARTER)) == Span(months=6)
    assert of.year_before(Days(date(2024, 2, 1), date(2024, 2, 29)), Grain.FISCAL_MONTH) == Days(
        date(2023, 2, 1), date(2023, 2, 28)
    )


def test_own_periods_may_leave_gaps() -> None:
    of = reckoning()
    first, second, third = SEASONS.days
    assert of.bucket_of(date(2024, 2, 29), OWN) is None
    assert of.bucket_of(date(2024, 5, 16), OWN) == second
    assert list(of.buckets(Days(date(2024, 5, 15), date(2025, 3, 9)), OWN)) == [first, second]
    assert of.at_or_before(date(2024, 12, 24), OWN) == second
    assert of.before(third, OWN) == second
    assert of.before(first, OWN) is None
    assert of.back(second, Steps(1, OWN), keeps_whole=True) == first
    assert of.back(Days(date(2024, 5, 17), date(2024, 5, 18)), Steps(1, OWN), keeps_whole=True) == Days(
        date(2024, 3, 2), date(2024, 3, 3)
    )
    assert of.back(first, Steps(1, OWN), keeps_whole=True) is None


def test_a_fiscal_week_is_a_grain_only_where_years_are_made_of_weeks() -> None:
    assert "fiscal_week" not in reckoning(MonthYears(7)).grains
    assert "fiscal_week" in reckoning(WeekYears()).grains
    assert reckoning().grains[-1] == "seasons"


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("1 fiscal_year", Steps(1, Grain.FISCAL_YEAR)),
        ("2 jalali_months", Steps(2, Grain.JALALI_MONTH)),
        ("1 seasons", Steps(1, OWN)),
        ("0 seasons", None),
        ("a season", None),
    ],
)
def test_steps_are_read(text: str, steps: Steps | None) -> None:
    assert Steps.parse(text) == steps
    grain: AnyGrain | None = steps.grain if steps is not None else None
    assert grain is None or str(steps) == f"{steps.count if steps else 0} {grain}"
