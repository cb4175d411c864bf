"""Days and moments as people read them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from kurs.words import language

EN, US, SV, PL, FA = (language(tag) for tag in ("en", "en-US", "sv", "pl", "fa"))
FIRST, LAST = date(2026, 11, 20), date(2026, 12, 27)
THIN = "\N{THIN SPACE}"


def test_a_day_and_nothing() -> None:
    assert [lang.date(FIRST) for lang in (EN, US, SV, PL, FA)] == [
        "20 Nov 2026",
        "Nov 20, 2026",
        "20 nov. 2026",
        "20 lis 2026",
        "۲۹ آبان ۱۴۰۵",
    ]
    assert EN.date(None) == EN.moment(None) == "–"
    assert [lang.day_month(FIRST) for lang in (EN, US, PL, FA)] == ["20 Nov", "Nov 20", "20 lis", "۲۹ آبان"]


def test_a_moment_is_shown_by_its_own_clock() -> None:
    stockholm = timezone(timedelta(hours=1))
    assert EN.moment(datetime(2026, 11, 20, 0, 30, tzinfo=stockholm)) == "20 Nov 2026, 00:30"
    assert EN.date(datetime(2026, 11, 20, 0, 30, tzinfo=stockholm)) == "20 Nov 2026"
    assert FA.moment(datetime(2026, 11, 20, 15, 4)) == "۲۹ آبان ۱۴۰۵،\N{RIGHT-TO-LEFT MARK} ۱۵:۰۴"  # noqa: DTZ001 - naive on purpose


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (FIRST, LAST, f"20 Nov{THIN}–{THIN}27 Dec 2026"),
        (FIRST, date(2026, 11, 27), "20–27 Nov 2026"),
        (FIRST, FIRST, "20 Nov 2026"),
        (date(2025, 11, 21), LAST, f"21 Nov 2025{THIN}–{THIN}27 Dec 2026"),
    ],
)
def test_a_range_says_once_what_its_ends_share(first: date, last: date, text: str) -> None:
    assert EN.days_range(first, last) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (FIRST, FIRST, "۲۹ آبان ۱۴۰۵"),
        (FIRST, LAST, "۲۹ آبان تا ۶ دی ۱۴۰۵"),
        (date(2026, 11, 22), FIRST + timedelta(days=11), "۱ تا ۱۰ آذر ۱۴۰۵"),
        (date(2026, 3, 20), date(2026, 3, 21), "۲۹ اسفند ۱۴۰۴ تا ۱ فروردین ۱۴۰۵"),
    ],
)
def test_a_range_in_persian(first: date, last: date, text: str) -> None:
    assert FA.days_range(first, last) == text


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2021, 3, 20), "۳۰ اسفند ۱۳۹۹"),  # a leap year's last day
        (date(2025, 3, 20), "۳۰ اسفند ۱۴۰۳"),
        (date(2025, 3, 21), "۱ فروردین ۱۴۰۴"),
        (date(1979, 4, 1), "۱۲ فروردین ۱۳۵۸"),
        (date(622, 3, 22), "۱ فروردین ۱"),
        (date(622, 3, 21), "۲۱ مارس ۶۲۲"),  # before the calendar begins
    ],
)
def test_a_day_in_the_jalali_calendar(day: date, text: str) -> None:
    assert FA.date(day) == text


def test_a_civil_month_has_other_days_than_a_jalali_one_and_keeps_its_name() -> None:
    assert FA.bucket(date(2026, 11, 1), "month") == "نوامبر ۲۰۲۶"
    assert FA.bucket(date(2026, 11, 1), "day") == "۱۰ آبان ۱۴۰۵"


@pytest.mark.parametrize(
    ("grain", "english", "polish"),
    [
        ("hour", "16 Nov 2026, 15:00", "16 lis 2026, 15:00"),
        ("day", "16 Nov 2026", "16 lis 2026"),
        ("week", "week 47, 2026", "tydz. 47, 2026"),
        ("month", "Nov 2026", "lis 2026"),
        ("quarter", "Q4 2026", "IV kw. 2026"),
        ("year", "2026", "2026"),
    ],
)
def test_buckets(grain: str, english: str, polish: str) -> None:
    start = datetime(2026, 11, 16, 15, tzinfo=timezone.utc)  # noqa: UP017 - reads better beside timezone
    assert [EN.bucket(start, grain), PL.bucket(start, grain)] == [english, polish]


@pytest.mark.parametrize(
    ("start", "text"),
    [
        (date(2026, 12, 28), "week 53, 2026"),  # Monday; its Thursday is the last day of the year
        (date(2026, 12, 27), "week 53, 2026"),  # Sunday
        (date(2027, 1, 4), "week 1, 2027"),
        (date(2024, 12, 30), "week 1, 2025"),  # begins in the year before its own
        (date(2026, 11, 14), "week 47, 2026"),  # Saturday, as in Iran
        (date(2026, 11, 15), "week 47, 2026"),
        (date(2026, 11, 16), "week 47, 2026"),
    ],
)
def test_a_week_has_the_iso_number_of_its_middle(start: date, text: str) -> None:
    assert EN.bucket(start, "week") == text
