"""``kurs action``, ``kurs actions``: what is done about a shortfall."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, ByOption, KpiArgument, with_shared_options
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding

ACTION_HELP = N_("Open, assign or finish an action of a KPI.")
ACTION_EPILOG = N_(
    "Example: kurs action holiday_conversion checkout_review open --by head_of_web\n\n"
    "Opened, it is due after the plan's due:, and belongs to the plan's owner unless --to names another."
)
ACTIONS_HELP = N_("Show the actions of all KPIs, their owners and due days.")
ACTIONS_EPILOG = N_(
    "Example: kurs actions --open\n\n"
    "With --effect, the KPI after an action was done is held against what it would have been without it."
)
_STEPS = ("open", "assign", "done")


@with_shared_options()
def action(
    asked: Asked,
    kpi: KpiArgument,
    name: Annotated[str, typer.Argument(metavar="ACTION", help=N_("The action's name in the plan."))],
    step: Annotated[str, typer.Argument(metavar="open|assign|done", help=N_("What happens to it."))],
    by: ByOption = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="PERSON", help=N_("To whom it is assigned."))
    ] = None,
    effect: Annotated[
        str | None, typer.Option("--effect", metavar="TEXT", help=N_("What it brought, once it is done."))
    ] = None,
) -> None:
    """Move an action, and show where it is then."""
    with desk(asked) as at:
        from kurs.report.as_json import document
        from kurs.report.decisions import action_json, actions_page
        from kurs.workflows import decide

        words = Understanding()
        chosen = words.choice("kurs action", step, _STEPS)
        words.done()
        plan = at.plan()
        day = at.day(plan)
        state = decide.act(plan, day, kpi, name, chosen or step, by=by, to=to, effect=effect)
        if at.output == "json":
            at.write(document(action_json(state, day)))
        else:
            at.show(actions_page((state,), plan, day, at.language, at.width))


@with_shared_options()
def actions(
    asked: Asked,
    only_open: Annotated[bool, typer.Option("--open", help=N_("Only those that are open."))] = False,
    effect: Annotated[
        bool, typer.Option("--effect", help=N_("Measure what the KPI did after those that are done."))
    ] = False,
) -> None:
    """Show the actions of every KPI."""
    with desk(asked) as at:
        if effect:
            _show_effects(at)
            return
        from kurs.report.as_json import document
        from kurs.report.decisions import action_json, actions_page
        from kurs.workflows import decide

        plan = at.plan()
        day = at.day(plan)
        found = decide.actions(plan, day, only_open=only_open)
        if at.output == "json":
            at.write(document([action_json(state, day) for state in found]))
        else:
            at.show(actions_page(found, plan, day, at.language, at.width))


def _show_effects(at: Desk) -> None:
    """Measure the effect of every action that is done."""
    with at.opened() as opened:
        from kurs.report.as_json import document
        from kurs.report.effects import effect_json, effects_page
        from kurs.workflows.effect import effects

        found = effects(opened)
        if at.output == "json":
            at.write(document([effect_json(state, one, at.language) for state, one in found]))
        else:
            at.show(effects_page(found, opened.project, at.language, at.width))
