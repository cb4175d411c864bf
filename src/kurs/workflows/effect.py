"""Effect: what the KPI did after an action was done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.evaluate.freshness import freshness
from kurs.evaluate.target import direction
from kurs.explain.effect import Effect, Verdict, effect, stretches
from kurs.explain.expectation import Basis, Past, expectation, question
from kurs.explain.real import daily
from kurs.ledger.standing import Stage
from kurs.metrics.nature import metric_facts
from kurs.model.comparison import Against, Comparison
from kurs.model.metric import Unit
from kurs.problems import KursError, Problem, Severity
from kurs.project.amounts import Sign, amount_of
from kurs.workflows import decide
from kurs.workflows.explain import Request, moved
from kurs.workflows.measure import query

if TYPE_CHECKING:
    from kurs.explain.expectation import Expectation
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import ActionState
    from kurs.model.kpi import Kpi
    from kurs.workflows.opening import Opened


def measured(opened: Opened, state: ActionState) -> Effect:
    """Measure what came with an action; why nothing can be told stands in its reason."""
    kpi = opened.project.kpis[state.kpi]
    if state.stage is not Stage.DONE or state.opened is None or state.done is None:
        return _cannot_tell("effect_not_done", action=state.action)
    try:
        facts = metric_facts(opened.rollups.world, kpi.metric)
        known = freshness(opened.project, facts.covered, opened.as_of).complete_to
        if known is None:
            return _cannot_tell("not_loaded", table=kpi.metric)
        days = stretches(state.opened, state.done, known)
        if isinstance(days, Problem):
            return Effect(Verdict.CANNOT_TELL, reason=days)
        after, before = days
        return _judged(opened, state, kpi, Request(kpi.key, after, Comparison(Against.RANGE, before)))
    except KursError as error:
        return Effect(Verdict.CANNOT_TELL, reason=error.problems[0])


def effects(opened: Opened) -> tuple[tuple[ActionState, Effect], ...]:
    """Measure every action that is done."""
    states = decide.actions(opened.project, opened.as_of)
    return tuple((state, measured(opened, state)) for state in states if state.stage is Stage.DONE)


def _judged(opened: Opened, state: ActionState, kpi: Kpi, request: Request) -> Effect:
    """Hold what the KPI was against what it would have been."""
    inquiry, found = moved(opened, request)
    found = replace(found, caveats=tuple(one for one in found.caveats if one.severity is Severity.WARNING))
    asked = question(inquiry)
    if asked is None:
        return _cannot_tell("effect_not_by_days", found, metric=kpi.metric)
    series = daily(inquiry, asked, query(opened, asked)).get(())
    redefined = metric_facts(opened.rollups.world, kpi.metric).redefined
    without: Expectation | None = None
    if series is not None:
        past = Past(inquiry, series, opened.project.calendar, tuple(since for _, since in redefined))
        without = expectation(past, found.days, found.against)
    if without is None:
        return _cannot_tell("effect_without_history", found, metric=kpi.metric)
    good = direction(kpi, opened.project.metrics[kpi.metric])
    said = _said_with(found, without)
    return effect(said, without, good, _expected(opened, kpi, state.action, without.value))


def _said_with(found: Finding, without: Expectation) -> Finding:
    """Keep what must be said beside the effect: with last year's weeks their events are no matter."""
    caveats = found.caveats
    if without.basis is Basis.LAST_YEAR:
        caveats = tuple(one for one in caveats if one.code != "event_on_one_side")
    if not without.has_seen_a_year:
        caveats = (*caveats, Problem("effect_season_unseen", {"weeks": without.pairs}, Severity.WARNING))
    return replace(found, caveats=caveats)


def _cannot_tell(code: str, found: Finding | None = None, **values: object) -> Effect:
    return Effect(Verdict.CANNOT_TELL, found, reason=Problem(code, values, Severity.INFO))


def _expected(opened: Opened, kpi: Kpi, action: str, without: float) -> float | None:
    """Return the change that the plan expects: ``+5%`` is of what would have been, ``+0.2pp`` is not.

    None where it is put in points and the KPI is no percentage: it was said of another KPI.
    """
    planned = opened.project.actions.get(action)
    amount = amount_of(planned.expect) if planned is not None and planned.expect is not None else None
    if amount is None:
        return None
    if amount.sign is Sign.POINTS and opened.project.metrics[kpi.metric].unit is not Unit.PERCENT:
        return None
    return without * amount.value if amount.sign is Sign.PERCENT else amount.value
