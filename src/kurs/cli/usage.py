"""Words on the command line that kurs does not know, found before the command line is taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from typer.core import TyperGroup, TyperOption

from kurs.problems import Problem, closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def slips(application: TyperGroup, words: Sequence[str]) -> tuple[Problem, ...]:
    """Return a problem for an unknown command, and for each unknown option."""
    problems: list[Problem] = []
    options = _options(application.params)
    name = "kurs"
    command: str | None = None
    rest = iter(words)
    for word in rest:
        if word == "--":
            break
        if word.startswith("-") and len(word) > 1:
            option, sign, _ = word.partition("=")
            if option not in options:
                suggestion = closest(option, options)
                problems.append(
                    Problem("unknown_option", {"command": name, "name": option, "suggestion": suggestion})
                )
            elif options[option] and not sign:
                next(rest, None)
        elif command is None:
            command = word
            if word not in application.commands:
                problems.append(_unknown_command(application, word))
                break
            name = f"kurs {word}"
            options |= _options(application.commands[word].params)
    return tuple(problems)


def _options(params: Sequence[object]) -> dict[str, bool]:
    """Return the names of options, and whether a value follows."""
    return dict(_each(params)) | {"--help": False}


def _each(params: Sequence[object]) -> Iterator[tuple[str, bool]]:
    for param in params:
        if isinstance(param, TyperOption):
            for name in param.opts:
                yield name, not param.is_flag


def _unknown_command(application: TyperGroup, word: str) -> Problem:
    commands = cast("Mapping[str, object]", application.commands)
    values = {"name": word, "commands": list(commands), "suggestion": closest(word, commands)}
    return Problem("unknown_command", values)
