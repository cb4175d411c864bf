"""A metric: a formula over aggregates and other metrics, and how its value is to be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.version import in_force

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.entity import Cohort, Funnel
    from kurs.model.frame import Frame
    from kurs.model.text import Text
    from kurs.model.version import Version


class Unit(StrEnum):
    """What a value counts; percentages are fractions everywhere but on a person's screen."""

    NUMBER = "number"
    CURRENCY = "currency"
    PERCENT = "percent"
    RATIO = "ratio"
    DAYS = "days"
    SECONDS = "seconds"


class Direction(StrEnum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    BAND = "band"


class Fill(StrEnum):
    """What an empty bucket inside the covered days shows; ``NONE`` leaves the bucket out."""

    ZERO = "zero"
    NULL = "null"
    NONE = "none"


class At(StrEnum):
    """Which day of its days a level shows: stock is not added up over time."""

    FIRST = "first"
    LAST = "last"
    AVERAGE = "average"


class Whole(StrEnum):
    """Of what a share is a part: its own group, the groups it lies in without the last dimension, or all."""

    GROUP = "group"
    PARENT = "parent"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; ``expr`` is SQL by the allow-list of ``kurs.metrics.expression``.

    ``frame`` looks back in time: a window, a period to date. ``at`` makes it a level, which is taken on
    one of the days with rows instead of being added up over them; with ``each`` on the day of every entity
    of its own. ``where`` is a filter of the rows of every leaf. With ``share_of`` it is a part of another
    metric, ``whole`` says of what; with a ``funnel`` the share that comes to its last step. ``expr`` is empty
    then. ``drivers`` is the same value as arithmetic over other metrics: how it is explained. With ``per``
    its aggregates are over entities: a table with a key, a dimension, or ``table.column``; by a ``cohort``
    they count when they are first seen. ``versions`` are all that it was and will be, where it is revised.
    """

    key: str
    expr: str
    unit: Unit = Unit.NUMBER
    good: Direction | None = None
    label: Text | None = None
    description: Text | None = None
    fill: Fill | None = None
    frame: Frame | None = None
    at: At | None = None
    funnel: Funnel | None = None
    each: str | None = None
    where: str | None = None
    share_of: str | None = None
    whole: Whole | None = None
    drivers: str | None = None
    per: str | None = None
    cohort: Cohort | None = None
    versions: tuple[Version[Metric], ...] = ()

    def in_force(self, day: date) -> Metric:
        """Return the metric as the plan has it on ``day``; it knows its other versions, too."""
        version = in_force(self.versions, day)
        return self if version is None else replace(version.noun, versions=self.versions)
