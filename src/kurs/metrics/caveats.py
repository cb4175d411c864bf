"""What must be said beside a number: sources that are late, days that may still change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.model.comparison import Against
from kurs.model.coverage import merged
from kurs.model.days import Days, Grain
from kurs.model.frame import Steps
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from datetime import date

    from kurs.metrics.question import Question
    from kurs.model.coverage import Covered
    from kurs.model.days import AnyGrain
    from kurs.model.reckoning import Reckoning


def extent(covered: tuple[Covered, ...]) -> Days | None:
    """Return the days from the first to the last that any source covers."""
    days = merged(days for entry in covered for days in entry.days)
    return Days(days[0].first, days[-1].last) if days else None


def caveats(covered: tuple[Covered, ...], question: Question, as_of: date) -> list[Problem]:
    """Warn of sources that do not reach the end of the asked days, or were cut by rejected rows."""
    problems: list[Problem] = []
    known = extent(covered)
    if known is None:
        return problems
    end = min(question.days.last, as_of) if question.days else known.last
    for entry in dict.fromkeys(covered):
        names = {"source": entry.source, "account": entry.account or None}
        if entry.to < end:
            problems.append(Problem("late_source", {**names, "to": entry.to}, Severity.WARNING))
        start = max(question.days.first, entry.days[0].first) if question.days else entry.days[0].first
        inner = Days(start, min(entry.to, end)) if start <= min(entry.to, end) else None
        missing = 0 if inner is None else len(inner) - sum(len(part) for part in _within(entry.days, inner))
        if inner is not None and missing:
            values = {**names, "missing": missing, "from": inner.first, "to": inner.last}
            problems.append(Problem("days_between_missing", values, Severity.WARNING))
        if entry.rejected_rows:
            values = {**names, "rows": entry.rejected_rows}
            problems.append(Problem("rows_rejected", values, Severity.WARNING))
        last = min(entry.to, end)
        first = entry.to - timedelta(days=entry.restates_days - 1)
        if entry.restates_days and first <= last:
            until = last + timedelta(days=entry.restates_days)
            values = {**names, "from": first, "until": until}
            problems.append(Problem("may_be_restated", values, Severity.WARNING))
    if question.days and question.days.first < known.first:
        values = {"from": question.days.first, "first": known.first}
        problems.append(Problem("not_covered", values, Severity.WARNING))
    return problems


def _within(covered: tuple[Days, ...], days: Days) -> list[Days]:
    return [part for whole in covered if (part := whole.overlap(days)) is not None]


def partial_buckets(question: Question, seen: Days | None, reckoning: Reckoning) -> list[Problem]:
    """Warn of a first and a last bucket that are shown, but not counted as a whole; and of days in none."""
    grain = question.grain
    if grain is None or grain in (Grain.HOUR, Grain.DAY) or seen is None:
        return []
    problems: list[Problem] = []
    found = list(reckoning.buckets(seen, grain))
    inside = sum(len(part) for bucket in found if (part := bucket.overlap(seen)) is not None)
    if inside < len(seen):
        values = {"name": str(grain), "days": len(seen) - inside, "from": seen.first, "to": seen.last}
        problems.append(Problem("days_in_no_period", values, Severity.WARNING))
    if not found:
        return problems
    first, last = found[0], found[-1]
    if first.first < seen.first and question.days is not None:
        values = {"grain": str(grain), "from": seen.first, "bucket": first.first}
        problems.append(Problem("first_bucket_partial", values, Severity.WARNING))
    if seen.last < last.last:
        values = {"grain": str(grain), "to": seen.last, "bucket": last.first}
        problems.append(Problem("last_bucket_partial", values, Severity.WARNING))
    return problems


def extra_weeks(question: Question, seen: Days | None, reckoning: Reckoning) -> list[Problem]:
    """Warn of the 53rd week of a fiscal year, where years are compared and one of them has none."""
    way = reckoning.year_of_comparison(question.grain)
    compared = question.compare is not None and question.compare.against is Against.LAST_YEAR
    if seen is None or not compared or not isinstance(way, Steps):
        return []
    return weeks_apart(seen, reckoning, way.grain)


def leap_days(question: Question, seen: Days, then: Days, reckoning: Reckoning) -> list[Problem]:
    """Warn of a year's leap day, without which the same days of the other year are one fewer.

    Years of weeks are compared week by week; ``extra_weeks`` tells of theirs.
    """
    by_weeks = isinstance(question.grain, Grain) and reckoning.years(question.grain).has_weeks
    is_year = question.compare is not None and question.compare.against is Against.LAST_YEAR
    if not is_year or by_weeks or len(seen) == len(then):
        return []
    return [Problem("leap_day_alone", {"days": len(seen), "other_days": len(then)}, Severity.WARNING)]


def weeks_apart(days: Days, reckoning: Reckoning, grain: AnyGrain) -> list[Problem]:
    """Warn of a 53rd week among ``days``, and of one just after the days a year before them.

    ``grain`` is the year by which they are compared.
    """
    problems: list[Problem] = []
    for year in reckoning.buckets(days, grain) if grain is Grain.FISCAL_YEAR else ():
        extra, before = (reckoning.extra_week(day) for day in (year.first, year.first - timedelta(days=1)))
        if extra is not None and extra.overlap(days):
            values = {"from": extra.first, "to": extra.last}
            problems.append(Problem("extra_week_alone", values, Severity.WARNING))
        if before is not None and year.last in days:
            values = {"from": before.first, "to": before.last}
            problems.append(Problem("extra_week_left_out", values, Severity.WARNING))
    return problems
