"""What must be asked before a KPI can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from kurs.evaluate.freshness import Freshness, freshness
from kurs.evaluate.periods import baseline_days, period_of, trend_buckets, trend_grain, uneven
from kurs.metrics.question import Asked, Part, Question
from kurs.model.days import Days
from kurs.model.kpi import Baseline
from kurs.model.target import FROM_BASELINE
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.metrics.nature import MetricFacts
    from kurs.model.days import AnyGrain
    from kurs.model.kpi import FrozenBaseline, Kpi
    from kurs.model.metric import Metric
    from kurs.model.project import Project
    from kurs.model.reckoning import Reckoning
    from kurs.model.strategy import Stage
    from kurs.model.target import Target


@dataclass(frozen=True, slots=True)
class Need:
    """One KPI on one day: its days, and the questions whose answers make a reading.

    ``evaluated`` is the part of the period that has data; None before it starts or while it has none.
    ``target`` is that of the period. Within a segment that is not the KPI's own (``within_part``) it is the
    segment's, if the plan gives one, and ``stated_baseline`` is None: a number set for the whole says nothing
    of a part.
    ``frozen`` is the baseline as somebody froze it: it stands, whatever the data say of those days now.
    ``compared`` are the whole baseline's days; ``baseline_reason`` says why they cannot be used, ``uneven``
    in which way they are not as long as the period.
    ``trend`` are the buckets of the recent values. A question is None when there is nothing to ask.
    ``basis`` asks for what the target's change is measured from, where that is not the baseline. ``members``
    ask by dimension for the parts that have targets, ``members_before`` for what those are measured from.
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
    basis: Question | None = None
    basis_reason: Problem | None = None
    members: tuple[Question, ...] = ()
    members_before: tuple[Question, ...] = ()
    of_basis: MetricFacts | None = None

    @property
    def questions(self) -> tuple[Question, ...]:
        """What to ask; ``read`` takes the answers in this order."""
        single = (self.value, self.baseline, self.recent, self.basis)
        return (*(asked for asked in single if asked is not None), *self.members, *self.members_before)

    @property
    def defined(self) -> date:
        """The day since which the metric is what it is now: before, its values were other numbers."""
        return max((since for _, since in self.facts.redefined if since <= self.as_of), default=date.min)


def needs(
    project: Project,
    kpi: Kpi,
    as_of: date,
    facts: MetricFacts,
    segment: str | None = None,
    frozen: Sequence[FrozenBaseline] = (),
    of_basis: MetricFacts | None = None,
    *,
    status_only: bool = False,
) -> Need:
    """Return what must be asked to read ``kpi`` at the end of ``as_of``, within ``segment`` if given.

    It is read by the plan that is in force on that day. Of the ``frozen`` baselines the one of the
    baseline's own days stands; none does within another segment. ``facts.covered`` may reach past ``as_of``;
    no question does. ``of_basis`` are the facts of the metric that the target is measured from, where that is
    another one. ``status_only``: the numbers of the trend and of the members are not asked for.
    """
    kpi = kpi.in_force(as_of)
    reckoning = project.reckoning
    fresh = freshness(project, facts.covered, as_of)
    data_to = fresh.data_to if facts.loaded else None
    period = period_of(kpi, project.calendar, as_of, reckoning)
    evaluated = period.until(data_to) if data_to is not None else None
    segments = tuple(dict.fromkeys(name for name in (kpi.segment, segment) if name is not None))
    part = segment if segment != kpi.segment else None
    target = _target(kpi, period, part)
    compared, reason = _compared(project, kpi, period, fresh, facts)
    last = evaluated.last if evaluated else data_to
    trend = () if status_only else _trend(kpi, period, last, fresh, facts, reckoning)
    based, no_basis = _based(project, kpi, target, period, as_of, of_basis or facts)
    asking = _Asking(kpi, data_to, segments)
    origin = (based, no_basis) if target is not None and target.basis is not None else (compared, reason)
    return Need(
        kpi=kpi,
        metric=project.metrics[kpi.metric],
        stage=project.stage_of(kpi),
        facts=facts,
        fresh=fresh,
        as_of=as_of,
        period=period,
        evaluated=evaluated,
        segments=segments,
        within_part=part is not None,
        target=target,
        stated_baseline=kpi.baseline.value if kpi.baseline is not None and part is None else None,
        frozen=next((one for one in frozen if one.days == compared and part is None), None),
        compared=compared,
        baseline_reason=reason,
        uneven=uneven(kpi, period, reckoning),
        trend=trend,
        value=asking.about(evaluated, parts=facts.has_parts),
        baseline=asking.about(compared) if reason is None else None,
        recent=asking.about(_trend_days(trend, evaluated), grain=trend_grain(kpi, period)),
        basis=asking.about(based, metric=_metric_of_basis(target)) if no_basis is None else None,
        basis_reason=no_basis,
        of_basis=of_basis,
        members=asking.by_member(target, evaluated) if not status_only else (),
        members_before=asking.by_member_before(target, *origin) if not status_only else (),
    )


def over(
    kpi: Kpi,
    days: Days,
    within: tuple[str, ...] = (),
    grain: AnyGrain | None = None,
    *,
    metrics: tuple[Asked, ...] = (),
    by: tuple[str, ...] = (),
) -> Question:
    """Ask for a KPI's metric, or for ``metrics``, over some days.

    Its own rows alone count, and of these those that lie in all segments ``within``.
    """
    own = (kpi.segment,) if kpi.segment is not None else ()
    return Question(
        metrics=metrics or (Asked(kpi.metric),),
        by=by,
        grain=grain,
        days=days,
        where=(kpi.where,) if kpi.where is not None else (),
        segments=tuple(dict.fromkeys((*own, *within))),
    )


def needs_on(now: Need, project: Project, day: date, frozen: Sequence[FrozenBaseline] = ()) -> Need:
    """Return what must be asked to read the KPI of ``now`` on another day: its value and status."""
    segment = now.segments[-1] if now.within_part else None
    return needs(project, now.kpi, day, now.facts, segment, frozen, now.of_basis, status_only=True)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks for the numbers of a KPI, over what there is of some days."""

    kpi: Kpi
    data_to: date | None
    segments: tuple[str, ...]

    def about(
        self,
        days: Days | None,
        *,
        grain: AnyGrain | None = None,
        parts: bool = False,
        by: str | None = None,
        metric: str | None = None,
    ) -> Question | None:
        """Return the question; None where there are no such days."""
        asked = days.until(self.data_to) if days is not None and self.data_to is not None else None
        if asked is None:
            return None
        of = metric or self.kpi.metric
        return over(
            self.kpi,
            asked,
            self.segments,
            grain,
            metrics=tuple(Asked(of, part) for part in (Part if parts else (Part.VALUE,))),
            by=(by,) if by is not None else (),
        )

    def by_member(
        self, target: Target | None, days: Days | None, metric: str | None = None
    ) -> tuple[Question, ...]:
        """Ask by each dimension whose members have targets of their own."""
        dimensions = target.dimensions if target is not None else ()
        found = (self.about(days, by=dimension, metric=metric) for dimension in dimensions)
        return tuple(question for question in found if question is not None)

    def by_member_before(
        self, target: Target | None, days: Days | None, reason: Problem | None
    ) -> tuple[Question, ...]:
        """Ask for what changes of the members are measured from, unless there is a ``reason`` not to."""
        if target is None or target.kind not in FROM_BASELINE or reason is not None:
            return ()
        return self.by_member(target, days, _metric_of_basis(target))


def _target(kpi: Kpi, period: Days, part: str | None) -> Target | None:
    """Return the target of the period; within another segment than the KPI's own, that of the segment."""
    target = kpi.target_during(period)
    return target if target is None or part is None else target.of_part(None, part)


def _metric_of_basis(target: Target | None) -> str | None:
    return target.basis.metric if target is not None and target.basis is not None else None


def _based(
    project: Project, kpi: Kpi, target: Target | None, period: Days, as_of: date, facts: MetricFacts
) -> tuple[Days | None, Problem | None]:
    """Return the days that the target is measured from, where those are not the baseline's."""
    if target is None or target.basis is None:
        return None, None
    measured_so = replace(kpi, baseline=Baseline(comparison=target.basis.comparison))
    return _compared(project, measured_so, period, freshness(project, facts.covered, as_of), facts)


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
