"""What came with the actions that are done, as plain values and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.explain.effect import Verdict
from kurs.report.as_json import sentence
from kurs.report.decisions import action_json
from kurs.report.labels import action_says, kpi_label, shown
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from kurs.explain.effect import Effect
    from kurs.ledger.standing import ActionState
    from kurs.model.days import Days
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language

_STYLES = {Verdict.BETTER: "green", Verdict.WORSE: "red", Verdict.UNCLEAR: "", Verdict.CANNOT_TELL: "dim"}


def effect_json(state: ActionState, effect: Effect, language: Language) -> Plain:
    """An action that is done, with its effect by the keys of docs/journal.md."""
    found = effect.finding
    tested = found.significance if found is not None else None
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
        Column(language.say("After"), "right", rank=3),
        Column(language.say("Change"), "right"),
        Column(language.say("95 % between"), "right", rank=2),
        Column(language.say("Expected"), "right", rank=2),
        Column(language.say("Effect"), least=16),
    )
    rows = [_row(state, effect, project, language) for state, effect in found]
    said = dict.fromkeys(sentence(one.reason, language) for _, one in found if one.reason is not None)
    weeks = language.say("Whole weeks after an action was done, against as many before it was opened.")
    lines = [Text(shown(line), "dim") for line in (weeks, *said)]
    return Group(table(columns, rows, width), Text(), *lines)


def _row(state: ActionState, effect: Effect, project: Project, language: Language) -> Row:
    kpi, found = project.kpis[state.kpi], effect.finding
    unit, currency = project.metrics[kpi.metric].unit, project.settings.currency

    def amount(value: float | None) -> str:
        return "" if value is None else language.quantity(value, unit, currency)

    def change(value: float | None) -> str:
        return "" if value is None else language.difference(value, unit, currency)

    tested = found.significance if found is not None else None
    verdict = language.term(f"effect.{effect.verdict}")
    if effect.as_expected is not None and effect.verdict is not Verdict.UNCLEAR:
        verdict += f", {language.term(f'expected.{effect.as_expected}')}"
    return (
        Text(kpi_label(project, kpi, language)),
        Text(action_says(project, state.action, language)),
        Text(amount(found.against_value if found is not None else None)),
        Text(amount(found.value if found is not None else None)),
        Text(change(found.change if found is not None else None), "bold"),
        Text(f"{change(tested.low95)} … {change(tested.high95)}" if tested is not None else ""),
        Text(change(effect.expected)),
        Text(verdict, _STYLES[effect.verdict]),
    )


def _ends(days: Days) -> Plain:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}
