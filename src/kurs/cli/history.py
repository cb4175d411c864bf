"""``kurs history``: what changed of a KPI, when, and by whom."""

from __future__ import annotations

from kurs.cli.desk import desk
from kurs.cli.options import Asked, KpiArgument, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show what changed of a KPI, when, and by whom.")
EPILOG = N_(
    "Example: kurs history holiday_conversion\n\n"
    "From git and the journal: the KPI itself and the metrics, tables and segments behind it."
)


@with_shared_options(without=("as_of",))
def history(asked: Asked, kpi: KpiArgument) -> None:
    """Show the changes of the plan and the decisions about a KPI."""
    with desk(asked) as at:
        from zoneinfo import ZoneInfo

        from kurs.report.as_json import document
        from kurs.report.history import history_json, history_page
        from kurs.workflows.history import history as of

        project = at.plan()
        found = of(project, kpi)
        if at.output == "json":
            at.write(document(history_json(found, project, at.language)))
        else:
            zone = ZoneInfo(project.settings.timezone)
            at.show(history_page(found, project, zone, at.language))
