"""What is wrong with the words of a command line, found before the parser would say it in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from typer.core import TyperArgument, TyperGroup, TyperOption

from kurs.problems import Problem, closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def slips(application: TyperGroup, words: Sequence[str]) -> tuple[Problem, ...]:
    """Return every problem of commands, of options, and of arguments that are missing or too many."""
    problems: list[Problem] = []
    options = _options(application.params)
    name = "kurs"
    command: str | None = None
    arguments: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            arguments += rest if command is not None else ()  # before the command it ends nothing of it
        elif word.startswith("-") and len(word) > 1:
            problem = _of_option(word, name, options, rest)
            problems += [problem] if problem is not None else []
        elif command is not None:
            arguments.append(word)
        elif word not in application.commands:
            problems.append(_unknown_command(application, word))
            break
        else:
            command, name = word, f"kurs {word}"
            options |= _options(application.commands[word].params)
    if command is not None and "--help" not in words and not problems:
        problems += _of_arguments(name, application.commands[command].params, arguments)
    return tuple(problems)


def _of_option(word: str, name: str, options: Mapping[str, bool], rest: Iterator[str]) -> Problem | None:
    """Say what is wrong with an option; its value is taken from the ``rest`` of the words."""
    option, sign, _ = word.partition("=")
    values: dict[str, object] = {"command": name, "name": option}
    if option not in options:
        return Problem("unknown_option", {**values, "suggestion": closest(option, options)})
    if not options[option]:
        return Problem("option_takes_no_value", values) if sign else None
    if not sign and next(rest, None) is None:
        return Problem("option_without_value", values)
    return None


def _of_arguments(name: str, params: Sequence[object], given: Sequence[str]) -> Iterator[Problem]:
    """Say which arguments are missing, or which words are too many."""
    taken = [param for param in params if isinstance(param, TyperArgument)]
    required = [param.metavar or str(param.name).upper() for param in taken if param.required]
    if len(given) < len(required):
        yield Problem("missing_argument", {"command": name, "names": required[len(given) :]})
    elif len(given) > len(taken) and all(param.nargs == 1 for param in taken):
        yield Problem("too_many_words", {"command": name, "words": list(given[len(taken) :])})


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
