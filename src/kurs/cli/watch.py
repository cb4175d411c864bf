"""``kurs watch``: look once at what is due, and open the actions whose ``when:`` has come."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding, names

HELP = N_("Open the actions whose time has come; for a scheduled job.")
EPILOG = N_(
    "Example: kurs load --quiet; kurs watch --once --fail-on opened\n\n"
    "An action is opened at most once in a period of its KPI, however often this runs."
)
_BAD = ("opened", "overdue")


@with_shared_options()
def watch(
    asked: Asked,
    once: Annotated[bool, typer.Option("--once", help=N_("Look once, and end."))] = False,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-on",
            metavar="opened|overdue",
            help=N_("End with exit code 1 when an action was opened now, or is overdue."),
        ),
    ] = None,
) -> None:
    """Open what is to be opened, and show it beside what is overdue."""
    with desk(asked) as at:
        words = Understanding()
        limits = [words.choice("--fail-on", one, _BAD) for one in names(fail_on)]
        if not once:
            raise UsageError(Problem("watch_once"))
        words.done()
        with at.opened() as opened:
            from kurs.report.as_json import document
            from kurs.report.decisions import watched_json, watched_page
            from kurs.workflows.watch import watch as look

            found = look(opened)
            if at.output == "json":
                at.write(document(watched_json(found)))
            else:
                at.show(watched_page(found, opened.project, at.language, at.width))
        bad = {"opened": found.opened, "overdue": found.overdue}
        if any(bad[limit] for limit in limits if limit is not None):
            raise typer.Exit(1)
