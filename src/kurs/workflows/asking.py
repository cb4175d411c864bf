"""From the words of a question, as somebody typed them, to the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.metrics.question import Asked, Order, Question
from kurs.model.days import Days, grain_named
from kurs.workflows.understanding import Understanding, names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kurs.workflows.explain import Request
    from kurs.workflows.opening import Opened

Words = list[str] | None


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """The words of ``kurs query``: each list holds names one by one, with commas, or both."""

    metrics: Words = None
    by: Words = None
    grain: str | None = None
    first: str | None = None
    last: str | None = None
    where: Words = None
    segment: Words = None
    order: Words = None
    limit: str | None = None
    compare: str | None = None


@dataclass(frozen=True, slots=True)
class RequestWords:
    """The words of ``kurs explain``."""

    name: str
    period: str | None = None
    against: str | None = None
    by: Words = None
    drivers: bool = False
    search: bool = False
    where: Words = None
    top: str | None = None
    users: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A question whose days may still lack an end: that of the data is known when the project is open."""

    question: Question
    first: date | None
    last: date | None

    def within(self, opened: Opened) -> Question:
        """Fill in the end that was not given: the as-of day, or the first day of the data."""
        question, first, last = self.question, self.first, self.last
        if (first is None) == (last is None):
            return question
        if first is not None:
            return replace(question, days=Days(first, max(first, opened.as_of)))
        if last is not None:
            from kurs.workflows.measure import prepare

            tables = prepare(opened, replace(question, compare=None, order=())).tables
            with_time = [table for table in tables if opened.project.tables[table].time is not None]
            firsts = [days.first for table in with_time for days in opened.facts[table].days]
            return replace(question, days=Days(min([*firsts, last]), last))
        return question


def question(said: QuestionWords) -> Draft:
    """Understand a question. Raises UsageError with all that is wrong with its words."""
    words = Understanding()
    first, last = words.day("--from", said.first), words.day("--to", said.last)
    asked = Question(
        metrics=tuple(Asked(name) for name in names(said.metrics)),
        by=names(said.by),
        grain=grain_named(said.grain.strip()) if said.grain is not None else None,
        days=words.ordered(first, last) if first is not None and last is not None else None,
        where=tuple(said.where or ()),
        segments=names(said.segment),
        compare=words.comparison("--compare", said.compare),
        order=_order(words, said.order),
        limit=words.count("--limit", said.limit),
    )
    words.done()
    return Draft(asked, first, last)


def request(said: RequestWords) -> Request:
    """Understand what is to be explained. Raises UsageError with all that is wrong with its words."""
    from kurs.workflows.explain import SHOWN, Request

    words = Understanding()
    made = Request(
        name=said.name,
        period=words.days("--period", said.period) if said.period is not None else None,
        against=words.comparison("--against", said.against),
        by=names(said.by),
        where=tuple(said.where or ()),
        drivers=said.drivers,
        search=said.search,
        top=words.count("--top", said.top) or SHOWN,
        users=said.users.strip() if said.users else None,
    )
    words.done()
    return made


def _order(words: Understanding, said: Sequence[str] | None) -> tuple[Order, ...]:
    """Understand columns to sort by, each with its way behind a colon or without one."""
    orders: list[Order] = []
    for part in names(said):
        column, _, way = part.partition(":")
        chosen = words.choice("--order", way.strip().lower() or "asc", ("asc", "desc"))
        orders.append(Order(column.strip(), chosen == "desc"))
    return tuple(orders)
