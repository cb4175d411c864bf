"""A leaf: one aggregate over the rows of one table, of which formulas are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.events import EntityRows
from kurs.model.frame import PLAIN, Frame
from kurs.model.metric import Whole

if TYPE_CHECKING:
    from kurs.metrics.events import FunnelRows
    from kurs.metrics.reach import Step
    from kurs.model.metric import At


class Aggregate(StrEnum):
    """What is done to the rows of a group."""

    SUM = "sum"
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    STDDEV = "stddev"
    VARIANCE = "variance"


ZERO_WHEN_EMPTY = (Aggregate.SUM, Aggregate.COUNT, Aggregate.COUNT_DISTINCT)
# What can be made of the values of single days; the others need the rows of all days together.
OF_DAYS = (Aggregate.SUM, Aggregate.COUNT, Aggregate.MIN, Aggregate.MAX)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One aggregate over the rows of ``home``.

    ``argument`` None counts rows. ``share`` belongs to PERCENTILE. ``steps`` are the joins that the
    argument and ``where`` need. An empty group of a count or sum is 0, unless ``keeps_null``. ``frame`` says
    which days stand behind a bucket's value, ``at`` which of them alone is taken, ``each`` whose days they
    are. ``whole`` says which groups are taken together. ``made`` are rows that kurs makes of those of
    ``home`` and other tables, where not the rows of ``home`` itself are aggregated.
    """

    home: str
    kind: Aggregate
    argument: exp.Expr | None = None
    where: exp.Expr | None = None
    share: str | None = None
    steps: frozenset[Step] = frozenset()
    keeps_null: bool = False
    frame: Frame = PLAIN
    at: At | None = None
    each: exp.Expr | None = None
    whole: Whole = Whole.GROUP
    made: FunnelRows | EntityRows | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows stand behind the value."""
        return self.made.tables if self.made is not None else (self.home,)

    @property
    def with_values(self) -> tuple[Leaf, ...]:
        """The leaf, and those of the values of entities that it is made of."""
        return (self, *(self.made.leaves if isinstance(self.made, EntityRows) else ()))

    @property
    def is_zero_when_empty(self) -> bool:
        """Say whether no rows mean 0 rather than no value: a level that nobody wrote down is not 0."""
        return self.kind in ZERO_WHEN_EMPTY and not self.keeps_null and self.at is None

    @property
    def counts(self) -> bool:
        """Say whether the value is a number of rows or things."""
        return self.kind in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT)

    @property
    def is_plain(self) -> bool:
        """Say whether the value is made of its bucket's rows alone, all alike."""
        looks_back = isinstance(self.made, EntityRows) and self.made.looks_back
        return self.frame.is_plain and self.at is None and not looks_back


class LeafRef(exp.Placeholder):
    """A leaf inside a formula's tree; ``this`` is its place in ``Formula.leaves``."""
