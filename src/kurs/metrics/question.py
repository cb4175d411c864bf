"""A question about metrics, before anything is known about SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.comparison import Comparison
    from kurs.model.days import AnyGrain, Days


class Part(StrEnum):
    """Which part of a metric is asked for: a ratio can be taken apart."""

    VALUE = "value"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric of the plan, or one part of it; ``column`` is its name in the answer.

    ``leaf`` is the place of an aggregate in the metric's ``Formula.leaves``: then it alone is asked for.
    """

    metric: str
    part: Part = Part.VALUE
    leaf: int | None = None

    @property
    def column(self) -> str:
        """Name the answer's column: ``aov``, ``aov__numerator``, ``aov__leaf_0``."""
        if self.leaf is not None:
            return f"{self.metric}__leaf_{self.leaf}"
        return self.metric if self.part is Part.VALUE else f"{self.metric}__{self.part}"


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort the answer by; nulls come last either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What a person wants to know.

    ``by`` are conformed dimensions or ``table.column``. ``days`` None means all data. Without ``grain``
    there is one row per group. ``where`` are SQL conditions and ``segments`` are names: all must hold.
    ``since``: each bucket takes in all days from this one on (``running.can_run``).
    """

    metrics: tuple[Asked, ...] = ()
    by: tuple[str, ...] = ()
    grain: AnyGrain | None = None
    days: Days | None = None
    where: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    compare: Comparison | None = None
    order: tuple[Order, ...] = ()
    limit: int | None = None
    since: date | None = None
