"""``kurs baseline``: what a KPI is measured from, and freezing it."""

from __future__ import annotations

from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, ByOption, KpiArgument, with_shared_options
from kurs.words.phrases import N_

HELP = N_("Show the baseline of a KPI, or freeze it.")
EPILOG = N_(
    "Example: kurs baseline holiday_conversion --freeze\n\n"
    "Frozen, it stays what it is when history is restated; kurs status shows the restated value beside it."
)


@with_shared_options()
def baseline(
    asked: Asked,
    kpi: KpiArgument,
    freeze: Annotated[
        bool, typer.Option("--freeze", help=N_("Keep the value of now as the one to measure from."))
    ] = False,
    by: ByOption = None,
) -> None:
    """Measure the baseline, freeze it if asked to, and show it."""
    with desk(asked) as at, at.opened() as opened:
        from kurs.report.as_json import document
        from kurs.report.baseline import baseline_json, baseline_page
        from kurs.workflows import freeze as workflow

        measured = workflow.freeze(opened, kpi, by) if freeze else workflow.baseline(opened, kpi)
        if at.output == "json":
            at.write(document(baseline_json(measured, at.language)))
        else:
            at.show(baseline_page(measured, opened.project, at.language))
