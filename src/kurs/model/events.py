"""The plan's own calendar: events that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.model.days import Days

if TYPE_CHECKING:
    from kurs.model.periods import PeriodSet
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Event:
    """A named event and its occurrences, sorted by their first day."""

    key: str
    occurrences: tuple[Days, ...]
    label: Text | None = None

    def at(self, day: date) -> Days:
        """Return the occurrence that runs on ``day`` or was the last to start; else the first one."""
        started = [days for days in self.occurrences if days.first <= day]
        return started[-1] if started else self.occurrences[0]

    def before(self, days: Days) -> Days | None:
        """Return the occurrence before the one in which ``days`` begin: same offset, same length."""
        for earlier, later in zip(self.occurrences, self.occurrences[1:], strict=False):
            if days.first in later:
                first = earlier.first + (days.first - later.first)
                return Days(first, first + timedelta(days=len(days) - 1))
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The countries whose holidays count, the plan's events, and its sets of periods."""

    countries: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    periods: tuple[PeriodSet, ...] = ()

    def event(self, key: str) -> Event | None:
        """Return the event called ``key``."""
        return next((event for event in self.events if event.key == key), None)
