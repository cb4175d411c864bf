"""Which days are compared: alike by default, refused where a comparison would be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from evaluate.plans import SEASON, covered, days, facts, kpi, plan
from kurs.explain.fair import Fair, Wanted, fair
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Grain
from kurs.model.kpi import Kpi, KpiPeriod
from kurs.problems import UsageError

ALL = covered("2024-01-01..2026-12-13")
AS_OF = date(2026, 12, 13)


def compared(
    of: Kpi | None = None,
    period: str | None = None,
    against: Against | str | None = None,
    *,
    known: object = ALL,
    flow: bool = True,
    as_of: date = AS_OF,
) -> Fair:
    comparison = None
    if isinstance(against, Against):
        comparison = Comparison(against)
    elif against is not None:
        comparison = Comparison(Against.RANGE, days(against))
    wanted = Wanted("m", of, days(period) if period else None, comparison)
    entries = known if isinstance(known, tuple) else (known,)
    return fair(plan(), facts(*entries, flow=flow), wanted, as_of, is_flow=flow)  # type: ignore[arg-type]


def codes(found: Fair) -> list[str]:
    return [problem.code for problem in found.caveats]


def refused(*arguments: object, **named: object) -> str:
    with pytest.raises(UsageError) as error:
        compared(*arguments, **named)  # type: ignore[arg-type]
    return error.value.problems[0].code


def test_a_metric_alone_is_read_over_four_whole_weeks() -> None:
    found = compared()
    assert (found.days, found.against) == (days("2026-11-16..2026-12-13"), days("2026-10-19..2026-11-15"))
    assert codes(found) == []


def test_the_usual_days_end_where_all_sources_are_complete() -> None:
    late = covered("2024-01-01..2026-12-10", source="ads")
    found = compared(known=(ALL, late))
    assert found.days == days("2026-11-13..2026-12-10")


def test_a_kpi_brings_its_period_and_its_baseline() -> None:
    found = compared(kpi(KpiPeriod(event="season"), against=Against.SAME_EVENT), as_of=date(2025, 12, 4))
    assert (found.days, found.against) == (days("2025-11-21..2025-12-04"), days("2024-11-22..2024-12-05"))
    assert codes(found) == ["compared_to_date"]


def test_a_running_month_is_compared_with_the_same_stretch_of_the_month_before() -> None:
    found = compared(kpi(KpiPeriod(every=Grain.MONTH), against=Against.PREVIOUS))
    assert (found.days, found.against) == (days("2026-12-01..2026-12-13"), days("2026-11-01..2026-11-13"))
    assert codes(found) == ["compared_to_date", "weekdays_differ"]


def test_months_of_unequal_lengths_are_cut_alike() -> None:
    found = compared(kpi(KpiPeriod(every=Grain.MONTH), against=Against.PREVIOUS), as_of=date(2026, 3, 31))
    assert (found.days, found.against) == (days("2026-03-01..2026-03-28"), days("2026-02-01..2026-02-28"))
    assert codes(found) == ["cut_to_same_length"]


def test_stated_days_of_unequal_lengths_are_refused_for_a_flow_alone() -> None:
    ranges = ("2026-11-02..2026-11-15", "2026-10-19..2026-10-25")
    assert refused(None, *ranges) == "unequal_lengths"
    assert codes(compared(None, *ranges, flow=False)) == ["unequal_lengths_caveat"]


def test_a_baseline_of_stated_days_belongs_to_its_own_period() -> None:
    of = kpi(against=Against.RANGE, span=days("2025-01-01..2025-01-31"))
    assert compared(of).against == days("2025-01-01..2025-01-31")
    assert compared(of, "2026-11-02..2026-11-08").against == days("2026-10-26..2026-11-01")


def test_events_on_one_side_are_told() -> None:
    first = SEASON.occurrences[1].first
    found = compared(None, f"{first}..2025-12-04", Against.PREVIOUS)
    assert codes(found) == ["event_on_one_side"]
    assert codes(compared(None, f"{first}..2025-12-04", Against.SAME_EVENT)) == []


def test_overlapping_days_are_told() -> None:
    assert "periods_overlap" in codes(compared(None, "2026-11-02..2026-11-15", "2026-10-26..2026-11-08"))


def test_days_without_data_are_refused_for_a_flow() -> None:
    holes = covered("2024-01-01..2026-11-03 2026-11-06..2026-12-13")
    week = ("2026-11-09..2026-11-15", Against.PREVIOUS)
    assert refused(None, *week, known=holes) == "compared_not_covered"
    assert codes(compared(None, *week, known=holes, flow=False)) == ["days_missing"]
    assert (
        refused(None, "2024-01-08..2024-01-14", "2023-12-25..2023-12-31", flow=False)
        == "compared_not_covered"
    )


def test_a_source_that_began_in_between_is_told() -> None:
    new = covered("2026-11-12..2026-12-13", source="new")
    project_of_one_table = (ALL, new)
    with pytest.raises(UsageError):  # two relations: the days before are not covered in one of them
        compared(known=project_of_one_table)
    wanted = Wanted("m")
    entries = facts(*project_of_one_table)
    found = fair(plan(shop="t", new="t"), entries, wanted, AS_OF, is_flow=True)
    assert codes(found) == ["source_began"]


def test_days_that_may_be_restated_are_told() -> None:
    assert codes(compared(known=covered("2024-01-01..2026-12-13", restates=7))) == ["may_be_restated"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((kpi(KpiPeriod(days=days("2027-01-01..2027-01-31"))),), "not_started"),
        ((None, "2026-12-14..2026-12-20"), "period_not_loaded"),
        ((None, "2023-11-01..2023-11-07", Against.SAME_EVENT), "no_same_event"),
    ],
)
def test_what_cannot_be_compared_is_refused(arguments: tuple[object, ...], code: str) -> None:
    assert refused(*arguments) == code


def test_without_data_there_is_nothing_to_compare() -> None:
    assert refused(as_of=date(2023, 1, 1)) == "no_data_yet"


def test_a_metric_that_was_redefined_between_the_two_sides_is_told() -> None:
    revised = replace(facts(ALL), redefined=(("m", date(2026, 11, 10)),))
    wanted = Wanted("m")
    found = fair(plan(), revised, wanted, AS_OF, is_flow=True)
    assert codes(found) == ["redefined_between"]
    long_ago = replace(facts(ALL), redefined=(("m", date(2026, 10, 19)),))
    assert codes(fair(plan(), long_ago, wanted, AS_OF, is_flow=True)) == []
