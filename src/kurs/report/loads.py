"""What one source's load did, for a terminal and as the contract's JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.report.as_json import Plain, plain
from kurs.report.layout import Column, Row, table
from kurs.report.problems import render_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from kurs.lake.record import Totals
    from kurs.model.days import Days
    from kurs.problems import Problem
    from kurs.words import Language

_INDENT = (0, 0, 0, 2)


class Loaded(Protocol):
    """What one source's load did, as ``workflows.load`` says it: that room lies above this one."""

    @property
    def source(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def files(self) -> tuple[str, ...]: ...
    @property
    def skipped_files(self) -> tuple[str, ...]: ...
    @property
    def rows_read(self) -> int: ...
    @property
    def rows_loaded(self) -> int: ...
    @property
    def rows_rejected(self) -> int: ...
    @property
    def window(self) -> Days | None: ...
    @property
    def before(self) -> Totals: ...
    @property
    def after(self) -> Totals: ...
    @property
    def version(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def warnings(self) -> tuple[Problem, ...]: ...


def load_json(loaded: Loaded, language: Language) -> Plain:
    """Return the keys of the contract; sums stand beside ``rows``."""
    window = loaded.window
    return {
        "source": loaded.source,
        "table": loaded.table,
        "files": list(loaded.files),
        "skipped_files": list(loaded.skipped_files),
        "rows_read": loaded.rows_read,
        "rows_loaded": loaded.rows_loaded,
        "rows_rejected": loaded.rows_rejected,
        "window": {"from": plain(window.first), "to": plain(window.last)} if window is not None else None,
        "before": _totals(loaded.before),
        "after": _totals(loaded.after),
        "version": loaded.version,
        "seconds": loaded.seconds,
        "warnings": [render_json(problem, language) for problem in loaded.warnings],
    }


def load_table(loads: Sequence[Loaded], language: Language, width: int) -> RenderableType:
    """Lay out all loads, a line each, and below them what a restatement changed."""
    columns = (
        Column(language.term("column.source"), least=12),
        Column(language.term("column.files"), "right"),
        Column(language.term("column.rows"), "right"),
        Column(language.term("column.rejected"), "right"),
        Column(language.term("column.window"), rank=2),
        Column(language.term("column.before_after"), "right", rank=1),
        Column(language.term("column.seconds"), "right", rank=3),
    )
    rows = [_row(loaded, language) for loaded in loads]
    restated = [line for loaded in loads for line in _restated(loaded, language)]
    return Group(table(columns, rows, width), *([Text(), *restated] if restated else []))


def _row(loaded: Loaded, language: Language) -> Row:
    if not loaded.files and not loaded.before.rows:
        nothing = language.say("nothing new")
        return (Text(loaded.source), Text("0"), Text(nothing, "dim"), *(Text() for _ in range(4)))
    days, before, after = loaded.window, loaded.before.rows, loaded.after.rows
    return (
        Text(loaded.source),
        Text(language.number(len(loaded.files))),
        Text(language.number(loaded.rows_loaded), "bold"),
        Text(language.number(loaded.rows_rejected) if loaded.rows_rejected else "", "bold yellow"),
        Text(language.days_range(days.first, days.last) if days is not None else language.say("everything")),
        Text(f"{language.number(before)} → {language.number(after)}"),
        Text(language.quantity(round(loaded.seconds, 1), "seconds"), "dim"),
    )


def _restated(loaded: Loaded, language: Language) -> Iterator[RenderableType]:
    """Say how the sums of the replaced days changed, where these days had been loaded before."""
    if not loaded.before.rows:
        return
    for column, before in loaded.before.sums.items():
        after = loaded.after.sums.get(column)
        if after is None or after == before:
            continue
        change = float(after - Decimal(before) if isinstance(after, Decimal) else after - float(before))
        share = change / abs(float(before)) if before else None
        line = language.say(
            "{source}: the sum of {column} went from {before} to {after} ({change}).",
            source=loaded.source,
            column=column,
            before=_sum(before, language),
            after=_sum(after, language),
            change=language.change(share),
        )
        yield Padding(Text(line, "yellow"), _INDENT)


def _sum(number: float | Decimal, language: Language) -> str:
    """Write a sum fine enough to see a small restatement of it."""
    return language.number(number, None if isinstance(number, int) else 2)


def _totals(totals: Totals) -> Plain:
    return {**{name: plain(value) for name, value in totals.sums.items()}, "rows": totals.rows}
