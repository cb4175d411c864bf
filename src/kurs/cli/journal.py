"""``kurs journal``: what was decided, by whom, and whether anybody touched it since."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show what was decided, or verify that nobody changed it.")
EPILOG = N_(
    "Example: kurs journal --verify\n\n"
    "With --verify, exit code 1 when an entry was edited, removed or moved, or signed by somebody else."
)


@with_shared_options(without=("as_of",))
def journal(
    asked: Asked,
    verify: Annotated[
        bool, typer.Option("--verify", help=N_("Hold every entry against its hash, chain and signer."))
    ] = False,
) -> None:
    """Show the journal, or what is wrong with it."""
    with desk(asked) as at:
        from zoneinfo import ZoneInfo

        from kurs.problems import errors
        from kurs.report.as_json import document
        from kurs.report.decisions import entry_json, journal_page
        from kurs.report.problems import render_json
        from kurs.workflows import decide
        from kurs.workflows.verify import verify as verified

        plan = at.plan()
        entries = decide.told(plan).entries
        if not verify:
            if at.output == "json":
                at.write(document([entry_json(entry) for entry in entries]))
            else:
                zone = ZoneInfo(plan.settings.timezone)
                at.show(journal_page(entries, plan, zone, at.language, at.width))
            return
        problems = verified(plan)
        if at.output == "json":
            found = [render_json(problem, at.language) for problem in problems]
            at.write(document({"entries": len(entries), "problems": found}))
        else:
            at.show_problems(problems, answer=True)
            if not problems:
                said = at.language.say_plural(
                    "{n} entry is as it was written.", "{n} entries are as they were written.", len(entries)
                )
                at.show(said)
        if errors(problems):
            raise typer.Exit(1)
