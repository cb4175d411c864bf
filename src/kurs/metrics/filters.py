"""The filters of a question: conditions and segments, as trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.expression import parse_rows
from kurs.problems import KursError, Problem, UsageError, closest

if TYPE_CHECKING:
    from kurs.metrics.question import Question
    from kurs.model.project import Project


def conditions(question: Question, project: Project) -> tuple[exp.Expr, ...]:
    """Return the question's filters, parsed: ``where`` and the segments. Raises UsageError."""
    trees: list[exp.Expr] = []
    problems: list[Problem] = []
    for text in question.where:
        try:
            trees.append(parse_rows(text))
        except KursError as error:
            problems += error.problems
    for name in question.segments:
        segment = project.segments.get(name)
        if segment is None:
            suggestion = closest(name, project.segments)
            problems.append(Problem("unknown_segment", {"name": name, "suggestion": suggestion}))
            continue
        try:
            trees.append(segment_condition(segment.of, segment.where))
        except KursError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    return tuple(trees)


def segment_condition(table: str, where: str) -> exp.Expr:
    """Return a segment's condition; a bare name in it is a column of the segment's own table."""

    def with_table(node: exp.Expr) -> exp.Expr:
        bare = isinstance(node, exp.Column) and not node.table
        return exp.column(node.this.copy(), table=table) if bare else node

    return parse_rows(where).transform(with_table)
