"""What must be asked before a change can be explained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.explain.algebra import NoArithmeticError, Term, arithmetic, terms
from kurs.explain.drivers import same
from kurs.explain.fair import Wanted, fair
from kurs.metrics.events import EntityRows
from kurs.metrics.formula import formula_of
from kurs.metrics.leaf import Aggregate
from kurs.metrics.nature import metric_facts
from kurs.metrics.question import Asked, Order, Question
from kurs.metrics.reach import Map, UnreachableError
from kurs.problems import KursError, Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kurs.explain.algebra import Node
    from kurs.explain.fair import Fair
    from kurs.metrics.formula import Formula
    from kurs.metrics.leaf import Leaf
    from kurs.model.coverage import RelationFacts
    from kurs.model.days import Days
    from kurs.model.metric import Metric
    from kurs.model.project import Project

# What of all rows is the sum of what it is of each segment's rows.
_ADDITIVE = (Aggregate.SUM, Aggregate.COUNT)
MOST_CELLS = 5_000


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One change that is to be explained, and how its metric is made.

    ``node`` is the formula as arithmetic over leaves, None where it is more than that. ``terms`` are its
    flows and ratios of flows, None where it is no sum of those.
    """

    metric: Metric
    wanted: Wanted
    formula: Formula
    node: Node | None
    terms: tuple[Term, ...] | None
    fair: Fair
    where: tuple[str, ...]
    segments: tuple[str, ...]

    @property
    def splits(self) -> bool:
        """Say whether every aggregate of the metric is the sum of those of the segments."""
        return all(
            leaf.kind in _ADDITIVE and leaf.at is None and not _shares_entities(leaf)
            for leaf in self.formula.leaves
        )

    @property
    def counts_shared(self) -> bool:
        """Say whether the metric is a distinct count: segments may share what they count."""
        leaves = self.formula.leaves
        return len(leaves) == 1 and leaves[0].kind is Aggregate.COUNT_DISTINCT and self.terms is not None

    @property
    def leaves(self) -> tuple[Asked, ...]:
        """The metric's aggregates, one by one."""
        return tuple(Asked(self.metric.key, leaf=place) for place in range(len(self.formula.leaves)))

    def whole(self) -> tuple[Question, Question]:
        """Ask for the metric and its aggregates over all rows, now and then."""
        return self._both((Asked(self.metric.key), *self.leaves), ())

    def cells(self, by: tuple[str, ...], most: int = MOST_CELLS) -> tuple[Question, Question]:
        """Ask for the aggregates of each cell, now and then, and for one more than the ``most``.

        Raises UsageError where they do not add up.
        """
        if not by:
            raise ValueError("no dimension to split by")
        if self.node is None or not (self.splits or self.counts_shared):
            values = {"metric": self.metric.key, "expr": self.metric.expr}
            raise UsageError(Problem("no_exact_split", values))
        return self._both(self.leaves, by, most)

    def of(self, metrics: tuple[Asked, ...], by: tuple[str, ...] = ()) -> tuple[Question, Question]:
        """Ask for other metrics over the same days and rows."""
        return self._both(metrics, by)

    def _both(
        self, metrics: tuple[Asked, ...], by: tuple[str, ...], most: int = MOST_CELLS
    ) -> tuple[Question, Question]:
        now, then = (self._question(metrics, by, days, most) for days in (self.fair.days, self.fair.against))
        return now, then

    def _question(self, metrics: tuple[Asked, ...], by: tuple[str, ...], days: Days, most: int) -> Question:
        return Question(
            metrics=metrics,
            by=by,
            days=days,
            where=self.where,
            segments=self.segments,
            order=tuple(Order(name) for name in by),
            limit=most + 1 if by else None,
        )


def _shares_entities(leaf: Leaf) -> bool:
    """Say whether one entity can be in several segments: in a period, but not in a cohort."""
    return isinstance(leaf.made, EntityRows) and leaf.made.cohort is None


def inquire(
    project: Project,
    facts: Mapping[str, RelationFacts],
    wanted: Wanted,
    as_of: date,
    where: tuple[str, ...] = (),
) -> Inquiry:
    """Take the metric apart and choose the days. Raises UsageError, FormulaError."""
    world = Map(project, facts)
    formula = formula_of(world, wanted.metric)
    try:
        node = arithmetic(formula.tree)
    except NoArithmeticError:
        node = None
    found = terms(node) if node is not None else None
    known = metric_facts(world, wanted.metric)
    # A rolling window is as long as it is, however many days are asked for.
    is_flow = any(term.below is None for term in found or ()) and not known.is_level
    kpi = wanted.kpi
    of_kpi = (kpi.where,) if kpi is not None and kpi.where is not None else ()
    return Inquiry(
        metric=project.metrics[wanted.metric],
        wanted=wanted,
        formula=formula,
        node=node,
        terms=found,
        fair=fair(project, known, wanted, as_of, is_flow=is_flow or known.accumulates),
        where=(*of_kpi, *where),
        segments=(kpi.segment,) if kpi is not None and kpi.segment is not None else (),
    )


def shared_dimensions(
    project: Project, facts: Mapping[str, RelationFacts], formula: Formula
) -> tuple[str, ...]:
    """Return the declared dimensions that every table of the metric reaches, in the order of the plan."""
    declared = (dimension.name for table in project.tables.values() for dimension in table.dimensions)
    return reached_by_all(Map(project, facts), formula, dict.fromkeys(declared))


def own_dimensions(project: Project, formula: Formula) -> tuple[str, ...]:
    """Return the dimensions that every table of the metric declares itself, without a join."""
    declared = [[one.name for one in project.tables[home].dimensions] for home in formula.homes]
    return tuple(name for name in declared[0] if all(name in names for names in declared)) if declared else ()


def reached_by_all(world: Map, formula: Formula, names: Iterable[str]) -> tuple[str, ...]:
    """Keep the dimensions and columns that every table of the metric reaches."""
    return tuple(name for name in names if all(_reaches(world, home, name) for home in formula.homes))


def _reaches(world: Map, home: str, dimension: str) -> bool:
    try:
        world.dimension(home, dimension)
    except UnreachableError:
        return False
    return True


def name_of(project: Project, facts: Mapping[str, RelationFacts], formula: Formula) -> str | None:
    """Return the metric of the plan that is exactly this formula, if there is one."""
    world = Map(project, facts)
    for key in project.metrics:
        try:
            other = formula_of(world, key)
        except KursError:
            continue
        if same(other, formula):
            return key
    return None
