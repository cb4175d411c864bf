"""What a KPI would have been over some days without an action, and how far such a guess is usually off.

The change between the same two stretches a year ago, carried over to the weeks before the action: weekdays
and season are in it. Where that year is not there or was unlike, the trend of the weeks before. How far off
either is, is seen in the past: the same guess for earlier weeks, in which the action had not been taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.explain.fair import unlike_events
from kurs.explain.finding import Significance
from kurs.explain.real import MOST_PAIRS, WEEK, by_day, known_value
from kurs.model.days import Days
from kurs.stats.change import LEAST_PAIRS, placebo, width_of
from kurs.stats.expected import as_then, as_trend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from kurs.explain.inquiry import Inquiry
    from kurs.explain.real import Daily
    from kurs.metrics.question import Question
    from kurs.model.events import Calendar

YEAR = timedelta(days=364)  # whole weeks: the same weekdays
TREND_WEEKS = 12  # values that the line of a trend goes through, a week apart
YEAR_OF_PAIRS = 52


class Basis(StrEnum):
    """Where an expectation comes from."""

    LAST_YEAR = "last_year"
    TREND = "trend"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a value would have been; ``significance`` is that of what it was beyond this.

    ``pairs`` is how many earlier guesses of the same kind tell how far off they are.
    """

    basis: Basis
    value: float
    significance: Significance
    pairs: int

    @property
    def has_seen_a_year(self) -> bool:
        """Say whether the earlier guesses went through all seasons."""
        return self.basis is Basis.LAST_YEAR or self.pairs >= YEAR_OF_PAIRS


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the days before: the KPI by day, and what was unlike in them."""

    inquiry: Inquiry
    series: Daily
    calendar: Calendar
    redefined: tuple[date, ...] = ()

    def value(self, days: Days) -> float | None:
        """Return the KPI over some days; None where they are not all known, or it has no value."""
        return known_value(self.inquiry, self.series, days)

    def is_like(self, days: Days, then: Days) -> bool:
        """Say whether the days of a year ago were like these: counted alike, with the same events."""
        between = Days(then.first, days.last)
        return not (
            unlike_events(self.calendar, days, then)
            or self.has_beginning(between)
            or any(between.first < day <= between.last for day in self.redefined)
        )

    def has_beginning(self, days: Days) -> bool:
        """Say whether a source or an account began within these days: from then on more is counted."""
        firsts = (entry.days[0].first for entry in self.inquiry.fair.fresh.entries)
        return any(days.first < first <= days.last for first in firsts)


def days_needed(after: Days, before: Days, known: Days | None) -> Days:
    """Return the days that expectations of these two stretches look at, as far as they are known."""
    begin = before.first - YEAR - timedelta(days=WEEK * (len(after) // WEEK + MOST_PAIRS))
    return Days(begin if known is None else max(begin, min(known.first, before.first)), after.last)


def question(inquiry: Inquiry) -> Question | None:
    """Ask for the KPI's aggregates by day; None where days do not add up to it."""
    fair = inquiry.fair
    known = Days(fair.fresh.days[0].first, fair.fresh.days[-1].last) if fair.fresh.days else None
    return by_day(inquiry, days_needed(fair.days, fair.against, known))


def expectation(past: Past, after: Days, before: Days) -> Expectation | None:
    """Say what the value over the days ``after`` would have been; None where the past is too short."""
    actual = past.value(after)
    if actual is None:
        return None
    for basis, guess in _GUESSES.items():
        expected = guess(past, after, before)
        if expected is None:
            continue
        earlier = list(_earlier(past, guess, after, before))
        width = width_of(len(earlier), len(after) // WEEK)
        tested = placebo(expected, actual, earlier, LEAST_PAIRS, width)
        if tested is not None:
            verdict = Significance(tested.p_value, tested.low95, tested.high95, "placebo")
            return Expectation(basis, expected, verdict, len(earlier))
    return None


def _earlier(past: Past, guess: Guess, after: Days, before: Days) -> Iterator[tuple[float, float]]:
    """Guess for the same stretches of earlier weeks, which share no day with those after the action."""
    first = len(after) // WEEK
    for weeks in range(first, first + MOST_PAIRS):
        then = after.shifted(-WEEK * weeks)
        actual, guessed = past.value(then), guess(past, then, before.shifted(-WEEK * weeks))
        if actual is not None and guessed is not None:
            yield guessed, actual


def _by_last_year(past: Past, after: Days, before: Days) -> float | None:
    """Carry the change of a year ago over; None where that year is not known, or was unlike."""
    now, was_before, was_after = (
        past.value(days) for days in (before, *(_year_before(one) for one in (before, after)))
    )
    if now is None or was_before is None or was_after is None:
        return None
    if not all(past.is_like(days, _year_before(days)) for days in (before, after)):
        return None
    return as_then(now, was_before, was_after)


def _by_trend(past: Past, after: Days, before: Days) -> float | None:
    """Carry the weeks before on by their trend; None where not all of them are known and counted alike."""
    weeks = [before.shifted(-WEEK * back) for back in reversed(range(TREND_WEEKS))]
    known = [value for days in weeks if (value := past.value(days)) is not None]
    if len(known) < TREND_WEEKS or past.has_beginning(Days(weeks[0].first, after.last)):
        return None
    return as_trend(known[-1], known, (after.first - before.first).days / WEEK)


def _year_before(days: Days) -> Days:
    return days.shifted(-YEAR.days)


if TYPE_CHECKING:
    Guess = Callable[[Past, Days, Days], float | None]

_GUESSES: Mapping[Basis, Guess] = {Basis.LAST_YEAR: _by_last_year, Basis.TREND: _by_trend}
