"""``kurs cache``: the rollups and questions that are kept, their size, hits and age."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show or clear what is kept to answer faster.")
EPILOG = N_("Example: kurs cache --clear")
Clear = Annotated[bool, typer.Option("--clear", help=N_("Remove it all; questions make it again."))]


@with_shared_options(without=("as_of",))
def cache(
    asked: Asked,
    clear: Clear = False,
) -> None:
    """Show what is kept, or clear it."""
    with desk(asked) as at:
        from zoneinfo import ZoneInfo

        from kurs.project import read
        from kurs.report.as_json import document
        from kurs.report.labels import size
        from kurs.report.rollup_page import cache_json, cache_page
        from kurs.workflows.cache import rollups_of
        from kurs.workflows.recall import questions_of

        plan = read(at.folder()).required()
        at.speak(plan)
        rollups, questions = rollups_of(plan), questions_of(plan.folder)
        if clear:
            freed = rollups.clear() + questions.clear()
            if at.output == "json":
                at.write(document({"freed_bytes": freed}))
            else:
                at.show(at.language.say("Freed {size}.", size=size(freed, at.language)))
        elif at.output == "json":
            at.write(document(cache_json(rollups.uses(), questions.use())))
        else:
            zone = ZoneInfo(plan.settings.timezone)
            at.show(cache_page(rollups.uses(), questions.use(), zone, at.language, at.width))
