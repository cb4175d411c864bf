"""What forgetting a person did, on a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.console import Group
from rich.text import Text

from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from kurs.report.as_json import Plain
    from kurs.words import Language


class ForgottenTable(Protocol):
    """What held the person in one table, as ``workflows.forget`` says it: that room lies above this one."""

    @property
    def table(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> int: ...
    @property
    def versions(self) -> int: ...
    @property
    def files(self) -> int: ...


class Forgot(Protocol):
    """What was found of a person, and removed unless ``dry_run``."""

    @property
    def dry_run(self) -> bool: ...
    @property
    def tables(self) -> Sequence[ForgottenTable]: ...
    @property
    def files(self) -> tuple[tuple[str, int], ...]: ...
    @property
    def sources(self) -> tuple[str, ...]: ...
    @property
    def remembered(self) -> bool: ...


def forgot_json(forgot: Forgot) -> Plain:
    """Return all that is known; it never holds the person's value."""
    return {
        "dry_run": forgot.dry_run,
        "tables": [
            {
                "table": one.table,
                "columns": list(one.columns),
                "rows": one.rows,
                "versions": one.versions,
                "files": one.files,
            }
            for one in forgot.tables
        ],
        "files": [{"file": file, "rows": rows} for file, rows in forgot.files],
        "sources": list(forgot.sources),
        "remembered": forgot.remembered,
    }


def forgot_page(forgot: Forgot, language: Language, width: int) -> RenderableType:
    """Say what held the person, what became of it, and what is out of reach."""
    if not forgot.tables and not forgot.files:
        return Text(language.say("Nothing that kurs has stored holds this value."))
    parts: list[RenderableType] = []
    if forgot.tables:
        columns = (
            Column(language.term("column.table"), least=12),
            Column(language.term("column.columns"), least=8),
            Column(language.term("column.rows"), "right"),
            Column(language.term("column.versions"), "right"),
            Column(language.term("column.files"), "right"),
        )
        parts.append(table(columns, [_row(one, language) for one in forgot.tables], width))
    for file, rows in forgot.files:
        said = language.say_plural("{file}: {n} row", "{file}: {n} rows", rows, file=file)
        parts.append(Text(f"  {said}"))
    parts += [Text(), *_outcome(forgot, language)]
    return Group(*parts)


def _row(one: ForgottenTable, language: Language) -> Row:
    return (
        Text(one.table),
        Text(", ".join(one.columns)),
        Text(language.number(one.rows), "bold"),
        Text(language.number(one.versions)),
        Text(language.number(one.files)),
    )


def _outcome(forgot: Forgot, language: Language) -> list[RenderableType]:
    if forgot.dry_run:
        return [Text(language.say("Nothing was changed. Without --dry-run these rows go."))]
    lines = [language.say("These rows are gone, and so are the older versions that held them.")]
    if forgot.sources:
        lines.append(
            language.say(
                "Out of reach: what {sources} come from, exports and backups. Remove the person there, too.",
                sources=language.listed(forgot.sources),
            )
        )
    if forgot.remembered:
        lines.append(language.say("The next loads leave such rows out, and say so."))
    return [Text(line) for line in lines]
