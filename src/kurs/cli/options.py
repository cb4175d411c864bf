"""The options that all commands share."""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

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
