"""Days of 23 and 25 hours, leap days, days that nobody loaded, weeks that begin before the range."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kurs.model.metric import Fill
from metrics.plans import Rows, ask, days, plan, question, run, table

HOUR = timedelta(hours=1)


def of(
    rows: list[tuple[object, ...]],
    covered: str,
    kind: str = "date",
    metric: str | tuple[str, Fill] = "count(t)",
    zone: str = "UTC",
    as_of: str = "2030-01-01",
    week_starts: int = 0,
    **more: object,
) -> list[tuple[object, ...]]:
    spans = tuple(days(span) for span in covered.split())
    project = plan([table("t", time="at_time")], {"n": metric}, timezone=zone, week_starts=week_starts)
    asked = question("n", **more)  # type: ignore[arg-type]
    found = ask(project, {"t": Rows({"at_time": kind}, rows, spans)}, asked, date.fromisoformat(as_of))
    return [tuple(row.values()) for row in found]


def hourly(first: datetime, hours: int) -> list[tuple[object, ...]]:
    return [(first + n * HOUR,) for n in range(hours)]


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        ("2024-03-31", datetime(2024, 3, 30, 23, tzinfo=UTC), 23),
        ("2024-10-27", datetime(2024, 10, 26, 22, tzinfo=UTC), 25),
    ],
)
def test_a_day_has_the_hours_that_its_zone_gives_it(day: str, start: datetime, hours: int) -> None:
    """Days of UTC cut at one or two in the night; 24 hours from midnight miss the 25th."""
    rows = hourly(start - 3 * HOUR, hours + 6)
    naive = f"SELECT count(*) FROM t WHERE at_time::DATE = DATE '{day}'"
    assert run(naive, {"t": Rows({"at_time": "timestamptz"}, rows)}) == ((24,),)
    assert of(rows, day, "timestamptz", zone="Europe/Stockholm", within=day) == [(hours,)]
    by_hour = of(rows, day, "timestamptz", zone="Europe/Stockholm", grain="hour", within=day)
    assert sum(n for _, n in by_hour if isinstance(n, int)) == hours
    assert len(by_hour) == min(hours, 24)  # the doubled hour is one bucket, the skipped one is absent


def test_lord_howe_keeps_its_short_hour() -> None:
    """Its clocks jump from 2:00 to 2:30: to leave the hour out loses what happened at 2:40."""
    rows = [(datetime(2024, 10, 5, 15, 40, tzinfo=UTC),)]
    found = of(
        rows, "2024-10-06", "timestamptz", zone="Australia/Lord_Howe", grain="hour", within="2024-10-06"
    )
    assert [row for row in found if row[1]] == [(datetime(2024, 10, 6, 2), 1)]  # noqa: DTZ001


def test_a_day_that_begins_at_one_has_23_hours() -> None:
    """In Beirut the clocks jump at midnight, so 0:00 does not exist."""
    rows = hourly(datetime(2024, 3, 30, 20, tzinfo=UTC), 30)
    found = of(rows, "2024-03-30..2024-04-01", "timestamptz", zone="Asia/Beirut", within="2024-03-31")
    assert found == [(23,)]


def test_days_that_nobody_loaded_are_unknown_not_0() -> None:
    """A left join with coalesce says 0 for the 3rd, too."""
    found = of([(date(2026, 1, 1),)], "2026-01-01..2026-01-02", grain="day", within="2026-01-01..2026-01-03")
    assert [n for _, n in found] == [1, 0, None]


@pytest.mark.parametrize(("fill", "expected"), [(Fill.ZERO, [2, 0, None]), (Fill.NULL, [2, None, None])])
def test_fill_speaks_of_covered_days_alone(fill: Fill, expected: list[object]) -> None:
    """coalesce(value, 0) turned days that nobody has loaded into zeros."""
    rows, within = [(date(2026, 1, 1),)] * 2, "2026-01-01..2026-01-03"
    assert [
        n
        for _, n in of(rows, "2026-01-01..2026-01-02", metric=("count(t)", fill), grain="day", within=within)
    ] == expected


def test_fill_none_leaves_empty_days_out() -> None:
    found = of(
        [(date(2026, 1, 2),)],
        "2026-01-01..2026-01-03",
        metric=("count(t)", Fill.NONE),
        grain="day",
        within="2026-01-01..2026-01-03",
    )
    assert found == [(date(2026, 1, 2), 1)]


def test_a_range_that_lies_after_as_of_is_unknown() -> None:
    """A count without rows says 0."""
    assert of([], "2026-01-01..2026-01-31", within="2026-01-20..2026-01-31", as_of="2026-01-15") == [(None,)]


def test_a_first_week_takes_in_no_day_before_the_range() -> None:
    """date_trunc alone counts Monday to Wednesday, too."""
    rows = [(date(2026, 1, 5) + timedelta(days=n),) for n in range(7)]
    found = of(rows, "2026-01-01..2026-01-31", grain="week", within="2026-01-08..2026-01-12")
    assert found == [(date(2026, 1, 5), 4), (date(2026, 1, 12), 0)]
    sunday = of(rows, "2026-01-01..2026-01-31", grain="week", within="2026-01-08..2026-01-12", week_starts=6)
    assert sunday == [(date(2026, 1, 4), 3), (date(2026, 1, 11), 1)]


def test_a_first_week_whose_asked_days_nobody_loaded_is_unknown() -> None:
    """The week is covered until Wednesday, but Thursday on is asked for."""
    found = of([(date(2026, 1, 6),)], "2026-01-01..2026-01-07", grain="week", within="2026-01-08..2026-01-11")
    assert found == [(date(2026, 1, 5), None)]


def test_a_period_that_is_not_over_is_compared_with_the_same_stretch() -> None:
    """Against the whole of December it falls by half."""
    rows = [(date(2025, 12, 1) + timedelta(days=n),) for n in range(46)]
    found = of(rows, "2025-12-01..2026-01-15", within="2026-01-01..2026-01-31", compare="previous")
    assert found == [(15, 15, 0.0)]
    by_week = of(
        rows, "2025-12-01..2026-01-15", grain="week", within="2026-01-01..2026-01-31", compare="previous"
    )
    assert [row[2] for row in by_week] == [
        4,
        7,
        4,
        None,
        None,
    ]  # after the stretch nothing is compared: not 0


def test_february_is_compared_with_all_of_a_leap_february() -> None:
    """A year back from the 28th is the 28th: the 29th would fall under the table."""
    rows = [(date(2024, 1, 1) + timedelta(days=n),) for n in range(500)]
    covered = "2024-01-01..2025-05-14"
    assert of(rows, covered, within="2025-02-01..2025-02-28", compare="last_year") == [
        (28, 29, pytest.approx(-1 / 29))
    ]
    by_month = of(rows, covered, grain="month", within="2025-01-15..2025-02-28", compare="last_year")
    assert [row[1:3] for row in by_month] == [(17, 17), (28, 29)]
    by_day = of(rows, covered, grain="day", within="2025-02-27..2025-03-01", compare="last_year")
    assert [row[1:3] for row in by_day] == [(1, 1)] * 3


def test_the_leap_day_is_compared_with_the_28th() -> None:
    """Its date does not exist a year before: an equality join has nothing, coalesce says 0."""
    rows = [(date(2023, 2, 28),)] * 3 + [(date(2024, 2, 29),)] * 2
    found = of(
        rows, "2023-01-01..2024-12-31", grain="day", within="2024-02-28..2024-03-01", compare="last_year"
    )
    assert [row[1:3] for row in found] == [(0, 3), (2, 3), (0, 0)]


def test_a_leap_day_that_alone_was_loaded_says_nothing_of_the_28th() -> None:
    found = of(
        [],
        "2024-02-29 2025-02-01..2025-03-31",
        grain="day",
        within="2025-02-28..2025-03-01",
        compare="last_year",
    )
    assert [row[2] for row in found] == [None, None]


def test_a_row_without_time_is_in_no_answer_and_a_later_one_not_yet() -> None:
    rows = [(None,), (date(2026, 1, 1),), (date(2026, 1, 3),)]
    assert of(rows, "2026-01-01..2026-01-31", as_of="2026-01-02") == [(1,)]


def test_a_sum_of_nulls_is_the_sum_of_nothing() -> None:
    rows = {"t": Rows({"d": "date", "x": "decimal(18,2)"}, [(date(2026, 1, 1), None)], (days("2026-01-01"),))}
    project = plan([table("t", time="d")], {"n": "sum(t.x)", "m": "max(t.x)"})
    assert ask(project, rows, question("n m")) == [{"n": Decimal(0), "m": None}]
