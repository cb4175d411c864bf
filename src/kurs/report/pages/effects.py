"""What came with the actions that are done, as a table of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.explain.effect import Verdict
from kurs.report.as_json import sentence
from kurs.report.effects import basis_says, interval_said
from kurs.report.labels import action_says, kpi_label
from kurs.report.pages.tables import Cell, Heading, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.explain.effect import Effect
    from kurs.ledger.standing import ActionState
    from kurs.model.project import Project
    from kurs.words import Language

# How a verdict looks: as the status of a KPI that is as good or as bad.
_AS_STATUS = {
    Verdict.BETTER: "met",
    Verdict.WORSE: "missed",
    Verdict.UNCLEAR: None,
    Verdict.CANNOT_TELL: "no_data",
}


def effects(found: Sequence[tuple[ActionState, Effect]], project: Project, language: Language) -> Table:
    """Lay out the actions that are done, the change that came with each, and how sure it is."""
    columns = (
        Heading(language.say("Action")),
        Heading(language.term("column.kpi")),
        Heading(language.say("Before"), is_numeric=True),
        Heading(language.say("Without it"), is_numeric=True),
        Heading(language.say("After"), is_numeric=True),
        Heading(language.say("Difference"), is_numeric=True),
        Heading(language.say("Plan expects"), is_numeric=True),
        Heading(language.say("Effect")),
    )
    rows = tuple(_row(state, effect, project, language) for state, effect in found)
    return Table(language.say("Effect"), columns, rows, is_sortable=True)


def _row(state: ActionState, effect: Effect, project: Project, language: Language) -> tuple[Cell, ...]:
    kpi, found, without = project.kpis[state.kpi], effect.finding, effect.expectation
    unit, currency = project.metrics[kpi.metric].unit, project.settings.currency

    def amount(value: float | None, note: str = "") -> Cell:
        return Cell("" if value is None else language.quantity(value, unit, currency), raw=value, note=note)

    def change(value: float | None, note: str = "") -> Cell:
        return Cell("" if value is None else language.difference(value, unit, currency), raw=value, note=note)

    between = ""
    if without is not None:
        ends = interval_said(without.significance, unit, currency, language)
        between = f"{language.say('95 % between')} {ends}"
    said = [sentence(effect.reason, language)] if effect.reason is not None else []
    if effect.as_expected is not None and effect.verdict is not Verdict.UNCLEAR:
        said.append(language.term(f"expected.{effect.as_expected}"))
    return (
        Cell(action_says(project, state.action, language)),
        Cell(kpi_label(project, kpi, language), href=f"/kpi/{state.kpi}"),
        amount(found.against_value if found is not None else None),
        amount(without.value, basis_says(without.basis, language)) if without is not None else amount(None),
        amount(found.value if found is not None else None),
        change(effect.size, between),
        change(effect.expected),
        Cell(
            language.term(f"effect.{effect.verdict}"),
            status=_AS_STATUS[effect.verdict],
            note=" ".join(said),
        ),
    )
