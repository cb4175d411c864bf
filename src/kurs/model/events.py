"""The plan's own calendar: events that come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from kurs.model.days import Days

if TYPE_CHECKING:
    from kurs.model.feasts import Rule
    from kurs.model.periods import PeriodSet
    from kurs.model.text import Text

_YEARS_AROUND = 3  # of a day, in which the occurrences of a rule are looked for


@dataclass(frozen=True, slots=True)
class Event:
    """A named event: its occurrences as written, sorted by their first day, or the rule that tells them."""

    key: str
    occurrences: tuple[Days, ...] = ()
    label: Text | None = None
    rule: Rule | None = None

    @property
    def name(self) -> Text | str:
        """Return what people call it: its label, else its key."""
        return self.label if self.label is not None else self.key

    def around(self, day: date) -> tuple[Days, ...]:
        """Return the occurrences as written; of a rule those of the years around ``day``."""
        if self.rule is None:
            return self.occurrences
        years = range(max(day.year - _YEARS_AROUND, 1), day.year + _YEARS_AROUND)
        return tuple(sorted(days for year in years for days in self.rule.runs(year)))

    def within(self, days: Days) -> tuple[Days, ...]:
        """Return the occurrences that share a day with ``days``."""
        if self.rule is None:
            runs = self.occurrences
        else:
            years = range(max(days.first.year - 1, 1), days.last.year + 2)
            runs = tuple(one for year in years for one in self.rule.runs(year))
        return tuple(sorted(one for one in runs if one.overlap(days) is not None))

    def at(self, day: date) -> Days | None:
        """Return the occurrence that runs on ``day`` or was the last to start; else the first one."""
        near = self.around(day)
        started = [days for days in near if days.first <= day]
        return started[-1] if started else next(iter(near), None)

    def after(self, day: date) -> Days | None:
        """Return the first occurrence that begins after ``day``."""
        return next((days for days in self.around(day) if days.first > day), None)

    def before(self, days: Days) -> Days | None:
        """Return the days that lie to the occurrence before as ``days`` do to theirs: same offset and length.

        Theirs is the one in which they begin, else the first one of which they hold a day.
        """
        pairs = list(pairwise(self.around(days.first)))
        begins = [pair for pair in pairs if days.first in pair[1]]
        touches = [pair for pair in pairs if days.overlap(pair[1]) is not None]
        for earlier, later in (begins or touches)[:1]:
            first = earlier.first + (days.first - later.first)
            return Days(first, first + timedelta(days=len(days) - 1))
        return None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The countries whose holidays count (SE, or a part: DE-BY), the plan's events, its sets of periods."""

    countries: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    periods: tuple[PeriodSet, ...] = ()

    def event(self, key: str) -> Event | None:
        """Return the event called ``key``."""
        return next((event for event in self.events if event.key == key), None)

    def same_event(self, days: Days) -> Days | None:
        """Return the same days of the event before: of one in which they begin, else of one they touch."""
        found = [(event, earlier) for event in self.events if (earlier := event.before(days)) is not None]
        for event, earlier in found:
            if any(days.first in one for one in event.around(days.first)):
                return earlier
        return found[0][1] if found else None
