"""What to write so that it is known by when, and somebody looks at it in time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.audit.mends.amounts import amount, change, difference
from kurs.audit.mends.place import of_kpi
from kurs.metrics.nature import metric_facts
from kurs.metrics.reach import Map
from kurs.model.days import Days, Grain, add_months
from kurs.model.metric import Unit
from kurs.model.target import Milestone, Stands, Target, TargetKind, TargetTable
from kurs.problems import KursError
from kurs.project.entry import Doubt, Entry

if TYPE_CHECKING:
    from kurs.audit.rule import Entries, Evidence
    from kurs.audit.subject import Subject


LEAST_REVIEWS = 4
DAYS_OF = {"daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30, "quarterly": 91, "yearly": 365}
_CADENCES = ("monthly", "fortnightly", "weekly", "daily")
_MOST = 12  # milestones


def cadence(days: int) -> str | None:
    """Return the rarest usual cadence by which ``days`` have four reviews; None where none does."""
    return next((word for word in _CADENCES if days // DAYS_OF[word] >= LEAST_REVIEWS), None)


def review(subject: Subject, _evidence: Evidence) -> Entries:
    """Write a cadence with four reviews in the period; of a short one, daily, if somebody wants that."""
    often = cadence(len(subject.period)) or "daily"
    return (of_kpi(subject.kpi, "review", often, Doubt.IS_IT_SO if often == "daily" else None),)


def more_reviews(subject: Subject, _evidence: Evidence) -> Entries:
    """Write a cadence with four reviews in the period, where there is one."""
    often = cadence(len(subject.period))
    return (of_kpi(subject.kpi, "review", often, Doubt.IS_IT_SO),) if often is not None else ()


def milestones(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the ends of the quarters on the way, each with the part of the way that is gone by then.

    Of a KPI that recurs there is a way only where its target says by when.
    """
    target = subject.kpi.target
    if not isinstance(target, Target) or (subject.kpi.period.every is not None and target.by is None):
        return ()
    first, last = target.since or subject.period.first, target.by or subject.period.last
    ends = [days.last for days in subject.project.reckoning.buckets(Days(first, last), Grain.QUARTER)]
    ends = [end for end in ends if first < end < last][:_MOST]
    whole = (last - first).days + 1
    written = [(end, _milestone(subject, target, ((end - first).days + 1) / whole)) for end in ends]
    if not written or None in (wanted for _, wanted in written):
        return ()
    value = "{" + ", ".join(f"{end}: {wanted}" for end, wanted in written) + "}"
    return (of_kpi(subject.kpi, "target", value, Doubt.HOW_MUCH, below="milestones"),)


def _milestone(subject: Subject, target: Target, share: float) -> str | None:
    """Write what is wanted after a share of the way.

    What adds up over its dates has a share of the target by then, all else a share of the change. None
    where it is not known what the change begins from.
    """
    if subject.kpi.period.every is None and _is_flow(subject):
        return f"{round(100 * share)}%"
    if target.kind is TargetKind.CHANGE and target.basis is None:
        return change(share * target.value)
    baseline = subject.kpi.baseline.value if subject.kpi.baseline is not None else None
    if baseline is None and subject.measured is not None:
        baseline = subject.measured.reading.baseline
    if baseline is None:
        return None
    by_how_much = target.value - (baseline if target.kind is TargetKind.REACH else 0)
    return amount(baseline + share * by_how_much, subject.metric.unit)


def _is_flow(subject: Subject) -> bool:
    try:
        return metric_facts(Map(subject.project, {}), subject.metric.key).accumulates
    except KursError:  # the check of the plan says why
        return False


def next_period(subject: Subject, _evidence: Evidence) -> Entries:
    """Write the same days of the first year in which they are not over, and the milestones of that year.

    Nothing where a file says the targets: it may say none of that year.
    """
    kpi, target, days = subject.kpi, subject.kpi.target, subject.kpi.period.days
    if days is None or isinstance(target, TargetTable):
        return ()
    years = 1
    while _years_later(days.last, years) < subject.as_of:
        years += 1
    first, last = add_months(days.first, 12 * years), _years_later(days.last, years)
    ends = {"from": first, "to": last}
    entries = [of_kpi(kpi, "period", str(day), Doubt.WHICH, below=key) for key, day in ends.items()]
    if target is not None and target.milestones:
        moved = (f"{_years_later(one.day, years)}: {_as_put(subject, one)}" for one in target.milestones)
        value = "{" + ", ".join(moved) + "}"
        entries.append(of_kpi(kpi, "target", value, Doubt.HOW_MUCH, below="milestones"))
    return tuple(entries)


def _years_later(day: date, years: int) -> date:
    """Return the day of a later year; the end of a month stays one."""
    return add_months(day + timedelta(days=1), 12 * years) - timedelta(days=1)


def _as_put(subject: Subject, milestone: Milestone) -> str:
    """Write the number of a milestone as what it stands for."""
    match milestone.stands:
        case Stands.SHARE:
            return amount(milestone.value, Unit.PERCENT)
        case Stands.CHANGE:
            return change(milestone.value)
        case Stands.CHANGE_BY:
            return difference(milestone.value, subject.metric.unit)
        case Stands.VALUE:
            return amount(milestone.value, subject.metric.unit)


def more_time(_subject: Subject, evidence: Evidence) -> Entries:
    """Give the strategy until the KPI's last day."""
    return (Entry(("strategy", str(evidence["strategy"]), "by"), str(evidence["to"]), Doubt.IS_IT_SO),)
