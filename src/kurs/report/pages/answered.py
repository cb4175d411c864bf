"""An answer to a question, as a table of a page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from kurs.metrics.query import ColumnKind
from kurs.report.answer_table import cell_of, column_of
from kurs.report.pages.tables import Cell, Heading, Table

if TYPE_CHECKING:
    from kurs.metrics.query import Answer
    from kurs.metrics.question import Question
    from kurs.model.project import Project
    from kurs.words import Language


def answered(said: Answer, asked: Question, project: Project, language: Language) -> Table:
    """Word an answer: the same headings and cells as on a terminal, and the numbers behind them."""
    headings = tuple(
        Heading(column_of(column, asked, project, language).header, column.kind is ColumnKind.METRIC)
        for column in said.columns
    )
    rows = tuple(
        tuple(
            Cell(cell_of(value, column, asked, project, language).plain, raw=_number(value))
            for value, column in zip(row, said.columns, strict=True)
        )
        for row in said.rows
    )
    count = language.say_plural("{n} row", "{n} rows", len(rows))
    return Table(count, headings, rows, is_sortable=True)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else None
