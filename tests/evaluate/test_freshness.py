"""How far the data reach: gaps, late accounts, days that may be restated, as of an earlier day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate.plans import covered, day, days, has_words, plan
from kurs.evaluate.freshness import freshness

if TYPE_CHECKING:
    from kurs.model.coverage import Covered

PLAN = plan(orders="orders", sessions="web", returns="orders")


def test_without_coverage_all_days_count_as_covered() -> None:
    fresh = freshness(PLAN, (), day("2026-01-10"))
    assert (fresh.data_to, fresh.complete_to) == (day("2026-01-10"), day("2026-01-10"))
    assert fresh.missing(days("2025-01-01..2026-01-10")) == 0
    assert fresh.missing(days("2026-01-09..2026-01-12")) == 2  # tomorrow is never covered
    assert fresh.missing(days("2026-02-01..2026-02-02")) == 2
    assert fresh.caveats(days("2026-01-01..2026-01-10")) == ()


@pytest.mark.parametrize(
    ("as_of", "data_to", "complete_to"),
    [
        ("2026-01-31", "2026-01-20", "2026-01-10"),
        ("2026-01-15", "2026-01-15", "2026-01-10"),
        ("2026-01-08", "2026-01-08", "2026-01-08"),
        ("2025-12-30", "2025-12-25", "2025-12-25"),  # a gap; the late source has not begun
        ("2025-11-30", None, None),  # nothing yet
    ],
)
def test_data_to_and_complete_to(as_of: str, data_to: str | None, complete_to: str | None) -> None:
    both = (
        covered("2025-12-01..2025-12-25 2026-01-01..2026-01-20", "orders"),
        covered("2026-01-01..2026-01-10", "returns"),
    )
    fresh = freshness(PLAN, both, day(as_of))
    assert fresh.data_to == (day(data_to) if data_to else None)
    assert fresh.complete_to == (day(complete_to) if complete_to else None)


def test_sources_of_one_relation_complete_each_other_but_relations_do_not() -> None:
    old, new = covered("2026-01-01..2026-01-10", "orders"), covered("2026-01-11..2026-01-31", "returns")
    assert freshness(PLAN, (old, new), day("2026-01-31")).missing(days("2026-01-01..2026-01-31")) == 0
    web = covered("2026-01-05..2026-01-31", "sessions")
    assert freshness(PLAN, (old, new, web), day("2026-01-31")).missing(days("2026-01-01..2026-01-31")) == 4


def found(entry: Covered, as_of: str, evaluated: str) -> list[tuple[str, dict[str, object]]]:
    caveats = freshness(PLAN, (entry,), day(as_of)).caveats(days(evaluated))
    assert all(has_words(problem) for problem in caveats)
    return [(problem.code, dict(problem.values)) for problem in caveats]


def test_restated_days_are_counted_from_what_is_loaded() -> None:
    january = "2026-01-01..2026-01-31"
    shop = {"source": "orders", "account": None}
    entry = covered(january, "orders", restates=7)
    assert found(entry, "2026-01-31", "2026-01-01..2026-01-24") == []
    assert found(entry, "2026-01-31", "2026-01-01..2026-01-25") == [
        ("may_be_restated", shop | {"from": day("2026-01-25"), "until": day("2026-02-01")})
    ]
    assert found(entry, "2026-02-10", january) == [
        ("may_be_restated", shop | {"from": day("2026-01-25"), "until": day("2026-02-07")})
    ]
    # asked as of an earlier day, the numbers are still those of the last load
    longer = covered("2026-01-01..2026-02-28", "orders", restates=7)
    assert found(longer, "2026-01-31", january) == []


def test_a_late_source_is_named_with_its_last_day_before_the_gap() -> None:
    gappy = covered("2026-01-01..2026-01-10 2026-02-01..2026-02-10", "orders")
    fresh = freshness(PLAN, (gappy, covered("2026-01-01..2026-02-10", "returns")), day("2026-01-31"))
    (late,) = fresh.caveats(days("2026-01-01..2026-01-31"))
    assert (late.code, late.values["source"], late.values["to"]) == (
        "late_source",
        "orders",
        day("2026-01-10"),
    )


def test_rejected_rows_are_said() -> None:
    entry = covered("2026-01-01..2026-01-31", "orders", rejected=3)
    ((code, values),) = found(entry, "2026-01-31", "2026-01-01..2026-01-31")
    assert (code, values["rows"]) == ("rows_rejected", 3)


SPAN = st.tuples(st.integers(0, 40), st.integers(0, 15)).map(lambda pair: (pair[0], pair[0] + pair[1]))
BASE = day("2026-01-01").toordinal()


@given(
    st.lists(st.tuples(st.sampled_from(["orders", "returns", "sessions"]), SPAN), min_size=1, max_size=6),
    SPAN,
    st.integers(0, 60),
)
def test_missing_days_equal_brute_force(
    loads: list[tuple[str, tuple[int, int]]], wanted: tuple[int, int], as_of: int
) -> None:
    def span(ends: tuple[int, int]) -> str:
        first, last = (date.fromordinal(BASE + end) for end in ends)
        return f"{first}..{last}"

    entries = tuple(covered(span(ends), source) for source, ends in loads)
    fresh = freshness(PLAN, entries, date.fromordinal(BASE + as_of))
    relations = {PLAN.sources[source].into for source, _ in loads}
    held = {
        relation: {
            n
            for source, (first, last) in loads
            if PLAN.sources[source].into == relation
            for n in range(first, last + 1)
        }
        for relation in relations
    }
    expected = [
        n
        for n in range(wanted[0], wanted[1] + 1)
        if n > as_of or not all(n in known for known in held.values())
    ]
    assert fresh.missing(days(span(wanted))) == len(expected)
