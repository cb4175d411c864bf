"""The help of the commands, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperGroup, TyperOption

from kurs.words import language, languages
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec

    from kurs.words import Language

    Shape = ParamSpec("Shape")

# What the library writes into a help by itself, in English alone; a heading begins its line.
_HEADINGS = (N_("Usage:"), N_("Arguments:"), N_("Options:"), N_("Commands:"))
_ENDS = (N_("[required]"), N_("Show this message and exit."))


def language_of_help(asked: str) -> Language:
    """Return a language that has texts: nothing else of a language is in the help."""
    wanted = asked.replace("_", "-")
    has_texts = any(wanted.lower().startswith(tag.lower()) for tag in languages())
    return language(wanted if has_texts and not wanted.startswith("en") else "en")


def translate(application: TyperGroup, reader: Language) -> None:
    """Put the help of all commands and options into the reader's language."""
    for command in application.commands.values():
        for param in command.params:
            if isinstance(param, TyperArgument):
                param.display_type_rich = _no_type
    if reader.tag == "en":
        return
    for command in (application, *application.commands.values()):
        command.help = _said(command.help, reader)
        command.epilog = _said(command.epilog, reader)
        command.get_help = _spoken(command.get_help, reader)
        for param in command.params:
            if isinstance(param, TyperOption | TyperArgument):
                param.help = _said(param.help, reader)


def _no_type(*_: object, **__: object) -> None:
    """Say no type of an argument: what a word means is in its help."""


def _said(text: str | None, reader: Language) -> str | None:
    return reader.say(text) if text else text


def _spoken(get_help: Callable[Shape, str], reader: Language) -> Callable[Shape, str]:
    """Put the library's own words of a help into the reader's language; the layout stays."""

    def spoken(*args: Shape.args, **kwargs: Shape.kwargs) -> str:
        return "\n".join(_line(line, reader) for line in get_help(*args, **kwargs).split("\n"))

    return spoken


def _line(line: str, reader: Language) -> str:
    for heading in _HEADINGS:
        if line.startswith(heading):
            return reader.say(heading) + line.removeprefix(heading)
    for end in _ENDS:
        if line.endswith(f" {end}"):
            return line.removesuffix(end) + reader.say(end)
    return line
