"""The way of one KPI through its period: its value at the end of each day, and how earlier periods ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.evaluate.answers import Given, by_time, found, only
from kurs.evaluate.judging import expected_on
from kurs.evaluate.numbers import day_of
from kurs.evaluate.readings import judged_reading
from kurs.evaluate.way import plainly
from kurs.metrics.query import ColumnKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Reading
    from kurs.evaluate.way import Way
    from kurs.metrics.query import Answer
    from kurs.metrics.question import Question
    from kurs.model.days import Days, Grain
    from kurs.model.reckoning import Reckoning


class Shape(StrEnum):
    """What the line of a KPI shows."""

    CUMULATIVE = "cumulative"  # a flow: what came together since the period began
    TO_DATE = "to_date"  # a ratio, an average: its value over the days so far
    LEVEL = "level"  # a stock, a rolling window: where it stands


class MarkKind(StrEnum):
    """What happened on the way."""

    EVENT = "event"
    REVISED = "revised"
    APPROVED = "approved"
    FROZEN = "frozen"
    ACTION_OPENED = "action_opened"
    ACTION_DONE = "action_done"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Point:
    """The value at the end of ``day``; None where there is none. ``provisional``: it may still change."""

    day: date
    value: float | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """The value of some days by themselves."""

    days: Days
    value: float | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened on ``days``; ``name`` is that of an event, a person, an action, keys or a note's text."""

    kind: MarkKind
    days: Days
    name: str


@dataclass(frozen=True, slots=True)
class Trajectory:
    """How a KPI got to its reading, and where it should go.

    The last of ``points`` is the reading's value. ``expected`` is what is due by each day, to the period's
    end. ``comparison`` are the points of the days ``compared``, moved onto the days of the period by their
    place in it. ``apart`` are days or weeks (``apart_grain``) by themselves, where the line is a value to
    date. ``history`` are the readings at the end of earlier periods, oldest first.
    """

    reading: Reading
    shape: Shape
    grain: Grain
    points: tuple[Point, ...] = ()
    expected: tuple[Point, ...] = ()
    compared: Days | None = None
    comparison: tuple[Point, ...] = ()
    apart_grain: Grain | None = None
    apart: tuple[Stretch, ...] = ()
    marks: tuple[Mark, ...] = ()
    history: tuple[Reading, ...] = ()


def trajectory(
    asked: Way,
    reading: Reading,
    answers: Sequence[Answer | None],
    marks: Sequence[Mark],
    reckoning: Reckoning,
) -> Trajectory:
    """Put the answers to ``asked.questions`` together; one that was refused is None.

    Raises ValueError when they are not as many as the questions.
    """
    if len(answers) != len(asked.questions):
        raise ValueError(f"{asked.need.kpi.key}: {len(answers)} answers to {len(asked.questions)} questions")
    said = dict(zip(asked.questions, answers, strict=True))
    comparison = said[asked.comparison] if asked.comparison is not None else None
    apart = said[asked.apart] if asked.apart is not None else None
    return Trajectory(
        reading=reading,
        shape=shape_of(asked.need),
        grain=asked.grain,
        points=tuple(_points(asked, said, reading)),
        expected=tuple(_expected(asked, reading, reckoning)),
        compared=asked.need.compared if comparison is not None else None,
        comparison=tuple(_aligned(asked, comparison, reckoning)),
        apart_grain=asked.apart_grain if apart is not None else None,
        apart=tuple(_apart(asked, apart, reckoning)),
        marks=tuple(marks),
        history=tuple(_ended(asked, need, said) for need in asked.past),
    )


def shape_of(need: Need) -> Shape:
    """Return what the line of a KPI shows."""
    if need.facts.accumulates:
        return Shape.CUMULATIVE
    return Shape.LEVEL if need.facts.is_level else Shape.TO_DATE


def _points(asked: Way, said: Mapping[Question, Answer | None], reading: Reading) -> Iterator[Point]:
    """Yield the line; its end is the reading itself: a sum of floats may differ in its last digit."""
    days = asked.need.evaluated
    if days is None or any(said[question] is None for question in asked.so_far):
        return
    if asked.need.facts.runs:
        running = by_time(said[asked.so_far[0]])
        values = [running.get(bucket.first) for bucket in asked.buckets]
    else:
        values = [only(said[question]) for question in asked.so_far]
    for bucket, value in zip(asked.buckets, values, strict=True):
        end = min(bucket.last, days.last)
        yield Point(end, reading.value if end == days.last else value, _may_change(asked.need, days, end))


def _expected(asked: Way, reading: Reading, reckoning: Reckoning) -> Iterator[Point]:
    """Yield what is due by the end of each bucket of the whole period."""
    for bucket in reckoning.buckets(asked.need.period, asked.grain):
        day = min(bucket.last, asked.need.period.last)
        due = expected_on(asked.need, reading.judged, day) if reading.judged is not None else None
        if due is not None:
            yield Point(day, due)


def _aligned(asked: Way, answer: Answer | None, reckoning: Reckoning) -> Iterator[Point]:
    """Yield the compared line; its n-th day stands at the period's n-th day, if it has so many."""
    if answer is None or asked.comparison is None or asked.comparison.days is None:
        return
    then, period = asked.comparison.days, asked.need.period
    values = by_time(answer)
    for bucket in reckoning.buckets(then, asked.grain):
        day = period.first + (min(bucket.last, then.last) - then.first)
        if day in period:
            yield Point(day, values.get(bucket.first))


def _apart(asked: Way, answer: Answer | None, reckoning: Reckoning) -> Iterator[Stretch]:
    days = asked.need.evaluated
    if answer is None or days is None:
        return
    values = by_time(answer)
    for bucket in reckoning.buckets(days, asked.apart_grain):
        own = bucket.overlap(days) or days
        yield Stretch(own, values.get(bucket.first), _may_change(asked.need, days, own.last))


def _may_change(need: Need, days: Days, day: date) -> bool:
    provisional = need.fresh.provisional_from(days)
    return provisional is not None and day >= provisional


def _ended(asked: Way, need: Need, said: Mapping[Question, Answer | None]) -> Reading:
    """Return the reading at the end of an earlier period, without what is said beside numbers."""
    whole = said[asked.by_grain] if asked.by_grain is not None else None

    def about(question: Question | None) -> Answer | None:
        if question is None or question.days is None:
            return None
        alone = said.get(plainly(question))
        return alone if alone is not None else _row_of(whole, question.days)

    given = Given(about(need.value), about(need.baseline), basis=about(need.basis))
    return replace(judged_reading(need, found(need, given)), caveats=(), parts=())


def _row_of(answer: Answer | None, days: Days) -> Answer | None:
    """Return the one row of an answer by grain that is of these days."""
    if answer is None:
        return None
    time = [column.kind for column in answer.columns].index(ColumnKind.TIME)
    rows = tuple(row for row in answer.rows if day_of(row[time]) == days.first)
    return replace(answer, rows=rows, warnings=())
