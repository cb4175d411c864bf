"""From answers to a reading."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.evaluate.answers import Found, Given, found, problem
from kurs.evaluate.judging import Numbers, judge
from kurs.evaluate.numbers import same
from kurs.evaluate.parts import read_parts, unequal_sums, unknown_members
from kurs.evaluate.reading import Reading, Status
from kurs.evaluate.target import direction
from kurs.model.days import OwnPeriods
from kurs.model.target import FROM_BASELINE
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Judged
    from kurs.metrics.query import Answer
    from kurs.model.kpi import FrozenBaseline
    from kurs.model.metric import Direction


# What an answer says of its coverage; of a KPI it is said here, for the days that its value holds.
_TOLD_BY_COVERAGE = frozenset(
    {"late_source", "rows_rejected", "may_be_restated", "not_covered", "days_between_missing"}
    | {"first_bucket_partial", "last_bucket_partial"}
)


# What a revision may change without a word about the numbers.
_NOT_JUDGING = frozenset(
    {"owner", "approver", "review", "actions", "level", "department", "nature", "leads", "goal"}
)


def read(need: Need, answers: Sequence[Answer]) -> Reading:
    """Return the reading that the answers to ``need.questions``, in their order, make.

    Every number of it is finite; where there is none, ``reason`` or a caveat says why. Raises ValueError
    when the answers are not as many as the questions.
    """
    if len(answers) != len(need.questions):
        raise ValueError(f"{need.kpi.key}: {len(answers)} answers to {len(need.questions)} questions")
    rest = iter(answers)
    single = (need.value, need.baseline, need.recent, need.basis)
    value, baseline, recent, basis = (next(rest) if question is not None else None for question in single)
    members = tuple(next(rest) for _ in need.members)
    given = Given(value, baseline, recent, basis, members, tuple(rest))
    return judged_reading(need, found(need, given))


def refused(need: Need, because: Problem) -> Reading:
    """Return the reading of a KPI whose questions cannot be asked, ``because`` of that problem."""
    return judged_reading(need, Found(value_reason=because))


def _judged(need: Need, said: Found, good: Direction | None) -> tuple[Judged | None, Problem | None]:
    """Hold the value against the target, or say why a KPI that has one cannot be compared with it."""
    if need.target is None:
        return None, _no_target(need)
    base, reason = said.baseline, said.baseline_reason
    if need.target.basis is not None:
        base, reason = said.basis, need.basis_reason or problem(need, "target_basis_missing")
    if need.target.kind in FROM_BASELINE and base is None and reason is not None:
        return None, reason
    judged = judge(need, need.target, Numbers(said.value, said.baseline, base), good)
    if isinstance(judged, Problem):
        return None, replace(judged, kpi=need.kpi.key)
    return judged, None


def _no_target(need: Need) -> Problem | None:
    """Say why a KPI whose plan has a target has none here."""
    if need.kpi.target is None:
        return None
    if need.within_part:
        segments = {"segment": ", ".join(need.segments)}
        return problem(need, "target_of_the_whole", segments, Severity.INFO)
    return problem(need, "no_target_for_period", {"from": need.period.first, "to": need.period.last})


def judged_reading(need: Need, said: Found) -> Reading:
    """Return the reading that what was ``said`` makes."""
    good = direction(need.kpi, need.metric)
    judged, target_reason = _judged(need, said, good)
    status = _status(need, said, judged)
    reason = said.value_reason or target_reason
    if reason is None and need.target is not None and status is None:
        reason = problem(need, "target_needs_direction")
    parts = read_parts(need, said, good)
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
        value=said.value,
        numerator=said.numerator,
        denominator=said.denominator,
        baseline=said.baseline,
        target=judged.target if judged is not None else None,
        gap=judged.gap if judged is not None else None,
        progress=judged.progress if judged is not None else None,
        expected_by_now=judged.expected_by_now if judged is not None else None,
        pace=judged.pace if judged is not None else None,
        status=status,
        provisional=bool(outdated),
        reason=reason,
        caveats=(
            *(*others, *outdated, *_uncovered(need, said)),
            *(need.uneven if said.baseline is not None else ()),
            *_about_baseline(need, said, reason),
            *_revised(need),
            *unequal_sums(need, said, parts, judged),
            *unknown_members(need, said),
        ),
        recent=said.recent,
        segments=need.segments,
        frozen=need.frozen,
        restated_baseline=said.restated,
        judged=judged,
        parts=parts,
        provenance=need.target.provenance if need.target is not None else None,
    )


def _status(need: Need, said: Found, judged: Judged | None) -> Status | None:
    """Return the status: none without a target, however good the value is."""
    if need.target is None:
        # A table of targets that does not go on is no reason to look healthy.
        return Status.NO_DATA if need.kpi.target is not None and not need.within_part else None
    if need.as_of < need.period.first:
        return Status.NOT_STARTED
    if said.value is None:
        return Status.NO_DATA
    # A target that cannot be computed is no reason to look healthy.
    return judged.verdict if judged is not None else Status.NO_DATA


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


def _revised(need: Need) -> Iterator[Problem]:
    """Say that the plan was changed while the period ran: it is judged by what is in force on the day."""
    seen = min(need.period.last, need.as_of)
    for version in need.kpi.versions:
        judging = [key for key in version.changed if key not in _NOT_JUDGING]
        if version.since is not None and need.period.first < version.since <= seen and judging:
            yield problem(need, "plan_revised", {"since": version.since, "keys": judging}, Severity.INFO)
    for metric, since in need.facts.redefined:
        if need.period.first < since <= seen:
            yield problem(need, "metric_redefined", {"metric": metric, "since": since})


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
