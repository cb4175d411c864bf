"""``kurs report``: one file for a meeting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.report.management.review import Review
    from kurs.words import Language

HELP = N_("Write a management report: one HTML file, or a PDF.")
EPILOG = N_(
    "Example: kurs report --period holiday_season --lang sv -o season.pdf\n\n"
    "Without --period each KPI is told by its own present period."
)
_ENDINGS = (".html", ".pdf")


@with_shared_options(without=("output",))
def report(
    asked: Asked,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help=N_("An event or a grain by name, 2026-12, 2026-Q4, 2026, or DATE..DATE."),
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("-o", "--to", metavar="FILE", help=N_("The file, .html or .pdf; else report.html.")),
    ] = None,
) -> None:
    """Translate the options, ask the workflow, write its report."""
    with desk(asked) as at:
        from kurs.workflows.report import review

        file = Path(to or "report.html")
        if file.suffix.lower() not in _ENDINGS:
            raise UsageError(Problem("unknown_report_file", {"file": str(file), "endings": list(_ENDINGS)}))
        with at.opened() as opened:
            found = review(opened, period)
            document = _document(found, at.language, file.suffix.lower())
        try:
            file.write_bytes(document)
        except OSError as error:
            values = {"file": str(file), "reason": error.strerror or str(error)}
            raise UsageError(Problem("report_not_written", values)) from error
        at.write(str(file))


def _document(found: Review, language: Language, ending: str) -> bytes:
    if ending == ".pdf":
        from kurs.report.management.paper import report_paper

        return report_paper(found, language)
    from kurs.report.management.page import report_page

    return report_page(found, language).encode()
