"""What was found in data files, for a terminal and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rich.text import Text

from kurs.report.as_json import Plain, plain
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rich.console import RenderableType

    from kurs.words import Language


class Found(Protocol):
    """What was found in the files of one source, as ``workflows.draft`` says it."""

    @property
    def key(self) -> str: ...
    @property
    def files(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> int: ...
    @property
    def sampled(self) -> bool: ...
    @property
    def columns(self) -> int: ...
    @property
    def days(self) -> tuple[date, ...]: ...
    @property
    def questions(self) -> int: ...


def found_json(found: Found) -> Plain:
    """Return one source as plain values; ``questions`` counts those that nobody answered."""
    days = found.days  # in order
    return {
        "source": found.key,
        "files": list(found.files),
        "rows": found.rows,
        "sampled": found.sampled,
        "columns": found.columns,
        "period": {"from": plain(days[0]), "to": plain(days[-1])} if days else None,
        "questions": found.questions,
    }


def found_table(found: Sequence[Found], language: Language, width: int) -> RenderableType:
    """Lay out what was found, a source on each line."""
    columns = (
        Column(language.say("Files"), least=16),
        Column(language.say("Rows"), "right"),
        Column(language.say("Columns"), "right"),
        Column(language.say("Period"), least=10),
        Column(language.say("Questions left"), "right"),
    )
    rows: list[Row] = []
    for one in found:
        days = f"{language.date(one.days[0])} – {language.date(one.days[-1])}" if one.days else ""
        count = language.number(one.rows)
        rows.append(
            (
                Text(", ".join(one.files)),
                Text(f"≈ {count}" if one.sampled else count),
                Text(language.number(one.columns)),
                Text(days),
                Text(language.number(one.questions)),
            )
        )
    return table(columns, rows, width)
