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

    Between two occurrences of its event it is that of the coming one: what to start from is frozen before.
    Raises UsageError where it is no value of other days, or their data are not there; EngineError.
    """
    from kurs.evaluate.baseline import measured, question
    from kurs.evaluate.needs import needs_on
    from kurs.evaluate.periods import coming

    chosen = decide.known_kpi(opened.project, kpi)
    decided = decide.decided(opened)
    need, because = measure.need_of(opened, chosen, decided)
    if because is not None:
        raise UsageError(because)
    ahead = coming(need.kpi, opened.project.calendar, need.period, opened.as_of)
    if ahead is not None:
        of_then = needs_on(need, opened.project, ahead.first, decided.frozen(need.kpi))
        need = replace(of_then, fresh=need.fresh)
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
