"""Numbers as people read them: rounding, signs, magnitudes, and the patterns of four languages."""

import math
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.words import Language, language

EN, SV, PL, FA = (language(tag) for tag in ("en", "sv", "pl", "fa"))
ALL = [
    language(tag) for tag in ("en", "en-US", "sv", "pl", "fa", "de", "pt-BR", "ar-EG", "he", "hi", "mr", "ja")
]
NB = "\N{NO-BREAK SPACE}"
LRM = "\N{LEFT-TO-RIGHT MARK}"
MINUS = "−"

Number = int | float | Decimal


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0"),
        (7, "7"),
        (1234567, "1,234,567"),
        (1234.567, "1,235"),
        (412.37, "412"),
        (41.237, "41.2"),
        (2.5, "2.5"),
        (2.0, "2"),
        (Decimal("2.4100"), "2.41"),
        (0.02634, "0.0263"),
        (9.996, "10"),
        (0.99996, "1"),
        (-5, f"{MINUS}5"),
    ],
)
def test_a_number_has_three_significant_digits_and_its_whole_part(x: Number, text: str) -> None:
    assert EN.number(x) == text


@pytest.mark.parametrize(("x", "text"), [(2, "2.00"), (2.346, "2.35"), (1e6, "1,000,000.00")])
def test_fixed_decimals_stay(x: Number, text: str) -> None:
    assert EN.number(x, 2) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.125, "0.13"),  # half-even would give 0.12
        (0.135, "0.14"),
        (2.675, "2.68"),  # as binary it lies below the half; a person wrote 2.675
        (1.005, "1.01"),
        (-0.125, f"{MINUS}0.13"),
        (Decimal("0.125"), "0.13"),
        (0.1249999, "0.12"),
    ],
)
def test_halves_are_rounded_away_from_zero(x: Number, text: str) -> None:
    assert EN.number(x, 2) == text


@pytest.mark.parametrize("x", [-0.0, -0.004, Decimal("-0.00"), Decimal("-1e-30")])
@pytest.mark.parametrize("lang", ALL, ids=lambda lang: lang.tag)
def test_what_rounds_to_zero_has_no_sign(x: Number, lang: Language) -> None:
    tiny = float(x) / 1000
    texts = [
        lang.number(x, 2),
        lang.percent(tiny, 1),
        lang.money(x, "EUR", 2),
        lang.change(tiny),
        lang.points(tiny / 1000),
        lang.quantity(tiny, "days"),
        lang.quantity(tiny, "seconds"),
    ]
    assert [text for text in texts if "-" in text or MINUS in text or "+" in text] == []


@pytest.mark.parametrize("x", [None, math.nan, Decimal("NaN")])
def test_nothing_is_a_dash(x: Number | None) -> None:
    texts = [EN.number(x), EN.compact(x), EN.percent(x), EN.points(x), EN.change(x), EN.money(x, "SEK")]
    texts += [EN.quantity(x, unit, "SEK") for unit in UNITS]
    assert set(texts) == {"–"}


UNITS = ("number", "currency", "percent", "ratio", "days", "seconds")


@settings(max_examples=60, deadline=None)
@given(
    x=st.one_of(st.floats(), st.decimals(allow_nan=False, places=4), st.integers()), lang=st.sampled_from(ALL)
)
def test_no_number_raises(x: Number, lang: Language) -> None:
    for text in (
        lang.number(x),
        lang.number(x, 10),
        lang.compact(x),
        lang.compact(x, "SEK"),
        lang.percent(x, 10),
        lang.change(x),
        lang.points(x),
        lang.money(x, "xyz"),
        *(lang.quantity(x, unit, "EUR") for unit in UNITS),
    ):
        assert text
        assert len(text) < 60


@settings(max_examples=60)
@given(st.decimals(min_value=-(10**14), max_value=10**14, places=3))
def test_a_number_with_enough_decimals_can_be_read_back(x: Decimal) -> None:
    assert Decimal(EN.number(x, 3).replace(",", "").replace(MINUS, "-")) == x


def test_vast_and_tiny_numbers_are_scientific_and_infinity_is_a_sign() -> None:
    assert EN.number(1.5e15) == "1.5E15"
    assert EN.number(4e-7) == f"4E{MINUS}7"
    assert EN.money(2e20, "EUR") == "€2E20"
    assert EN.number(-math.inf) == f"{MINUS}∞"
    assert EN.change(math.inf) == "+∞"


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (0.0263, "2.63%"),
        (0.2, "20%"),
        (0.26314, "26.3%"),
        (1.5, "150%"),
        (0.00012, "0.012%"),
        (Decimal("-0.0263"), f"{MINUS}2.63%"),
        (0.29, "29%"),  # 0.29 * 100 is 28.999999999999996 in floats
    ],
)
def test_percent_takes_a_fraction(fraction: Number, text: str) -> None:
    assert EN.percent(fraction) == text


def test_percent_with_fixed_decimals() -> None:
    assert [EN.percent(0.2, 1), EN.percent(0.20005, 2), EN.percent(1, 0)] == ["20.0%", "20.01%", "100%"]


@pytest.mark.parametrize(
    ("relative", "text"),
    [
        (0.12, "+12%"),
        (-0.034, f"{MINUS}3.4%"),
        (0.1249, "+12%"),
        (0.004, "+0.4%"),
        (0.0004, "+0.04%"),
        (0, "0%"),
        (12.34, "+1,234%"),
        (-1, f"{MINUS}100%"),
    ],
)
def test_a_change_wears_its_sign(relative: Number, text: str) -> None:
    assert EN.change(relative) == text


@pytest.mark.parametrize(
    ("difference", "text"),
    [
        (0.004, "+0.4"),
        (-0.0018, f"{MINUS}0.18"),
        (0.0263, "+2.6"),
        (0.123, "+12.3"),
        (0, "0"),
        (0.0042, "+0.42"),
        (-0.05, f"{MINUS}5"),
    ],
)
def test_points_are_a_difference_of_fractions(difference: Number, text: str) -> None:
    assert EN.points(difference) == f"{text}{NB}pp"


@pytest.mark.parametrize(
    ("x", "currency", "text"),
    [
        (9_840_123, "SEK", f"SEK{NB}9,840,123"),
        (Decimal("9840123.40"), "SEK", f"SEK{NB}9,840,123"),
        (412.37, "EUR", "€412.37"),
        (412.3, "EUR", "€412.30"),
        (412, "EUR", "€412"),
        (556.0000000000001, "EUR", "€556"),  # as 40 + 0.6 x 860 may be in floats
        (0.0342, "EUR", "€0.0342"),
        (0.5, "EUR", "€0.50"),
        (0, "EUR", "€0"),
        (412.37, "JPY", "JP¥412"),
        (-20, "GBP", f"{MINUS}£20"),
        (412.37, "xyz", f"XYZ{NB}412.37"),
        (412.37, None, "412.37"),
    ],
)
def test_money_has_decimals_below_a_thousand(x: Number, currency: str | None, text: str) -> None:
    assert EN.money(x, currency) == text


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (999, "999"),
        (12_430, "12.4K"),
        (3_123_430, "3.1M"),
        (3_149_600, "3.1M"),  # rounding twice would give 3.2M
        (999_949, "1M"),  # Babel alone says 1000K
        (99_949, "99.9K"),
        (150_000, "150K"),
        (2_000_000_000, "2B"),
        (-45_000, f"{MINUS}45K"),
        (12.34, "12.3"),
    ],
)
def test_compact(x: Number, text: str) -> None:
    assert EN.compact(x) == text


def test_compact_money_and_a_language_that_does_not_shorten_thousands() -> None:
    assert EN.compact(3_123_430, "SEK") == f"SEK{NB}3.1M"
    assert SV.compact(3_123_430, "SEK") == f"3,1{NB}mn{NB}kr"
    assert language("de").compact(12_430) == "12.400"


@pytest.mark.parametrize(
    ("x", "unit", "text"),
    [
        (1234, "number", "1,234"),
        (0.0263, "percent", "2.63%"),
        (412.37, "currency", "€412.37"),
        (3.2, "ratio", "3.2"),
        (1, "days", "1 day"),
        (14.26, "days", "14.3 days"),
        (45.23, "seconds", "45.2 secs"),
        (59.96, "seconds", "1 min"),
        (185, "seconds", "3 mins, 5 secs"),
        (3599.7, "seconds", "1 hr"),
        (7810, "seconds", "2 hrs, 10 mins"),
        (86399, "seconds", "1 day"),
        (90000, "seconds", "1 day, 1 hr"),
        (-185, "seconds", f"{MINUS}3 mins, 5 secs"),
        (5, "apples", "5"),
    ],
)
def test_a_quantity_wears_its_unit(x: Number, unit: str, text: str) -> None:
    assert EN.quantity(x, unit, "EUR") == text


def test_a_quantity_with_fixed_decimals() -> None:
    texts = [
        EN.quantity(2, unit, "EUR", decimals=1) for unit in ("number", "currency", "percent", "ratio", "days")
    ]
    assert texts == ["2.0", "€2.0", "200.0%", "2.0", "2.0 days"]


def test_swedish_and_polish_are_as_cldr_has_them() -> None:
    assert SV.number(1234567.8) == f"1{NB}234{NB}568"
    assert SV.percent(0.0263) == f"2,63{NB}%"
    assert SV.money(412.37, "SEK") == f"412,37{NB}kr"
    assert SV.change(-0.034) == f"{MINUS}3,4{NB}%"
    assert PL.number(1234567.8) == f"1{NB}234{NB}568"
    assert PL.percent(0.0263) == "2,63%"
    assert PL.compact(12_430) == f"12,4{NB}tys."
    assert [PL.quantity(n, "days") for n in (1, 2, 5, 1.5)] == ["1 dzień", "2 dni", "5 dni", "1,5 dnia"]


def test_a_list_pattern_that_babel_holds_in_part() -> None:
    assert language("es").quantity(185, "seconds") == "3 min y 5 s"


def test_persian_has_its_own_digits_and_signs() -> None:
    assert FA.number(1234567.8) == "۱٬۲۳۴٬۵۶۸"
    assert FA.percent(0.0263) == "۲٫۶۳٪"
    assert FA.change(-0.034) == f"{LRM}{MINUS}۳٫۴٪"
    assert FA.change(0.12) == f"{LRM}+۱۲٪"
    assert FA.compact(12_430) == f"۱۲٫۴{NB}هزار"
    assert FA.quantity(3, "days") == "۳ روز"  # Babel lacks the long form
    assert FA.money(412.37, "EUR") == f"{LRM}€{NB}۴۱۲٫۳۷"
