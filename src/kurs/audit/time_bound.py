"""T: it is known by when, and somebody looks at it in time to do something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.audit.mends import time_bound
from kurs.audit.mends.time_bound import DAYS_OF, LEAST_REVIEWS
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.model.target import MEASURED, Target

if TYPE_CHECKING:
    from kurs.audit.subject import Subject

_LONG = 183  # days
_DAYS_OF = {**DAYS_OF, "biweekly": DAYS_OF["fortnightly"]}


@rule(Letter.TIME_BOUND, Mark.WARN, mends=time_bound.review)
def no_review(subject: Subject) -> Evidence | None:
    """It is said how often somebody looks at it.

    Why: a KPI that is looked at when its period is over is history, not a course.

    Example: `review: weekly`
    """
    return {} if subject.kpi.review is None else None


@rule(Letter.TIME_BOUND, Mark.WARN, mends=time_bound.more_reviews)
def too_few_reviews(subject: Subject) -> Evidence | None:
    """It is looked at four times in its period at least.

    Why: at the first look it is too early to say, at the last too late to act; a fall that is seen half-way
    still leaves half of the period to mend it.

    Example: `review: weekly` for a period of a month

    To paste: the rarest cadence with four reviews; nothing for a period of less than four days, which needs
    to be longer.
    """
    between = days_between(subject.kpi.review)
    if between is None:
        return None
    reviews = len(subject.period) // between
    if reviews >= LEAST_REVIEWS:
        return None
    days = len(subject.period)
    return {"reviews": reviews, "least": LEAST_REVIEWS, "days": days, "review": subject.kpi.review}


@rule(Letter.TIME_BOUND, Mark.WARN, mends=time_bound.milestones)
def no_milestones(subject: Subject) -> Evidence | None:
    """On a way of more than half a year there are milestones.

    Why: for months everything is still possible, and then nothing is; a milestone says in spring whether the
    year can be reached. This is asked where something is to be reached by the end of a period, or on the day
    of `by:`, that is more than 183 days away from the start; a limit to keep, and a table with a target for
    each period, need none.

    Example: `target: {change: +20%, milestones: {2026-03: 25%, 2026-06: 50%}}`

    To paste: the ends of quarters on the way, each with its part of it; nothing where a KPI recurs and its
    target has no `by:`, where it is not known from which value the way begins, or no quarter ends on it.
    """
    target = subject.kpi.target
    if not isinstance(target, Target) or target.kind not in MEASURED or target.milestones:
        return None
    first, last = target.since or subject.period.first, target.by or subject.period.last
    days = (last - first).days + 1
    return {"days": days} if days > _LONG else None


@rule(Letter.TIME_BOUND, Mark.WARN, mends=time_bound.next_period)
def over(subject: Subject) -> Evidence | None:
    """Its period is not over.

    Why: a KPI that has ended still fills the overview, and its target steers nobody any more.

    Example: `period: {every: month}`, or the days of the next campaign

    To paste: the same days of a later year; nothing where a file has the targets, which it must have of that
    year, too.
    """
    ended = subject.kpi.period.days is not None and subject.period.last < subject.as_of
    return {"to": subject.period.last} if ended else None


@rule(Letter.TIME_BOUND, Mark.WARN, mends=time_bound.more_time)
def after_strategy(subject: Subject) -> Evidence | None:
    """It ends no later than the strategy that it serves.

    Why: when the strategy is judged, its KPI has not been reached yet, and nobody knows whether it held.

    Example: `period: {from: 2027-01-01, to: 2027-12-31}` under a strategy with `by: 2027-12-31`
    """
    strategy = subject.strategy
    if strategy is None or strategy.by is None or subject.period.last <= strategy.by:
        return None
    return {"to": subject.period.last, "strategy": strategy.key, "by": strategy.by}


def days_between(review: str | None) -> int | None:
    """Return the days from one review to the next: of a word, or of ``10 days``, ``2 weeks``."""
    if review is None or review in _DAYS_OF:
        return _DAYS_OF.get(review or "")
    from kurs.project.amounts import days_of

    return days_of(review) or None


TIME_BOUND = (no_review, too_few_reviews, no_milestones, over, after_strategy)
