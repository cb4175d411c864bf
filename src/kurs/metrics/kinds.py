"""Kinds of metrics that are made of others: of filtered rows, shares of a whole, weighted averages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.expression import parse_rows
from kurs.metrics.reach import UnreachableError
from kurs.model.metric import Whole
from kurs.problems import KursError, Problem

if TYPE_CHECKING:
    from kurs.metrics.expression import WeightedAvg
    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map, Resolved
    from kurs.model.metric import Metric


@dataclass(frozen=True, slots=True)
class Only:
    """The condition of a metric's own ``where:``, which every leaf below must reach."""

    metric: str
    condition: exp.Expr

    @property
    def path(self) -> tuple[str, ...]:
        """Where the condition stands in the plan."""
        return ("metrics", self.metric, "where")


@dataclass(frozen=True, slots=True)
class Seen:
    """Through what a leaf is seen: the filters of the metrics above it, the groups it takes together."""

    only: tuple[Only, ...] = ()
    whole: Whole = Whole.GROUP

    def of(self, whole: Whole) -> Seen:
        """Return the same for ``whole`` groups together."""
        return replace(self, whole=whole)

    def within(self, metric: Metric) -> Seen:
        """Return the same through the metric's own filter, too. Raises KursError with its path."""
        if metric.where is None:
            return self
        return replace(self, only=(*self.only, Only(metric.key, condition_of(metric))))


UNSEEN = Seen()


def condition_of(metric: Metric) -> exp.Expr:
    """Return a metric's own filter, parsed. Raises KursError with its path."""
    try:
        return parse_rows(metric.where or "true")
    except KursError as error:
        path = ("metrics", metric.key, "where")
        raise UnreachableError(*(_at(problem, path) for problem in error.problems)) from error


def filtered(world: Map, leaf: Leaf, seen: Seen) -> Leaf:
    """Return the leaf over those of its rows that pass the filters of all metrics above it.

    The filter is one of rows, not of days: it cuts into no window, and on a level's day without rows that
    pass there are 0. Raises UnreachableError: unreachable_filter.
    """
    for resolved in conditions_at(world, leaf.home, seen):
        where = resolved.tree if leaf.where is None else exp.and_(leaf.where, resolved.tree)
        leaf = replace(leaf, where=where, steps=leaf.steps | resolved.steps)
    return replace(leaf, whole=seen.whole)


def conditions_at(world: Map, home: str, seen: Seen) -> tuple[Resolved, ...]:
    """Return the filters of all metrics above as conditions on the rows of ``home``.

    Raises UnreachableError: unreachable_filter.
    """
    found: list[Resolved] = []
    for only in seen.only:
        try:
            found.append(world.condition(home, only.condition))
        except UnreachableError as error:
            raise UnreachableError(*(_at(problem, only.path) for problem in error.problems)) from error
    return tuple(found)


def weight_of(world: Map, leaf: Leaf, call: WeightedAvg) -> Leaf:
    """Return the sum of the weights that belongs to ``leaf``, the sum of x * w.

    A row without x has no say in the average, so its weight must not count either.
    """
    value, weight = call.this, call.expression
    if leaf.made is None:
        value, weight = (world.condition(leaf.home, part).tree for part in (value, weight))
    has_value = exp.paren(value).is_(exp.null()).not_()
    where = has_value if leaf.where is None else exp.and_(leaf.where, has_value)
    return replace(leaf, argument=weight, where=where)


def of_each(world: Map, leaf: Leaf, metric: Metric) -> Leaf:
    """Return the level as it is of each entity on the entity's own day, then added up.

    Raises UnreachableError with a path: the entity must be a column or dimension that the leaf reaches, and
    what is added up over entities must be a sum or a count.
    """
    if metric.each is None:
        return leaf
    path = ("metrics", metric.key, "each")
    if leaf.kind not in ("sum", "count"):
        raise UnreachableError(Problem("each_not_added_up", {"aggregate": str(leaf.kind)}, path=path))
    try:
        resolved = world.condition(leaf.home, parse_rows(metric.each))
    except KursError as error:
        raise UnreachableError(*(_at(problem, path) for problem in error.problems)) from error
    return replace(leaf, each=resolved.tree, steps=leaf.steps | resolved.steps)


def divided(part: exp.Expr, whole: exp.Expr) -> exp.Expr:
    """Return a quotient; where the whole is 0 it has no value, once all is put together."""
    return exp.Div(this=part, expression=whole, typed=False, safe=False)


def is_linear(tree: exp.Expr, adds_up: set[str]) -> bool:
    """Say whether a formula is a linear combination of the leaves whose places are in ``adds_up``."""

    def linear(node: exp.Expr) -> bool:
        if isinstance(node, exp.Placeholder):
            return node.name in adds_up
        if isinstance(node, (exp.Paren, exp.Neg, exp.Round)):
            return linear(node.this)
        if isinstance(node, exp.Coalesce):
            return linear(node.this) and all(
                isinstance(o, exp.Literal) or linear(o) for o in node.expressions
            )
        if isinstance(node, (exp.Add, exp.Sub)):
            return linear(node.this) and linear(node.expression)
        if isinstance(node, exp.Mul):
            literals = [isinstance(side.unnest(), exp.Literal) for side in (node.this, node.expression)]
            if literals == [False, True]:
                return linear(node.this)
            return literals == [True, False] and linear(node.expression)
        if isinstance(node, exp.Div):
            return isinstance(node.expression.unnest(), exp.Literal) and linear(node.this)
        return False

    return linear(tree)


def _at(problem: Problem, path: tuple[str, ...]) -> Problem:
    if problem.path:
        return problem
    return replace(problem, path=path)
