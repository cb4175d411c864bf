"""``kurs load``: bring the sources' files into the lake."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from kurs.cli.desk import Desk, desk
from kurs.cli.options import Asked, with_shared_options
from kurs.problems import Problem, UsageError
from kurs.words.phrases import N_
from kurs.workflows.understanding import Understanding, names

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from kurs.workflows.loaded import Loaded

HELP = N_("Load the sources into the lake, if they changed.")
EPILOG = N_("Example: kurs load google_ads --from 2026-11-01 --to 2026-11-30")
_SHOWN_AFTER_SECONDS = 0.5  # a shorter load needs no bar


@with_shared_options()
def load(
    asked: Asked,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help=N_("All, if none is named."))
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=N_("Load only the days from here"))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help=N_("to here, whether or not they were loaded."))
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help=N_("Replace the whole content by what the source holds now."))
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help=N_("Also remove the rows of sources that left the plan."))
    ] = False,
) -> None:
    """Translate the options, let the workflow load, show what it did."""
    with desk(asked) as at:
        from kurs.project import read
        from kurs.workflows import load as workflow
        from kurs.workflows.loaded import LoadError

        words = Understanding()
        start, end = words.day("--from", first), words.day("--to", last)
        days = words.ordered(start, end) if start is not None and end is not None else None
        words.done()
        if (start is None) != (end is None):
            raise UsageError(Problem("range_needs_both"))
        plan = read(at.folder()).required()
        at.speak(plan)
        try:
            with _progress(at) as bar:
                loads = workflow.load(plan, names(sources), days, full, bar, at.as_of, prune)
        except LoadError as error:
            _show(at, error.loaded)
            raise
        _show(at, loads)
        at.step("status")


def _show(at: Desk, loads: Sequence[Loaded]) -> None:
    """Show what was loaded, also where other sources failed."""
    at.show_problems([problem for loaded in loads for problem in loaded.warnings])
    if at.output == "json":
        from kurs.report.as_json import document
        from kurs.report.loads import load_json

        at.write(document([load_json(loaded, at.language) for loaded in loads]))
    elif loads:
        from kurs.report.loads import load_table

        at.show(load_table(loads, at.language, at.width))


@contextmanager
def _progress(at: Desk) -> Generator[_Bar | None]:
    """Give a bar where somebody can see it."""
    if at.asked.quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bars:
        yield _Bar(bars)


class _Bar:
    """Shows how far a load is, once it takes longer than a moment."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._task: TaskID | None = None
        self._began = 0.0

    def started(self, source: str, total_bytes: int) -> None:
        self._began = time.monotonic()
        self._task = self._bars.add_task(source, total=total_bytes or None, visible=False)

    def advanced(self, read_bytes: int) -> None:
        if self._task is not None:
            visible = time.monotonic() - self._began > _SHOWN_AFTER_SECONDS
            self._bars.update(self._task, advance=read_bytes, visible=visible)

    def finished(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None
