"""The options that all commands share, and how the words of an option are understood."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.problems import Problem, UsageError, closest
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

P = ParamSpec("P")

ProjectOption = Annotated[
    str | None,
    typer.Option(
        "--project",
        metavar="DIR",
        help=N_("The project's folder; else this one, or the nearest above it with a kurs.yaml."),
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help=N_("Answer as at the end of this day; else the project's as_of, or today."),
    ),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        help=N_("The language of the output; else KURS_LANG, or the project's first language."),
    ),
]
FormatOption = Annotated[
    str | None, typer.Option("--format", metavar="table|json|csv", help=N_("How to write the answer."))
]
QuietOption = Annotated[
    bool,
    typer.Option("--quiet", help=N_("No progress bars and no next steps; problems are still shown.")),
]

KpiArgument = Annotated[str, typer.Argument(metavar="KPI", help=N_("The KPI's name in the plan."))]
ByOption = Annotated[
    str | None, typer.Option("--by", metavar="PERSON", help=N_("Who decides: a name of people: in the plan."))
]


COMPARISONS = tuple(str(name) for name in Against if name is not Against.RANGE)


@dataclass(frozen=True, slots=True)
class Asked:
    """The shared options as they were given, before or after the command's name; the latter win."""

    project: str | None = None
    as_of: str | None = None
    lang: str | None = None
    output: str | None = None
    quiet: bool = False

    @classmethod
    def of(
        cls,
        context: typer.Context,
        project: str | None = None,
        as_of: str | None = None,
        lang: str | None = None,
        output: str | None = None,
        quiet: bool = False,
    ) -> Asked:
        """Join a command's own options with those that stand before its name."""
        before = context.obj if isinstance(context.obj, Asked) else cls()
        return cls(
            project or before.project,
            as_of or before.as_of,
            lang or before.lang,
            output or before.output,
            quiet or before.quiet,
        )


_SHARED: Mapping[str, tuple[object, object]] = {
    "project": (ProjectOption, None),
    "as_of": (AsOfOption, None),
    "lang": (LangOption, None),
    "output": (FormatOption, None),
    "quiet": (QuietOption, False),
}


def with_shared_options(
    *, without: Collection[str] = ()
) -> Callable[[Callable[Concatenate[Asked, P], None]], Callable[..., None]]:
    """Give a command the options that all commands share, but those ``without``, behind its own.

    The command gets what was asked by them, joined with those before its name, as its first argument.
    """
    names = [name for name in _SHARED if name not in without]

    def gives(command: Callable[Concatenate[Asked, P], None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True)
        first, *rest = own.parameters.values()
        keyword = inspect.Parameter.KEYWORD_ONLY
        shared = [
            inspect.Parameter(name, keyword, annotation=_SHARED[name][0], default=_SHARED[name][1])
            for name in names
        ]

        @functools.wraps(command)
        def given(context: typer.Context, *arguments: P.args, **options: P.kwargs) -> None:
            said: dict[str, Any] = {name: options.pop(name) for name in names}
            command(Asked.of(context, **said), *arguments, **options)

        parameters = [first.replace(name="context", annotation=typer.Context), *rest, *shared]
        made: Any = given
        made.__signature__ = own.replace(parameters=parameters)  # of which the command line is made
        made.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return made

    return gives


class Understanding:
    """Takes the words of options and collects what is wrong with them; ``done`` raises it all at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def done(self) -> None:
        """Raise UsageError with all problems, if there are any."""
        if self._problems:
            raise UsageError(*self._problems)

    def day(self, option: str, said: str | None) -> date | None:
        """Understand a day: 2026-11-20."""
        if said is None:
            return None
        try:
            return date.fromisoformat(said.strip())
        except ValueError:
            self._problems.append(Problem("bad_day", {"option": option, "value": said}))
            return None

    def days(self, option: str, said: str) -> Days | None:
        """Understand a range of days: 2026-11-20..2026-12-27."""
        first, _, last = said.partition("..")
        try:
            return self.ordered(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        except ValueError:
            self._problems.append(Problem("bad_range", {"option": option, "value": said}))
            return None

    def ordered(self, first: date, last: date) -> Days | None:
        """Make a range of two days; one that ends before it begins is a problem."""
        if last < first:
            self._problems.append(Problem("days_backwards", {"from": first, "to": last}))
            return None
        return Days(first, last)

    def comparison(self, option: str, said: str | None) -> Comparison | None:
        """Understand a comparison by name, or with the days of a range."""
        if said is None:
            return None
        if ".." in said:
            days = self.days(option, said)
            return Comparison(Against.RANGE, days) if days is not None else None
        name = self.choice(option, said, COMPARISONS)
        return Comparison(Against(name)) if name is not None else None

    def choice(self, option: str, said: str | None, choices: Iterable[str]) -> str | None:
        """Understand one of several words."""
        allowed = list(choices)
        if said is None or said in allowed:
            return said
        values = {"value": said, "key": option, "choices": allowed, "suggestion": closest(said, allowed)}
        self._problems.append(Problem("unknown_choice", values))
        return None

    def count(self, option: str, said: str | None) -> int | None:
        """Understand a whole number from 1 on."""
        if said is None:
            return None
        if said.isascii() and said.isdigit() and int(said):
            return int(said)
        self._problems.append(Problem("bad_limit", {"option": option, "value": said}))
        return None

    def not_yet(self, option: str, said: object) -> None:
        """Refuse an option that a later version brings."""
        if said:
            self._problems.append(Problem("not_supported_yet", {"key": option}))


def names(said: Sequence[str] | None) -> tuple[str, ...]:
    """Split names that are given one by one, with commas, or both."""
    return tuple(name for part in said or () for name in (piece.strip() for piece in part.split(",")) if name)
