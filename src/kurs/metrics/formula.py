"""A metric taken apart: one formula over leaves, each leaf one aggregate with a home."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.expression import DIALECT, aggregates, columns, offset_of, parse_metric
from kurs.metrics.reach import UnreachableError, in_brackets
from kurs.model.metric import Fill
from kurs.problems import KursError, Problem, closest

if TYPE_CHECKING:
    from kurs.metrics.reach import Map, Step


class FormulaError(KursError):
    """A metric whose formula cannot be computed; its problems carry the metric's path."""


class Aggregate(StrEnum):
    """What is done to the rows of a group."""

    SUM = "sum"
    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    PERCENTILE = "percentile"


_KINDS: dict[type[exp.Expr], Aggregate] = {
    exp.Sum: Aggregate.SUM,
    exp.Count: Aggregate.COUNT,
    exp.Avg: Aggregate.AVG,
    exp.Min: Aggregate.MIN,
    exp.Max: Aggregate.MAX,
    exp.Median: Aggregate.MEDIAN,
    exp.PercentileCont: Aggregate.PERCENTILE,
}

ADDS_UP = (Aggregate.SUM, Aggregate.COUNT)
ZERO_WHEN_EMPTY = (*ADDS_UP, Aggregate.COUNT_DISTINCT)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One aggregate over the rows of ``home``.

    ``argument`` None counts rows. ``share`` belongs to PERCENTILE. ``steps`` are the joins that the
    argument and ``where`` need. An empty group of a count or sum is 0, unless ``keeps_null``.
    """

    home: str
    kind: Aggregate
    argument: exp.Expr | None = None
    where: exp.Expr | None = None
    share: str | None = None
    steps: frozenset[Step] = frozenset()
    keeps_null: bool = False

    @property
    def is_zero_when_empty(self) -> bool:
        """Say whether no rows mean 0 rather than no value."""
        return self.kind in ZERO_WHEN_EMPTY and not self.keeps_null


class LeafRef(exp.Placeholder):
    """A leaf inside a formula's tree; ``this`` is its place in ``Formula.leaves``."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over leaves: every ``LeafRef`` in ``tree`` points into ``leaves``."""

    tree: exp.Expr
    leaves: tuple[Leaf, ...]

    @property
    def homes(self) -> tuple[str, ...]:
        """The tables whose rows are counted, in the order of the formula."""
        return tuple(dict.fromkeys(leaf.home for leaf in self.leaves))

    def parts(self) -> tuple[Formula, Formula] | None:
        """Return numerator and denominator when the formula is one division or one average."""
        tree = self.tree.unnest()
        if isinstance(tree, exp.Div):
            return self._part(tree.this), self._part(tree.expression)
        leaf = self.leaf_of(tree)
        if leaf is None or leaf.kind is not Aggregate.AVG:
            return None
        total = Leaf(leaf.home, Aggregate.SUM, leaf.argument, leaf.where, None, leaf.steps)
        count = Leaf(leaf.home, Aggregate.COUNT, leaf.argument, leaf.where, None, leaf.steps)
        return Formula(_ref(0), (total,)), Formula(_ref(0), (count,))

    def leaf_of(self, tree: exp.Expr) -> Leaf | None:
        """Return the leaf that ``tree`` is, or None when it is more than one leaf."""
        return self.leaves[int(tree.name)] if isinstance(tree, LeafRef) else None

    def _part(self, tree: exp.Expr) -> Formula:
        tree = tree.unnest().copy()
        used = list(dict.fromkeys(int(ref.name) for ref in tree.find_all(LeafRef)))
        place = {old: new for new, old in enumerate(used)}

        def renumbered(node: exp.Expr) -> exp.Expr:
            return _ref(place[int(node.name)]) if isinstance(node, LeafRef) else node

        return Formula(tree.transform(renumbered), tuple(self.leaves[index] for index in used))


def formula_of(world: Map, metric: str) -> Formula:
    """Take a metric of the plan apart, through the metrics that it names. Raises FormulaError."""
    leaves: list[Leaf] = []
    tree = _inlined(world, metric, leaves, ())
    return Formula(tree, tuple(leaves))


def _inlined(world: Map, key: str, leaves: list[Leaf], above: tuple[str, ...]) -> exp.Expr:
    path = ("metrics", key, "expr")
    metric = world.project.metrics[key]
    if key in above:
        cycle = " -> ".join((*above[above.index(key) :], key))
        raise FormulaError(Problem("metric_cycle", {"name": key, "cycle": cycle}, path=path))
    try:
        tree = parse_metric(metric.expr)
    except KursError as error:
        raise FormulaError(*(_at(problem, path) for problem in error.problems)) from error
    found = tuple(aggregates(tree))
    problems: list[Problem] = []
    meant: dict[int, exp.Expr] = {}
    for aggregate in found:
        try:
            leaf = _leaf(world, aggregate, keeps_null=metric.fill in (Fill.NULL, Fill.NONE))
        except KursError as error:
            problems += [_at(problem, path, offset_of(aggregate)) for problem in error.problems]
            continue
        if leaf not in leaves:
            leaves.append(leaf)
        meant[id(aggregate)] = _ref(leaves.index(leaf))
    inside = {id(column) for aggregate in found for column in columns(aggregate)}
    for column in columns(tree):
        if id(column) in inside:
            continue
        if column.name not in world.project.metrics:
            problems.append(_unknown(world, column, path))
            continue
        meant[id(column)] = _inlined(world, column.name, leaves, (*above, key))
    if problems:
        raise FormulaError(*problems)
    tree = _swapped(tree, meant)
    return exp.Coalesce(this=tree, expressions=[exp.Literal.number(0)]) if metric.fill is Fill.ZERO else tree


def _swapped(tree: exp.Expr, meant: dict[int, exp.Expr]) -> exp.Expr:
    # By identity, and without copying first: the aggregates were found in this very tree.
    if id(tree) in meant:
        return meant[id(tree)]
    for node in list(tree.walk()):
        if id(node) in meant:
            node.replace(in_brackets(meant[id(node)]))
    return tree


def _leaf(world: Map, aggregate: exp.Expr, *, keeps_null: bool) -> Leaf:
    where = aggregate.expression.this if isinstance(aggregate, exp.Filter) else None
    call = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    kind = _KINDS[type(call)]
    argument: exp.Expr | None = call.this
    if isinstance(argument, exp.Distinct):
        kind, argument = Aggregate.COUNT_DISTINCT, argument.expressions[0]
    counted: tuple[str, ...] = ()
    if kind is Aggregate.COUNT and isinstance(argument, exp.Column) and not argument.table:
        counted, argument = (world.table(argument.name).key,), None
    parts = [part for part in (argument, where) if part is not None]
    for column in (column for part in parts for column in columns(part)):
        if not column.table:
            raise UnreachableError(_bare(world, column))
        world.table(column.table)
    named = (*counted, *(column.table for part in parts for column in columns(part)))
    home = world.home(named)
    if home is None or (counted and home != counted[0]):
        tables = ", ".join(dict.fromkeys(named)) or "-"
        raise UnreachableError(
            Problem("aggregate_without_home", {"sql": aggregate.sql(DIALECT), "tables": tables})
        )
    resolved = [world.condition(home, part) for part in parts]
    steps = frozenset(step for part in resolved for step in part.steps)
    trees = [part.tree for part in resolved]
    share = call.expression.name if kind is Aggregate.PERCENTILE else None
    return Leaf(
        home,
        kind,
        trees[0] if argument is not None else None,
        trees[-1] if where is not None else None,
        share,
        steps,
        keeps_null,
    )


def _ref(index: int) -> exp.Expr:
    return LeafRef(this=str(index))


def _bare(world: Map, column: exp.Column) -> Problem:
    owners = [
        f"{key}.{column.name}"
        for key, table in world.project.tables.items()
        if table.dimension(column.name) or (key in world.facts and column.name in world.facts[key].columns)
    ]
    return Problem("bare_column", {"name": column.name, "suggestion": owners[:3]}, offset=offset_of(column))


def _unknown(world: Map, column: exp.Column, path: tuple[str, ...]) -> Problem:
    values = {"name": column.name, "suggestion": closest(column.name, world.project.metrics)}
    return Problem("unknown_metric", values, path=path, offset=offset_of(column))


def _at(problem: Problem, path: tuple[str, ...], offset: int = 0) -> Problem:
    return Problem(problem.code, problem.values, problem.severity, path=path, offset=problem.offset or offset)
