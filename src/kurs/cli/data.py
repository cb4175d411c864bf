"""``kurs data``: which data there are, how fresh, and what is missing."""

from __future__ import annotations

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show sources, how fresh they are, gaps, the last loads, tables.")
EPILOG = N_("Example: kurs data --as-of 2026-11-30")


@with_shared_options()
def data(asked: Asked) -> None:
    """Ask the workflow, show what it found."""
    with desk(asked) as at:
        from kurs.project import read
        from kurs.workflows import data as workflow

        plan = read(at.folder()).required()
        at.speak(plan)
        found = workflow.data(plan, at.as_of)
        if at.output == "json":
            from kurs.report.as_json import document
            from kurs.report.data_page import data_json

            at.write(document(data_json(found)))
            return
        from kurs.report.data_page import data_page

        at.show(data_page(found, at.language, at.width))
        if any(source.last is None for source in found.sources):
            at.step("load")
