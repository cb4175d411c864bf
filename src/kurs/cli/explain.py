"""``kurs explain``: why a metric or a KPI moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.explain.finding import Finding
    from kurs.workflows.opening import Opened

HELP = N_("Say why a metric or a KPI moved, in parts that add up.")
EPILOG = N_(
    "Example: kurs explain conversion_rate --period 2026-11-02..2026-11-29 --by channel\n\n"
    "Without --period a KPI is explained over its own period, a metric over the last 28 days."
)


Name = Annotated[str, typer.Argument(metavar="METRIC_OR_KPI", help=N_("What moved."))]
Period = Annotated[
    str | None, typer.Option("--period", metavar="DATE..DATE", help=N_("The days that are explained."))
]
OtherDays = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="previous|last_year|last_year_weekday|same_event|DATE..DATE",
        help=N_("The days to compare with; else those of the KPI's baseline, or the days before."),
    ),
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="DIM,...",
        help=N_("Split by these dimensions, crossed; else by each that there is, the most telling first."),
    ),
]
Drivers = Annotated[
    bool,
    typer.Option("--drivers", help=N_("Split by the metrics that it is made of; with --by in each cell.")),
]
Search = Annotated[
    bool,
    typer.Option("--search", help=N_("Look for the fewest combinations of members that explain the change.")),
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="SQL", help=N_("Only rows for which this holds."))
]
Top = Annotated[
    str | None,
    typer.Option("--top", metavar="N", help=N_("Name so many members; the others are one part.")),
]

Users = Annotated[
    str | None,
    typer.Option(
        "--users",
        metavar="TABLE.COLUMN",
        help=N_("Judge whether it is chance by the users that this column names, not by earlier periods."),
    ),
]


@with_shared_options()
def explain(
    asked: Asked,
    name: Name,
    period: Period = None,
    against: OtherDays = None,
    by: By = None,
    drivers: Drivers = False,
    search: Search = False,
    where: Where = None,
    top: Top = None,
    users: Users = None,
) -> None:
    """Translate the options, ask the workflow, show what it found."""
    with desk(asked) as at:
        from kurs.workflows import asking
        from kurs.workflows.explain import explain as find

        words = asking.RequestWords(name, period, against, by, drivers, search, where, top, users)
        request = asking.request(words)
        with at.opened() as opened:
            _show(at, opened, find(opened, request))


def _show(at: Desk, opened: Opened, found: Finding) -> None:
    if at.output == "json":
        from kurs.report import as_json, explain_json

        at.write(as_json.document(explain_json.finding(found, opened.project, at.language)))
    else:
        from kurs.report.explain_table import explain_table

        at.show(explain_table(found, opened.project, at.language, at.width))
    at.show_problems(found.caveats, total=False)
