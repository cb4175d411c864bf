"""What is asked: which days, within which segments, with which parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate.plans import FLOW, MONTHLY, RATIO, change, covered, day, days, facts, kpi, period, plan, reach
from kurs.evaluate.needs import needs
from kurs.metrics.nature import MetricFacts
from kurs.metrics.question import Asked, Part, Question
from kurs.model.comparison import Against
from kurs.model.days import Grain
from kurs.model.kpi import KpiPeriod


def test_a_plain_kpi_asks_for_its_value_and_its_trend() -> None:
    need = needs(plan(), kpi(MONTHLY), day("2026-01-10"), FLOW)
    assert need.evaluated == days("2026-01-01..2026-01-10")
    assert need.questions == (
        Question((Asked("m"),), days=days("2026-01-01..2026-01-10")),
        Question((Asked("m"),), days=days("2025-02-01..2026-01-10"), grain=Grain.MONTH),
    )
    assert (need.trend[0], need.trend[-1]) == (days("2025-02-01..2025-02-28"), days("2026-01-01..2026-01-31"))


def test_a_ratio_is_asked_with_its_parts_and_the_whole_baseline() -> None:
    need = needs(plan(), kpi(MONTHLY, against=Against.LAST_YEAR), day("2026-01-10"), RATIO)
    assert need.value is not None
    assert need.value.metrics == (Asked("m"), Asked("m", Part.NUMERATOR), Asked("m", Part.DENOMINATOR))
    assert need.baseline == Question((Asked("m"),), days=days("2025-01-01..2025-01-31"))


def test_nothing_is_asked_beyond_the_data_or_the_day() -> None:
    known = facts(covered("2025-12-20..2026-02-28"))
    assert needs(plan(), kpi(), day("2026-01-10"), known).evaluated == days("2026-01-01..2026-01-10")
    late = facts(covered("2025-12-20..2026-01-05"))
    assert needs(plan(), kpi(), day("2026-01-10"), late).evaluated == days("2026-01-01..2026-01-05")


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        ("2025-12-31", FLOW),  # not started
        ("2026-01-10", facts(covered("2025-12-01..2025-12-31"))),  # started, but not loaded
        ("2026-01-10", facts(covered("2026-02-01..2026-02-28"))),  # nothing by then
        ("2026-01-10", MetricFacts(accumulates=True, has_parts=False, loaded=False)),
    ],
)
def test_no_value_is_asked_of_days_without_data(as_of: str, known: MetricFacts) -> None:
    need = needs(plan(), kpi(), day(as_of), known)
    assert need.value is None
    assert need.evaluated is None


def test_what_is_not_loaded_is_not_asked_at_all() -> None:
    known = MetricFacts(accumulates=True, has_parts=True, loaded=False)
    assert needs(plan(), kpi(against=Against.PREVIOUS), day("2026-01-10"), known).questions == ()


@pytest.mark.parametrize(
    ("flow", "data", "asked", "code"),
    [
        (True, "2025-12-01..2026-01-31", "2025-12-01..2025-12-31", None),
        (True, "2025-12-02..2026-01-31", None, "baseline_not_covered"),  # a partial sum is a wrong number
        (True, "2025-12-01..2025-12-10 2025-12-12..2026-01-31", None, "baseline_not_covered"),
        (False, "2025-12-02..2026-01-31", "2025-12-01..2025-12-31", None),  # a ratio may come of a part
        (False, "2026-01-01..2026-01-31", None, "baseline_not_covered"),  # but not of nothing
    ],
)
def test_a_baseline_needs_data(flow: bool, data: str, asked: str | None, code: str | None) -> None:
    recurring = kpi(MONTHLY, against=Against.PREVIOUS)
    need = needs(plan(), recurring, day("2026-01-31"), facts(covered(data), flow=flow))
    assert (need.baseline.days if need.baseline else None) == (days(asked) if asked else None)
    assert (need.baseline_reason.code if need.baseline_reason else None) == code


def test_a_baseline_that_is_not_over_is_no_baseline_of_a_flow() -> None:
    ranged = kpi(against=Against.RANGE, span=days("2026-01-05..2026-01-20"))
    assert needs(plan(), ranged, day("2026-01-10"), FLOW).baseline is None
    ratio = needs(plan(), ranged, day("2026-01-10"), RATIO)
    assert ratio.baseline is not None
    assert ratio.baseline.days == days("2026-01-05..2026-01-10")


@pytest.mark.parametrize(
    ("own", "asked", "segments", "has_target"),
    [
        (None, None, (), True),
        ("a", None, ("a",), True),
        ("a", "a", ("a",), True),
        (None, "b", ("b",), False),
        ("a", "b", ("a", "b"), False),
    ],
)
def test_a_part_has_not_the_target_of_the_whole(
    own: str | None, asked: str | None, segments: tuple[str, ...], has_target: bool
) -> None:
    of = kpi(target=reach(10), stated=5, segment=own, where="orders.x > 1")
    need = needs(plan(), of, day("2026-01-10"), FLOW, asked)
    assert all(question.segments == segments for question in need.questions)
    assert all(question.where == ("orders.x > 1",) for question in need.questions)
    assert (need.target is not None) == has_target
    assert (need.stated_baseline is not None) == has_target


def test_a_part_is_still_compared_with_its_own_past() -> None:
    of = kpi(MONTHLY, change(0.1), Against.PREVIOUS)
    need = needs(plan(), of, day("2026-01-10"), FLOW, "b")
    assert need.baseline is not None
    assert need.baseline.segments == ("b",)


def test_the_trend_starts_with_the_data() -> None:
    for flow, first in ((True, "2025-12-01..2025-12-31"), (False, "2025-11-01..2025-11-30")):
        known = facts(covered("2025-11-15..2026-01-31"), flow=flow)
        assert needs(plan(), kpi(MONTHLY), day("2026-01-10"), known).trend[0] == days(first)


@pytest.mark.parametrize(
    ("span", "grain"),
    [
        ("2026-01-01..2026-01-07", Grain.DAY),
        ("2026-01-01..2026-01-31", Grain.WEEK),
        ("2026-01-01..2026-12-31", Grain.MONTH),
    ],
)
def test_the_trend_of_a_dated_kpi_ends_with_its_data(span: str, grain: Grain) -> None:
    need = needs(plan(), kpi(period(span)), day("2026-01-05"), FLOW)
    assert need.recent is not None
    assert need.recent.grain is grain
    assert day("2026-01-05") in need.trend[-1]
    assert need.recent.days is not None
    assert need.recent.days.last == day("2026-01-05")


DAY = st.dates(day("2024-01-01"), day("2027-01-01"))
SPANS = st.tuples(DAY, DAY).map(lambda pair: f"{min(pair)}..{max(pair)}")
PERIODS = st.one_of(
    st.sampled_from([grain for grain in Grain if grain is not Grain.FISCAL_WEEK]).map(
        lambda grain: KpiPeriod(every=grain)
    ),
    SPANS.map(period),
    st.just(KpiPeriod(event="season")),
)
AGAINST = st.sampled_from([None, *(against for against in Against if against is not Against.RANGE)])


@given(PERIODS, AGAINST, DAY, st.lists(SPANS, max_size=2), st.booleans(), st.booleans())
def test_no_question_reaches_beyond_the_day_or_the_data(
    when: KpiPeriod, against: Against | None, as_of: object, spans: list[str], flow: bool, loaded: bool
) -> None:
    known = MetricFacts(flow, not flow, tuple(covered(span) for span in spans), loaded)
    need = needs(plan(), kpi(when, against=against), day(str(as_of)), known)
    ends = [question.days.last for question in need.questions if question.days is not None]
    assert len(ends) == len(need.questions)
    assert all(end <= min(need.as_of, need.fresh.data_to or end) for end in ends)
    assert len(need.trend) <= 16
    if need.evaluated is not None:
        assert need.evaluated.first == need.period.first
        assert need.evaluated.last <= need.period.last
