"""Effect: what the KPI did after an action was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.freshness import freshness
from kurs.evaluate.target import direction
from kurs.explain.effect import Effect, Verdict, effect, stretches
from kurs.ledger.standing import Stage
from kurs.metrics.nature import metric_facts
from kurs.model.comparison import Against, Comparison
from kurs.problems import KursError, Problem, Severity
from kurs.project.amounts import Sign, amount_of
from kurs.workflows import decide
from kurs.workflows.explain import Request, moved

if TYPE_CHECKING:
    from kurs.ledger.standing import ActionState
    from kurs.workflows.opening import Opened


def measured(opened: Opened, state: ActionState) -> Effect:
    """Measure what came with an action; why nothing can be told stands in its reason."""
    kpi = opened.project.kpis[state.kpi]
    if state.stage is not Stage.DONE or state.opened is None or state.done is None:
        return _cannot_tell(Problem("effect_not_done", {"action": state.action}, Severity.INFO))
    try:
        facts = metric_facts(opened.project, opened.facts, kpi.metric)
        known = freshness(opened.project, facts.covered, opened.as_of).complete_to
        if known is None:
            return _cannot_tell(Problem("not_loaded", {"table": kpi.metric}, Severity.INFO))
        days = stretches(state.opened, state.done, known)
        if isinstance(days, Problem):
            return _cannot_tell(days)
        after, before = days
        finding = moved(opened, Request(kpi.key, after, Comparison(Against.RANGE, before)))
    except KursError as error:
        return _cannot_tell(error.problems[0])
    good = direction(kpi, opened.project.metrics[kpi.metric])
    return effect(finding, good, _expected(opened, state.action, finding.against_value))


def effects(opened: Opened) -> tuple[tuple[ActionState, Effect], ...]:
    """Measure every action that is done."""
    states = decide.actions(opened.project, opened.as_of)
    return tuple((state, measured(opened, state)) for state in states if state.stage is Stage.DONE)


def _cannot_tell(reason: Problem) -> Effect:
    return Effect(Verdict.CANNOT_TELL, reason=reason)


def _expected(opened: Opened, action: str, before: float) -> float | None:
    """Return the change that the plan expects: ``+5%`` is relative to what was before, ``+0.2pp`` is not."""
    planned = opened.project.actions.get(action)
    amount = amount_of(planned.expect) if planned is not None and planned.expect is not None else None
    if amount is None:
        return None
    return before * amount.value if amount.sign is Sign.PERCENT else amount.value
