"""Which days a period is compared with (design: "Comparisons by name")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kurs.model.days import Days, add_months


class Against(StrEnum):
    """The comparisons that have a name, and ``RANGE`` for two explicit ends."""

    PREVIOUS = "previous"
    LAST_YEAR = "last_year"
    LAST_YEAR_WEEKDAY = "last_year_weekday"
    SAME_EVENT = "same_event"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison by name, or with an explicit range of days; ``event`` names the same one of SAME_EVENT."""

    against: Against
    days: Days | None = None
    event: str | None = None


def year_before(days: Days) -> Days:
    """Return the same days of the calendar one year earlier.

    29 February becomes 28 February; whole months stay whole months, so that February 2025 is
    compared with all 29 days of February 2024.
    """
    first, last = add_months(days.first, -12), add_months(days.last, -12)
    if days.is_whole_months:
        last = add_months(days.last + timedelta(days=1), -12) - timedelta(days=1)
    return Days(first, last)


def counterpart(part: Days, period: Days, comparison: Comparison) -> Days:
    """Return the days that ``part`` of ``period`` is compared with.

    ``part`` may be the whole period, its stretch to date, or one bucket of it: each keeps its place.
    Raises ValueError for ``SAME_EVENT``, which only the plan's calendar can resolve to a range.
    """
    match comparison.against:
        case Against.PREVIOUS:
            return part.shifted(-len(period))
        case Against.LAST_YEAR:
            return year_before(part)
        case Against.LAST_YEAR_WEEKDAY:
            return part.shifted(-364)
        case Against.RANGE if comparison.days is not None:
            return part.shifted((comparison.days.first - period.first).days)
        case _:
            raise ValueError(f"{comparison.against} needs a range of days")
