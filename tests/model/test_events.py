"""Events that come back: which one runs, and the one before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.model.days import Days
from kurs.model.events import Calendar, Event

SEASONS = Event(
    "season",
    tuple(
        Days(date(year, 11, first), date(year, 12, 28))
        for year, first in ((2023, 24), (2024, 22), (2025, 21))
    ),
)


@pytest.mark.parametrize(
    ("day", "year"), [("2024-12-01", 2024), ("2025-03-01", 2024), ("2020-01-01", 2023), ("2030-01-01", 2025)]
)
def test_the_event_that_runs_or_ran_last(day: str, year: int) -> None:
    assert SEASONS.at(date.fromisoformat(day)).first.year == year


@given(st.integers(0, 30), st.integers(0, 5))
def test_the_same_event_keeps_offset_and_length(offset: int, more: int) -> None:
    """Black Friday is the first day, be it the 21st or the 22nd."""
    first = date(2025, 11, 21) + timedelta(days=offset)
    asked = Days(first, first + timedelta(days=more))
    before = SEASONS.before(asked)
    assert before is not None
    assert before.first - date(2024, 11, 22) == timedelta(days=offset)
    assert len(before) == len(asked)


def test_the_first_event_and_days_outside_have_none_before() -> None:
    assert SEASONS.before(Days(date(2023, 11, 24), date(2023, 11, 30))) is None
    assert SEASONS.before(Days(date(2025, 3, 1), date(2025, 3, 2))) is None


def test_an_event_is_found_by_its_name() -> None:
    calendar = Calendar(events=(SEASONS,))
    assert calendar.event("season") is SEASONS
    assert calendar.event("easter") is None
