"""What is said beside an answer of the days that it holds."""

from __future__ import annotations

from datetime import date

from kurs.metrics.caveats import caveats, partial_buckets
from kurs.metrics.question import Question
from kurs.model.coverage import Covered
from kurs.model.days import Days, Grain
from kurs.model.reckoning import CIVIL_TIME


def days(first: int, last: int) -> Days:
    return Days(date(2026, 3, first), date(2026, 3, last))


def said(covered: Covered, asked: Days | None) -> list[tuple[str, object]]:
    found = caveats((covered,), Question(days=asked), date(2026, 3, 31))
    return [(problem.code, problem.values.get("missing")) for problem in found]


def test_days_that_no_load_covers_in_between_are_told() -> None:
    covered = Covered("shop", "", (days(1, 9), days(13, 20)))
    assert said(covered, None) == [("days_between_missing", 3)]
    assert said(covered, days(12, 20)) == [("days_between_missing", 1)]
    assert said(covered, days(13, 20)) == []
    assert said(covered, days(1, 9)) == []


def test_a_late_source_and_days_that_may_change_are_told() -> None:
    covered = Covered("ads", "1", (days(1, 20),), restates_days=3, rejected_rows=2)
    found = caveats((covered,), Question(days=days(1, 25)), date(2026, 3, 31))
    assert [problem.code for problem in found] == ["late_source", "rows_rejected", "may_be_restated"]
    assert found[-1].values["from"] == date(2026, 3, 18)
    assert [code for code, _ in said(covered, days(1, 17))] == ["rows_rejected"]


def test_buckets_that_are_not_whole_are_told() -> None:
    asked = Question(days=days(4, 17), grain=Grain.WEEK)  # from a Wednesday to a Tuesday
    codes = [problem.code for problem in partial_buckets(asked, days(4, 17), CIVIL_TIME)]
    assert codes == ["first_bucket_partial", "last_bucket_partial"]
    assert partial_buckets(asked, days(2, 15), CIVIL_TIME) == []
