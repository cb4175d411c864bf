"""Reasons: of every KPI, the split of its change that tells the most; all asked as one plan."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from kurs.explain.cells import laid
from kurs.explain.fair import Wanted
from kurs.explain.inquiry import inquire, shared_dimensions
from kurs.explain.segments import side
from kurs.explain.why import finding, refuse_unlike, whole
from kurs.metrics.query import Answer
from kurs.metrics.question import Asked, Order, Question
from kurs.problems import KursError
from kurs.workflows.measure import query_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.explain.cells import Cells, Laid
    from kurs.explain.finding import Finding, Side
    from kurs.explain.inquiry import Inquiry
    from kurs.explain.why import Whole
    from kurs.model.days import Days
    from kurs.workflows.opening import Opened

_MOST_MEMBERS = 200  # a dimension with more members tells nobody anything in a sentence
_MOST_CELLS = 20_000  # of all dimensions crossed: beyond, each is asked for by itself
_SHOWN = 20
# A condition that is one member of a dimension, or several with "and" between them: country = 'SE'
_MEMBER = re.compile(r"([a-z][a-z0-9_]*)\s*=\s*'([^'\\]*)'")
_MEMBERS = re.compile(rf"{_MEMBER.pattern}(?:\s+(?:and|AND)\s+{_MEMBER.pattern})*")


@dataclass(frozen=True, slots=True)
class _Split:
    """Days, rows and dimensions: all metrics that are split so are asked for at once."""

    days: Days
    where: tuple[str, ...]
    segments: tuple[str, ...]
    by: tuple[str, ...]


Both = tuple[_Split, _Split]  # now and then
_ALL: Mapping[str, str] = MappingProxyType({})


class _Answers:
    """What was answered to each split; two answers are laid over each other once for all metrics."""

    def __init__(self, found: dict[_Split, Answer | KursError]) -> None:
        self.found = found
        self._laid: dict[Both, Laid | None] = {}

    def over(self, both: Both) -> Laid | None:
        """Return both answers of a split, laid over each other; None where it is too fine, or refused."""
        if both not in self._laid:
            now, then = (self.found.get(split) for split in both)
            if isinstance(now, Answer) and isinstance(then, Answer) and self.is_whole(both):
                self._laid[both] = laid(now, then)
            else:
                self._laid[both] = None
        return self._laid[both]

    def is_whole(self, both: Both) -> bool:
        """Say whether no cell is missing from either answer."""
        return all(_is_whole(self.found.get(split), split.by) for split in both)


def _is_whole(answer: Answer | KursError | None, by: tuple[str, ...]) -> bool:
    return isinstance(answer, Answer) and len(answer.rows) <= _most(by)


def _most(by: tuple[str, ...]) -> int:
    return _MOST_CELLS if len(by) > 1 else _MOST_MEMBERS


def reasons(opened: Opened, readings: Iterable[Reading]) -> dict[str, Finding]:
    """Say why each KPI moved against what it is compared with, by the dimension that tells the most.

    A KPI that cannot be compared fairly has none; one that cannot be split has its change alone.
    """
    inquiries = {reading.kpi.key: asked for reading in readings if (asked := _inquiry(opened, reading))}
    wholes = _wholes(opened, inquiries)
    told = {key: _told(inquiries[key], _dimensions(opened, inquiries[key])) for key in wholes}
    split = [one for one in told.values() if one.by]
    crossed = _Answers(_ask(opened, [(one.wide, one.by) for one in split]))
    too_fine = [one for one in split if not crossed.is_whole(_both(one.wide, one.by))]
    # What is too fine for everybody need not be so for a few.
    of_few = _ask(opened, [(one.inquiry, one.by) for one in too_fine if one.members])
    alone = [
        (one.inquiry, (name,))
        for one in too_fine
        if not all(_is_whole(of_few.get(each), each.by) for each in _both(one.inquiry, one.by))
        for name in one.by
    ]
    answers = _Answers(crossed.found | of_few | _ask(opened, alone))
    return {key: _finding(one, wholes[key], answers) for key, one in told.items()}


@dataclass(frozen=True, slots=True)
class _Told:
    """A KPI's inquiry and the dimensions to split it by.

    ``wide`` is the same without the conditions that are members of these dimensions: KPIs of single countries
    share its answer, and each takes the cells of its ``members``.
    """

    inquiry: Inquiry
    by: tuple[str, ...]
    wide: Inquiry
    members: Mapping[str, str]


def _told(inquiry: Inquiry, by: tuple[str, ...]) -> _Told:
    members: dict[str, str] = {}
    others: list[str] = []
    for condition in inquiry.where:
        found = _MEMBERS.fullmatch(condition.strip())
        pairs = _MEMBER.findall(condition) if found is not None else []
        names = [name for name, _ in pairs]
        if pairs and set(names) <= set(by) and len({*names, *members}) == len(names) + len(members):
            members |= dict(pairs)
        else:
            others.append(condition)
    return _Told(inquiry, by, replace(inquiry, where=tuple(others)), members)


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


def _dimensions(opened: Opened, inquiry: Inquiry) -> tuple[str, ...]:
    if inquiry.node is None or not inquiry.splits:
        return ()
    return shared_dimensions(opened.project, opened.facts, inquiry.formula)


def _both(inquiry: Inquiry, by: tuple[str, ...]) -> Both:
    now, then = (
        _Split(days, inquiry.where, inquiry.segments, by)
        for days in (inquiry.fair.days, inquiry.fair.against)
    )
    return now, then


def _ask(
    opened: Opened, wanted: Sequence[tuple[Inquiry, tuple[str, ...]]]
) -> dict[_Split, Answer | KursError]:
    """Ask for the aggregates of all metrics that are split alike by one question."""
    leaves: dict[_Split, dict[Asked, None]] = {}
    for inquiry, by in wanted:
        for split in _both(inquiry, by):
            leaves.setdefault(split, {}).update(dict.fromkeys(inquiry.leaves))
    questions = [
        Question(
            metrics=tuple(asked),
            by=split.by,
            days=split.days,
            where=split.where,
            segments=split.segments,
            order=tuple(Order(name) for name in split.by),
            limit=_most(split.by) + 1,
        )
        for split, asked in leaves.items()
    ]
    return dict(zip(leaves, query_many(opened, questions), strict=True))


def _finding(told: _Told, of_whole: Whole, answers: _Answers) -> Finding:
    inquiry = told.inquiry
    try:
        refuse_unlike(inquiry, of_whole)
        sides = list(_sides(told, of_whole, answers))
    except KursError:
        return finding(inquiry, of_whole)
    if not sides:
        return finding(inquiry, of_whole)
    first = max(sides, key=lambda one: one.unevenness)
    return finding(inquiry, of_whole, first.parts, first.method, first.residual, (first,))


def _sides(told: _Told, of_whole: Whole, answers: _Answers) -> Iterator[Side]:
    """Split by each dimension: out of all of them crossed, where these are few enough."""
    crossed = _cells(told.wide, told.by, answers, told.members) if told.by else None
    if crossed is not None and told.members and not _is_all(crossed, of_whole):
        return  # the engine takes other members for the same: letters without case, trailing blanks
    crossed = crossed or (_cells(told.inquiry, told.by, answers) if told.by else None)
    for name in told.by:
        found = crossed.by(name) if crossed is not None else _cells(told.inquiry, (name,), answers)
        if found is not None and 1 < len(found.members) <= _MOST_MEMBERS:
            yield side(told.inquiry, found, of_whole.change, _SHOWN)


def _cells(
    inquiry: Inquiry, by: tuple[str, ...], answers: _Answers, members: Mapping[str, str] = _ALL
) -> Cells | None:
    found = answers.over(_both(inquiry, by))
    return found.of(inquiry, by).of(members).occupied() if found is not None else None


def _is_all(found: Cells, of_whole: Whole) -> bool:
    """Say whether the cells add up to the aggregates of the whole."""
    sides = ((found.now, of_whole.now), (found.then, of_whole.then))
    return all(np.allclose(cells.sum(axis=1), whole, rtol=1e-9, atol=1e-9) for cells, whole in sides)
