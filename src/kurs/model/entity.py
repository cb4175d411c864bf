"""Metrics that follow entities, a customer or a visitor, through time: what the plan says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.days import Grain

if TYPE_CHECKING:
    from kurs.model.frame import Span

_UNITS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Lapse:
    """A length of time that is the same all year round: a day has 24 hours."""

    seconds: int

    @classmethod
    def parse(cls, text: str) -> Lapse | None:
        """Read ``30 minutes``, ``24 hours``, ``7 days``, ``2 weeks``; None when the text is none of these."""
        found = re.fullmatch(r"\s*(\d{1,4})\s+(minute|hour|day|week)s?\s*", text, re.IGNORECASE)
        if found is None or int(found[1]) == 0:
            return None
        return cls(int(found[1]) * _UNITS[found[2].lower()])

    @property
    def days(self) -> int | None:
        """The length in whole days; None when it is no such number."""
        return None if self.seconds % _DAY else self.seconds // _DAY

    @property
    def days_touched(self) -> int:
        """How many days after its own a moment still reaches."""
        return -(-self.seconds // _DAY)

    @property
    def amount(self) -> tuple[int, str]:
        """The length in its coarsest whole unit, as SQL names it."""
        units = {"DAY": _DAY, "HOUR": 3_600, "MINUTE": 60}
        unit = next(unit for unit, length in units.items() if self.seconds % length == 0)
        return self.seconds // units[unit], unit


@dataclass(frozen=True, slots=True)
class Funnel:
    """Ordered steps that an entity takes within a time from the first.

    A step is a condition on the rows of one table, or the bare name of a table. ``by`` names the entity:
    a table with a key, a dimension, or ``table.column``. ``holding`` must be the same in all steps.
    """

    steps: tuple[str, ...]
    by: str
    within: Lapse
    holding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Age:
    """A calendar unit, so many after the one in which an entity was first seen: the next month is 1."""

    count: int
    unit: Grain

    @classmethod
    def parse(cls, text: str) -> Age | None:
        """Read ``1 month``, ``0 weeks``; None when the text is nothing of the kind."""
        found = re.fullmatch(r"\s*(\d{1,3})\s+(day|week|month|quarter|year)s?\s*", text, re.IGNORECASE)
        return None if found is None else cls(int(found[1]), Grain(found[2].lower()))


@dataclass(frozen=True, slots=True)
class Cohort:
    """Entities by the time at which they are first seen, and which of their own days they are valued by.

    ``first`` is a condition on the rows of one table, or its bare name. The days are the first ones of each
    entity (``within``), or those of one calendar unit after its first (``after``). Not both.
    """

    first: str
    within: Span | None = None
    after: Age | None = None
