"""Readings from answers: the whole way, with every reason for no number and no verdict."""

from __future__ import annotations

import dataclasses
import math
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate.plans import (
    FLOW,
    MONTHLY,
    RATIO,
    answers,
    change,
    codes,
    covered,
    day,
    days,
    facts,
    has_words,
    kpi,
    period,
    plan,
    reach,
    reading,
)
from kurs.evaluate.needs import needs
from kurs.evaluate.reading import Band, Status
from kurs.evaluate.readings import read, refused
from kurs.metrics.nature import MetricFacts
from kurs.model.comparison import Against
from kurs.model.kpi import FrozenBaseline, Kpi, KpiPeriod
from kurs.model.metric import Direction
from kurs.model.strategy import Stage
from kurs.model.target import Target, TargetKind
from kurs.problems import Problem, Severity

INFINITE = float("inf")


def test_a_flow_on_its_way() -> None:
    found = reading(kpi(target=reach(310)), "2026-01-10", 90)
    assert (found.value, found.target, found.gap) == (90, 310, -220)
    assert found.progress == pytest.approx(90 / 310)
    assert found.expected_by_now == pytest.approx(100)
    assert found.pace == pytest.approx(0.9)
    assert found.status is Status.AT_RISK
    assert (found.data_to, found.stage) == (day("2026-01-10"), Stage.ACTIVATE)
    assert (found.provisional, found.reason, found.caveats) == (False, None, ())


def test_a_ratio_between_its_baseline_and_its_target() -> None:
    of = kpi(KpiPeriod(event="season"), change(0.2), Against.SAME_EVENT)
    found = reading(of, "2025-12-01", 0.033, 0.03, known=RATIO, parts=(33, 1000))
    assert (found.numerator, found.denominator, found.baseline) == (33, 1000, 0.03)
    assert found.target == pytest.approx(0.036)
    assert found.gap == pytest.approx(-0.003)
    assert found.progress == pytest.approx(0.5)
    assert found.expected_by_now == found.target
    assert found.pace == pytest.approx(0.033 / 0.036)
    assert found.status is Status.AT_RISK


def test_a_band() -> None:
    found = reading(kpi(target=Target(TargetKind.BETWEEN, 2, 4)), "2026-01-10", 1.9, known=RATIO)
    assert (found.target, found.good, found.status) == (Band(2, 4), Direction.BAND, Status.AT_RISK)
    assert found.gap == pytest.approx(-0.1)
    assert (found.progress, found.expected_by_now, found.pace) == (None, None, None)


@pytest.mark.parametrize(
    ("as_of", "data", "value", "expected"),
    [
        ("2026-01-31", "2025-12-01..2026-01-31", 99, Status.MISSED),
        ("2026-02-15", "2025-12-01..2026-02-15", 99, Status.MISSED),
        ("2026-02-15", "2025-12-01..2026-01-30", 99, Status.ON_TRACK),  # the last day is not there yet
        ("2026-01-30", "2025-12-01..2026-01-31", 99, Status.ON_TRACK),
        ("2026-01-30", "2025-12-01..2026-01-31", 100, Status.MET),
        ("2026-02-15", "2025-12-01..2026-01-31", 100, Status.MET),
    ],
)
def test_final_only_with_all_days(as_of: str, data: str, value: float, expected: Status) -> None:
    assert reading(kpi(target=reach(100)), as_of, value, known=facts(covered(data))).status is expected


UNLOADED = MetricFacts(accumulates=True, has_parts=False, loaded=False)


@pytest.mark.parametrize(
    ("as_of", "known", "value", "parts", "status", "reason"),
    [
        ("2025-12-31", FLOW, 1, None, Status.NOT_STARTED, "not_started"),
        ("2026-01-10", UNLOADED, 1, None, Status.NO_DATA, "not_loaded"),
        ("2026-01-10", facts(covered("2026-02-01")), 1, None, Status.NO_DATA, "no_data_yet"),
        ("2026-01-10", facts(covered("2025-12-31")), 1, None, Status.NO_DATA, "period_not_loaded"),
        ("2026-01-10", FLOW, None, None, Status.NO_DATA, "no_rows_in_period"),
        ("2026-01-10", RATIO, None, (None, None), Status.NO_DATA, "no_rows_in_period"),
        ("2026-01-10", RATIO, None, (5, 0), Status.NO_DATA, "zero_denominator"),
        ("2026-01-10", RATIO, None, (5, None), Status.NO_DATA, "zero_denominator"),
        ("2026-01-10", RATIO, None, (Decimal(0), Decimal("0.00")), Status.NO_DATA, "zero_denominator"),
        ("2026-01-10", RATIO, math.nan, (0.0, 0.0), Status.NO_DATA, "zero_denominator"),
        ("2026-01-10", FLOW, INFINITE, None, Status.NO_DATA, "not_finite"),
        ("2026-01-10", FLOW, Decimal("NaN"), None, Status.NO_DATA, "not_finite"),
    ],
)
def test_no_value_has_a_reason(
    as_of: str,
    known: MetricFacts,
    value: object,
    parts: tuple[object, object] | None,
    status: Status,
    reason: str,
) -> None:
    found = reading(kpi(target=reach(10)), as_of, value, known=known, parts=parts)
    assert (found.value, found.gap, found.pace, found.progress) == (None, None, None, None)
    assert found.status is status
    assert found.reason is not None
    assert (found.reason.code, found.reason.kpi) == (reason, "k")
    assert found.reason.severity is not Severity.ERROR


IN_SEASON = KpiPeriod(event="season")


@pytest.mark.parametrize(
    ("of", "as_of", "baseline", "known", "reason"),
    [
        (kpi(target=change(0.1)), "2026-01-10", None, FLOW, "target_needs_baseline"),
        (kpi(MONTHLY, change(0.1), Against.PREVIOUS), "2026-01-10", None, FLOW, "baseline_missing"),
        (kpi(MONTHLY, change(0.1), Against.PREVIOUS), "2026-01-10", math.nan, FLOW, "baseline_missing"),
        (
            kpi(MONTHLY, change(0.1), Against.PREVIOUS),
            "2026-01-10",
            0,
            FLOW,
            "target_needs_positive_baseline",
        ),
        (kpi(IN_SEASON, change(0.1), Against.SAME_EVENT), "2024-12-01", None, FLOW, "no_earlier_event"),
        (
            kpi(MONTHLY, change(0.1), Against.PREVIOUS),
            "2026-01-10",
            9,
            facts(covered("2025-12-02..2026-01-10")),
            "baseline_not_covered",
        ),
    ],
)
def test_a_target_that_cannot_be_computed_has_a_reason_and_is_no_data(
    of: Kpi, as_of: str, baseline: object, known: MetricFacts, reason: str
) -> None:
    found = reading(of, as_of, 5, baseline, known=known)
    assert (found.value, found.target, found.status) == (5, None, Status.NO_DATA)
    assert found.reason is not None
    assert found.reason.code == reason
    assert reason not in codes(found)  # said once


def test_without_a_target_there_is_no_status_even_before_the_start() -> None:
    assert reading(kpi(), "2025-12-01").status is None
    assert reading(kpi(), "2026-01-10", 5).status is None
    assert reading(kpi(), "2026-01-10", 5).reason is None


def test_without_a_direction_there_is_no_status_but_a_reason() -> None:
    found = reading(kpi(target=reach(10)), "2026-01-10", 5, good=None)
    assert (found.status, found.gap) == (None, -5)
    assert found.reason is not None
    assert found.reason.code == "target_needs_direction"


def test_a_missing_baseline_is_a_caveat_where_the_target_needs_none() -> None:
    found = reading(kpi(MONTHLY, reach(10), Against.PREVIOUS), "2026-01-10", 5, None)
    assert (found.reason, codes(found)) == (None, ["baseline_missing"])
    assert found.status is Status.ON_TRACK


def test_within_another_segment_nothing_is_judged() -> None:
    found = reading(kpi(target=reach(10)), "2026-01-10", 5, segment="new")
    assert (found.value, found.target, found.status, found.segments) == (5, None, None, ("new",))
    assert found.reason is not None
    assert (found.reason.code, found.reason.severity) == ("target_of_the_whole", Severity.INFO)
    own = reading(kpi(target=reach(10), segment="new"), "2026-01-10", 5, segment="new")
    assert (own.target, own.status) == (10, Status.ON_TRACK)


@pytest.mark.parametrize(
    ("of", "flow", "as_of", "expected"),
    [
        (kpi(MONTHLY, against=Against.PREVIOUS), True, "2026-03-10", [("unlike_lengths", "info", 31, 28)]),
        (kpi(MONTHLY, against=Against.PREVIOUS), True, "2026-01-10", []),  # December is as long
        (kpi(MONTHLY, against=Against.PREVIOUS), False, "2026-03-10", []),
        (kpi(MONTHLY, against=Against.LAST_YEAR), True, "2025-02-10", [("unlike_lengths", "info", 28, 29)]),
        (
            kpi(against=Against.RANGE, span=days("2025-12-01..2025-12-10")),
            True,
            "2026-01-10",
            [("unlike_lengths", "warning", 31, 10)],
        ),
    ],
)
def test_sums_over_unlike_lengths_are_said(
    of: Kpi, flow: bool, as_of: str, expected: list[tuple[str, str, int, int]]
) -> None:
    found = reading(of, as_of, 5, 4, known=FLOW if flow else RATIO)
    told = [(c.code, c.severity, c.values["days"], c.values["baseline_days"]) for c in found.caveats]
    assert told == expected


def test_a_late_account_makes_the_reading_provisional() -> None:
    known = facts(covered("2025-12-01..2026-01-10", "a"), covered("2025-12-01..2026-01-08", "b"))
    found = reading(kpi(target=reach(310)), "2026-01-12", 90, known=known)
    assert (found.data_to, found.provisional, codes(found)) == (day("2026-01-10"), True, ["late_source"])
    assert found.expected_by_now == pytest.approx(100)
    assert not reading(kpi(period("2025-12-01..2025-12-31")), "2026-01-12", 90, known=known).provisional


def test_days_without_data_inside_the_period_are_said() -> None:
    known = facts(covered("2026-01-04..2026-01-06 2026-01-08..2026-01-10"))
    found = reading(kpi(), "2026-01-10", 5, known=known)
    ((code, missing),) = [(c.code, c.values["missing"]) for c in found.caveats]
    assert (code, missing) == ("days_missing", 4)


def test_a_ratio_says_that_its_baseline_comes_of_a_part() -> None:
    known = facts(covered("2025-12-20..2026-01-10"), flow=False)
    found = reading(kpi(MONTHLY, against=Against.PREVIOUS), "2026-01-10", 0.5, 0.4, known=known)
    assert (found.baseline, codes(found)) == (0.4, ["baseline_partly_covered"])


def test_numbers_are_plain() -> None:
    found = reading(
        kpi(MONTHLY, change(0.5), Against.PREVIOUS),
        "2026-01-31",
        Decimal("1.50"),
        Decimal(1),
        known=RATIO,
        parts=(3, Decimal(2)),
    )
    assert [type(n) for n in (found.value, found.numerator, found.denominator, found.baseline)] == [
        float,
        int,
        float,
        float,
    ]
    assert found.status is Status.MET


def test_the_trend_is_laid_on_its_buckets() -> None:
    need = needs(plan(), kpi(MONTHLY), day("2026-01-10"), FLOW)
    rows: dict[object, object] = {
        datetime(2025, 10, 1, tzinfo=UTC): Decimal(3),
        day("2025-12-01"): math.nan,
        datetime(2026, 1, 1, tzinfo=UTC): 7,
    }
    assert read(need, answers(need, 7, recent=rows)).recent == (3.0, None, None, 7)
    with pytest.raises(TypeError, match="no time"):
        read(need, answers(need, 7, recent={"2026-01": 1}))


def test_answers_must_match_the_questions() -> None:
    need = needs(plan(), kpi(), day("2026-01-10"), FLOW)
    with pytest.raises(ValueError, match="1 answers to 2 questions"):
        read(need, answers(need, 7)[:1])


def test_warnings_of_the_answer_are_passed_on_but_not_what_is_said_already() -> None:
    need = needs(plan(), kpi(), day("2026-01-10"), FLOW)
    value, recent = answers(need, 7)
    told = (Problem("late_source"), Problem("anonymous_rows", severity=Severity.WARNING))
    found = read(need, [dataclasses.replace(value, warnings=told), recent])
    assert codes(found) == ["anonymous_rows"]


def test_what_cannot_be_asked_is_a_reading_without_a_value() -> None:
    need = needs(plan(), kpi(target=reach(10)), day("2026-01-10"), FLOW, None)
    problem = Problem("unreachable_filter")
    found = refused(need, problem)
    assert (found.value, found.status, found.reason) == (None, Status.NO_DATA, problem)


ANY = st.one_of(
    st.none(), st.floats(), st.integers(-10, 10), st.decimals(allow_nan=False), st.just(Decimal("NaN"))
)
TARGETS = st.one_of(
    st.none(),
    st.builds(
        Target, st.sampled_from([kind for kind in TargetKind if kind is not TargetKind.BETWEEN]), st.floats()
    ),
    st.builds(Target, st.just(TargetKind.BETWEEN), st.floats(), st.floats()),
)


@given(
    TARGETS,
    st.sampled_from([None, Against.PREVIOUS, Against.LAST_YEAR]),
    st.one_of(st.none(), st.floats()),
    st.booleans(),
    st.tuples(ANY, ANY, ANY, ANY),
    st.dates(day("2025-12-30"), day("2026-02-02")),
    st.sampled_from([None, *Direction]),
)
def test_only_finite_numbers_leave_and_silence_has_a_reason(
    target: Target | None,
    against: Against | None,
    stated: float | None,
    flow: bool,
    cells: tuple[object, object, object, object],
    as_of: object,
    good: Direction | None,
) -> None:
    of = kpi(target=target, against=against, stated=stated)
    known = FLOW if flow else RATIO
    found = reading(of, str(as_of), *cells[:2], known=known, parts=(cells[2], cells[3]), good=good)
    band = found.target if isinstance(found.target, Band) else None
    numbers = [found.value, found.numerator, found.denominator, found.baseline, found.gap, found.progress]
    numbers += [found.expected_by_now, found.pace, *found.recent, *((band.low, band.high) if band else ())]
    numbers += [found.target] if not isinstance(found.target, Band) else []
    assert all(number is None or math.isfinite(number) for number in numbers)
    assert all(number is None or type(number) in (int, float) for number in numbers)
    assert found.value is not None or found.reason is not None
    assert (found.status is not None) or target is None or found.reason is not None
    assert (found.status is None) or target is not None
    assert found.status is not Status.TOO_EARLY


@pytest.mark.parametrize(
    ("now", "same_definition", "said"),
    [
        (100, True, []),
        (110, True, ["baseline_restated"]),
        (None, True, []),
        (110, False, ["baseline_of_other_definition"]),
    ],
)
def test_a_frozen_baseline_stands(now: float | None, same_definition: bool, said: list[str]) -> None:
    of = kpi(MONTHLY, against=Against.LAST_YEAR, target=change(0.5))
    compared = needs(plan(), of, day("2026-01-31"), FLOW).compared
    assert compared is not None
    frozen = FrozenBaseline(compared, 100, day("2026-01-05"), same_definition=same_definition)
    other = FrozenBaseline(compared.shifted(1), 7, day("2026-01-05"))
    need = needs(plan(), of, day("2026-01-31"), FLOW, frozen=(other, frozen))
    found = read(need, answers(need, 120, now))
    assert (found.baseline, found.target, found.restated_baseline) == (100, 150, now)
    about = [caveat.code for caveat in found.caveats if caveat.code.startswith("baseline")]
    assert about == said
    assert all(has_words(caveat) for caveat in found.caveats)
