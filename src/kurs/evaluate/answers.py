"""What the answers say about one KPI, and the reason where they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kurs.evaluate.numbers import day_of, finite, plain
from kurs.metrics.query import ColumnKind
from kurs.metrics.question import Asked, Part
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from datetime import date

    from kurs.evaluate.needs import Need
    from kurs.metrics.query import Answer


# The members of one dimension and their values.
Members: TypeAlias = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Given:
    """The answers to the questions of a need; None where nothing was asked."""

    value: Answer | None = None
    baseline: Answer | None = None
    recent: Answer | None = None
    basis: Answer | None = None
    members: tuple[Answer, ...] = ()
    members_before: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What the answers say, with the reason where they say nothing."""

    value: float | None = None
    value_reason: Problem | None = None
    numerator: float | None = None
    denominator: float | None = None
    baseline: float | None = None
    baseline_reason: Problem | None = None
    restated: float | None = None
    recent: tuple[float | None, ...] = ()
    basis: float | None = None
    members: tuple[Members, ...] = ()
    members_before: tuple[Members, ...] = ()
    warnings: tuple[Problem, ...] = ()


def found(need: Need, given: Given) -> Found:
    """Take the numbers out of the answers."""
    value = given.value
    numerator = finite(_cell(value, need, Part.NUMERATOR))
    denominator = finite(_cell(value, need, Part.DENOMINATOR))
    number, reason = _number(need, value, numerator, denominator)
    measured, missing = _baseline(need, given.baseline)
    is_frozen = need.frozen is not None
    return Found(
        value=number,
        value_reason=reason,
        numerator=numerator,
        denominator=denominator,
        baseline=need.frozen.value if need.frozen is not None else measured,
        baseline_reason=None if is_frozen else missing,
        restated=measured if is_frozen else None,
        recent=_recent(need, given.recent),
        basis=only(given.basis),
        members=tuple(_members(answer) for answer in given.members),
        members_before=tuple(_members(answer) for answer in given.members_before),
        warnings=value.warnings if value is not None else (),
    )


def only(answer: Answer | None) -> float | None:
    """Return the number of an answer that has but one; None where there is none."""
    return finite(plain(answer.rows[0][-1])) if answer is not None and answer.rows else None


def by_time(answer: Answer | None) -> dict[date, float | None]:
    """Return the value of each bucket by its first day."""
    if answer is None:
        return {}
    kinds = [column.kind for column in answer.columns]
    time, metric = kinds.index(ColumnKind.TIME), kinds.index(ColumnKind.METRIC)
    return {day_of(row[time]): finite(plain(row[metric])) for row in answer.rows}


def _members(answer: Answer) -> Members:
    """Return the value of each member; rows without one are of none."""
    return {member_name(row[0]): finite(plain(row[-1])) for row in answer.rows if row[0] is not None}


def member_name(cell: object) -> str:
    """Write a member as a plan does."""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


def _cell(answer: Answer | None, need: Need, part: Part = Part.VALUE) -> float | None:
    """Return one number of the answer's only row; None where it has no such column, or no row."""
    column = Asked(need.kpi.metric, part).column
    names = [column.name for column in answer.columns] if answer is not None else []
    if answer is None or not answer.rows or column not in names:
        return None
    return plain(answer.rows[0][names.index(column)])


def problem(
    need: Need, code: str, values: Mapping[str, object] | None = None, severity: Severity = Severity.WARNING
) -> Problem:
    """Make a problem of the KPI; none of them stops a command."""
    return Problem(code, values or {}, severity, kpi=need.kpi.key)


def _number(
    need: Need, answer: Answer | None, numerator: float | None, denominator: float | None
) -> tuple[float | None, Problem | None]:
    """Return the value, or why there is none."""
    if need.as_of < need.period.first:
        return None, problem(need, "not_started", {"from": need.period.first}, Severity.INFO)
    metric: dict[str, object] = {"metric": need.metric.key}
    if not need.facts.loaded:
        return None, problem(need, "not_loaded", {"table": need.metric.key})
    if need.fresh.data_to is None:
        return None, problem(need, "no_data_yet", metric | {"as_of": need.as_of})
    values = metric | {"from": need.period.first, "to": min(need.period.last, need.as_of)}
    if need.evaluated is None:
        return None, problem(need, "period_not_loaded", values | {"data_to": need.fresh.data_to})
    number = _cell(answer, need)
    if number is not None and finite(number) is not None:
        return number, None
    # A divisor of nullif(d, 0) is null where d is zero.
    if denominator == 0 or (denominator is None and numerator is not None):
        return None, problem(need, "zero_denominator", values)
    if number is not None:
        return None, problem(need, "not_finite", metric)
    return None, problem(need, "no_rows_in_period", values)


def _baseline(need: Need, answer: Answer | None) -> tuple[float | None, Problem | None]:
    """Return the baseline, or why there is none; neither where the KPI has none."""
    if need.stated_baseline is not None:
        return finite(need.stated_baseline), None
    if need.fresh.data_to is None or not need.facts.loaded:
        return None, None  # the value has the same reason
    if need.compared is None or need.baseline_reason is not None:
        return None, need.baseline_reason
    number = finite(_cell(answer, need))
    if number is not None:
        return number, None
    days = {"from": need.compared.first, "to": need.compared.last}
    return None, problem(need, "baseline_missing", days)


def _recent(need: Need, answer: Answer | None) -> tuple[float | None, ...]:
    """Return the values of the trend's buckets, from the first one that has a value."""
    values = by_time(answer)
    found = [values.get(days.first) for days in need.trend]
    first = next((at for at, value in enumerate(found) if value is not None), len(found))
    return tuple(found[first:])
