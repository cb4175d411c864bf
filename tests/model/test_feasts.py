"""Feasts that move: known days, and the rules against another library's."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from dateutil.easter import EASTER_ORTHODOX
from dateutil.easter import easter as other_easter

from kurs.model.events import Calendar, Event
from kurs.model.feasts import Feast, Rule, easter, orthodox_easter
from kurs.model.holidays import Mark, MarkKind, knows, marks, parts_of
from kurs.model.text import Text
from spans import days


def test_easter_is_that_of_another_reckoning() -> None:
    years = range(1900, 2100)
    assert [easter(year) for year in years] == [other_easter(year) for year in years]
    assert [orthodox_easter(year) for year in years] == [
        other_easter(year, EASTER_ORTHODOX) for year in years
    ]


@pytest.mark.parametrize(
    ("feast", "year", "expected"),
    [
        (Feast.EASTER, 2026, ["2026-04-03..2026-04-06"]),
        (Feast.ORTHODOX_EASTER, 2026, ["2026-04-10..2026-04-13"]),
        (Feast.BLACK_FRIDAY, 2024, ["2024-11-29"]),  # November begins on a Friday: the fifth one
        (Feast.BLACK_FRIDAY, 2025, ["2025-11-28"]),
        (Feast.BLACK_WEEK, 2026, ["2026-11-23..2026-11-29"]),
        (Feast.CYBER_MONDAY, 2024, ["2024-12-02"]),
        (Feast.NOWRUZ, 2024, ["2024-03-20..2024-04-01"]),
        (Feast.NOWRUZ, 2025, ["2025-03-21..2025-04-02"]),
        (Feast.RAMADAN, 2026, ["2026-02-18..2026-03-19"]),
        (Feast.RAMADAN, 2030, ["2030-01-05..2030-02-03", "2030-12-26..2031-01-23"]),  # two in one year
        (Feast.EID_AL_FITR, 2026, ["2026-03-20"]),
        (Feast.LUNAR_NEW_YEAR, 2026, ["2026-02-17"]),
        (Feast.RAMADAN, 2150, []),  # the tables end before
    ],
)
def test_known_days(feast: Feast, year: int, expected: list[str]) -> None:
    assert Rule(feast).runs(year) == tuple(days(one) for one in expected)


def test_ramadan_has_29_or_30_days_and_comes_every_354() -> None:
    runs = [one for year in range(1950, 2070) for one in Rule(Feast.RAMADAN).runs(year)]
    assert {len(one) for one in runs} <= {29, 30}
    gaps = {(later.first - one.first).days for one, later in pairwise(runs)}
    assert gaps <= {353, 354, 355, 356}


def test_days_around_a_feast_belong_to_the_event() -> None:
    assert Rule(Feast.EASTER, before=7, after=1).runs(2026) == (days("2026-03-27..2026-04-07"),)


WEEK = Event("black_week", rule=Rule(Feast.BLACK_WEEK))
RAMADAN = Event("ramadan", rule=Rule(Feast.RAMADAN), label=Text.plain("Ramadan"))


@pytest.mark.parametrize(
    ("asked", "before"),
    [
        ("2026-11-23..2026-11-29", "2025-11-24..2025-11-30"),
        ("2026-11-27", "2025-11-28"),  # Friday on Friday
        ("2026-11-20..2026-11-30", "2025-11-21..2025-12-01"),  # begins before it: the same days before
        ("2026-06-01..2026-06-30", None),
    ],
)
def test_the_same_event_a_year_before(asked: str, before: str | None) -> None:
    expected = None if before is None else days(before)
    assert WEEK.before(days(asked)) == expected
    assert Calendar(events=(RAMADAN, WEEK)).same_event(days(asked)) == expected


def test_the_event_in_which_days_begin_comes_before_one_that_they_touch() -> None:
    sale = Event("sale", (days("2025-11-01..2025-11-05"), days("2026-11-28..2026-12-05")))
    both = Calendar(events=(sale, WEEK))
    assert both.same_event(days("2026-11-23..2026-11-29")) == days("2025-11-24..2025-11-30")


def test_which_occurrence_stands_on_a_day() -> None:
    assert WEEK.at(date(2026, 11, 22)) == days("2025-11-24..2025-11-30")
    assert WEEK.at(date(2026, 11, 23)) == days("2026-11-23..2026-11-29")
    assert Event("none").at(date(2026, 1, 1)) is None


def test_runs_within() -> None:
    assert RAMADAN.within(days("2030-01-01..2030-12-31")) == (
        days("2030-01-05..2030-02-03"),
        days("2030-12-26..2031-01-23"),
    )
    far = days("2020-01-01..2030-12-31")
    assert len(WEEK.within(far)) == 11


def test_marks_of_a_week() -> None:
    calendar = Calendar(("SE", "DE-BY"), (WEEK, RAMADAN))
    found = marks(calendar, days("2026-04-02..2026-04-06"), ("sv", "en"))
    assert [(mark.days.first.isoformat(), mark.name) for mark in found] == [
        ("2026-04-03", "DE-BY"),
        ("2026-04-03", "SE"),
        ("2026-04-05", "SE"),
        ("2026-04-06", "DE-BY"),
        ("2026-04-06", "SE"),
    ]
    friday = found[1]
    assert (friday.label.in_language("sv"), friday.label.in_language("en")) == ("Långfredagen", "Good Friday")
    assert found[0].label.in_language("sv") == "Karfreitag"  # its own language, where no other is known
    in_ramadan = marks(calendar, days("2026-03-01..2026-03-02"))
    assert in_ramadan == (
        Mark(days("2026-02-18..2026-03-19"), MarkKind.EVENT, "ramadan", Text.plain("Ramadan"), computed=True),
    )


def test_parts_of_a_country_have_holidays_of_their_own() -> None:
    corpus_christi = days("2026-06-04")
    assert marks(Calendar(("DE-BY",)), corpus_christi) != ()
    assert marks(Calendar(("DE-BE",)), corpus_christi) == ()
    assert (knows("SE"), knows("DE-BY"), knows("DE-XX"), knows("XX")) == (True, True, False, False)
    assert "DE-BY" in parts_of("DE-XX")
    assert marks(Calendar(("XX",)), corpus_christi) == ()


def test_no_day_of_a_year_has_two_marks_of_one_country_of_one_name() -> None:
    found = marks(Calendar(("SE", "PL", "IR", "US")), days("2026-01-01..2026-12-31"), ("sv", "pl", "fa"))
    keys = [(mark.days, mark.name) for mark in found]
    assert len(keys) == len(set(keys))
    assert all(len(mark.days) == 1 for mark in found)
