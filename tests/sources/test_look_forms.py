"""Dressed numbers and days in other words: the profile that a look finds reads them to the digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from kurs.model.source import Bounds, Digits, FilesAre, Negatives
from kurs.sources.look import look
from kurs.sources.look_dates import LOCALES
from kurs.sources.look_dress import currencies_of
from kurs.sources.take import Order, take
from kurs.words.months import months

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.sources.look_seen import Doubt, Seen

NBSP, NARROW, MINUS, LRM = "\u00a0", "\u202f", "\u2212", "\u200e"


def column(folder: Path, *values: str, header: str = "amount", answer: str | None = None) -> Seen:
    lines = [f"row;{header}", *(f"{n};{value}" for n, value in enumerate(values))]
    (folder / "export.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return look(folder / "export.csv", lambda _: answer)


def read(one: Seen) -> list[object]:
    source = replace(one.source(), files_are=FilesAre.PARTS)
    with take(Order(source, one.files, "look"), lambda _: None) as taken:
        name = one.columns[-1].name
        return taken.relation.project(f'"{name}"').to_arrow_table().column(0).to_pylist()


def doubts(one: Seen) -> list[str]:
    return [decided.doubt.code for decided in one.all_decided]


@pytest.mark.parametrize(
    ("values", "expected", "currency"),
    [
        (("1 234,56 zł", "0,00 zł", f"12{NBSP}000,5 zł"), ("1234.56", "0", "12000.5"), "PLN"),
        ((f"1{NARROW}234,50{NBSP}kr", "-500,00 kr", f"{MINUS}1,00 kr"), ("1234.5", "-500", "-1"), None),
        (("€ 1.234,50", "€ -7,00", "-€ 1,5"), ("1234.5", "-7", "-1.5"), "EUR"),
        (("$1,234.56", "$0.99", "-$2.50"), ("1234.56", "0.99", "-2.5"), None),
        (("SEK 12,50", "SEK 1,25"), ("12.5", "1.25"), "SEK"),
        (("12.50 kr.", "3.25 SEK"), ("12.5", "3.25"), "SEK"),
        (("Fr. 12.50", "Fr. 1.25"), ("12.5", "1.25"), "CHF"),
        (("12,50 Kč", "--", "1,25 Kč"), ("12.5", "1.25"), "CZK"),
        (("£12.50", "7.25"), ("12.5", "7.25"), "GBP"),
    ],
)
def test_amounts_with_their_currency(
    tmp_path: Path, values: tuple[str, ...], expected: tuple[str, ...], currency: str | None
) -> None:
    one = column(tmp_path, *values)
    assert [value for value in read(one) if value is not None] == [Decimal(text) for text in expected]
    assert one.currency == currency
    assert not one.all_decided
    assert not one.all_findings


@pytest.mark.parametrize("sign", ["x", "Brand", "days", "§", "#", "XYZ"])
def test_not_every_word_is_a_currency(tmp_path: Path, sign: str) -> None:
    assert not currencies_of(sign)
    assert read(column(tmp_path, f"12 {sign}", f"14 {sign}")) == [f"12 {sign}", f"14 {sign}"]


def test_percents_become_fractions(tmp_path: Path) -> None:
    one = column(tmp_path, "1,23%", "100 %", "-0,5%", "--")
    assert read(one) == [Decimal("0.0123"), 1, Decimal("-0.005"), None]
    assert one.columns[1].type == "percent"


@pytest.mark.parametrize(
    ("values", "way"),
    [
        (("(1.234,50)", "2,25", "(€ 3,5)", "€ 1,5"), Negatives.PARENTHESES),
        (("1.234,50-", "2,25", "€ 3,5-", "1,5"), Negatives.TRAILING),
        (("-1.234,50", "2,25", f"{MINUS}3,5", "+1,5"), Negatives.MINUS),
    ],
)
def test_numbers_below_zero(tmp_path: Path, values: tuple[str, ...], way: Negatives) -> None:
    one = column(tmp_path, *values)
    assert read(one) == [Decimal("-1234.5"), Decimal("2.25"), Decimal("-3.5"), Decimal("1.5")]
    assert one.format.negatives is way


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(None, [None, 25, 30]), ("value", [10, 25, 30]), ("half", [5, 25, 30])],
)
def test_bounds_are_asked_about(tmp_path: Path, answer: str | None, expected: list[object]) -> None:
    one = column(tmp_path, "< 10", "25", "30", answer=answer)
    assert doubts(one) == ["doubt_bounds"]
    assert one.format.bounds == Bounds(answer or "empty")
    assert read(one) == expected


def test_there_is_no_half_of_more_than_ninety(tmp_path: Path) -> None:
    one = column(tmp_path, "<10%", ">90%", "45,5%")
    assert [reading.name for reading in one.all_decided[0].doubt.readings] == ["empty", "value"]
    assert read(one) == [None, None, Decimal("0.455")]


def test_persian_and_arabic_digits(tmp_path: Path) -> None:
    one = column(tmp_path, "۱٬۲۳۴٫۵", "۱۲", "٣٫٢٥", f"{LRM}-۷")
    assert read(one) == [Decimal("1234.5"), 12, Decimal("3.25"), -7]
    assert (one.format.digits, one.format.decimal, one.format.thousands) == (Digits.PERSIAN, "٫", "٬")
    toman = column(tmp_path, "۱٬۲۵۰٬۰۰۰ تومان", "۹۰٬۵۰۰ تومان")
    assert read(toman) == [1250000, 90500]
    names = column(tmp_path, "مدل ۲۰۶", "مدل ۴۰۵")
    assert (read(names), names.format.digits) == (["مدل ۲۰۶", "مدل ۴۰۵"], Digits.LATIN)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1405/06/10", "1405/06/31"), date(2026, 9, 1)),
        (("1405-06-10", "1405-12-29"), date(2026, 9, 1)),
        (("۱۴۰۵/۰۶/۱۰", "۱۴۰۵/۰۶/۱۱"), date(2026, 9, 1)),
        (("10/06/1405", "31/06/1405"), date(2026, 9, 1)),
        (("۱۰ شهریور ۱۴۰۵", "۱ مهر ۱۴۰۵"), date(2026, 9, 1)),
        (("1405/06/10 12:30", "1405/06/11 8:05"), datetime(2026, 9, 1, 12, 30)),  # noqa: DTZ001
        (("1 września 2026", "13 października 2026"), date(2026, 9, 1)),
        (("1 sep 2026", "13 maj 2026"), date(2026, 9, 1)),
        (("1. September 2026", "13. März 2026"), date(2026, 9, 1)),
        (("1 sept. 2026", "13 août 2026"), date(2026, 9, 1)),
        (("1 de septiembre de 2026", "13 de mayo de 2026"), date(2026, 9, 1)),
        (("tis 1 sep 2026", "ons 14 okt 2026"), date(2026, 9, 1)),
        (("Sep 2026", "Oct 2026"), date(2026, 9, 1)),
        (("sierpień 2026", "wrzesień 2026"), date(2026, 8, 1)),
        (("09/2026", "10/2026"), date(2026, 9, 1)),
        (("1788220800", "1788307200"), datetime(2026, 9, 1, tzinfo=UTC)),
        (("1788220800000", "1788307200000"), datetime(2026, 9, 1, tzinfo=UTC)),
    ],
)
def test_days_in_other_calendars_words_and_counts(
    tmp_path: Path, values: tuple[str, ...], expected: object
) -> None:
    one = column(tmp_path, *values, header="date")
    assert read(one)[0] == expected
    assert not one.all_decided
    assert not one.all_findings


def test_the_order_in_a_jalali_day_is_asked_about(tmp_path: Path) -> None:
    one = column(tmp_path, "01/02/1405", "02/02/1405", "03/02/1405", header="date")
    assert doubts(one) == ["doubt_dates"]
    assert read(one) == [date(2026, 4, 21), date(2026, 4, 22), date(2026, 4, 23)]


def test_large_numbers_are_no_time_without_a_header_that_says_so(tmp_path: Path) -> None:
    assert read(column(tmp_path, "1788220800", "1788307200", header="impressions")) == [
        1788220800,
        1788307200,
    ]


def test_two_calendars_in_one_file_are_said(tmp_path: Path) -> None:
    text = "jalali;created;updated\n1405/06/10;1405/06/10;13/09/2026\n1405/06/11;1405/06/11;14/09/2026\n"
    (tmp_path / "a.csv").write_text(text, "utf-8")
    one = look(tmp_path / "a.csv")
    assert [problem.code for problem in one.all_findings] == ["look_other_days"]
    assert [column.type for column in one.columns] == ["date", "date", "text"]


def test_one_language_serves_all_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1 Jan 2026;2 maj 2026\n3 Feb 2026;4 juni 2026\n", "utf-8")
    one = look(tmp_path / "a.csv")
    assert [column.type for column in one.columns] == ["date", "date"]
    assert one.format.locale == "sv"


def test_words_for_months_mean_one_month_in_all_languages() -> None:
    for one, other in combinations(LOCALES, 2):
        shared = months(one).keys() & months(other).keys()
        assert all(months(one)[word] == months(other)[word] for word in shared), (one, other)


def test_answers_about_the_delimiter_are_heard(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b;c,d\n1,2;3,4\n5,6;7,8\n", "utf-8")

    def other(doubt: Doubt) -> str | None:
        return doubt.readings[1].name if doubt.code == "doubt_delimiter" else None

    first, second = look(tmp_path / "a.csv"), look(tmp_path / "a.csv", other)
    assert {first.format.delimiter, second.format.delimiter} == {",", ";"}
