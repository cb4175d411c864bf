"""What a KPI was before, over stretches as long as its period: asked with few questions, told as changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.evaluate.answers import by_time, only
from kurs.evaluate.needs import over
from kurs.evaluate.periods import baseline_days, trend_grain
from kurs.model.comparison import Against, counterpart
from kurs.model.days import Days
from kurs.model.target import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kurs.evaluate.freshness import Freshness
    from kurs.metrics.query import Answer
    from kurs.metrics.question import Question
    from kurs.model.comparison import Comparison
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.problems import KursError

STRETCHES = 12  # of a KPI with dates of its own; each is a question, and so is what it is compared with
YEARS = 5  # that are looked back
_SEASON = 45  # days that the same season may begin earlier or later in the year


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a stretch was above or below what it is compared with: 0.1 is 10 % more."""

    days: Days
    share: float


@dataclass(frozen=True, slots=True)
class Past:
    """A KPI's earlier stretches, oldest first: their values, and their changes as its target asks for one.

    ``in_season`` are the changes of those that began at the same time of some year. ``compared``: the
    target is a change from one stretch of days to another, so that changes are what it is held against.
    """

    values: tuple[tuple[Days, float], ...] = ()
    changes: tuple[Change, ...] = ()
    in_season: tuple[Change, ...] = ()
    compared: bool = False


NO_PAST = Past()


@dataclass(frozen=True, slots=True)
class PastAsked:
    """The stretches before a KPI's period, each with what it is compared with, and what must be asked."""

    period: Days
    pairs: tuple[tuple[Days, Days | None], ...] = ()
    questions: tuple[Question, ...] = ()
    compared: bool = False


def past_asked(project: Project, kpi: Kpi, period: Days, fresh: Freshness) -> PastAsked:
    """Return what must be asked to know a KPI's past before ``period``.

    One question where it recurs. Else its stretch is moved back by whole weeks, ``STRETCHES`` times at
    most, spread evenly over all that is known; of an event there are its earlier occurrences.
    """
    known, compared = _known(period, fresh), _compared(kpi, period)
    nothing = PastAsked(period, compared=compared is not None)
    if known is None:
        return nothing
    if kpi.period.every is not None:
        grain = trend_grain(kpi, period)
        buckets = [days for days in project.reckoning.buckets(known, grain) if _whole(days, known, fresh)]
        if not buckets:
            return nothing
        there = set(buckets)
        pairs = tuple((days, _bucket_before(project, kpi, days, there)) for days in buckets)
        run = over(kpi, Days(buckets[0].first, buckets[-1].last), grain=grain)
        return replace(nothing, pairs=pairs, questions=(run,))
    stretches = _occurrences(project, kpi, period) if kpi.period.event else _moved(kpi, period, known)
    whole = [days for days in stretches if _whole(days, known, fresh)]
    bases = [_base(project, kpi, period, days) for days in whole]
    bases = [base if base is not None and _whole(base, known, fresh) else None for base in bases]
    asked = dict.fromkeys(days for days in (*whole, *bases) if days is not None)
    questions = tuple(over(kpi, days) for days in asked)
    return replace(nothing, pairs=tuple(zip(whole, bases, strict=True)), questions=questions)


def past(asked: PastAsked, answers: Sequence[Answer | KursError]) -> Past:
    """Put the answers together; what came before the first value other than zero was not there yet."""
    by_first: dict[Days, float | None] = {}
    for question, answer in zip(asked.questions, answers, strict=True):
        if not isinstance(answer, Exception):
            by_first |= _values(question, answer, asked)
    days_of_values = sorted(days for days, value in by_first.items() if value)
    if not days_of_values:
        return Past(compared=asked.compared)
    begun = days_of_values[0].first
    told = {days: value for days, value in by_first.items() if value is not None and days.first >= begun}
    changes = tuple(_changes(asked, told))
    in_season = tuple(change for change in changes if _same_season(change.days, asked.period))
    stretches = sorted(days for days, _ in asked.pairs if days in told)
    return Past(tuple((days, told[days]) for days in stretches), changes, in_season, asked.compared)


def _known(period: Days, fresh: Freshness) -> Days | None:
    """Return the days before ``period`` of which there are data, ``YEARS`` back at most."""
    to = min(fresh.complete_to or fresh.as_of, period.first - timedelta(days=1))
    earliest = to - timedelta(days=366 * YEARS)
    first = max(earliest, fresh.days[0].first) if fresh.days else earliest
    return Days(first, to) if first <= to else None


def _whole(days: Days, known: Days, fresh: Freshness) -> bool:
    return days.first >= known.first and days.last <= known.last and not fresh.missing(days)


def _compared(kpi: Kpi, period: Days) -> Comparison | None:
    """Return how the asked change is counted; None where it is not one between two like stretches."""
    based_elsewhere = isinstance(kpi.target, Target) and kpi.target.basis is not None
    compared = kpi.baseline.comparison if kpi.baseline is not None else None
    if compared is None or based_elsewhere:
        return None
    if compared.against is Against.RANGE:
        same_length = compared.days is not None and len(compared.days) == len(period)
        return compared if same_length and kpi.period.every is None else None
    return compared if compared.against is not Against.SAME_EVENT or kpi.period.event else None


def _bucket_before(project: Project, kpi: Kpi, bucket: Days, there: set[Days]) -> Days | None:
    """Return the bucket with which one is compared, where there is one."""
    compared, every = _compared(kpi, bucket), kpi.period.every
    if compared is None or every is None:
        return None
    if compared.against is Against.PREVIOUS:
        tried = [project.reckoning.before(bucket, every)]
    else:  # a year: weeks and weekdays go by 52 weeks
        tried = [bucket.shifted(-364), project.reckoning.year_before(bucket, every)]
    return next((days for days in tried if days in there), None)


def _base(project: Project, kpi: Kpi, period: Days, days: Days) -> Days | None:
    """Return what a stretch is compared with, as the period is: of a range, the distance counts."""
    compared = _compared(kpi, period)
    if compared is None:
        return None
    if compared.against is Against.SAME_EVENT:
        earlier = baseline_days(kpi, days, project.calendar)
        return earlier if isinstance(earlier, Days) else None
    of_range = compared.against is Against.RANGE
    return counterpart(days, period if of_range else days, compared)


def _moved(kpi: Kpi, period: Days, known: Days) -> Iterator[Days]:
    """Yield the period moved back by whole weeks, as far as it and what it is compared with are known."""
    compared = _compared(kpi, period)
    latest = period.shifted(-7 * -(-(period.last - known.last).days // 7))
    back = latest.first - counterpart(latest, period, compared).first if compared is not None else timedelta()
    weeks = max((latest.first - known.first - max(back, timedelta())).days // 7, 0)
    places = min(STRETCHES, weeks + 1)
    return (latest.shifted(-7 * (place * weeks // max(places - 1, 1))) for place in range(places))


def _occurrences(project: Project, kpi: Kpi, period: Days) -> Iterator[Days]:
    event = project.calendar.event(kpi.period.event) if kpi.period.event is not None else None
    days = event.before(period) if event is not None else None
    while event is not None and days is not None:
        yield days
        days = event.before(days)


def _values(question: Question, answer: Answer, asked: PastAsked) -> Mapping[Days, float | None]:
    if question.grain is None:
        return {question.days: only(answer)} if question.days is not None else {}
    values = by_time(answer)
    return {days: values[days.first] for days, _ in asked.pairs if days.first in values}


def _changes(asked: PastAsked, told: Mapping[Days, float]) -> Iterator[Change]:
    """Yield the changes from values above zero: of others none is a share."""
    for days, base in sorted(asked.pairs, key=lambda pair: pair[0]):
        before = told.get(base) if base is not None else None
        if days in told and before is not None and before > 0:
            yield Change(days, told[days] / before - 1)


def _same_season(days: Days, period: Days) -> bool:
    apart = abs((days.first - period.first).days) % 365.25
    return min(apart, 365.25 - apart) <= _SEASON
