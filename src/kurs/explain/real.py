"""Is a change more than chance: against the days around it, or against earlier pairs of periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kurs.evaluate.numbers import day_of
from kurs.explain.algebra import value
from kurs.explain.cells import numbers
from kurs.explain.finding import Significance
from kurs.metrics.query import ColumnKind
from kurs.metrics.question import Question
from kurs.model.days import Days, Grain
from kurs.stats.change import (
    BLOCK,
    LEAST_BLOCKS,
    benjamini_hochberg,
    blocks,
    least_pairs,
    paired,
    placebo,
    welch,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kurs.explain.algebra import Term
    from kurs.explain.cells import Members
    from kurs.explain.finding import Part
    from kurs.explain.inquiry import Inquiry
    from kurs.metrics.query import Answer
    from kurs.stats.change import Verdict

    Floats = NDArray[np.float64]

WEEK = 7
MOST_PAIRS = 104
FOUND_BELOW = 0.10  # of the parts that are marked, at most so many are so by chance


@dataclass(frozen=True, slots=True)
class Daily:
    """Aggregates by day: a row each, a column a day from ``first`` on. Days without rows are 0."""

    first: date
    leaves: Floats

    def over(self, days: Days) -> Floats:
        """Return the columns of these days."""
        start = (days.first - self.first).days
        return self.leaves[:, max(start, 0) : max(start + len(days), 0)]


def question(inquiry: Inquiry, by: tuple[str, ...] = ()) -> Question | None:
    """Ask for the aggregates by day, from the earliest pair that can be compared on.

    None where days do not make the metric: a rolling window, a distinct count, a stock.
    """
    return by_day(inquiry, _history(inquiry), by)


def by_day(inquiry: Inquiry, days: Days, by: tuple[str, ...] = ()) -> Question | None:
    """Ask for the aggregates of each of these days; None where days do not make the metric."""
    if inquiry.node is None or not inquiry.splits or not all(one.is_plain for one in inquiry.formula.leaves):
        return None
    return Question(inquiry.leaves, by, Grain.DAY, days, inquiry.where, inquiry.segments)


def _history(inquiry: Inquiry) -> Days:
    fair = inquiry.fair
    shifts = _first_shift(inquiry) + MOST_PAIRS
    earliest = min(fair.days.first, fair.against.first) - timedelta(days=WEEK * shifts)
    covered = fair.fresh.days
    begin = max(earliest, covered[0].first) if covered else earliest
    return Days(begin, max(fair.days.last, fair.against.last))


def _first_shift(inquiry: Inquiry) -> int:
    """Return how many weeks back the period no longer overlaps itself."""
    return -(-len(inquiry.fair.days) // WEEK)


def daily(inquiry: Inquiry, asked: Question, answer: Answer) -> dict[Members, Daily]:
    """Lay the answer out by cell and day."""
    if asked.days is None:
        raise ValueError("a series has days")
    first, length = asked.days.first, len(asked.days)
    kinds = [column.kind for column in answer.columns]
    time = kinds.index(ColumnKind.TIME)
    keys = [at for at, kind in enumerate(kinds) if kind is ColumnKind.DIMENSION]
    values = [at for at, kind in enumerate(kinds) if kind is ColumnKind.METRIC]
    found: dict[Members, Floats] = {}
    for row in answer.rows:
        place = (day_of(row[time]) - first).days
        cell = found.setdefault(tuple(row[key] for key in keys), np.zeros((len(values), length)))
        cell[:, place] = numbers(inquiry, [row[at] for at in values])
    return {members: Daily(first, leaves) for members, leaves in found.items()}


def significance(inquiry: Inquiry, series: Daily) -> Significance | None:
    """Test the change; None where the days are too few.

    By the same comparison at earlier pairs of periods. Without enough of them, and from 24 weeks a side
    on, by blocks of four weeks: paired where both sides have the same weekdays.
    """
    verdict = _by_placebo(inquiry, series)
    if verdict is not None:
        return Significance(verdict.p_value, verdict.low95, verdict.high95, "placebo")
    tested = _by_blocks(inquiry, series)
    if tested is None:
        return None
    method, verdict = tested
    return Significance(verdict.p_value, verdict.low95, verdict.high95, method)


def _by_blocks(inquiry: Inquiry, series: Daily) -> tuple[str, Verdict] | None:
    fair = inquiry.fair
    only = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    if only is None or min(len(fair.days), len(fair.against)) < LEAST_BLOCKS * BLOCK:
        return None
    y0, x0 = _sides(only, series.over(fair.against))
    y1, x1 = _sides(only, series.over(fair.days))
    alike = len(fair.days) == len(fair.against) and (fair.days.first - fair.against.first).days % WEEK == 0
    verdict = (paired if alike else welch)(y0, x0, y1, x1)
    if verdict is None:
        return None
    # A flow is tested by the day, and told for all days.
    days = len(fair.days) if only.below is None else 1
    scaled = replace(verdict, low95=verdict.low95 * days, high95=verdict.high95 * days)
    return ("paired_blocks" if alike else "blocks"), scaled


def _sides(term: Term, leaves: Floats) -> tuple[Floats, Floats]:
    above = term.above.over(leaves)
    below = term.below.over(leaves) if term.below is not None else np.ones(leaves.shape[1])
    return blocks(above), blocks(below)


def _by_placebo(inquiry: Inquiry, series: Daily) -> Verdict | None:
    fair = inquiry.fair
    then, now = (_value(inquiry, series, days) for days in (fair.against, fair.days))
    if then is None or now is None:
        return None
    first = _first_shift(inquiry)
    shifts = (timedelta(days=WEEK * weeks) for weeks in range(first, first + MOST_PAIRS))
    pairs = [(_back(fair.against, shift), _back(fair.days, shift)) for shift in shifts]
    values = [tuple(known_value(inquiry, series, days) for days in pair) for pair in pairs]
    reference = [(a, b) for a, b in values if a is not None and b is not None]
    return placebo(then, now, reference, least_pairs(len(fair.days) + len(fair.against)))


def _back(days: Days, shift: timedelta) -> Days:
    return Days(days.first - shift, days.last - shift)


def known_value(inquiry: Inquiry, series: Daily, days: Days) -> float | None:
    """Return the metric over some days; None where they are not all known, or it has no value."""
    if days.first < series.first or inquiry.fair.fresh.missing(days):
        return None
    return _value(inquiry, series, days)


def _value(inquiry: Inquiry, series: Daily, days: Days) -> float | None:
    if inquiry.node is None:
        return None
    found = float(value(inquiry.node, series.over(days).sum(axis=1)))
    return found if np.isfinite(found) else None


def verdicts(inquiry: Inquiry, series: Mapping[Members, Daily]) -> dict[Members, Significance]:
    """Test each member's own change; those with too few days are left out."""
    return {members: found for members, one in series.items() if (found := significance(inquiry, one))}


def marked(parts: Sequence[Part], families: Sequence[Mapping[Members, Significance]]) -> tuple[Part, ...]:
    """Give each named part the p-value of its member's own change, and its q-value among all families.

    The first family is that of the parts; the others were looked at, too. Benjamini and Hochberg's: of the
    parts whose q is at most 0.1, at most a tenth are there by chance.
    """
    tested = families[0]
    q_values = benjamini_hochberg([one.p_value for family in families for one in family.values()])
    q_of = dict(zip(tested, q_values, strict=False))
    return tuple(
        replace(part, p_value=tested[part.members].p_value, q_value=q_of[part.members])
        if part.merged == 1 and part.members in tested
        else part
        for part in parts
    )
