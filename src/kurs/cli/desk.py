"""What a command has at hand: the reader's language, two streams, the opened project."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from kurs.problems import KursError, Problem, ProjectError, UsageError
from kurs.words import Language, language, languages
from kurs.workflows.understanding import Understanding

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from datetime import date

    from rich.console import Console, RenderableType

    from kurs.cli.options import Asked
    from kurs.model.project import Project
    from kurs.workflows.opening import Opened

BROKEN_PIPE = 141  # as the shell says it of a program that SIGPIPE ended
_FILLED = re.compile(r" +$", re.MULTILINE)
_WIDTH_OF_A_FILE = 100  # where no terminal says how wide it is


@contextmanager
def desk(asked: Asked, formats: Sequence[str] = ("table", "json")) -> Generator[Desk]:
    """Give a command its desk; what stops the command is shown, and becomes its exit code."""
    at = Desk(asked)
    try:
        at.understand(formats)
        yield at
    except KursError as error:
        at.show_problems(error.problems)
        raise typer.Exit(error.exit_code) from None
    except BrokenPipeError:
        raise typer.Exit(BROKEN_PIPE) from None


class Desk:
    """Writes the answer to stdout, and all else to stderr."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.language: Language = language(chosen_language(asked.lang) or language_of_machine())
        self._is_settled = chosen_language(asked.lang) is not None
        self._as_of: date | None = None
        self._output = "table"

    def understand(self, formats: Sequence[str]) -> None:
        """Understand the shared options. Raises UsageError."""
        words = Understanding()
        self._as_of = words.day("--as-of", self.asked.as_of)
        self._output = words.choice("--format", self.asked.output, formats) or "table"
        lang = self.asked.lang
        if lang is not None and self.language.tag == "en" and not lang.lower().startswith("en"):
            words.choice("--lang", lang, languages())
        words.done()

    @property
    def as_of(self) -> date | None:
        """The day at whose end the answer is wanted, where somebody named one."""
        return self._as_of

    @property
    def output(self) -> str:
        """The format of the answer: table, json or csv."""
        return self._output

    def folder(self) -> Path:
        """Return the project's folder. Raises UsageError, ProjectError."""
        from kurs.project import find_project

        given = Path(self.asked.project) if self.asked.project is not None else Path.cwd()
        if not given.is_dir():
            raise UsageError(Problem("not_a_folder", {"folder": str(given)}))
        return find_project(given)

    @contextmanager
    def opened(self) -> Generator[Opened]:
        """Open the project; from here on its language is spoken. Raises KursError."""
        from kurs.workflows.opening import open_project

        with open_project(self.folder(), self._as_of) as opened:
            self.speak(opened.project)
            self.mention(opened.plan_warnings)
            yield opened

    def plan(self) -> Project:
        """Read the plan alone, without its data; from here on its language is spoken. Raises KursError."""
        from kurs.project import read

        project = read(self.folder()).required()
        self.speak(project)
        return project

    def day(self, project: Project) -> date:
        """Return the day at whose end the answer is given, or a decision taken."""
        from kurs.workflows.opening import day_of

        return day_of(project, self._as_of)

    def speak(self, project: Project) -> None:
        """Speak the language of the project, unless the reader chose one."""
        if chosen_language(self.asked.lang) is None and project.settings.languages:
            self.language = language(project.settings.languages[0])
        self._is_settled = True

    def settle(self) -> None:
        """Speak the language of the plan that is here, though it may be broken, unless that is settled."""
        if not self._is_settled:
            self.language = language(early_language(self.asked.lang, self.asked.project))
            self._is_settled = True

    def write(self, text: str) -> None:
        """Write an answer as it is, for a program to read."""
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()

    def show(self, answer: RenderableType) -> None:
        """Show an answer to a person."""
        _put(sys.stdout, answer)

    @property
    def width(self) -> int:
        """How many characters a line of stdout has."""
        return _console(sys.stdout).width

    def note(self, *lines: str) -> None:
        """Say something beside the answer."""
        _put(sys.stderr, *lines)

    def step(self, *words: str) -> None:
        """Name the next command, for a person."""
        if not self.asked.quiet and self._output == "table":
            self.note(self.language.say("Next: {command}", command=self.command(*words)))

    def command(self, *words: str) -> str:
        """Spell a command for the project that this one was given."""
        project = ["--project", self.asked.project] if self.asked.project is not None else []
        return " ".join(["kurs", *project, *words])

    def show_problems(self, problems: Sequence[Problem], *, answer: bool = False, total: bool = True) -> None:
        """Show problems and their count: on stderr, or on stdout where they are the answer."""
        from kurs.report.problem_list import counted, problem_list

        self.settle()
        stream = sys.stdout if answer else sys.stderr
        if problems:
            _put(stream, problem_list(problems, self.language, _console(stream).width))
        if total and len(problems) > 1:
            _put(stream, "", counted(problems, self.language))

    def mention(self, count: int) -> None:
        """Say how many warnings the plan has, which ``kurs check`` shows."""
        if count and not self.asked.quiet:
            said = self.language.say_plural(
                "The plan has {n} warning; see it with: {command}",
                "The plan has {n} warnings; see them with: {command}",
                count,
                command=self.command("check"),
            )
            self.note(said)


def chosen_language(lang: str | None) -> str | None:
    """Return the language that the reader chose for kurs."""
    return lang or os.environ.get("KURS_LANG") or None


def early_language(lang: str | None, project: str | None) -> str:
    """Return the language before a plan is read: the reader's, else the plan's first, else the machine's.

    ``project`` is the folder that was named for the plan, which may be broken.
    """
    from kurs.project import find_project
    from kurs.project.peek import first_language

    if (chosen := chosen_language(lang)) is not None:
        return chosen
    try:
        of_plan = first_language(find_project(Path(project or Path.cwd())))
    except (ProjectError, OSError):
        of_plan = None
    return of_plan or language_of_machine()


def language_of_machine() -> str:
    """Return the language of the machine, which may be one without texts."""
    said = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, said), "en")


def _put(stream: TextIO, *parts: RenderableType) -> None:
    """Write what a person reads, without the spaces that fill its lines."""
    from kurs.report.layout import in_place

    console = _console(stream)
    with console.capture() as captured:
        for part in parts:
            console.print(part)
    stream.write(in_place(_FILLED.sub("", captured.get())))
    stream.flush()


def _console(stream: TextIO) -> Console:
    """Make a console of a stream as it is now; colour and width are those of its terminal."""
    from rich.console import Console

    fixed = "COLUMNS" in os.environ or stream.isatty()
    return Console(
        file=stream,
        width=None if fixed else _WIDTH_OF_A_FILE,
        highlight=False,
        markup=False,
        emoji=False,
    )
