"""What a KPI's baseline is worth by the data of now, to be frozen or held against what was frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import finite, plain
from kurs.metrics.question import Asked, Part
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from kurs.evaluate.needs import Need
    from kurs.metrics.query import Answer
    from kurs.metrics.question import Question
    from kurs.model.days import Days
    from kurs.model.kpi import FrozenBaseline, Kpi


@dataclass(frozen=True, slots=True)
class MeasuredBaseline:
    """The value of the baseline's ``days`` with its parts, and what was frozen of them, if it was.

    ``period`` are the days of the KPI that are measured from it.
    """

    kpi: Kpi
    period: Days
    days: Days
    value: float
    numerator: float | None
    denominator: float | None
    frozen: FrozenBaseline | None
    caveats: tuple[Problem, ...]


def question(need: Need) -> Question | Problem:
    """Return what to ask for the baseline, or why nothing can be: all of its days must have data."""
    if need.baseline_reason is not None:
        return replace(need.baseline_reason, severity=Severity.ERROR)
    if need.compared is None:
        return Problem("nothing_to_freeze", {"kpi": need.kpi.key})
    days = need.compared
    missing = need.fresh.missing(days)
    if need.baseline is None or missing:
        values = {"from": days.first, "to": days.last, "missing": missing or len(days), "days": len(days)}
        return Problem("freeze_too_early", values | {"kpi": need.kpi.key})
    parts = tuple(Part) if need.facts.has_parts else (Part.VALUE,)
    return replace(need.baseline, metrics=tuple(Asked(need.kpi.metric, part) for part in parts))


def measured(need: Need, answer: Answer) -> MeasuredBaseline | Problem:
    """Return what the answer to ``question`` says; a problem where there is no finite number."""
    assert need.compared is not None
    days = need.compared
    row = answer.rows[0] if answer.rows else ()
    cells = dict(zip((column.name for column in answer.columns), row, strict=False))

    def number(part: Part) -> float | None:
        return finite(plain(cells.get(Asked(need.kpi.metric, part).column)))

    value = number(Part.VALUE)
    if value is None:
        return Problem("baseline_missing", {"from": days.first, "to": days.last})
    caveats = need.fresh.caveats(days, need.kpi.key)
    numerator, denominator = number(Part.NUMERATOR), number(Part.DENOMINATOR)
    return MeasuredBaseline(need.kpi, need.period, days, value, numerator, denominator, need.frozen, caveats)
