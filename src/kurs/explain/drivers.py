"""A metric's drivers: the metrics that its formula is made of, or that the plan's ratios imply, as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from math import isclose
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from kurs.evaluate.numbers import finite, plain
from kurs.explain.algebra import Leaf, NoArithmeticError, Node, Product, arithmetic, value, weights
from kurs.explain.finding import Branch, EffectKind, Part
from kurs.metrics.expression import aggregates, is_offset, parse_metric
from kurs.metrics.formula import formula_of
from kurs.metrics.leaf import LeafRef
from kurs.metrics.reach import Map
from kurs.problems import KursError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kurs.metrics.formula import Formula
    from kurs.metrics.query import Answer
    from kurs.model.coverage import RelationFacts
    from kurs.model.project import Project

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Driver:
    """A metric, and how it is made of others: ``node`` is arithmetic over ``drivers``, by their places.

    A driver without drivers is what a team can act on, as far as the plan knows.
    """

    metric: str
    node: Node | None = None
    drivers: tuple[Driver, ...] = ()

    def metrics(self) -> tuple[str, ...]:
        """Return all metrics of the tree, itself first, each once."""
        return tuple(dict.fromkeys((self.metric, *(m for driver in self.drivers for m in driver.metrics()))))

    def factors(self) -> tuple[str, ...] | None:
        """Return the metrics that are multiplied, from volume to price; None where more is done."""
        if self.node is None:
            return (self.metric,)
        if not isinstance(self.node, Product) or not all(isinstance(f, Leaf) for f in self.node.factors):
            return None
        # A factor that is itself a ratio stays whole: its drivers are those that stand beside it.
        below = [driver.factors() or (driver.metric,) for driver in self.drivers]
        return tuple(factor for factors in below for factor in factors)


def driver_tree(project: Project, facts: Mapping[str, RelationFacts], metric: str) -> Driver:
    """Return what a metric is made of, as deep as it goes.

    What the plan states in ``drivers:`` goes first, then the metrics of its own formula, then what a ratio
    implies: where ``aov`` is revenue / orders, revenue is orders x aov. Of several ratios the one that
    leads deepest, then the first of the plan.
    """
    return _Grower(project, facts).grow(metric, frozenset())


class _Grower:
    def __init__(self, project: Project, facts: Mapping[str, RelationFacts]) -> None:
        self.project = project
        self.formulas: dict[str, Formula] = {}
        for key in project.metrics:
            try:
                self.formulas[key] = formula_of(Map(project, facts), key)
            except KursError:
                continue

    def grow(self, metric: str, taken: frozenset[str], depth: int = 0) -> Driver:
        """Grow the tree of a metric without those that are ``taken``: above it, or beside it."""
        grown = [
            Driver(metric, node, tuple(self.grow(n, taken | {metric, *names}, depth + 1) for n in names))
            for node, names in self._recipes(metric)
            if not (taken | {metric}) & set(names) and depth < _DEEPEST
        ]
        return max(grown, key=lambda driver: len(driver.metrics()), default=Driver(metric))

    def _recipes(self, metric: str) -> Iterator[tuple[Node, tuple[str, ...]]]:
        noun = self.project.metrics[metric]
        if noun.drivers is not None:
            stated = _over_metrics(noun.drivers)
            if stated is not None:
                yield stated
            return
        own = _over_metrics(noun.expr) if noun.frame is None and noun.at is None else None
        if own is not None and len(own[1]) > 1:
            yield own
            return
        yield from self._implied(metric)

    def _implied(self, metric: str) -> Iterator[tuple[Node, tuple[str, ...]]]:
        whole = self.formulas.get(metric)
        for key, formula in self.formulas.items():
            parts = formula.parts()
            if whole is None or parts is None or not same(parts[0], whole):
                continue
            base = self.named(parts[1])
            if base is not None:
                yield Product((Leaf(0), Leaf(1))), (base, key)

    def named(self, formula: Formula) -> str | None:
        return next((key for key, other in self.formulas.items() if same(other, formula)), None)


def same(one: Formula, other: Formula) -> bool:
    """Say whether two formulas are the same but for guards against zero."""
    trees = [formula.tree.unnest() for formula in (one, other)]
    guarded = [tree.this.unnest() if isinstance(tree, exp.Nullif) else tree for tree in trees]
    return one.leaves == other.leaves and guarded[0] == guarded[1]


def _over_metrics(text: str) -> tuple[Node, tuple[str, ...]] | None:
    """Read an expression as arithmetic over metrics alone; None where it has aggregates or more."""
    try:
        tree = parse_metric(text)
    except KursError:
        return None
    if any(True for _ in aggregates(tree)) or any(is_offset(node) for node in tree.walk()):
        return None
    names = tuple(dict.fromkeys(column.name for column in tree.find_all(exp.Column, bfs=False)))

    def placed(node: exp.Expr) -> exp.Expr:
        return LeafRef(this=str(names.index(node.name))) if isinstance(node, exp.Column) else node

    try:
        return arithmetic(tree.transform(placed)), names
    except NoArithmeticError:
        return None


def links(project: Project, tree: Driver) -> tuple[tuple[str, str], ...]:
    """Return, as (metric, what it leads), the metrics of leading KPIs that lead one of the tree.

    Those that are in the tree themselves are counted there.
    """
    inside = tree.metrics()
    found = (
        (kpi.metric, kpi.leads)
        for kpi in project.kpis.values()
        if kpi.leads in inside and kpi.metric not in inside
    )
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Values:
    """The values of metrics over all rows; None where there is none."""

    then: Mapping[str, float | None]
    now: Mapping[str, float | None]


def values_of(tree: Driver, then: Answer, now: Answer) -> Values:
    """Take the values of a tree's metrics, in their order, out of the answers about the whole."""
    names = tree.metrics()
    sides = [
        dict(zip(names, (finite(plain(cell)) for cell in answer.rows[0]), strict=True)) if answer.rows else {}
        for answer in (then, now)
    ]
    return Values(*sides)


def branches(tree: Driver, values: Values) -> Branch:
    """Turn a tree and its values into effects: each level adds up to the one above, exactly.

    A driver's effect is its change, by its weight in its parent, by the parent's weight in the root (for
    products Owen's value: Shapley's within each level). What is not what its drivers make of it, or has a
    driver without a value, is not split.
    """
    return _branch(tree, values, 1.0)


def _branch(tree: Driver, values: Values, weight: float) -> Branch:
    before, after = values.then.get(tree.metric), values.now.get(tree.metric)
    if before is None or after is None:
        raise ValueError(f"{tree.metric} has no value to be split")
    below: tuple[Branch, ...] = ()
    then, now = ([side.get(driver.metric) for driver in tree.drivers] for side in (values.then, values.now))
    if tree.node is not None and _is_made_of(tree.node, then, before) and _is_made_of(tree.node, now, after):
        own = weights(tree.node, np.array(then, float), np.array(now, float))
        below = tuple(
            _branch(driver, values, weight * own[place]) for place, driver in enumerate(tree.drivers)
        )
    return Branch(tree.metric, weight * (after - before), after, before, below)


def _is_made_of(node: Node, drivers: Sequence[float | None], said: float) -> bool:
    if any(driver is None for driver in drivers):
        return False
    made = float(value(node, np.array(drivers, float)))
    return isclose(made, said, rel_tol=1e-9, abs_tol=1e-12)


def driver_parts(root: Branch) -> tuple[Part, ...]:
    """Return the drivers that are not split further, as the parts of the change."""
    if not root.branches:
        return ()
    return tuple(
        Part(
            kind=EffectKind.DRIVER,
            effect=leaf.effect,
            driver=leaf.driver,
            value=leaf.value,
            against_value=leaf.against_value,
        )
        for leaf in root.leaves()
    )
