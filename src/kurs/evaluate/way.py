"""What must be asked before the way of a KPI through its period can be drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.evaluate.needs import over
from kurs.evaluate.periods import RECURRING_POINTS
from kurs.model.coverage import around
from kurs.model.days import Days, Grain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kurs.evaluate.needs import Need
    from kurs.metrics.question import Question
    from kurs.model.days import AnyGrain
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.reckoning import Reckoning

MOST_POINTS = 400  # a year by day; a longer period goes by week
MOST_QUESTIONS = 16  # where each point has to be asked for by itself
MOST_DAYS_ALONE = 45  # beyond, single days are noise beside the line, and weeks tell more
_GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)


@dataclass(frozen=True, slots=True)
class Way:
    """The questions of a trajectory, beside those of its reading.

    ``buckets`` are those of the line, by ``grain``. ``so_far`` is one question for all of them, or one for
    each. ``comparison`` asks for the same line of the baseline's days, ``apart`` for the days or weeks
    (``apart_grain``) by themselves. ``past`` are the needs of earlier periods, oldest first; what they ask
    is answered by ``by_grain`` where it is of buckets of the KPI's own grain, else by ``single``.
    """

    need: Need
    grain: Grain
    buckets: tuple[Days, ...]
    so_far: tuple[Question, ...]
    comparison: Question | None
    apart: Question | None
    apart_grain: Grain
    past: tuple[Need, ...]
    by_grain: Question | None
    single: tuple[Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """What to ask; ``trajectory`` takes the answers in this order."""
        some = (self.comparison, self.apart, self.by_grain)
        return (*self.so_far, *(asked for asked in some if asked is not None), *self.single)


def way(need: Need, past: Iterable[Need], reckoning: Reckoning) -> Way:
    """Return what must be asked for the trajectory of ``need``; ``past`` are those of earlier periods."""
    days = need.evaluated
    grain = _grain(need.period, MOST_POINTS if need.facts.runs else MOST_QUESTIONS, reckoning)
    apart = Grain.DAY if len(need.period) <= MOST_DAYS_ALONE else max(Grain.WEEK, grain, key=_GRAINS.index)
    buckets = tuple(reckoning.buckets(days, grain)) if days is not None else ()
    earlier = tuple(past)
    by_grain, single = _of_past(earlier, reckoning)
    is_to_date = not (need.facts.accumulates or need.facts.is_level)
    return Way(
        need=need,
        grain=grain,
        buckets=buckets,
        so_far=tuple(_so_far(need, days, buckets, grain)) if days is not None else (),
        comparison=_comparison(need, grain),
        apart=over(need.kpi, days, need.segments, apart) if is_to_date and days is not None else None,
        apart_grain=apart,
        past=earlier,
        by_grain=by_grain,
        single=single,
    )


def nothing(need: Need) -> Way:
    """Return the way of a KPI that cannot be computed: there is nothing to ask."""
    return Way(need, Grain.DAY, (), (), None, None, Grain.DAY, (), None, ())


def earlier_periods(need: Need, project: Project) -> tuple[Days, ...]:
    """Return the KPI's periods before its own that have data, oldest first: of a dated one there are none."""
    before = (days for days in _before(need.kpi, need.period, project) if days.last >= need.defined)
    return tuple(sorted(days for days in before if need.fresh.missing(days) < len(days)))


def _before(kpi: Kpi, period: Days, project: Project) -> Iterator[Days]:
    if kpi.period.event is not None:
        event = project.calendar.event(kpi.period.event)
        known = event.around(period.first) if event is not None else ()
        yield from (days for days in known if days.last < period.first)
    grain = kpi.period.every
    if grain is None:
        return
    bucket = project.reckoning.before(period, grain)
    for _ in range(RECURRING_POINTS):
        if bucket is None:
            return
        yield bucket
        bucket = project.reckoning.before(bucket, grain)


def _grain(period: Days, most: int, reckoning: Reckoning) -> Grain:
    """Return the finest grain by which the period has not too many points."""
    fitting = (grain for grain in _GRAINS if sum(1 for _ in reckoning.buckets(period, grain)) <= most)
    return next(fitting, _GRAINS[-1])


def _so_far(need: Need, days: Days, buckets: tuple[Days, ...], grain: AnyGrain) -> Iterator[Question]:
    """Ask for the value at the end of each bucket, of all days from the first one on."""
    if need.facts.runs:
        yield _running(need, days, grain)
        return
    for bucket in buckets:
        yield over(need.kpi, Days(days.first, min(bucket.last, days.last)), need.segments)


def _running(need: Need, days: Days, grain: AnyGrain) -> Question:
    return replace(over(need.kpi, days, need.segments, grain), since=days.first)


def _comparison(need: Need, grain: AnyGrain) -> Question | None:
    """Ask for the line of the baseline's days, where it can be had by one question."""
    last: date | None = need.fresh.data_to
    if need.compared is None or need.baseline is None or last is None or not need.facts.runs:
        return None
    days = need.compared.until(last)
    return _running(need, days, grain) if days is not None else None


def _of_past(past: tuple[Need, ...], reckoning: Reckoning) -> tuple[Question | None, tuple[Question, ...]]:
    """Ask for what earlier periods need: all that is a bucket of one grain by one question."""
    asked = [plainly(question) for need in past for question in (need.value, need.baseline) if question]
    other = [plainly(need.basis) for need in past if need.basis is not None]
    grain = past[0].kpi.period.every if past else None
    buckets = [
        question
        for question in asked
        if grain is not None
        and question.days
        and question.days == reckoning.bucket_of(question.days.first, grain)
    ]
    # A revision may have changed which rows count.
    buckets = [question for question in buckets if replace(buckets[0], days=question.days) == question]
    single = tuple(dict.fromkeys([*(question for question in asked if question not in buckets), *other]))
    whole = around(question.days for question in buckets if question.days is not None)
    if whole is None:
        return None, single
    return replace(buckets[0], days=whole, grain=grain), single


def plainly(question: Question) -> Question:
    """Return the question for the value alone, without its numerator and denominator."""
    return replace(question, metrics=question.metrics[:1])
