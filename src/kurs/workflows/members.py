"""Members: a KPI's value for every member of each dimension, now and over its period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.evaluate.numbers import finite, plain
from kurs.explain.inquiry import shared_dimensions
from kurs.metrics.formula import formula_of
from kurs.metrics.query import Answer
from kurs.metrics.question import Asked, Order
from kurs.metrics.reach import Map
from kurs.model.days import Grain
from kurs.problems import KursError
from kurs.workflows.measure import query_many

if TYPE_CHECKING:
    from kurs.metrics.question import Question
    from kurs.workflows.opening import Opened

_MOST = 40  # members: a dimension with more is a list, not a picture
_DAYS, _WEEKS = 45, 200  # the longest periods that are drawn by day, and by week


@dataclass(frozen=True, slots=True)
class Member:
    """One member; ``recent`` are its values over the period, oldest first."""

    member: object
    value: float | None
    recent: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension with its members, the greatest value first."""

    name: str
    members: tuple[Member, ...]


def dimensions(opened: Opened, question: Question) -> tuple[Dimension, ...]:
    """Split ``question``, one metric over some days, by each dimension that its tables share.

    Left out are dimensions with one member or very many, and those that cannot be asked.
    """
    (asked, *_), days = question.metrics, question.days
    if days is None:
        return ()
    try:
        formula = formula_of(Map(opened.project, opened.facts), asked.metric)
    except KursError:
        return ()
    names = shared_dimensions(opened.project, opened.facts, formula)
    grain = Grain.DAY if len(days) <= _DAYS else Grain.WEEK if len(days) <= _WEEKS else Grain.MONTH
    own = replace(question, metrics=(Asked(asked.metric),), grain=None, compare=None)
    wholes = [
        replace(own, by=(name,), order=(Order(asked.metric, descending=True),), limit=_MOST + 1)
        for name in names
    ]
    said = zip(names, query_many(opened, wholes), strict=True)
    shown = {name: one for name, one in said if isinstance(one, Answer) and 1 < len(one.rows) <= _MOST}
    over_time = query_many(opened, [replace(own, by=(name,), grain=grain) for name in shown])
    return tuple(
        Dimension(name, _members(whole, name, asked.metric, line))
        for (name, whole), line in zip(shown.items(), over_time, strict=True)
    )


def _members(whole: Answer, name: str, metric: str, over_time: Answer | KursError) -> tuple[Member, ...]:
    lines = _lines(over_time) if isinstance(over_time, Answer) else {}
    columns = [column.name for column in whole.columns]
    member, value = columns.index(name), columns.index(metric)
    return tuple(
        Member(row[member], finite(plain(row[value])), lines.get(row[member], ())) for row in whole.rows
    )


def _lines(answer: Answer) -> dict[object, tuple[float | None, ...]]:
    """Return each member's values in the order of time."""
    names = [column.name for column in answer.columns]
    time = names.index("time")
    member = next(place for place in range(len(names)) if place != time)
    lines: dict[object, list[tuple[str, float | None]]] = {}
    for row in answer.rows:
        lines.setdefault(row[member], []).append((str(row[time]), finite(plain(row[-1]))))
    return {key: tuple(value for _, value in sorted(line)) for key, line in lines.items()}
