"""``kurs check``: what is wrong with the plan, and how good its KPIs are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.report.as_json import Plain
    from kurs.workflows.check import Checked
    from kurs.workflows.fix import Fixed

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
    fix: Annotated[
        bool,
        typer.Option("--fix", help=N_("Write what takes no judgement into the plan, and show each change.")),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=N_("With --fix: show the changes, write nothing.")),
    ] = False,
) -> None:
    """Ask the workflow, show all problems and the audit."""
    with desk(asked) as at:
        from kurs.problems import Problem, Severity, UsageError
        from kurs.workflows import check as workflow
        from kurs.workflows import fix as fixing

        if dry_run and not fix:
            raise UsageError(Problem("option_alone", {"option": "--dry-run", "other": "--fix"}))
        fixed = fixing.fix(at.folder(), at.as_of, write=not dry_run) if fix else None
        checked = fixed.stands if fixed is not None else workflow.check(at.folder(), at.as_of)
        if checked.project is not None:
            at.speak(checked.project)
        at.settle()
        _show(at, checked, fixed)
        bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        failed = strict and checked.audit is not None and checked.audit.failed
        if failed or any(problem.severity in bad for problem in checked.problems):
            if fixed is None:
                _offer_fixes(at, checked)
            raise typer.Exit(1)
        if checked.unloaded or fixed is not None or not _offer_fixes(at, checked):
            at.step("load" if checked.unloaded else "status")


def _offer_fixes(at: Desk, checked: Checked) -> bool:
    """Name the command that writes what takes no judgement, where there is something of it."""
    from kurs.workflows.fix import safe_fixes

    if at.output == "table" and not at.asked.quiet and safe_fixes(checked):
        at.step("check", "--fix")
        return True
    return False


def _show(at: Desk, checked: Checked, fixed: Fixed | None) -> None:
    if at.output == "json":
        from kurs.report import as_json
        from kurs.report.audit_json import audited
        from kurs.report.problems import render_json

        problems = [render_json(problem, at.language) for problem in checked.problems]
        judged = audited(checked.audit, checked.project, checked.marks, at.language)
        found = as_json.checked(problems, checked.project, judged)
        at.write(as_json.document(found if fixed is None else {**found, "fix": _plain(fixed, at)}))
        return
    if fixed is not None:
        _show_fixed(at, fixed)
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


def _plain(fixed: Fixed, at: Desk) -> Plain:
    from kurs.report.problems import render_json

    return {
        "written": fixed.is_written,
        "files": list(fixed.texts),
        "diff": fixed.diff,
        "done": [{"code": one.code, "kpi": one.kpi, "change": one.says} for one in fixed.done],
        "refused": [render_json(problem, at.language) for problem in fixed.refused],
    }


def _show_fixed(at: Desk, fixed: Fixed) -> None:
    """Show the changes, then what was done with them."""
    say = at.language.say
    if fixed.texts:
        at.write(fixed.diff)
        files = list(fixed.texts)
        at.show(say("Changed: {files}", files=files) if fixed.is_written else say("Nothing is written yet."))
    else:
        at.show(say("Nothing was found that could be written without asking somebody."))
    at.show_problems(fixed.refused, answer=True, total=False)
    at.write("")
