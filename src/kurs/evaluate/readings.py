"""From answers to a reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.evaluate.answers import Found, found, problem
from kurs.evaluate.numbers import same
from kurs.evaluate.progress import Course, expected_by_now, gap, pace, progress
from kurs.evaluate.reading import Reading, Status
from kurs.evaluate.status import verdict
from kurs.evaluate.target import FROM_BASELINE, direction, target_value
from kurs.model.days import OwnPeriods
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Band
    from kurs.metrics.query import Answer
    from kurs.model.kpi import FrozenBaseline
    from kurs.model.metric import Direction


# What an answer says of its coverage; of a KPI it is said here, for the days that its value holds.
_TOLD_BY_COVERAGE = frozenset(
    {"late_source", "rows_rejected", "may_be_restated", "not_covered", "days_between_missing"}
    | {"first_bucket_partial", "last_bucket_partial"}
)


def read(need: Need, answers: Sequence[Answer]) -> Reading:
    """Return the reading that the answers to ``need.questions``, in their order, make.

    Every number of it is finite; where there is none, ``reason`` or a caveat says why. Raises ValueError
    when the answers are not as many as the questions.
    """
    asked = (need.value, need.baseline, need.recent)
    if len(answers) != len(need.questions):
        raise ValueError(f"{need.kpi.key}: {len(answers)} answers to {len(need.questions)} questions")
    rest = iter(answers)
    value, baseline, recent = (next(rest) if question is not None else None for question in asked)
    return _reading(need, found(need, value, baseline, recent))


def refused(need: Need, because: Problem) -> Reading:
    """Return the reading of a KPI whose questions cannot be asked, ``because`` of that problem."""
    return _reading(need, Found(value_reason=because))


def _target(need: Need, said: Found) -> tuple[float | Band | None, Problem | None]:
    """Return the target, or why a KPI that has one cannot be compared with it."""
    if need.target is None:
        if need.kpi.target is None:
            return None, None
        segments = {"segment": ", ".join(need.segments)}
        return None, problem(need, "target_of_the_whole", segments, Severity.INFO)
    if need.target.kind in FROM_BASELINE and said.baseline is None and said.baseline_reason is not None:
        return None, said.baseline_reason
    target = target_value(need.target, said.baseline)
    return (None, replace(target, kpi=need.kpi.key)) if isinstance(target, Problem) else (target, None)


def _reading(need: Need, said: Found) -> Reading:
    """Judge what was said."""
    good = direction(need.kpi, need.metric)
    target, target_reason = _target(need, said)
    course = _course(need, said, target, good)
    expected = expected_by_now(course) if course is not None else None
    status = _status(need, said, course)
    reason = said.value_reason or target_reason
    if reason is None and need.target is not None and status is None:
        reason = problem(need, "target_needs_direction")
    value = said.value
    outdated = _outdated(need)
    others = (warning for warning in said.warnings if warning.code not in _TOLD_BY_COVERAGE)
    return Reading(
        kpi=need.kpi,
        unit=need.metric.unit,
        good=good,
        stage=need.stage,
        period=need.period,
        as_of=need.as_of,
        data_to=need.evaluated.last if need.evaluated is not None else need.fresh.data_to,
        value=value,
        numerator=said.numerator,
        denominator=said.denominator,
        baseline=said.baseline,
        target=target,
        gap=gap(value, target) if value is not None and target is not None else None,
        progress=_progress(need, said, target),
        expected_by_now=expected,
        pace=pace(value, expected) if value is not None else None,
        status=status,
        provisional=bool(outdated),
        reason=reason,
        caveats=(
            *(*others, *outdated, *_uncovered(need, said)),
            *(need.uneven if said.baseline is not None else ()),
            *_about_baseline(need, said, reason),
        ),
        recent=said.recent,
        segments=need.segments,
        frozen=need.frozen,
        restated_baseline=said.restated,
    )


def _course(need: Need, said: Found, target: float | Band | None, good: Direction | None) -> Course | None:
    """Return where the KPI should go; None without a target, and while nothing of the period has data."""
    if need.target is None or target is None or need.evaluated is None:
        return None
    return Course(
        target=target,
        kind=need.target.kind,
        good=good,
        accumulates=need.facts.accumulates,
        share=len(need.evaluated) / len(need.period),
        over=need.evaluated.last == need.period.last,
        start=said.baseline if need.facts.is_level else None,
    )


def _progress(need: Need, said: Found, target: float | Band | None) -> float | None:
    if said.value is None or target is None or need.target is None:
        return None
    return progress(said.value, target, need.target.kind, need.facts.accumulates, said.baseline)


def _status(need: Need, said: Found, course: Course | None) -> Status | None:
    """Return the status: none without a target, however good the value is."""
    if need.target is None:
        return None
    if need.as_of < need.period.first:
        return Status.NOT_STARTED
    if said.value is None:
        return Status.NO_DATA
    # A target that cannot be computed is no reason to look healthy.
    return verdict(said.value, course) if course is not None else Status.NO_DATA


def _outdated(need: Need) -> tuple[Problem, ...]:
    """Return what may still change the numbers; any of it makes the reading provisional."""
    return need.fresh.caveats(need.evaluated, need.kpi.key) if need.evaluated is not None else ()


def _uncovered(need: Need, said: Found) -> tuple[Problem, ...]:
    """Say that days of the period have no data; those that a late source lacks are told by its name."""
    to = need.fresh.complete_to
    days = need.evaluated.until(to) if need.evaluated is not None and to is not None else None
    missing = need.fresh.missing(days) if days is not None and said.value is not None else 0
    if days is None or not missing:
        return ()
    values = {"missing": missing, "days": len(days), "from": days.first, "to": days.last}
    return (problem(need, "days_missing", values),)


def _about_baseline(need: Need, said: Found, reason: Problem | None) -> tuple[Problem, ...]:
    """Say why there is no baseline, or what is unfair in it."""
    if said.baseline_reason is not None and said.baseline_reason is not reason:
        return (said.baseline_reason,)
    if said.baseline is None or need.compared is None:
        return ()
    values: dict[str, object] = {"from": need.compared.first, "to": need.compared.last}
    if need.facts.accumulates and len(need.compared) != len(need.period):
        # the buckets of a calendar are unlike by nature, and everyone knows it
        every = need.kpi.period.every
        severity = Severity.WARNING if every is None or isinstance(every, OwnPeriods) else Severity.INFO
        lengths = values | {"days": len(need.period), "baseline_days": len(need.compared)}
        return (problem(need, "unlike_lengths", lengths, severity),)
    if need.frozen is not None:
        return _about_frozen(need, need.frozen, said.restated)
    missing = need.fresh.missing(need.compared)
    lacking = values | {"missing": missing, "days": len(need.compared)}
    return (problem(need, "baseline_partly_covered", lacking),) if missing else ()


def _about_frozen(need: Need, frozen: FrozenBaseline, now: float | None) -> tuple[Problem, ...]:
    """Say that the frozen baseline is of another definition, or that history was restated since."""
    values: dict[str, object] = {"day": frozen.on}
    if not frozen.same_definition:
        return (problem(need, "baseline_of_other_definition", values | {"kpi": need.kpi.key}),)
    if now is None or same(now, frozen.value):
        return ()
    if frozen.value == 0:
        return (problem(need, "baseline_no_longer_zero", values, Severity.INFO),)
    percent = 100 * (now - frozen.value) / abs(frozen.value)
    return (problem(need, "baseline_restated", values | {"percent": percent}, Severity.INFO),)
