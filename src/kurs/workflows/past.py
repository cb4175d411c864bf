"""Read KPIs as of earlier days: from the data and the decisions up to each, by the lake of now.

Most KPIs are read on all of these days by one statement. Where a reading of a day saw other rows than those
of its days (the newest row of a key, a funnel that was still running), each day is asked by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.evaluate.needs import needs_on
from kurs.evaluate.numbers import day_of
from kurs.evaluate.readings import read
from kurs.evaluate.timeline import MOST_DAYS, past_days, turn
from kurs.ledger.entry import Kind
from kurs.metrics.compiling import compile_plan, from_rollups
from kurs.metrics.formula import formula_of
from kurs.metrics.plan import plan
from kurs.metrics.query import Answer, ColumnKind
from kurs.metrics.running import can_run, saw_the_same
from kurs.model.days import Days, Grain
from kurs.problems import KursError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import Standing
    from kurs.metrics.question import Question
    from kurs.workflows.opening import Opened

ONE_BY_ONE = 14  # days that are asked by themselves, at most: each costs a statement or two


@dataclass(frozen=True, slots=True)
class Subject:
    """A KPI as it was read now, with the answers to its questions."""

    need: Need
    reading: Reading
    answers: Mapping[Question, Answer]


@dataclass(frozen=True, slots=True)
class _Line:
    """A KPI and its needs on the days before, the newest first; ``run`` answers for all, if it can."""

    of: Subject
    past: tuple[Need, ...]
    run: Question | None


def with_turns(opened: Opened, subjects: Sequence[Subject], decided: Standing) -> tuple[Reading, ...]:
    """Return the readings of now, each with the day since which its status is what it is."""
    lines = [
        _line(opened, one, decided, MOST_DAYS, ONE_BY_ONE)
        for one in subjects
        if one.reading.status is not None
    ]
    turns = {
        line.of.need.kpi.key: _turned(line.of.reading, readings)
        for line, readings in zip(lines, _read_all(opened, lines), strict=True)
    }
    return tuple(turns.get(one.need.kpi.key, one.reading) for one in subjects)


def readings_before(
    opened: Opened, subjects: Sequence[Subject], decided: Standing, most: int
) -> list[tuple[Reading, ...]]:
    """Return of each KPI the readings of the last ``most`` days of its period, the newest first."""
    lines = [_line(opened, one, decided, most, most) for one in subjects]
    return [tuple(readings) for readings in _read_all(opened, lines)]


def _turned(now: Reading, past: Iterator[Reading]) -> Reading:
    assert now.status is not None
    days: list[tuple[date, Reading]] = []
    for reading in past:
        days.append((reading.as_of, reading))
        if reading.status is not now.status:
            break
    statuses = [(day, one.status) for day, one in days]
    return replace(now, turn=turn(now.status, statuses, now.as_of, now.period.first))


def _line(opened: Opened, of: Subject, decided: Standing, most: int, one_by_one: int) -> _Line:
    """Say what must be asked of a KPI on the days before."""
    now = of.need
    frozen_on = [one.decision.day for one in decided.entries if one.decision.kind is Kind.FREEZE]
    past = tuple(
        needs_on(now, opened.project, day, decided.frozen(now.kpi.in_force(day), day))
        for day in past_days(now, frozen_on, most)
        if day >= now.defined
    )
    run = _run(opened, past)
    return _Line(of, past if run is not None else past[:one_by_one], run)


def _run(opened: Opened, past: Sequence[Need]) -> Question | None:
    """Return the question for the values of all these days, each from the same first day on."""
    asked = [need.value.days for need in past if need.value is not None and need.value.days is not None]
    value = next((need.value for need in past if need.value is not None), None)
    alike = {replace(need.value, days=None) for need in past if need.value is not None}
    if value is None or len({days.first for days in asked}) != 1 or len(alike) != 1:
        return None
    days = Days(min(one.last for one in asked), max(one.last for one in asked))
    question = replace(value, grain=Grain.DAY, days=days, since=asked[0].first)
    world = opened.rollups.world
    try:
        runs = all(can_run(formula_of(world, one.metric)) for one in question.metrics)
        same = runs and saw_the_same(plan(question, world, opened.as_of), world, past[-1].as_of)
    except KursError:
        return None
    return question if same else None


def _read_all(opened: Opened, lines: Sequence[_Line]) -> Iterator[Iterator[Reading]]:
    """Yield the readings of each line; what is asked by itself is asked while they are taken."""
    from kurs.workflows.measure import query_many

    runs = [line.run for line in lines if line.run is not None]
    answered = iter(query_many(opened, runs))
    for line in lines:
        run = next(answered) if line.run is not None else None
        by_day = _by_day(run) if isinstance(run, Answer) else {}
        yield _readings(opened, line, by_day)


def _readings(opened: Opened, line: _Line, by_day: Mapping[date, Answer]) -> Iterator[Reading]:
    for need in line.past:
        found: list[Answer] = []
        for question in need.questions:
            said = line.of.answers.get(question) if line.run is not None else None
            if question is need.value and line.run is not None and need.evaluated is not None:
                said = by_day.get(need.evaluated.last)
            said = said or _answer(opened, question, need.as_of)
            if said is None:
                return
            found.append(said)
        yield read(need, found)


def _by_day(answer: Answer) -> dict[date, Answer]:
    """Part the rows of a run: each day's is the answer to the question of that day."""
    time = next(at for at, column in enumerate(answer.columns) if column.kind is ColumnKind.TIME)
    columns = (*answer.columns[:time], *answer.columns[time + 1 :])
    return {
        day_of(row[time]): Answer(columns, ((*row[:time], *row[time + 1 :]),), answer.complete_to)
        for row in answer.rows
    }


def _answer(opened: Opened, question: Question, day: date) -> Answer | None:
    """Answer a question as at the end of ``day``; what is wrong with the data was told for now."""
    world = opened.rollups.world
    try:
        prepared = compile_plan(
            from_rollups(plan(question, world, day), world, opened.rollups.sources), world
        )
        return Answer(prepared.columns, opened.engine.run(prepared.sql), prepared.complete_to)
    except KursError:
        return None
