"""``kurs plan``: the strategy map."""

from __future__ import annotations

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show the plan as a tree, with statuses and what is missing.")
EPILOG = N_("Example: kurs plan")


@with_shared_options()
def plan(asked: Asked) -> None:
    """Draw the map of the plan as it stands."""
    with desk(asked) as at, at.opened() as opened:
        from kurs.report.as_json import document
        from kurs.report.plan_map import plan_map_json, plan_map_page
        from kurs.workflows.plan_map import plan_map

        found = plan_map(opened)
        if at.output == "json":
            at.write(document(plan_map_json(found, opened.project, at.language)))
        else:
            at.show(plan_map_page(found, opened.project, at.language))
