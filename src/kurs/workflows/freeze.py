"""Freeze: measure a KPI's baseline once, and let it stand when history is restated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.ledger.entry import Kind
from kurs.ledger.standing import number_digest
from kurs.problems import Problem, UsageError
from kurs.workflows import decide, measure

if TYPE_CHECKING:
    from kurs.evaluate.baseline import MeasuredBaseline
    from kurs.workflows.opening import Opened


def baseline(opened: Opened, kpi: str) -> MeasuredBaseline:
    """Measure the baseline of a KPI from its whole days.

    Raises UsageError where it is no value of other days, or their data are not there; EngineError.
    """
    from kurs.evaluate.baseline import measured, question

    chosen = decide.known_kpi(opened.project, kpi)
    need, because = measure.need_of(opened, chosen, decide.standing(opened.project, opened.as_of))
    if because is not None:
        raise UsageError(because)
    asked = question(need)
    if isinstance(asked, Problem):
        raise UsageError(asked)
    found = measured(need, measure.query(opened, asked))
    if isinstance(found, Problem):
        raise UsageError(found)
    return found


def freeze(opened: Opened, kpi: str, by: str | None = None) -> MeasuredBaseline:
    """Write the baseline of a KPI into the journal: status is measured from it until it is frozen again."""
    decide.known_kpi(opened.project, kpi, by)
    found = baseline(opened, kpi)
    content: dict[str, object] = {
        "days": {"from": found.days.first.isoformat(), "to": found.days.last.isoformat()},
        "value": found.value,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "definition_hash": number_digest(opened.project, found.kpi),
        "versions": decide.versions(opened),
    }
    decide.record(opened.project, opened.as_of, Kind.FREEZE, content, by, kpi)
    frozen = decide.standing(opened.project, opened.as_of).frozen(found.kpi)
    return replace(found, frozen=next(one for one in frozen if one.days == found.days))
