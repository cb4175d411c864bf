"""Sets of periods that the plan names: seasons, collections, campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.days import Days
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Period:
    """One named period."""

    key: str
    days: Days
    label: Text | None = None


@dataclass(frozen=True, slots=True)
class PeriodSet:
    """Periods that do not overlap, in order; days between them belong to none. ``key`` names the grain."""

    key: str
    periods: tuple[Period, ...]

    @property
    def days(self) -> tuple[Days, ...]:
        """Return the days of each period."""
        return tuple(period.days for period in self.periods)

    def beginning(self, day: date) -> Period | None:
        """Return the period that begins on ``day``."""
        return next((period for period in self.periods if period.days.first == day), None)
