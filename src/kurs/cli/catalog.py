"""``kurs catalog``: standard KPIs, what they mean and what they hide; one is taken into the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.cli.desk import Desk

HELP = N_("Look up standard KPIs: what they mean, what they hide.")
EPILOG = N_(
    "Example: kurs catalog conversion\n\n"
    "Words of your language are found, and English ones. kurs catalog show NAME tells all of one KPI; "
    "kurs catalog add NAME writes its metric over your own tables, and a draft of the KPI, into the plan."
)


@with_shared_options(without=("as_of",))
def catalog(
    asked: Asked,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORD", help=N_("All must stand in the name, the label or the definition.")),
    ] = None,
    own: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="NAME=YOURS",
            help=N_("With add: what a table or column of the formula is called with you."),
        ),
    ] = None,
) -> None:
    """Ask the workflow, show what it finds."""
    with desk(asked) as at:
        from kurs.workflows.catalog_add import names

        at.settle()
        match words or ():
            case ["show", name] if name in names():
                _show(at, name)
            case ["add", name] if name in names():
                _add(at, name, own or ())
            case sought:
                _search(at, sought)


def _search(at: Desk, sought: Sequence[str]) -> None:
    from kurs.report import as_json
    from kurs.report.catalogue import catalogue_list, standard
    from kurs.workflows.catalog import search
    from kurs.workflows.catalog_add import standard_kpi

    found = search(sought, at.language.say)
    if not found and len(sought) > 1 and sought[0] in ("show", "add"):
        standard_kpi(sought[1])  # there is none: says so, and what was likely meant
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


def _show(at: Desk, name: str) -> None:
    from kurs.report import as_json
    from kurs.report.catalogue import catalogue_list, standard
    from kurs.workflows.catalog_add import standard_kpi

    kpi = standard_kpi(name).said(at.language.say)
    if at.output == "json":
        at.write(as_json.document(standard(kpi)))
    else:
        at.show(catalogue_list((kpi,), at.language, at.width))


def _add(at: Desk, name: str, own: Sequence[str]) -> None:
    from kurs.problems import Problem, UsageError
    from kurs.report import as_json
    from kurs.workflows.catalog_add import add

    wrong = [pair for pair in own if not all(pair.partition("="))]
    if wrong:
        raise UsageError(*(Problem("bad_mapping", {"text": pair}) for pair in wrong))
    names = {left: right for left, _, right in (pair.partition("=") for pair in own)}
    with at.opened() as opened:
        added = add(opened, name, names)
    if at.output == "json":
        renamed = dict(added.renamed)
        at.write(as_json.document({"name": name, "file": str(added.file), "renamed": renamed}))
        return
    at.show(at.language.say("Written: {file}", file=added.file.name))
    for canonical, yours in added.renamed:
        at.show(at.language.say("{canonical} is {yours} in your tables.", canonical=canonical, yours=yours))
    at.step("check")
