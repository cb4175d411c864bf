"""``kurs forget``: take one person out of all that is stored."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.workflows.forget import Forgot

HELP = N_("Remove a person from all that is stored.")
EPILOG = N_("Example: kurs forget ann@example.com --dry-run")


@with_shared_options()
def forget(
    asked: Asked,
    key: Annotated[str, typer.Argument(metavar="KEY", help=N_("An e-mail address, a number, an id."))],
    column: Annotated[
        str | None,
        typer.Option("--column", metavar="COLUMN", help=N_("Only columns of this name; else all texts.")),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help=N_("Show what would go.")),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask."))] = False,
) -> None:
    """Show what holds the person, ask, remove it."""
    with desk(asked) as at:
        from kurs.project import read
        from kurs.workflows.forget import forget as workflow

        plan = read(at.folder()).required()
        at.speak(plan)
        if not dry_run and not yes:
            found = workflow(plan, key, column, dry_run=True)
            if found.found:
                _ask(at, found)
        _show(at, workflow(plan, key, column, dry_run=dry_run))


def _ask(at: Desk, found: Forgot) -> None:
    """Let a person decide. Raises UsageError ``forget_unasked`` where there is nobody to ask."""
    from kurs.report.forgetting import forgot_page

    if not sys.stdin.isatty() or at.output == "json":
        raise UsageError(Problem("forget_unasked"))
    at.show(forgot_page(found, at.language, at.width))
    if not typer.confirm(at.language.say("Remove these rows for good?"), err=True):
        raise typer.Exit(2)


def _show(at: Desk, forgot: Forgot) -> None:
    from kurs.report.forgetting import forgot_json, forgot_page

    if at.output == "json":
        from kurs.report.as_json import document

        at.write(document(forgot_json(forgot)))
        return
    at.show(forgot_page(forgot, at.language, at.width))
