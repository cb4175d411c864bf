"""Which days are covered, by which sources, and until when."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kurs.model.coverage import Covered, RelationFacts, merged
from kurs.model.days import Days

START = date(2026, 1, 1)
RANGES = st.lists(
    st.builds(
        lambda first, more: Days(START + timedelta(days=first), START + timedelta(days=first + more)),
        st.integers(0, 60),
        st.integers(0, 10),
    ),
    max_size=6,
)
SOURCES = st.lists(RANGES.filter(bool).map(merged), max_size=3)


def facts(sources: list[tuple[Days, ...]]) -> RelationFacts:
    entries = (Covered(f"s{place}", "", days, 3, 1) for place, days in enumerate(sources))
    return RelationFacts(covered=tuple(entries))


def all_days(ranges: tuple[Days, ...] | list[Days]) -> set[date]:
    return {day for days in ranges for day in days}


@given(RANGES)
def test_merged_ranges_hold_the_same_days_and_do_not_touch(ranges: list[Days]) -> None:
    found = merged(ranges)
    assert all_days(found) == all_days(ranges)
    assert all(later.first - earlier.last > timedelta(days=1) for earlier, later in pairwise(found))
    assert merged(found) == found


@given(SOURCES)
def test_days_are_those_of_any_source_complete_to_that_of_the_latest_common(
    sources: list[tuple[Days, ...]],
) -> None:
    known = facts(sources)
    assert all_days(known.days) == {day for ranges in sources for day in all_days(ranges)}
    assert known.complete_to == min((max(all_days(ranges)) for ranges in sources), default=None)


@given(SOURCES, st.integers(-5, 80))
def test_until_forgets_what_is_later_and_nothing_else(sources: list[tuple[Days, ...]], offset: int) -> None:
    day = START + timedelta(days=offset)
    known, cut = facts(sources), facts(sources).until(day)
    assert all_days(cut.days) == {each for each in all_days(known.days) if each <= day}
    assert all(entry.days and entry.to <= day for entry in cut.covered)
    assert {(entry.restates_days, entry.rejected_rows) for entry in cut.covered} <= {(3, 1)}
    assert cut.until(day) == cut
