"""``kurs init``: a starter project."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.sources.look_seen import Doubt

HELP = N_("Write a starter project, with sample data to try it on.")
EPILOG = N_("Example: kurs init my-plan --template leads")


@with_shared_options(without=("project", "as_of"))
def init(
    asked: Asked,
    folder: Annotated[
        str,
        typer.Argument(metavar="DIR", help=N_("Where to write it; else this folder."), show_default=False),
    ] = ".",
    template: Annotated[
        str,
        typer.Option(
            "--template", metavar="shop|leads", help=N_("What to start from: an online shop, or B2B leads.")
        ),
    ] = "shop",
    from_files: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help=N_("Draft it from data files; may be given many times.")),
    ] = None,
) -> None:
    """Let the workflow write the files, and name the next three commands."""
    with desk(asked) as at:
        from kurs.workflows.scaffold import scaffold, templates

        words = Understanding()
        chosen = words.choice("--template", template, templates())
        words.done()
        if from_files:
            _draft(at, Path(folder), [Path(name) for name in from_files])
            return
        written = scaffold(Path(folder), chosen or template)
        if at.output == "json":
            from kurs.report.as_json import document

            at.write(document({"folder": str(Path(folder)), "template": chosen, "files": list(written)}))
            return
        at.show(at.language.say_plural("{n} file written:", "{n} files written:", len(written)))
        for name in written:
            at.show(f"  {Path(folder) / name}")
        _name_steps(at, folder)


def _draft(at: Desk, folder: Path, files: Sequence[Path]) -> None:
    """Draft the plan from data files; at a terminal, ask what the files leave open."""
    from kurs.workflows.draft import draft, unanswered, write

    asks = sys.stdin.isatty() and sys.stderr.isatty() and not at.asked.quiet and at.output == "table"
    drafted = draft(files, folder, partial(_ask, at) if asks else unanswered, at.language)
    written = write(drafted, folder)
    if at.output == "json":
        from kurs.report.as_json import document
        from kurs.report.drafts import found_json

        sources = [found_json(source) for source in drafted.sources]
        at.write(
            document({"folder": str(folder), "template": None, "files": list(written), "sources": sources})
        )
        return
    from kurs.report.drafts import found_table

    at.show(found_table(drafted.sources, at.language, at.width))
    at.show("")
    at.show(at.language.say_plural("{n} file written:", "{n} files written:", len(written)))
    for name in written:
        at.show(f"  {folder / name}")
    if not at.asked.quiet:
        at.show_problems(drafted.warnings[:_MOST_WARNINGS], total=False)
    left = sum(source.questions for source in drafted.sources)
    if left and not at.asked.quiet:
        said = at.language.say_plural(
            "{n} question is left; look for “check:” in sources.yaml.",
            "{n} questions are left; look for “check:” in sources.yaml.",
            left,
        )
        at.note("", said)
    _name_steps(at, str(folder))


def _ask(at: Desk, doubt: Doubt) -> str | None:
    """Show every reading of what is in doubt, and return the name of the chosen one."""
    problem = doubt.problem()
    message, _ = at.language.problem(problem.code, problem.values)
    at.note("", message)
    for number, reading in enumerate(doubt.readings, 1):
        at.note(f"  {number}  {reading}")
    prompt = at.language.say("Which one?")
    said: str = typer.prompt(prompt, default="1", err=True)
    if said.isdecimal() and 0 < int(said) <= len(doubt.readings):
        return doubt.readings[int(said) - 1].name
    return said.strip()


def _name_steps(at: Desk, folder: str) -> None:
    if not at.asked.quiet:
        steps = [] if Path(folder) == Path() else [f"cd {folder}"]
        at.note("", at.language.say("Next:"), *(f"  {step}" for step in (*steps, *_NEXT)))


_MOST_WARNINGS = 20
_NEXT = ("kurs check", "kurs load", "kurs status")
