"""The way to a target: points by hand, then what must hold for any way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluate.plans import day
from kurs.evaluate.route import Point, Route, route_to
from kurs.model.target import Milestone, Stands, Target, TargetKind

# From 100 on 31 December over 130 on 10 January (3 a day) to 190 on 30 January (again 3 a day, then flat).
WAY = Route(
    (Point(day("2025-12-31"), 100), Point(day("2026-01-10"), 130), Point(day("2026-01-30"), 190)), begins=True
)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2025-12-01", 100),  # before it begins
        ("2025-12-31", 100),
        ("2026-01-05", 115),
        ("2026-01-10", 130),
        ("2026-01-20", 160),
        ("2026-01-30", 190),
        ("2026-03-01", 190),  # behind its end
    ],
)
def test_where_to_be(on: str, wanted: float) -> None:
    assert WAY.at(day(on)) == pytest.approx(wanted)


def test_what_comes_next() -> None:
    assert WAY.milestones == (Point(day("2026-01-10"), 130),)
    assert WAY.next_after(day("2025-12-31")) == Point(day("2026-01-10"), 130)
    assert WAY.next_after(day("2026-01-10")) == Point(day("2026-01-30"), 190)
    assert WAY.next_after(day("2026-02-10")) == Point(day("2026-01-30"), 190)


def test_the_same_way_to_another_end() -> None:
    # A third of the way at the milestone: of 100 to 280 that is 160.
    assert [point.value for point in WAY.towards(280).points] == [100, 160, 280]
    flat = Route((Point(day("2026-01-01"), 5), Point(day("2026-01-31"), 5)), begins=True)
    assert [point.value for point in flat.towards(6).points] == [5, 6]
    without_start = Route(WAY.points[1:], begins=False)
    assert [point.value for point in without_start.towards(200).points] == [140, 200]


@pytest.mark.parametrize(
    ("milestone", "value"),
    [
        (Milestone(day("2026-01-10"), 40), 40),
        (Milestone(day("2026-01-10"), 0.4, Stands.SHARE), 48),
        (Milestone(day("2026-01-10"), 0.1, Stands.CHANGE), 110),
        (Milestone(day("2026-01-10"), 5, Stands.CHANGE_BY), 105),
        (Milestone(day("2026-01-31"), 5), None),  # the target itself is due then
        (Milestone(day("2025-12-31"), 5), None),  # the way begins then
    ],
)
def test_milestones(milestone: Milestone, value: float | None) -> None:
    target = Target(TargetKind.REACH, 120, milestones=(milestone,))
    start, end = Point(day("2025-12-31"), 0), Point(day("2026-01-31"), 120)
    way = route_to(target, end, start, base=100)
    assert way is not None
    assert way.points[0] == start
    assert way.points[-1] == end
    assert [point.value for point in way.milestones] == ([] if value is None else [pytest.approx(value)])


def test_what_is_to_be_kept_has_no_way() -> None:
    start, end = Point(day("2025-12-31"), 0), Point(day("2026-01-31"), 120)
    assert route_to(Target(TargetKind.KEEP_ABOVE, 120), end, start, None) is None
    assert route_to(Target(TargetKind.REACH, 120), end, None, None) is None  # nothing before the end


@st.composite
def routes(draw: st.DrawFn) -> Route:
    days = sorted(draw(st.sets(st.integers(0, 400), min_size=2, max_size=6)))
    values = draw(st.lists(st.integers(-1000, 1000), min_size=len(days), max_size=len(days)))
    first = date(2026, 1, 1)
    points = (Point(first + timedelta(days=n), float(v)) for n, v in zip(days, values, strict=True))
    return Route(tuple(points), draw(st.booleans()))


@given(routes())
def test_a_way_goes_through_its_points(way: Route) -> None:
    assert [way.at(point.day) for point in way.points] == [point.value for point in way.points]


@given(routes(), st.integers(-10, 420))
def test_between_two_points_it_is_straight(way: Route, offset: int) -> None:
    today = date(2026, 1, 1) + timedelta(days=offset)
    low, high = min(p.value for p in way.points), max(p.value for p in way.points)
    assert low - 1e-9 <= way.at(today) <= high + 1e-9
    days = [today + timedelta(days=n) for n in (-1, 0, 1)]
    if not any(point.day == today for point in way.points):
        before, now, after = (way.at(one) for one in days)
        assert now - before == pytest.approx(after - now, abs=1e-6)


@given(routes(), st.integers(-1000, 1000))
def test_to_its_own_end_a_way_is_itself(way: Route, end: float) -> None:
    moved = way.towards(end)
    assert moved.points[-1].value == pytest.approx(end)
    assert [point.day for point in moved.points][-1] == way.points[-1].day
    if way.points[0].value != way.points[-1].value or not way.begins:
        back = moved if way.points[-1].value == end else way.towards(way.points[-1].value)
        assert [p.value for p in back.points] == pytest.approx([p.value for p in way.points])
