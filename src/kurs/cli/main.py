"""The command ``kurs``: puts the commands together, and is the last to see an error."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Annotated, TextIO

import typer
from typer.core import TyperGroup
from typer.main import get_command

from kurs.cli import (
    actions,
    baseline,
    cache,
    catalog,
    check,
    data,
    decide,
    explain,
    forget,
    history,
    init,
    journal,
    load,
    plan,
    query,
    report,
    serve,
    snapshot,
    status,
    watch,
)
from kurs.cli.desk import BROKEN_PIPE, Desk, early_language
from kurs.cli.manual import language_of_help, translate
from kurs.cli.options import Asked, AsOfOption, FormatOption, LangOption, ProjectOption, QuietOption
from kurs.cli.usage import slips
from kurs.problems import Problem
from kurs.release import __version__
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Sequence


HELP = N_("Keep marketing on course: the plan as text, every KPI computed and judged.")
EPILOG = N_(
    "A first try: kurs init my-plan; cd my-plan; kurs load; kurs status\n\n"
    "Exit codes: 0 done, 1 bad news that was asked for, 2 wrong usage or a broken plan, "
    "3 a source or an engine failed."
)
# In the order of the help: a plan and its data, questions, decisions, the rest.
_COMMANDS = (
    (init.init, init.HELP, init.EPILOG),
    (check.check, check.HELP, check.EPILOG),
    (load.load, load.HELP, load.EPILOG),
    (data.data, data.HELP, data.EPILOG),
    (forget.forget, forget.HELP, forget.EPILOG),
    (query.query, query.HELP, query.EPILOG),
    (status.status, status.HELP, status.EPILOG),
    (explain.explain, explain.HELP, explain.EPILOG),
    (serve.serve, serve.HELP, serve.EPILOG),
    (report.report, report.HELP, report.EPILOG),
    (plan.plan, plan.HELP, plan.EPILOG),
    (decide.approve, decide.APPROVE_HELP, decide.APPROVE_EPILOG),
    (decide.approvals, decide.APPROVALS_HELP, decide.APPROVALS_EPILOG),
    (decide.note, decide.NOTE_HELP, decide.NOTE_EPILOG),
    (actions.action, actions.ACTION_HELP, actions.ACTION_EPILOG),
    (actions.actions, actions.ACTIONS_HELP, actions.ACTIONS_EPILOG),
    (watch.watch, watch.HELP, watch.EPILOG),
    (baseline.baseline, baseline.HELP, baseline.EPILOG),
    (snapshot.snapshot, snapshot.HELP, snapshot.EPILOG),
    (journal.journal, journal.HELP, journal.EPILOG),
    (history.history, history.HELP, history.EPILOG),
    (cache.cache, cache.HELP, cache.EPILOG),
    (catalog.catalog, catalog.HELP, catalog.EPILOG),
)
INTERRUPTED = 130
FAILED = 3


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = _spread(list(sys.argv[1:] if arguments is None else arguments))
    for stream in (sys.stdout, sys.stderr):
        _never_fail_on_a_letter(stream)
    try:
        code = _run(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - the edge: nobody is above to see it
        code = _unexpected(error, words)
    if code == BROKEN_PIPE:
        _forget_stdout()
    return code


def _spread(words: list[str]) -> list[str]:
    """Let ``init --from`` take several files, as a shell makes them of a pattern."""
    spread: list[str] = []
    is_list = False
    for place, word in enumerate(words):
        if word.startswith("-"):
            is_list = word == "--from" and "init" in words
        elif is_list and words[place - 1] != "--from":
            spread.append("--from")
        spread.append(word)
    return spread


def _run(words: list[str]) -> int:
    application = build()
    problems = slips(application, words)
    if problems:
        _early_desk(words).show_problems(problems)
        return 2
    if "--help" in words or not any(word in application.commands for word in words):
        said = early_language(_value(words, "--lang"), _value(words, "--project"))
        translate(application, language_of_help(said))
    try:
        code: object = application.main(args=words, prog_name="kurs", standalone_mode=False)
    except typer.TyperException as error:
        command = next((f"kurs {word}" for word in words if word in application.commands), "kurs")
        values = {"reason": error.format_message(), "command": command}
        _early_desk(words).show_problems([Problem("bad_usage", values)])
        return 2
    return code if isinstance(code, int) else 0


def build() -> TyperGroup:
    """Put all commands together."""
    application = typer.Typer(
        name="kurs",
        help=HELP,
        epilog=EPILOG,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        invoke_without_command=True,
    )
    application.callback()(_before)
    for command, help_text, epilog in _COMMANDS:
        application.command(command.__name__, help=help_text, epilog=epilog)(command)
    group = get_command(application)
    if not isinstance(group, TyperGroup):
        raise TypeError("an application of several commands is a group")
    return group


def _before(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=N_("Show the version."))] = False,
    project: ProjectOption = None,
    as_of: AsOfOption = None,
    lang: LangOption = None,
    output: FormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Keep the options that stand before the command's name; without a command, show the help."""
    context.obj = Asked(project, as_of, lang, output, quiet)
    if version:
        typer.echo(f"kurs {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def _early_desk(words: Sequence[str]) -> Desk:
    """Return a desk for words that are not taken apart yet."""
    return Desk(Asked(project=_value(words, "--project"), lang=_value(words, "--lang")))


def _value(words: Sequence[str], option: str) -> str | None:
    """Find the value of an option in words that are not taken apart yet."""
    for place, word in enumerate(words):
        if word == option:
            return next(iter(words[place + 1 :]), None)
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
    return None


def _unexpected(error: Exception, words: Sequence[str]) -> int:
    """Say honestly that kurs itself failed; the traceback is for whoever asks for it."""
    if os.environ.get("KURS_DEBUG"):
        traceback.print_exception(error)
    values = {"error": f"{type(error).__name__}: {error}"}
    _early_desk(words).show_problems([Problem("unexpected", values)])
    return FAILED


def _never_fail_on_a_letter(stream: TextIO) -> None:
    """Let a stream that cannot show a letter show a question mark."""
    from io import TextIOWrapper

    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


def _forget_stdout() -> None:
    """Let the interpreter flush into nothing when it ends: nobody reads stdout any more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
