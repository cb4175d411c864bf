"""Reasons: of every KPI, the split of its change that tells the most; all asked as one plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.explain.cells import cells
from kurs.explain.fair import Wanted
from kurs.explain.inquiry import inquire, shared_dimensions
from kurs.explain.segments import side
from kurs.explain.why import finding, refuse_unlike, whole
from kurs.metrics.query import Answer
from kurs.metrics.question import Asked, Order, Question
from kurs.problems import KursError
from kurs.workflows.measure import query_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding, Side
    from kurs.explain.inquiry import Inquiry
    from kurs.explain.why import Whole
    from kurs.model.days import Days
    from kurs.workflows.opening import Opened

_MOST_MEMBERS = 200  # a dimension with more members tells nobody anything in a sentence
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Split:
    """Days, rows and a dimension: all metrics that are split so are asked for at once."""

    days: Days
    where: tuple[str, ...]
    segments: tuple[str, ...]
    dimension: str


def reasons(opened: Opened, readings: Iterable[Reading]) -> dict[str, Finding]:
    """Say why each KPI moved against what it is compared with, by the dimension that tells the most.

    A KPI that cannot be compared fairly has none; one that cannot be split has its change alone.
    """
    inquiries = {reading.kpi.key: asked for reading in readings if (asked := _inquiry(opened, reading))}
    wholes = _wholes(opened, inquiries)
    told = {key: inquiries[key] for key in wholes}
    splits = _asked(opened, told)
    answers = dict(zip(splits, query_many(opened, list(splits.values())), strict=True))
    return {key: _finding(opened, inquiry, wholes[key], answers) for key, inquiry in told.items()}


def _inquiry(opened: Opened, reading: Reading) -> Inquiry | None:
    if reading.value is None:
        return None
    try:
        found = inquire(opened.project, opened.facts, Wanted(reading.kpi.metric, reading.kpi), opened.as_of)
    except KursError:  # there is nothing fair to compare with: the reading's caveats say so
        return None
    return replace(found, segments=reading.segments)


def _wholes(opened: Opened, inquiries: Mapping[str, Inquiry]) -> dict[str, Whole]:
    """Ask for all metrics, now and then; what has no value on one side has no change."""
    asked = [question for inquiry in inquiries.values() for question in inquiry.whole()]
    answers = iter(query_many(opened, asked))
    found: dict[str, Whole] = {}
    for key, inquiry in inquiries.items():
        now, then = next(answers), next(answers)
        if isinstance(now, Answer) and isinstance(then, Answer):
            try:
                found[key] = whole(inquiry, now, then)
            except KursError:
                continue
    return found


def _asked(opened: Opened, inquiries: Mapping[str, Inquiry]) -> dict[_Split, Question]:
    """Ask for the aggregates of all metrics that are split alike by one question."""
    leaves: dict[_Split, dict[Asked, None]] = {}
    for inquiry in inquiries.values():
        for name in _dimensions(opened, inquiry):
            for split in _both(inquiry, name):
                leaves.setdefault(split, {}).update(dict.fromkeys(inquiry.leaves))
    return {
        split: Question(
            metrics=tuple(asked),
            by=(split.dimension,),
            days=split.days,
            where=split.where,
            segments=split.segments,
            order=(Order(split.dimension),),
            limit=_MOST_MEMBERS + 1,
        )
        for split, asked in leaves.items()
    }


def _dimensions(opened: Opened, inquiry: Inquiry) -> tuple[str, ...]:
    if inquiry.node is None or not inquiry.splits:
        return ()
    return shared_dimensions(opened.project, opened.facts, inquiry.formula)


def _both(inquiry: Inquiry, dimension: str) -> tuple[_Split, _Split]:
    now, then = (
        _Split(days, inquiry.where, inquiry.segments, dimension)
        for days in (inquiry.fair.days, inquiry.fair.against)
    )
    return now, then


def _finding(
    opened: Opened, inquiry: Inquiry, of_whole: Whole, answers: Mapping[_Split, Answer | KursError]
) -> Finding:
    try:
        refuse_unlike(inquiry, of_whole)
    except KursError:
        return finding(inquiry, of_whole)
    sides = [
        found
        for name in _dimensions(opened, inquiry)
        if (found := _side(inquiry, of_whole, [answers[split] for split in _both(inquiry, name)], name))
    ]
    if not sides:
        return finding(inquiry, of_whole)
    first = max(sides, key=lambda one: one.unevenness)
    return finding(inquiry, of_whole, first.parts, first.method, first.residual, (first,))


def _side(
    inquiry: Inquiry, of_whole: Whole, answers: Sequence[Answer | KursError], dimension: str
) -> Side | None:
    now, then = answers
    if not isinstance(now, Answer) or not isinstance(then, Answer):
        return None
    if max(len(now.rows), len(then.rows)) > _MOST_MEMBERS:
        return None
    try:
        found = cells(inquiry, (dimension,), now, then).occupied()
    except KursError:
        return None
    return side(inquiry, found, of_whole.change, _SHOWN) if len(found.members) > 1 else None
