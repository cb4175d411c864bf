"""The names of buckets of every calendar, in the four languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kurs.model.days import Days
from kurs.model.events import Calendar
from kurs.model.periods import Period, PeriodSet
from kurs.model.project import Project, Settings
from kurs.model.text import Text
from kurs.model.years import JalaliYears, MonthYears, WeekYears, YearEnd, Years
from kurs.report.labels import bucket_label
from kurs.words import language

SPRING = Period("spring_push", Days(date(2026, 3, 1), date(2026, 4, 15)))
LABELLED = Period(
    "autumn", Days(date(2026, 9, 1), date(2026, 9, 30)), Text((("en", "Autumn"), ("sv", "Höst")))
)
EMPTY = Project(Path(), Settings("T"), {}, {}, {}, {}, {}, {}, {}, {}, {}, Calendar())


def project(fiscal: Years) -> Project:
    return replace(
        EMPTY,
        settings=Settings("T", fiscal_year=fiscal),
        calendar=Calendar(periods=(PeriodSet("seasons", (SPRING, LABELLED)),)),
    )


@pytest.mark.parametrize(
    ("grain", "day", "tag", "label"),
    [
        ("fiscal_week", "2024-01-28", "en", "week 53, 2023/24"),
        ("fiscal_month", "2023-12-31", "en", "month 12, 2023/24"),
        ("fiscal_quarter", "2024-02-04", "en", "Q1 2024/25"),
        ("fiscal_quarter", "2024-02-04", "sv", "K1 2024/25"),
        ("fiscal_quarter", "2024-02-04", "pl", "I kw. 2024/25"),
        ("fiscal_year", "2024-02-04", "en", "2024/25"),
        ("fiscal_year", "2024-02-04", "fa", "۲۰۲۴/۲۵"),
        ("jalali_month", "2026-09-23", "en", "Mehr 1405"),
        ("jalali_month", "2026-09-23", "sv", "mehr 1405"),
        ("jalali_month", "2026-05-22", "pl", "Chordād 1405"),
        ("jalali_month", "2026-09-23", "fa", "مهر ۱۴۰۵"),
        ("jalali_quarter", "2026-09-23", "en", "Q3 1405"),
        ("jalali_year", "2026-03-21", "fa", "۱۴۰۵"),
        ("seasons", "2026-03-01", "en", "Spring push"),
        ("seasons", "2026-09-01", "sv", "Höst"),
        ("month", "2026-11-01", "en", "Nov 2026"),
    ],
)
def test_a_bucket_is_named_in_the_readers_language(grain: str, day: str, tag: str, label: str) -> None:
    assert bucket_label(project(WeekYears()), date.fromisoformat(day), grain, language(tag)) == label


@pytest.mark.parametrize(
    ("fiscal", "grain", "day", "label"),
    [
        (MonthYears(7), "fiscal_month", "2026-11-01", "Nov 2026"),
        (MonthYears(7), "fiscal_year", "2026-07-01", "2026/27"),
        (MonthYears(), "fiscal_year", "2026-01-01", "2026"),
        (JalaliYears(), "fiscal_month", "2026-09-23", "Mehr 1405"),
        # most of its days decide the year, not the few at its ends
        (WeekYears((4, 4, 5), 6, 12, YearEnd.LAST), "fiscal_year", "2024-12-30", "2025"),
    ],
)
def test_a_fiscal_year_is_named_by_its_years(fiscal: Years, grain: str, day: str, label: str) -> None:
    assert bucket_label(project(fiscal), date.fromisoformat(day), grain, language("en")) == label
