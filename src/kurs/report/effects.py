"""What came with the actions that are done, as plain values and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.explain.effect import Verdict
from kurs.explain.expectation import Basis
from kurs.report.as_json import sentence
from kurs.report.decisions import action_json
from kurs.report.labels import action_says, kpi_label, shown
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from kurs.explain.effect import Effect
    from kurs.explain.finding import Significance
    from kurs.ledger.standing import ActionState
    from kurs.model.days import Days
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language

_STYLES = {Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.UNCLEAR: "", Verdict.CANNOT_TELL: "dim"}


def effect_json(state: ActionState, effect: Effect, language: Language) -> Plain:
    """An action that is done, with its effect by the keys of docs/json.md."""
    found, without = effect.finding, effect.expectation
    tested = without.significance if without is not None else None
    day = state.done or state.opened
    assert day is not None
    return {
        **action_json(state, day),
        "measured": {
            "verdict": str(effect.verdict),
            "after": _ends(found.days) if found is not None else None,
            "before": _ends(found.against) if found is not None else None,
            "value": found.value if found is not None else None,
            "before_value": found.against_value if found is not None else None,
            "change": found.change if found is not None else None,
            "without_action": without.value if without is not None else None,
            "expectation": str(without.basis) if without is not None else None,
            "effect": effect.size,
            "low95": tested.low95 if tested is not None else None,
            "high95": tested.high95 if tested is not None else None,
            "p_value": tested.p_value if tested is not None else None,
            "method": tested.method if tested is not None else None,
            "expected": effect.expected,
            "as_expected": str(effect.as_expected) if effect.as_expected is not None else None,
            "reason": sentence(effect.reason, language) if effect.reason is not None else None,
            "caveats": [sentence(one, language) for one in found.caveats] if found is not None else [],
        },
    }


def effects_page(
    found: Sequence[tuple[ActionState, Effect]], project: Project, language: Language, width: int
) -> RenderableType:
    """Lay out the actions that are done, the change that came with each, and how sure it is."""
    if not found:
        return Text(language.say("No action is done yet."), "dim")
    columns = (
        Column(language.term("column.kpi"), least=16, rank=1),
        Column(language.say("Action"), least=20),
        Column(language.say("Before"), "right", rank=3),
        Column(language.say("Without it"), "right", rank=1),
        Column(language.say("After"), "right", rank=1),
        Column(language.say("Difference"), "right"),
        Column(language.say("95 % between"), "right", rank=2),
        Column(language.say("Plan expects"), "right", rank=2),
        Column(language.say("Effect"), least=16),
    )
    rows = [_row(state, effect, project, language) for state, effect in found]
    weeks = language.say("Whole weeks after an action was done, against as many before it was opened.")
    lines = [Text(shown(line), "dim") for line in (weeks, *_said([effect for _, effect in found], language))]
    return Group(table(columns, rows, width), Text(), *lines)


def _said(found: Sequence[Effect], language: Language) -> list[str]:
    """Say what the expectations stand on, and what must be known beside them; each once."""
    said = [basis_says(one.expectation.basis, language) for one in found if one.expectation is not None]
    said += [sentence(one.reason, language) for one in found if one.reason is not None]
    findings = [one.finding for one in found if one.finding is not None]
    said += [sentence(caveat, language) for one in findings for caveat in one.caveats]
    return list(dict.fromkeys(said))


def basis_says(basis: Basis, language: Language) -> str:
    """Say what the KPI without the action was reckoned from."""
    if basis is Basis.LAST_YEAR:
        return language.say("Without it: the weeks before, and the change of the same weeks a year ago.")
    return language.say(
        "Without it: the weeks before, carried on by their trend. There is no like year to compare with."
    )


def effect_said(effect: Effect, kpi: Kpi, project: Project, language: Language) -> str:
    """Say an effect in one line: how large, between what, and whether that is more than usual."""
    unit, currency = project.metrics[kpi.metric].unit, project.settings.currency
    said: list[str] = []
    if effect.size is not None and effect.expectation is not None:
        tested = effect.expectation.significance
        size = language.difference(effect.size, unit, currency)
        between = interval_said(tested, unit, currency, language)
        said.append(f"{size} ({language.say('95 % between')} {between})")
    said.append(verdict_said(effect, language))
    if effect.reason is not None:
        said.append(sentence(effect.reason, language))
    return " · ".join(said)


def interval_said(tested: Significance, unit: str, currency: str | None, language: Language) -> str:
    """Say both ends of an interval, the low one first in the direction of reading."""
    low, high = (language.difference(end, unit, currency) for end in (tested.low95, tested.high95))
    return language.say("{low} … {high}", low=low, high=high)


def verdict_said(effect: Effect, language: Language) -> str:
    """Say what can be said of an effect, and how it stands to the plan where it is one."""
    verdict = language.term(f"effect.{effect.verdict}")
    if effect.as_expected is None or effect.verdict is Verdict.UNCLEAR:
        return verdict
    return f"{verdict}, {language.term(f'expected.{effect.as_expected}')}"


def _row(state: ActionState, effect: Effect, project: Project, language: Language) -> Row:
    kpi, found, without = project.kpis[state.kpi], effect.finding, effect.expectation
    unit, currency = project.metrics[kpi.metric].unit, project.settings.currency

    def amount(value: float | None) -> str:
        return "" if value is None else language.quantity(value, unit, currency)

    def change(value: float | None) -> str:
        return "" if value is None else language.difference(value, unit, currency)

    tested = without.significance if without is not None else None
    return (
        Text(kpi_label(project, kpi, language)),
        Text(action_says(project, state.action, language)),
        Text(amount(found.against_value if found is not None else None)),
        Text(amount(without.value if without is not None else None)),
        Text(amount(found.value if found is not None else None)),
        Text(change(effect.size), "bold"),
        Text(interval_said(tested, unit, currency, language) if tested is not None else ""),
        Text(change(effect.expected)),
        Text(verdict_said(effect, language), _STYLES[effect.verdict]),
    )


def _ends(days: Days) -> Plain:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}
