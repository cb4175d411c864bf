"""The answer to a question, for a terminal."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.metrics.query import ColumnKind
from kurs.model.metric import Direction, Unit
from kurs.report.labels import bucket_label, dimension_label, humanised, metric_label, shown
from kurs.report.layout import Column, Row, table
from kurs.report.sparkline import sparkline

if TYPE_CHECKING:
    from rich.console import RenderableType

    from kurs.metrics.query import Answer, AnswerColumn
    from kurs.metrics.question import Question
    from kurs.model.project import Project
    from kurs.words import Language

_COMPARE, _CHANGE = "__compare", "__change"
_FROM_ROWS = 5  # a shorter answer is seen at a glance
_BARS = 24


def answer_table(
    said: Answer, asked: Question, project: Project, language: Language, width: int
) -> RenderableType:
    """Lay out an answer: units by column, changes in the colour of good and bad, a trend over time."""
    columns = [column_of(column, asked, project, language) for column in said.columns]
    rows = [
        tuple(
            cell_of(cell, column, asked, project, language)
            for cell, column in zip(row, said.columns, strict=True)
        )
        for row in said.rows
    ]
    parts = [table(columns, rows, width, _trend(said, asked, language))]
    if not rows:
        parts.append(Text(language.say("no rows"), "dim"))
    foot = [language.say_plural("{n} row", "{n} rows", len(rows))] if rows else []
    if said.complete_to is not None:
        foot.append(language.say("complete to {day}", day=said.complete_to))
    return Group(*parts, Text(language.clauses(foot), "dim"))


def column_of(column: AnswerColumn, asked: Question, project: Project, language: Language) -> Column:
    if column.kind is ColumnKind.TIME:
        return Column(humanised(language.term(f"grain.{asked.grain}")))
    if column.kind is ColumnKind.DIMENSION:
        return Column(dimension_label(project, column.name, language), least=12)
    if asked.compare is not None and column.name.endswith(_CHANGE):
        return Column(language.term("column.change"), "right")
    if asked.compare is not None and column.name.endswith(_COMPARE):
        return Column(language.term(f"comparison.{asked.compare.against}"), "right")
    return Column(metric_label(project, column.name, language), "right")


def cell_of(
    cell: object, column: AnswerColumn, asked: Question, project: Project, language: Language
) -> Text:
    if column.kind is ColumnKind.TIME and isinstance(cell, date):
        return Text(bucket_label(project, cell, asked.grain or "day", language))
    if column.kind is not ColumnKind.METRIC:
        return Text(_member(cell, language))
    value = cell if isinstance(cell, int | float | Decimal) else None
    if asked.compare is not None and column.name.endswith(_CHANGE):
        return Text(language.change(value), _good_or_bad(value, column.name.removesuffix(_CHANGE), project))
    unit = column.unit or Unit.NUMBER
    if isinstance(cell, bool) or (cell is not None and value is None):
        return Text(_member(cell, language))
    words = language.quantity(value, unit, project.settings.currency)
    return Text(words, "dim" if value is None or column.name.endswith(_COMPARE) else "")


def _member(cell: object, language: Language) -> str:
    """Write a member of a dimension as it is; numbers among them are names, not amounts."""
    if isinstance(cell, bool):
        return language.term("answer.yes" if cell else "answer.no")
    if isinstance(cell, date):
        return language.date(cell)
    return "–" if cell is None else shown(str(cell))


def _good_or_bad(change: float | Decimal | None, metric: str, project: Project) -> str:
    good = project.metrics[metric].good if metric in project.metrics else None
    if not change or good not in (Direction.UP, Direction.DOWN):
        return ""
    return "green" if (change > 0) == (good is Direction.UP) else "red"


def _trend(said: Answer, asked: Question, language: Language) -> Row | None:
    """Draw each metric over time below a long table of one group."""
    if asked.grain is None or asked.by or asked.order or len(said.rows) < _FROM_ROWS:
        return None
    bars: list[Text] = []
    for place, column in enumerate(said.columns):
        values = [row[place] for row in said.rows]
        drawn = ""
        if column.kind is ColumnKind.METRIC and not column.name.endswith((_COMPARE, _CHANGE)):
            numbers = [float(value) if isinstance(value, int | float | Decimal) else None for value in values]
            drawn = sparkline(numbers, _BARS)
        bars.append(Text(drawn, "cyan"))
    bars[0] = Text(language.term("column.trend"), "dim")
    return tuple(bars)
