"""Targets of every kind, by hand: the way, the marks, what they are measured from, parts, tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluate.plans import (
    FLOW,
    MONTHLY,
    RATIO,
    answers,
    codes,
    covered,
    day,
    days,
    facts,
    kpi,
    period,
    plan,
    reach,
    reading,
    told,
)
from kurs.evaluate.needs import needs
from kurs.evaluate.reading import Reading, Status
from kurs.evaluate.route import Point
from kurs.metrics.nature import MetricFacts
from kurs.metrics.query import Answer, AnswerColumn, ColumnKind
from kurs.model.comparison import Against, Comparison
from kurs.model.metric import Direction
from kurs.model.target import (
    Basis,
    Milestone,
    PartTarget,
    PeriodTarget,
    Stands,
    Target,
    TargetKind,
    TargetTable,
)
from kurs.model.version import Version

if TYPE_CHECKING:
    from kurs.model.kpi import Kpi

YEAR = period("2026-01-01..2026-12-31")
ADDS_UP = replace(FLOW, adds_up=True)
LEVEL = MetricFacts(accumulates=False, has_parts=False, is_level=True)
REACH = TargetKind.REACH


def milestones(*said: tuple[str, float], stands: Stands = Stands.VALUE) -> tuple[Milestone, ...]:
    return tuple(Milestone(day(on), value, stands) for on, value in said)


def test_a_sum_goes_through_its_milestones() -> None:
    # 300 by the end of March (90 days), 1200 at the end: by 15 February (46 days) 300 * 46 / 90.
    target = Target(REACH, 1200, milestones=milestones(("2026-03-31", 300)))
    found = reading(kpi(YEAR, target), "2026-02-15", 150)
    assert found.expected_by_now == pytest.approx(300 * 46 / 90)
    assert found.pace == pytest.approx(150 / (300 * 46 / 90))
    assert found.status is Status.AT_RISK  # 153.3 are due; the straight line would want 151.2
    assert found.judged is not None
    assert found.judged.upcoming == Point(day("2026-03-31"), 300)
    # Behind the milestone: half of the way from 31 March to 31 December (275 days) is 15 August (137).
    later = reading(kpi(YEAR, target), "2026-08-15", 750)
    assert later.expected_by_now == pytest.approx(300 + 900 * 137 / 275)
    assert later.status is Status.ON_TRACK
    assert later.judged is not None
    assert later.judged.upcoming == Point(day("2026-12-31"), 1200)


def test_a_share_of_the_target_is_a_milestone() -> None:
    target = Target(REACH, 1200, milestones=milestones(("2026-03-31", 0.25), stands=Stands.SHARE))
    assert reading(kpi(YEAR, target), "2026-03-31", 300).expected_by_now == pytest.approx(300)


def test_a_ratio_goes_from_its_baseline_through_its_milestones() -> None:
    # 3 % on 31 December, 3.6 % on 31 March: on 14 February, 45 of 90 days, 3.3 %.
    target = Target(REACH, 0.04, milestones=milestones(("2026-03-31", 0.036)))
    of = kpi(YEAR, target, stated=0.03)
    found = reading(of, "2026-02-14", 0.033, known=RATIO, parts=(33, 1000))
    assert found.expected_by_now == pytest.approx(0.033)
    assert found.status is Status.ON_TRACK
    assert found.progress == pytest.approx(0.3)
    without = reading(kpi(YEAR, target), "2026-02-14", 0.033, known=RATIO, parts=(33, 1000))
    assert without.expected_by_now == 0.036  # nothing says where it starts: all of the first one is due


def test_a_level_is_judged_by_the_line_from_its_baseline() -> None:
    # From 100 to 200 in 31 days; on the 10th of January 132.3 are due, not 200.
    of = kpi(target=reach(200), stated=100)
    found = reading(of, "2026-01-10", 133, known=LEVEL)
    assert found.expected_by_now == pytest.approx(100 + 100 * 10 / 31)
    assert found.status is Status.ON_TRACK
    assert reading(of, "2026-01-10", 130, known=LEVEL).status is Status.AT_RISK
    assert reading(of, "2026-01-31", 199, known=LEVEL).status is Status.MISSED


def test_a_recurring_ratio_reaches_its_value_by_a_date() -> None:
    # From 3 % at the end of 2025 to 4.2 % at the end of 2026; May ends on day 151 of 365.
    target = Target(REACH, 0.042, by=day("2026-12-31"))
    of = kpi(MONTHLY, target, Against.RANGE, span=days("2025-10-01..2025-12-31"))
    found = reading(of, "2026-05-20", 0.035, 0.03, known=RATIO, parts=(35, 1000))
    assert found.target == pytest.approx(0.03 + 0.012 * 151 / 365)
    assert found.judged is not None
    assert found.judged.final == Point(day("2026-12-31"), 0.042)
    assert found.status is Status.ON_TRACK  # 3.496 % are due at the end of May
    assert found.gap == pytest.approx(0.035 - (0.03 + 0.012 * 151 / 365))
    after = reading(of, "2027-03-20", 0.041, 0.03, known=RATIO, parts=(41, 1000))
    assert (after.target, after.status) == (0.042, Status.AT_RISK)


def test_a_recurring_sum_has_its_share_of_the_month() -> None:
    # From 100 (31 December) to 220 on 30 April, 1 a day: February ends on day 59.
    target = Target(REACH, 220, since=day("2025-12-31"), by=day("2026-04-30"))
    found = reading(kpi(MONTHLY, target, stated=100), "2026-02-14", 80)
    assert found.target == pytest.approx(159)
    assert found.expected_by_now == pytest.approx(159 * 14 / 28)
    assert found.status is Status.ON_TRACK


def test_milestones_of_a_recurring_change_follow_the_baseline() -> None:
    # +5 % by June, +20 % by December, each of the same month a year ago: in June 1050.
    target = Target(
        TargetKind.CHANGE,
        0.2,
        by=day("2026-12-31"),
        milestones=milestones(("2026-06-30", 0.05), stands=Stands.CHANGE),
    )
    of = kpi(MONTHLY, target, Against.LAST_YEAR)
    assert reading(of, "2026-06-30", 1000, 1000).target == pytest.approx(1050)
    # Halfway between, 92 of 184 days after 30 June: 30 September.
    assert reading(of, "2026-09-30", 1000, 1000).target == pytest.approx(1125)


MARKS = Target(REACH, 100, at_least=80, stretch=120)


@pytest.mark.parametrize(
    ("value", "status", "reached", "statuses"),
    [
        (130, "met", "stretch", ["met", "met", "met"]),
        (110, "met", "target", ["met", "met", "missed"]),
        (90, "missed", "at_least", ["met", "missed", "missed"]),
        (79, "missed", None, ["missed", "missed", "missed"]),
    ],
)
def test_which_mark_is_reached(value: float, status: str, reached: str | None, statuses: list[str]) -> None:
    found = reading(kpi(target=MARKS), "2026-01-31", value)
    assert found.judged is not None
    assert (found.status, found.judged.reached) == (status, reached)
    assert [one.status for one in found.judged.thresholds] == statuses
    assert [one.name for one in found.judged.thresholds] == ["at_least", "target", "stretch"]


def test_marks_on_the_way() -> None:
    # 10 of 31 days: 25.8, 32.3 and 38.7 are due.
    found = reading(kpi(target=MARKS), "2026-01-10", 33)
    assert found.judged is not None
    assert [one.status for one in found.judged.thresholds] == ["on_track", "on_track", "off_track"]
    assert found.judged.reached is None
    assert [one.reached for one in found.judged.thresholds] == [False, False, False]


def test_of_a_cap_nothing_is_reached_before_the_end() -> None:
    target = Target(REACH, 100, at_least=120, stretch=80)
    running = reading(kpi(target=target, good=Direction.DOWN), "2026-01-30", 70)
    assert running.judged is not None
    assert running.judged.reached is None
    over = reading(kpi(target=target, good=Direction.DOWN), "2026-01-31", 90)
    assert over.judged is not None
    assert over.judged.reached == "target"


def test_marks_of_a_change() -> None:
    target = Target(TargetKind.CHANGE, 0.2, at_least=0.1, stretch=0.3)
    found = reading(kpi(target=target, against=Against.PREVIOUS), "2026-01-31", 115, 100)
    assert found.judged is not None
    assert [one.value for one in found.judged.thresholds] == pytest.approx([110, 120, 130])
    assert found.judged.reached == "at_least"


def test_marks_go_along_with_the_way() -> None:
    # Half of the way by the milestone: of 80 that is 40, of 120 it is 60.
    target = replace(MARKS, milestones=milestones(("2026-01-10", 50)))
    found = reading(kpi(target=target), "2026-01-10", 45)
    assert found.judged is not None
    assert [one.status for one in found.judged.thresholds] == ["on_track", "at_risk", "off_track"]


# Measured from another metric's actual


def given_basis(of: Kpi, as_of: str, value: object, baseline: object, basis: object) -> Reading:
    need = needs(plan(), of, day(as_of), FLOW)
    return told(need, answers(need, value, baseline, basis=basis))


def test_last_years_actual_and_five_percent() -> None:
    target = Target(TargetKind.CHANGE, 0.05, basis=Basis(Comparison(Against.LAST_YEAR)))
    of = kpi(target=target, against=Against.PREVIOUS)
    need = needs(plan(), of, day("2026-01-10"), FLOW)
    assert need.basis is not None
    assert need.basis.days == days("2025-01-01..2025-01-31")
    found = given_basis(of, "2026-01-10", 50, 80, 200)
    assert (found.baseline, found.target) == (80, pytest.approx(210))
    assert given_basis(of, "2026-01-10", 50, 80, None).reason is not None


def test_a_basis_that_lacks_days_gives_no_target() -> None:
    target = Target(TargetKind.CHANGE, 0.05, basis=Basis(Comparison(Against.LAST_YEAR)))
    known = facts(covered("2025-01-10..2026-01-31"))
    found = reading(kpi(target=target), "2026-01-10", 50, known=known)
    assert (found.target, found.status) == (None, Status.NO_DATA)
    assert found.reason is not None
    assert found.reason.code == "baseline_not_covered"


# Parts


def by_member(of: Kpi, as_of: str, value: float, now: dict[str, float], before: dict[str, float]) -> Reading:
    need = needs(plan(), of, day(as_of), ADDS_UP)
    said = answers(need, value, sum(before.values()))
    head = (AnswerColumn("channel", ColumnKind.DIMENSION), AnswerColumn("m", ColumnKind.METRIC))
    said += [Answer(head, tuple(now.items()), None) for _ in need.members]
    said += [Answer(head, tuple(before.items()), None) for _ in need.members_before]
    return told(need, said)


def parts(**values: float) -> tuple[PartTarget, ...]:
    return tuple(PartTarget("channel", name, value) for name, value in values.items())


def test_members_have_targets_of_their_own() -> None:
    target = replace(reach(310), parts=parts(email=110, search=200))
    found = by_member(kpi(target=target), "2026-01-10", 100, {"email": 40, "search": 60}, {})
    email, search = found.parts
    assert (email.member, email.value, email.status) == ("email", 40, Status.ON_TRACK)
    assert email.judged is not None
    assert email.judged.expected_by_now == pytest.approx(110 * 10 / 31)
    assert (search.value, search.status) == (60, Status.AT_RISK)
    assert codes(found) == []


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ({"email": 40, "search": 60}, ["members_do_not_add_up"]),
        ({"email": 40, "search": 60, "other": 0}, ["members_do_not_add_up"]),
        ({"email": 40, "search": 60, "other": 1}, []),  # not all members have one
        ({"email": 40}, ["members_do_not_add_up", "member_without_rows"]),
    ],
)
def test_members_that_do_not_add_up(now: dict[str, float], said: list[str]) -> None:
    target = replace(reach(310), parts=parts(email=110, search=190))
    found = by_member(kpi(target=target), "2026-01-10", 100, now, {})
    assert codes(found) == said
    if "members_do_not_add_up" in said:
        assert (found.caveats[0].values["sum"], found.caveats[0].values["target"]) == (300, 310)


def test_changes_of_members_need_not_be_alike_to_add_up() -> None:
    # 100 + 20 % and 300 + 40 % are 540, which is 400 + 35 %.
    target = Target(TargetKind.CHANGE, 0.35, parts=parts(email=0.2, search=0.4))
    of = kpi(target=target, against=Against.PREVIOUS)
    found = by_member(of, "2026-01-31", 500, {"email": 90, "search": 410}, {"email": 100, "search": 300})
    assert [part.judged.target for part in found.parts if part.judged] == pytest.approx([120, 420])
    assert codes(found) == []
    assert [part.status for part in found.parts] == ["missed", "missed"]


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(1, 500), st.integers(-90, 300)), min_size=1
    )
)
def test_targets_of_all_members_add_up_to_that_of_the_whole(members: dict[str, tuple[int, int]]) -> None:
    """Any changes of the members make one change of the whole: that one is accepted, any other is told."""
    before = {name: float(was) for name, (was, _) in members.items()}
    whole = sum(was * (1 + change / 100) for was, change in members.values())
    share = whole / sum(before.values()) - 1
    own = parts(**{name: change / 100 for name, (_, change) in members.items()})
    for wanted, said in ((share, []), (share + 0.01, ["members_do_not_add_up"])):
        of = kpi(target=Target(TargetKind.CHANGE, wanted, parts=own), against=Against.PREVIOUS)
        assert codes(by_member(of, "2026-01-31", 1, before, before)) == said


def test_a_segment_has_a_target_of_its_own() -> None:
    target = replace(reach(310), parts=(PartTarget(None, "returning", 93),))
    found = reading(kpi(target=target), "2026-01-10", 30, segment="returning")
    assert (found.target, found.status) == (93, Status.ON_TRACK)
    other = reading(kpi(target=target), "2026-01-10", 30, segment="new")
    assert (other.target, other.status) == (None, None)
    assert other.reason is not None
    assert other.reason.code == "target_of_the_whole"


# A table


def test_a_table_has_a_target_for_each_period() -> None:
    rows = (
        PeriodTarget(days("2026-01-01..2026-01-31"), reach(310)),
        PeriodTarget(days("2026-02-01"), reach(560)),
    )
    of = replace(kpi(MONTHLY), target=TargetTable(REACH, rows))
    assert reading(of, "2026-01-10", 100).expected_by_now == pytest.approx(100)
    assert reading(of, "2026-02-14", 280).expected_by_now == pytest.approx(280)
    march = reading(of, "2026-03-10", 100)
    assert (march.target, march.status) == (None, Status.NO_DATA)
    assert march.reason is not None
    assert march.reason.code == "no_target_for_period"


def test_a_table_may_have_marks_and_bands() -> None:
    january = days("2026-01-01..2026-01-31")
    marked = Target(REACH, 310, at_least=155, stretch=620)
    of = replace(kpi(MONTHLY), target=TargetTable(REACH, (PeriodTarget(january, marked),)))
    found = reading(of, "2026-01-31", 320)
    assert found.status == Status.MET
    assert [(one.name, one.value, one.status) for one in found.judged.thresholds] == [
        ("at_least", 155, Status.MET),
        ("target", 310, Status.MET),
        ("stretch", 620, Status.MISSED),
    ]
    band = TargetTable(TargetKind.BETWEEN, (PeriodTarget(january, Target(TargetKind.BETWEEN, 100, 200)),))
    for value, status, gap in ((90, Status.MISSED, -10), (150, Status.MET, 0), (230, Status.MISSED, 30)):
        judged = reading(replace(kpi(MONTHLY), target=band), "2026-01-31", value)
        assert (judged.status, judged.gap) == (status, gap)


# Revisions


def revised(first: Kpi, since: str, then: Kpi, *changed: str) -> Kpi:
    return replace(first, versions=(Version(None, first), Version(day(since), then, changed)))


def test_a_reading_is_judged_by_the_plan_of_its_day() -> None:
    of = revised(kpi(target=reach(310)), "2026-01-15", kpi(target=reach(620)), "target")
    before, after = reading(of, "2026-01-14", 100), reading(of, "2026-01-15", 100)
    assert (before.target, codes(before)) == (310, [])
    assert (after.target, codes(after)) == (620, ["plan_revised"])
    assert after.caveats[0].values == {"since": day("2026-01-15"), "keys": ["target"]}


@pytest.mark.parametrize(
    ("since", "changed", "said"),
    [
        ("2026-01-01", "target", []),  # all of the period is judged by it
        ("2026-01-02", "target", ["plan_revised"]),
        ("2026-01-20", "owner", []),  # no number depends on who answers for it
        ("2026-01-31", "target", ["plan_revised"]),
        ("2026-02-01", "target", []),  # the period was over, and the day is judged by the later plan
    ],
)
def test_a_period_that_spans_a_revision_says_so(since: str, changed: str, said: list[str]) -> None:
    of = revised(kpi(target=reach(310)), since, kpi(target=reach(320)), changed)
    assert codes(reading(of, "2026-02-10", 100)) == said


def test_a_metric_that_is_counted_in_another_way_says_so() -> None:
    known = replace(FLOW, redefined=(("m", day("2026-01-15")),))
    assert codes(reading(kpi(target=reach(310)), "2026-01-14", 100, known=known)) == []
    assert codes(reading(kpi(target=reach(310)), "2026-01-15", 100, known=known)) == ["metric_redefined"]


@settings(max_examples=40)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 1000))
def test_status_as_of_a_day_is_that_of_the_plan_without_later_revisions(
    on: int, since: int, value: int
) -> None:
    """What is decided later changes no reading of an earlier day."""
    first, then = kpi(target=reach(310)), kpi(target=reach(620))
    as_of = str(days("2026-01-01..2026-01-31").first + timedelta(days=on))
    later = str(days("2026-01-01..2026-01-31").first + timedelta(days=since))
    found = reading(revised(first, later, then, "target"), as_of, value)
    alone = reading(first if on < since else then, as_of, value)
    assert (found.status, found.target, found.pace) == (alone.status, alone.target, alone.pace)
