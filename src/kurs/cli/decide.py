"""``kurs approve``, ``kurs approvals``, ``kurs note``: what people sign and say."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, ByOption, KpiArgument, with_shared_options
from kurs.words.phrases import N_

APPROVE_HELP = N_("Sign the definition, target and owner of a KPI.")
APPROVE_EPILOG = N_(
    "Example: kurs approve holiday_conversion --by cmo\n\n"
    "The person is the KPI's approver: in the plan. A changed definition, target or owner lapses it."
)
APPROVALS_HELP = N_("Show who approved which KPI, and what changed since.")
APPROVALS_EPILOG = N_("Example: kurs approvals")
NOTE_HELP = N_("Note something about a KPI in the journal.")
NOTE_EPILOG = N_('Example: kurs note holiday_conversion "The new checkout is live" --by head_of_web')


@with_shared_options()
def approve(
    asked: Asked,
    kpi: KpiArgument,
    by: Annotated[
        str, typer.Option("--by", metavar="PERSON", help=N_("Who decides: a name of people: in the plan."))
    ],
    sign_with: Annotated[
        str | None,
        typer.Option(
            "--sign-with",
            metavar="FILE",
            help=N_("Sign with this ssh key; the plan has its public half as key: of the person."),
        ),
    ] = None,
) -> None:
    """Write an approval and show how the KPI's stands then."""
    with desk(asked) as at:
        from kurs.workflows import decide

        plan = at.plan()
        approval = decide.approve(plan, at.day(plan), kpi, by, sign_with)
        from kurs.report.as_json import document
        from kurs.report.decisions import approval_json, approvals_page

        if at.output == "json":
            at.write(document(approval_json(approval, plan, at.language)))
        else:
            at.show(approvals_page((approval,), plan, at.language, at.width))


@with_shared_options()
def approvals(asked: Asked) -> None:
    """Show how the approval of every KPI stands."""
    with desk(asked) as at:
        from kurs.report.as_json import document
        from kurs.report.decisions import approval_json, approvals_page
        from kurs.workflows import decide

        plan = at.plan()
        decided = decide.standing(plan, at.day(plan))
        found = [decided.approval(kpi) for kpi in plan.kpis.values()]
        if at.output == "json":
            at.write(document([approval_json(approval, plan, at.language) for approval in found]))
        else:
            at.show(approvals_page(found, plan, at.language, at.width))


@with_shared_options()
def note(
    asked: Asked,
    kpi: KpiArgument,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=N_("What there is to say, in quotes."))],
    by: ByOption = None,
) -> None:
    """Write a note."""
    with desk(asked) as at:
        from zoneinfo import ZoneInfo

        from kurs.report.as_json import document
        from kurs.report.decisions import entry_json, journal_page
        from kurs.workflows import decide

        plan = at.plan()
        entry = decide.note(plan, at.day(plan), kpi, text, by)
        if at.output == "json":
            at.write(document(entry_json(entry)))
        else:
            zone = ZoneInfo(plan.settings.timezone)
            at.show(journal_page((entry,), plan, zone, at.language, at.width))
