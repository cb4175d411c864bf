"""``kurs catalog``: standard KPIs, what they mean and what they hide."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Look up standard KPIs: what they mean, what they hide.")
EPILOG = N_("Example: kurs catalog conversion\n\nWords of your language are found, and English ones.")


@with_shared_options(without=("project", "as_of"))
def catalog(
    asked: Asked,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[WORD]...", help=N_("All must stand in the name, the label or the definition.")
        ),
    ] = None,
) -> None:
    """Ask the workflow, show what it finds."""
    with desk(asked) as at:
        from kurs.report import as_json
        from kurs.report.catalogue import catalogue_list, standard
        from kurs.workflows.catalog import search

        found = search(words or (), at.language.say)
        if at.output == "json":
            at.write(as_json.document([standard(kpi) for kpi in found]))
        elif found:
            at.show(catalogue_list(found, at.language, at.width))
        else:
            at.note(
                at.language.say(
                    "No standard KPI has these words; see all with: {command}", command="kurs catalog"
                )
            )
