"""``kurs query``: any metric, by any dimension, over any days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from kurs.metrics.query import Answer
    from kurs.metrics.question import Question
    from kurs.model.project import Project
    from kurs.workflows.asking import Draft
    from kurs.workflows.opening import Opened

HELP = N_("Compute metrics, by dimensions and over time.")
EPILOG = N_(
    "Example: kurs query revenue orders --by channel --from 2026-11-01 --to 2026-11-30 --compare last_year"
)


Metrics = Annotated[
    list[str] | None,
    typer.Argument(metavar="METRIC", help=N_("Without one: the members of the dimensions.")),
]
By = Annotated[
    list[str] | None, typer.Option("--by", metavar="DIM,...", help=N_("Split by these dimensions."))
]
GrainName = Annotated[
    str | None,
    typer.Option(
        "--grain",
        metavar="hour|day|week|month|quarter|year|...",
        help=N_(
            "One row for each of these; else one for the whole range. Also fiscal_month, jalali_month and"
            " the like, and the plan's own sets of periods."
        ),
    ),
]
First = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help=N_("The first day; else that of the data."))
]
Last = Annotated[
    str | None,
    typer.Option("--to", metavar="DATE", help=N_("The last day, included; else the as-of day.")),
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="SQL", help=N_("Only rows for which this holds."))
]
Segments = Annotated[
    list[str] | None, typer.Option("--segment", metavar="NAME", help=N_("Only rows of a segment."))
]
Ordering = Annotated[
    list[str] | None,
    typer.Option("--order", metavar="COL[:desc],...", help=N_("Sort by columns of the answer.")),
]
Limit = Annotated[str | None, typer.Option("--limit", metavar="N", help=N_("At most so many rows."))]
Compare = Annotated[
    str | None,
    typer.Option(
        "--compare",
        metavar="previous|last_year|last_year_weekday|same_event|DATE..DATE",
        help=N_("Set each value beside that of other days."),
    ),
]
SqlAlone = Annotated[bool, typer.Option("--sql", help=N_("Print the one statement, and run nothing."))]
NoRollup = Annotated[
    bool, typer.Option("--no-rollup", help=N_("Count the raw rows, not what was added up before."))
]
WhereTime = Annotated[bool, typer.Option("--profile", help=N_("Say where the time went, beside the answer."))]


@with_shared_options()
def query(
    asked: Asked,
    metrics: Metrics = None,
    by: By = None,
    grain: GrainName = None,
    first: First = None,
    last: Last = None,
    where: Where = None,
    segment: Segments = None,
    order: Ordering = None,
    limit: Limit = None,
    compare: Compare = None,
    sql: SqlAlone = False,
    no_rollup: NoRollup = False,
    profile: WhereTime = False,
) -> None:
    """Translate the options to a question, ask the workflow, show its answer."""
    with desk(asked, ("table", "json", "csv")) as at:
        from kurs.workflows import asking

        said = asking.QuestionWords(metrics, by, grain, first, last, where, segment, order, limit, compare)
        draft = asking.question(said)
        if not (sql or no_rollup or profile):
            _ask(at, draft)
            return
        with at.opened() as opened:
            question = draft.within(opened)
            if sql:
                from kurs.workflows import measure

                at.write(measure.prepare(opened, question).sql)
            else:
                _look_closely(at, opened, question, rollups=not no_rollup, profile=profile)


def _ask(at: Desk, draft: Draft) -> None:
    """Answer by what an earlier question left behind; else open the project, and leave it behind."""
    from kurs.workflows.recall import Said, Wish, recall, remember

    wish = Wish(at.folder(), draft.question, draft.first, draft.last, at.as_of)
    key = wish.key()
    known = recall(wish, key)
    if known is not None:
        at.speak(known.project)
        at.mention(known.plan_warnings)
        _show(at, known.answer, known.question, known.project)
        return
    with at.opened() as opened:
        from kurs.workflows import measure

        question = draft.within(opened)
        said = measure.query(opened, question)
        _show(at, said, question, opened.project)
        remember(wish, key, opened, Said(said, question, opened.project, opened.plan_warnings))


def _look_closely(at: Desk, opened: Opened, question: Question, *, rollups: bool, profile: bool) -> None:
    from kurs.workflows import measure

    if not profile:
        _show(at, measure.query(opened, question, rollups=rollups), question, opened.project)
        return
    from kurs.report.rollup_page import profile_lines

    said, spent = measure.profile(opened, question, rollups=rollups)
    _show(at, said, question, opened.project)
    at.note(*profile_lines(spent, at.language))


def _show(at: Desk, said: Answer, question: Question, project: Project) -> None:
    if at.output == "json":
        from kurs.report import as_json

        at.write(as_json.document(as_json.answer(said, at.language)))
    elif at.output == "csv":
        from kurs.report import as_csv

        at.write(as_csv.answer(said))
    else:
        from kurs.report.answer_table import answer_table

        at.show(answer_table(said, question, project, at.language, at.width))
    at.show_problems(said.warnings, total=False)
