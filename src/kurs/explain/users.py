"""Users as the units of a test: which column names them, and what each of them did on both sides."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from kurs.explain.finding import Significance
from kurs.explain.inquiry import reached_by_all
from kurs.metrics.expression import aggregates, parse_metric
from kurs.metrics.reach import Map
from kurs.problems import KursError
from kurs.stats.users import Sums, by_users

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from kurs.explain.algebra import Term
    from kurs.explain.cells import Laid
    from kurs.explain.inquiry import Inquiry
    from kurs.explain.real import Daily
    from kurs.metrics.question import Question
    from kurs.model.coverage import RelationFacts
    from kurs.model.days import Days
    from kurs.model.metric import Metric
    from kurs.model.project import Project

    Floats = NDArray[np.float64]

MOST_USERS = 300_000  # on each side: beyond, they are more than a question should bring home
_KNOWN = 0.9  # of the rows: with fewer that belong to a known user, the others decide
_PERSON = re.compile(
    r"user|visitor|customer|client|buyer|member|person|people|subscriber|contact|reader|donor"
)


def user_keys(project: Project, facts: Mapping[str, RelationFacts], inquiry: Inquiry) -> tuple[str, ...]:
    """Return what names users in this plan and is reached by all tables of the metric, the surest first.

    The entities of metrics (``per:``), funnels and segments, then what is counted distinct and is called
    like people: order numbers are counted distinct, too.
    """
    return reached_by_all(Map(project, facts), inquiry.formula, dict.fromkeys(_named(project)))


def _named(project: Project) -> Iterator[str]:
    for metric in project.metrics.values():
        for name in (metric.per, metric.funnel.by if metric.funnel is not None else None):
            if name is not None:
                yield _column(project, name)
    for segment in project.segments.values():
        yield _column(project, segment.of)
    for metric in project.metrics.values():
        yield from _counted(metric)


def _column(project: Project, name: str) -> str:
    """Return the column of an entity: of a table, its key."""
    table = project.tables.get(name)
    return f"{name}.{table.unique_key}" if table is not None and table.unique_key is not None else name


def _counted(metric: Metric) -> Iterator[str]:
    try:
        tree = parse_metric(metric.expr, per_entity=metric.per is not None)
    except KursError:
        return
    for aggregate in aggregates(tree):
        for distinct in aggregate.find_all(exp.Distinct):
            for column in distinct.find_all(exp.Column):
                if column.table and _PERSON.search(column.name):
                    yield f"{column.table}.{column.name}"


def questions(inquiry: Inquiry, key: str) -> tuple[Question, Question]:
    """Ask what each user did, now and then, and for one more than the most."""
    now, then = inquiry.of(inquiry.leaves, (key,))
    return replace(now, order=(), limit=MOST_USERS + 1), replace(then, order=(), limit=MOST_USERS + 1)


def significance(inquiry: Inquiry, users: Laid, series: Daily, key: str) -> Significance | None:
    """Test the change by its users; None where too few rows have one, or it is no sum and no single ratio."""
    only = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    if only is None:
        return None
    found = users.of(inquiry, (key,))
    known = np.array([members[0] is not None for members in found.members], bool)
    sums = _sums(only, found.then, found.now)
    shares = [_share(side, known) for side in (sums.y0, sums.y1, sums.x0, sums.x1) if side is not None]
    if not known.any() or min(shares) < _KNOWN:
        return None
    fair = inquiry.fair
    days = _sums(only, series.over(fair.against), series.over(fair.days))
    verdict = by_users(_of(sums, known), days, (_weekdays(fair.against), _weekdays(fair.days)))
    if verdict is None:
        return None
    return Significance(verdict.p_value, verdict.low95, verdict.high95, "users", key, int(known.sum()))


def _sums(term: Term, then: Floats, now: Floats) -> Sums:
    y0, y1 = term.above.over(then), term.above.over(now)
    return Sums(y0, y1) if term.below is None else Sums(y0, y1, term.below.over(then), term.below.over(now))


def _share(side: Floats, known: NDArray[np.bool_]) -> float:
    total = float(np.abs(side).sum())
    return float(np.abs(side[known]).sum()) / total if total else 1.0


def _of(sums: Sums, known: NDArray[np.bool_]) -> Sums:
    if sums.x0 is None or sums.x1 is None:
        return Sums(sums.y0[known], sums.y1[known])
    return Sums(sums.y0[known], sums.y1[known], sums.x0[known], sums.x1[known])


def _weekdays(days: Days) -> NDArray[np.int_]:
    return np.array([day.weekday() for day in days], int)
