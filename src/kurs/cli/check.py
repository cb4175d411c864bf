"""``kurs check``: what is wrong with the plan, and how good its KPIs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.workflows.check import Checked

HELP = N_("Show all that is wrong with the plan, and audit its KPIs.")
EPILOG = N_(
    "Example: kurs check --strict\n\n"
    "The exit code is 1 when there is an error. The audit says how specific, measurable, achievable, "
    "relevant and time-bound each KPI is."
)


@with_shared_options()
def check(
    asked: Asked,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict", help=N_("End with exit code 1 on a warning, and when a KPI fails a letter, too.")
        ),
    ] = False,
) -> None:
    """Ask the workflow, show all problems and the audit."""
    with desk(asked) as at:
        from kurs.problems import Severity
        from kurs.workflows import check as workflow

        checked = workflow.check(at.folder(), at.as_of)
        if checked.project is not None:
            at.speak(checked.project)
        at.settle()
        _show(at, checked)
        bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        failed = strict and checked.audit is not None and checked.audit.failed
        if failed or any(problem.severity in bad for problem in checked.problems):
            raise typer.Exit(1)
        at.step("load" if checked.unloaded else "status")


def _show(at: Desk, checked: Checked) -> None:
    if at.output == "json":
        from kurs.report import as_json
        from kurs.report.audit_json import audited
        from kurs.report.problems import render_json

        problems = [render_json(problem, at.language) for problem in checked.problems]
        judged = audited(checked.audit, checked.project, checked.marks, at.language)
        at.write(as_json.document(as_json.checked(problems, checked.project, judged)))
        return
    at.show_problems(checked.problems, answer=True)
    plan = checked.project
    if plan is not None and checked.passed:
        parts = [
            at.language.say_plural("{n} KPI", "{n} KPIs", len(plan.kpis)),
            at.language.say_plural("{n} metric", "{n} metrics", len(plan.metrics)),
            at.language.say_plural("{n} table", "{n} tables", len(plan.tables)),
            at.language.say_plural("{n} source", "{n} sources", len(plan.sources)),
        ]
        at.show(at.language.say("The plan has no errors: {parts}.", parts=parts))
        if checked.audit is not None and plan.kpis:
            from kurs.report.audit_table import audit_table

            at.write("")
            at.show(audit_table(checked.audit, plan, checked.marks, at.language, at.width))
