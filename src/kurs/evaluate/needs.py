"""What must be asked before a KPI can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.evaluate.freshness import Freshness, freshness
from kurs.evaluate.periods import baseline_days, period_of, trend_buckets, trend_grain, uneven
from kurs.metrics.question import Asked, Part, Question
from kurs.model.days import Days
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kurs.metrics.nature import MetricFacts
    from kurs.model.kpi import FrozenBaseline, Kpi, Target
    from kurs.model.metric import Metric
    from kurs.model.project import Project
    from kurs.model.reckoning import Reckoning
    from kurs.model.strategy import Stage


@dataclass(frozen=True, slots=True)
class Need:
    """One KPI on one day: its days, and the questions whose answers make a reading.

    ``evaluated`` is the part of the period that has data; None before it starts or while it has none.
    ``target`` and ``stated_baseline`` are None when the KPI is read within a segment that is not its
    own (``within_part``): a number set for the whole says nothing of a part.
    ``frozen`` is the baseline as somebody froze it: it stands, whatever the data say of those days now.
    ``compared`` are the whole baseline's days; ``baseline_reason`` says why they cannot be used, ``uneven``
    in which way they are not as long as the period.
    ``trend`` are the buckets of the recent values. A question is None when there is nothing to ask.
    """

    kpi: Kpi
    metric: Metric
    stage: Stage | None
    facts: MetricFacts
    fresh: Freshness
    as_of: date
    period: Days
    evaluated: Days | None
    segments: tuple[str, ...]
    within_part: bool
    target: Target | None
    stated_baseline: float | None
    frozen: FrozenBaseline | None
    compared: Days | None
    baseline_reason: Problem | None
    uneven: tuple[Problem, ...]
    trend: tuple[Days, ...]
    value: Question | None
    baseline: Question | None
    recent: Question | None

    @property
    def questions(self) -> tuple[Question, ...]:
        """What to ask; ``read`` takes the answers in this order."""
        return tuple(asked for asked in (self.value, self.baseline, self.recent) if asked is not None)


def needs(
    project: Project,
    kpi: Kpi,
    as_of: date,
    facts: MetricFacts,
    segment: str | None = None,
    frozen: Sequence[FrozenBaseline] = (),
) -> Need:
    """Return what must be asked to read ``kpi`` at the end of ``as_of``, within ``segment`` if given.

    Of the ``frozen`` baselines the one of the baseline's own days stands; none does within another segment.
    ``facts.covered`` may reach beyond ``as_of``; no question does.
    """
    reckoning = project.reckoning
    fresh = freshness(project, facts.covered, as_of)
    data_to = fresh.data_to if facts.loaded else None
    period = period_of(kpi, project.calendar, as_of, reckoning)
    evaluated = period.until(data_to) if data_to is not None else None
    segments = tuple(dict.fromkeys(name for name in (kpi.segment, segment) if name is not None))
    within_part = segment is not None and segment != kpi.segment
    compared, reason = _compared(project, kpi, period, fresh, facts)
    trend = _trend(kpi, period, evaluated.last if evaluated else data_to, fresh, facts, reckoning)

    def ask(days: Days | None, grain_of_trend: bool = False, parts: bool = False) -> Question | None:
        """Ask for the KPI's metric over what there is of ``days``."""
        asked = days.until(data_to) if days is not None and data_to is not None else None
        if asked is None:
            return None
        return Question(
            metrics=tuple(Asked(kpi.metric, part) for part in (Part if parts else (Part.VALUE,))),
            grain=trend_grain(kpi, period) if grain_of_trend else None,
            days=asked,
            where=(kpi.where,) if kpi.where is not None else (),
            segments=segments,
        )

    goal = project.goals.get(kpi.goal) if kpi.goal is not None else None
    stated = kpi.baseline.value if kpi.baseline is not None else None
    return Need(
        kpi=kpi,
        metric=project.metrics[kpi.metric],
        stage=goal.stage if goal is not None else None,
        facts=facts,
        fresh=fresh,
        as_of=as_of,
        period=period,
        evaluated=evaluated,
        segments=segments,
        within_part=within_part,
        target=None if within_part else kpi.target,
        stated_baseline=None if within_part else stated,
        frozen=next((one for one in frozen if one.days == compared and not within_part), None),
        compared=compared,
        baseline_reason=reason,
        uneven=uneven(kpi, period, reckoning),
        trend=trend,
        value=ask(evaluated, parts=facts.has_parts),
        baseline=ask(compared) if reason is None else None,
        recent=ask(_trend_days(trend, evaluated), grain_of_trend=True),
    )


def _compared(
    project: Project, kpi: Kpi, period: Days, fresh: Freshness, facts: MetricFacts
) -> tuple[Days | None, Problem | None]:
    """Return the baseline's days, and why they cannot be used.

    A flow summed over fewer days than its range has is a wrong number; a ratio needs one day at least.
    """
    days = baseline_days(kpi, period, project.calendar, project.reckoning)
    if not isinstance(days, Days):
        return None, days
    missing = fresh.missing(days)
    if missing == len(days) or (missing and facts.accumulates):
        values = {"from": days.first, "to": days.last, "missing": missing, "days": len(days)}
        return days, Problem("baseline_not_covered", values, Severity.WARNING, kpi=kpi.key)
    return days, None


def _trend(
    kpi: Kpi, period: Days, last: date | None, fresh: Freshness, facts: MetricFacts, reckoning: Reckoning
) -> tuple[Days, ...]:
    """Return the buckets of the recent values.

    Those of a recurring KPI end with its period, those of a dated one with the last day that has data.
    A flow's bucket in which the data begin is left out: it would look like a fall.
    """
    if last is None:
        return ()
    end = period.last if kpi.period.every is not None else last
    found = trend_buckets(kpi, period, end, reckoning)
    if not fresh.days:
        return found
    start = fresh.days[0].first
    return tuple(days for days in found if (days.first if facts.accumulates else days.last) >= start)


def _trend_days(trend: tuple[Days, ...], evaluated: Days | None) -> Days | None:
    """Return the days of the trend's question: nothing later than what the value itself holds."""
    if not trend:
        return None
    whole = Days(trend[0].first, trend[-1].last)
    return whole.until(evaluated.last) if evaluated is not None else whole
