"""``kurs init``: a starter project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kurs.cli.desk import desk
from kurs.cli.options import Asked, FormatOption, LangOption, QuietOption, Understanding
from kurs.words.phrases import N_

HELP = N_("Write a starter project, with a little sample data to try it on.")
EPILOG = N_("Example: kurs init my-plan --template leads")


def init(
    context: typer.Context,
    folder: Annotated[
        str,
        typer.Argument(metavar="[DIR]", help=N_("Where to write it; else this folder."), show_default=False),
    ] = ".",
    template: Annotated[
        str,
        typer.Option(
            "--template", metavar="shop|leads", help=N_("What to start from: an online shop, or B2B leads.")
        ),
    ] = "shop",
    from_files: Annotated[
        list[str] | None,
        typer.Option("--from", metavar="FILE", help=N_("Draft it from data files (in a later version).")),
    ] = None,
    lang: LangOption = None,
    output: FormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Let the workflow write the files, and name the next three commands."""
    with desk(Asked.of(context, None, None, lang, output, quiet)) as at:
        from kurs.workflows.scaffold import scaffold, templates

        words = Understanding()
        words.not_yet("--from", from_files)
        chosen = words.choice("--template", template, templates())
        words.done()
        written = scaffold(Path(folder), chosen or template)
        if at.output == "json":
            from kurs.report.as_json import document

            at.write(document({"folder": str(Path(folder)), "template": chosen, "files": list(written)}))
            return
        at.show(at.language.say_plural("{n} file written:", "{n} files written:", len(written)))
        for name in written:
            at.show(f"  {Path(folder) / name}")
        if not at.asked.quiet:
            steps = [] if Path(folder) == Path() else [f"cd {folder}"]
            at.note("", at.language.say("Next:"), *(f"  {step}" for step in (*steps, *_NEXT)))


_NEXT = ("kurs check", "kurs load", "kurs status")
