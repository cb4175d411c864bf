"""A metric taken apart: one formula over leaves, each leaf one aggregate with a home."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.events import EntityRows, cohort_rows, funnel_rows
from kurs.metrics.expression import (
    DIALECT,
    WeightedAvg,
    aggregates,
    columns,
    is_offset,
    offset_of,
    parse_metric,
)
from kurs.metrics.kinds import UNSEEN, Seen, conditions_at, divided, filtered, is_linear, of_each, weight_of
from kurs.metrics.leaf import ZERO_WHEN_EMPTY, Aggregate, Leaf, LeafRef
from kurs.metrics.listing import reckoned
from kurs.metrics.per_entity import check_entity, refuse_per, values_of
from kurs.metrics.reach import UnreachableError, in_brackets
from kurs.model.frame import PLAIN, Frame, FrameKind
from kurs.model.metric import Fill, Whole
from kurs.problems import KursError, Problem, closest

if TYPE_CHECKING:
    from kurs.metrics.reach import Map
    from kurs.model.frame import Shift
    from kurs.model.metric import Metric


class FormulaError(KursError):
    """A metric whose formula cannot be computed; its problems carry the metric's path."""


_KINDS: dict[type[exp.Expr], Aggregate] = {
    exp.Sum: Aggregate.SUM,
    exp.Count: Aggregate.COUNT,
    exp.Min: Aggregate.MIN,
    exp.Max: Aggregate.MAX,
    exp.Median: Aggregate.MEDIAN,
    exp.PercentileCont: Aggregate.PERCENTILE,
    exp.Stddev: Aggregate.STDDEV,
    exp.StddevSamp: Aggregate.STDDEV,
    exp.Variance: Aggregate.VARIANCE,
}

# The same whether a row is there once or several times.
_UNHARMED_BY_COPIES = (Aggregate.COUNT_DISTINCT, Aggregate.MIN, Aggregate.MAX)


@dataclass(frozen=True, slots=True)
class Formula:
    """Arithmetic over leaves: every ``LeafRef`` in ``tree`` points into ``leaves``."""

    tree: exp.Expr
    leaves: tuple[Leaf, ...]

    @property
    def homes(self) -> tuple[str, ...]:
        """The tables whose rows are counted, in the order of the formula."""
        return tuple(dict.fromkeys(leaf.home for leaf in self.leaves))

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows stand behind the value, those of all steps of a funnel too."""
        return tuple(dict.fromkeys(table for leaf in self.leaves for table in leaf.tables))

    def parts(self) -> tuple[Formula, Formula] | None:
        """Return numerator and denominator when the formula is one division, as an average is."""
        return _parts_of(self)

    def leaf_of(self, tree: exp.Expr) -> Leaf | None:
        """Return the leaf that ``tree`` is, or None when it is more than one leaf."""
        return self.leaves[int(tree.name)] if isinstance(tree, LeafRef) else None

    def alone(self, leaf: int) -> Formula:
        """Return the formula that is the one leaf at this place."""
        return Formula(_ref(0), (self.leaves[leaf],))


@lru_cache(maxsize=4096)
def _parts_of(formula: Formula) -> tuple[Formula, Formula] | None:
    tree = formula.tree.unnest()
    if not isinstance(tree, exp.Div):
        return None
    return _part(tree.this, formula.leaves), _part(tree.expression, formula.leaves)


def _part(tree: exp.Expr, leaves: tuple[Leaf, ...]) -> Formula:
    tree = tree.unnest()
    used = list(dict.fromkeys(int(ref.name) for ref in tree.find_all(LeafRef)))
    place = {old: new for new, old in enumerate(used)}

    def renumbered(node: exp.Expr) -> exp.Expr:
        return _ref(place[int(node.name)]) if isinstance(node, LeafRef) else node

    return Formula(tree.transform(renumbered), tuple(leaves[index] for index in used))


def formula_of(world: Map, metric: str) -> Formula:
    """Take a metric of the plan apart, through the metrics that it names. Raises FormulaError."""
    if metric not in world.formulas:
        leaves: list[Leaf] = []
        tree = _Inliner(world, leaves).tree(metric, PLAIN, ())
        world.formulas[metric] = Formula(tree, tuple(leaves))
    return world.formulas[metric]


class _Inliner:
    """Puts a metric's formula together, and collects its leaves."""

    def __init__(self, world: Map, leaves: list[Leaf]) -> None:
        self.world = world
        self.leaves = leaves

    def tree(self, key: str, outer: Frame, above: tuple[str, ...], through: Seen = UNSEEN) -> exp.Expr:
        """Return the formula of ``key`` over leaves, seen through the ``outer`` frame and filters."""
        path = ("metrics", key, "expr")
        metric = self.world.project.metrics[key]
        if key in above:
            cycle = " -> ".join((*above[above.index(key) :], key))
            raise FormulaError(Problem("metric_cycle", {"name": key, "cycle": cycle}, path=path))
        frame = _through(outer, metric)
        seen = through.within(metric)
        if metric.funnel is not None or metric.share_of is not None:
            parts = (metric, frame, (*above, key), (through, seen))
            tree = self._share(*parts) if metric.share_of is not None else self._funnel(metric, frame, seen)
            return self._zero_where_known(tree) if metric.fill is Fill.ZERO else tree
        try:
            tree = parse_metric(metric.expr, per_entity=metric.per is not None)
        except KursError as error:
            raise FormulaError(*(_at(problem, path) for problem in error.problems)) from error
        problems: list[Problem] = []
        meant: dict[int, exp.Expr] = {}
        done: set[int] = set()
        own = tuple(aggregates(tree))
        made = self._entities(metric, own, frame, (*above, key), seen) if metric.per is not None else None
        for aggregate in own:
            done |= {id(node) for node in aggregate.walk()}
            try:
                meant[id(aggregate)] = self._aggregate(aggregate, metric, frame, seen, made)
            except KursError as error:
                problems += [_at(problem, path, offset_of(aggregate)) for problem in error.problems]
        for node in tree.walk():
            if id(node) in done:
                continue
            column, shifted = node, frame
            if is_offset(node):
                column = node.expressions[0]
                done.add(id(column))
                shift = reckoned(self.world.project.reckoning, node, path, problems)
                shifted = replace(frame, shifts=(*frame.shifts, shift)) if shift is not None else frame
            if isinstance(column, exp.Column) and column.name not in self.world.project.metrics:
                problems.append(_unknown(self.world, column, path))
            elif isinstance(column, exp.Column):
                meant[id(node)] = self.tree(column.name, shifted, (*above, key), seen)
        if problems:
            raise FormulaError(*problems)
        tree = _swapped(tree, meant)
        if metric.fill is Fill.ZERO:
            return self._zero_where_known(tree)
        # An aggregate of its own keeps its null; of other metrics' leaves 0 is known where they are empty.
        derived = metric.fill in (Fill.NULL, Fill.NONE) and len(meant) > 0 and not own
        return self._null_where_empty(tree, seen) if derived else tree

    def _funnel(self, metric: Metric, frame: Frame, seen: Seen) -> exp.Expr:
        """Return the share of the entities that entered a funnel and came to the step that is asked for."""
        assert metric.funnel is not None
        try:
            made = funnel_rows(self.world, metric.key, metric.funnel)
            made = replace(made, only=conditions_at(self.world, made.events[0].home, seen))
        except KursError as error:
            raise FormulaError(*error.problems) from error
        entity = exp.column("entity")
        home = made.events[0].home
        keeps_null = metric.fill in (Fill.NULL, Fill.NONE)
        entered = Leaf(home, Aggregate.COUNT_DISTINCT, entity, keeps_null=keeps_null, frame=frame, made=made)
        came = exp.GTE(this=exp.column("reached"), expression=exp.column("step"))
        arrived = replace(entered, where=came)
        return divided(self._ref(arrived), self._ref(entered))

    def _share(
        self, metric: Metric, frame: Frame, above: tuple[str, ...], seen: tuple[Seen, Seen]
    ) -> exp.Expr:
        """Return a part over its whole: the whole is seen without the metric's own filter."""
        name, path = metric.share_of or "", ("metrics", metric.key, "share_of")
        if name not in self.world.project.metrics:
            values = {"name": name, "suggestion": closest(name, self.world.project.metrics)}
            raise FormulaError(Problem("unknown_metric", values, path=path))
        outside, inside = seen
        whole = metric.whole or (Whole.ALL if metric.where is None else Whole.GROUP)
        part = self.tree(name, frame, above, inside)
        if not is_linear(
            part, {str(n) for n, leaf in enumerate(self.leaves) if leaf.kind in ZERO_WHEN_EMPTY}
        ):
            raise FormulaError(Problem("share_of_ratio", {"name": name}, path=path))
        return divided(in_brackets(part), in_brackets(self.tree(name, frame, above, outside.of(whole))))

    def _null_where_empty(self, tree: exp.Expr, seen: Seen) -> exp.Expr:
        """Put no value where none of the tables behind ``tree`` has a row."""
        zero = exp.Literal.number(0)
        rows = [
            exp.Coalesce(this=ref, expressions=[zero])
            for ref in self._rows_behind(tree, seen, keeps_null=True)
        ]
        some = exp.GT(this=reduce(_plus, rows), expression=zero.copy())
        return exp.Case(ifs=[exp.If(this=some, true=tree)])

    def _zero_where_known(self, tree: exp.Expr) -> exp.Expr:
        """Put 0 for no value on covered days: 0 x a count of rows, which nobody knows elsewhere."""
        rows = in_brackets(reduce(_plus, self._rows_behind(tree, UNSEEN, keeps_null=False)))
        zero = exp.Mul(this=exp.Literal.number(0), expression=rows)
        return exp.Coalesce(this=tree, expressions=[zero])

    def _rows_behind(self, tree: exp.Expr, seen: Seen, *, keeps_null: bool) -> list[exp.Expr]:
        """Count the rows of each table behind ``tree``, through its frames and filters."""
        used = [self.leaves[int(ref.name)] for ref in tree.find_all(LeafRef)]
        counted = dict.fromkeys((leaf.home, leaf.frame) for leaf in used)
        return [
            self._ref(
                filtered(self.world, Leaf(home, Aggregate.COUNT, frame=frame, keeps_null=keeps_null), seen)
            )
            for home, frame in counted
        ]

    def _entities(
        self, metric: Metric, own: tuple[exp.Expr, ...], frame: Frame, above: tuple[str, ...], seen: Seen
    ) -> EntityRows:
        """Return one row for each entity, with the metrics that the aggregates name as its values."""
        refuse_per(metric, frame)
        leaves: list[Leaf] = []
        inner = _Inliner(self.world, leaves)

        def value(name: str, shift: Shift | None) -> exp.Expr:
            if metric.cohort is not None:
                return inner.tree(name, PLAIN if shift is None else Frame(shifts=(shift,)), above)
            shifted = frame if shift is None else replace(frame, shifts=(*frame.shifts, shift))
            return inner.tree(name, shifted, above, seen.of(Whole.GROUP))

        try:
            cohort = cohort_rows(self.world, metric)
            if cohort is not None:
                cohort = replace(cohort, only=conditions_at(self.world, cohort.first.home, seen))
            values = values_of(self.world, metric, own, value)
            check_entity(self.world, metric, dict.fromkeys(leaf.home for leaf in leaves))
        except KursError as error:
            raise FormulaError(*error.problems) from error
        if any(leaf.made is not None for leaf in leaves):
            path = ("metrics", metric.key, "expr")
            raise FormulaError(Problem("per_in_per", {"name": metric.key}, path=path))
        if cohort is not None and not all(leaf.is_plain for leaf in leaves):
            path = ("metrics", metric.key, "expr")
            raise FormulaError(Problem("looks_back_in_cohort", {"name": metric.key}, path=path))
        return EntityRows(metric.key, metric.per or "", tuple(leaves), values, cohort)

    def _aggregate(
        self, aggregate: exp.Expr, metric: Metric, frame: Frame, seen: Seen, made: EntityRows | None
    ) -> exp.Expr:
        keeps_null = metric.fill in (Fill.NULL, Fill.NONE)
        if made is None:
            leaf = replace(_leaf(self.world, aggregate), keeps_null=keeps_null, frame=frame, at=metric.at)
            leaf = of_each(self.world, filtered(self.world, leaf, seen), metric)
        else:
            leaf = _leaf_of_entities(aggregate, made)
            leaf = replace(leaf, keeps_null=keeps_null, frame=frame, whole=seen.whole)
        call = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
        # An average is a sum over a count: two leaves that add up over days and groups.
        if isinstance(call, exp.Avg):
            return divided(self._ref(leaf), self._ref(replace(leaf, kind=Aggregate.COUNT)))
        if isinstance(call, WeightedAvg):
            return divided(self._ref(leaf), self._ref(weight_of(self.world, leaf, call)))
        return self._ref(leaf)

    def _ref(self, leaf: Leaf) -> exp.Expr:
        if leaf not in self.leaves:
            self.leaves.append(leaf)
        return _ref(self.leaves.index(leaf))


def _through(outer: Frame, metric: Metric) -> Frame:
    """Return the metric's own frame at the place to which ``outer`` looks. One may look back, not both."""
    own = metric.frame
    if own is None or own.is_plain:
        return outer
    if outer.kind is not FrameKind.BUCKET:
        values = {"name": metric.key}
        raise FormulaError(Problem("window_in_window", values, path=("metrics", metric.key, "expr")))
    return replace(own, shifts=outer.shifts)


def _swapped(tree: exp.Expr, meant: dict[int, exp.Expr]) -> exp.Expr:
    # By identity, and without copying first: the aggregates were found in this very tree.
    if id(tree) in meant:
        return meant[id(tree)]
    for node in list(tree.walk()):
        if id(node) in meant:
            node.replace(in_brackets(meant[id(node)]))
    return tree


def _leaf_of_entities(aggregate: exp.Expr, made: EntityRows) -> Leaf:
    kind, argument, where, share = _parts(aggregate)
    argument = None if isinstance(argument, exp.Star) else argument
    return Leaf(made.home, kind, argument, where, share, made=made)


def _parts(aggregate: exp.Expr) -> tuple[Aggregate, exp.Expr | None, exp.Expr | None, str | None]:
    """Return what is done, to what, under which condition, and the share of a percentile."""
    where = aggregate.expression.this if isinstance(aggregate, exp.Filter) else None
    call = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    kind = Aggregate.SUM if isinstance(call, (exp.Avg, WeightedAvg)) else _KINDS[type(call)]
    argument: exp.Expr | None = call.this
    if isinstance(call, WeightedAvg):
        argument = exp.Mul(this=exp.paren(call.this), expression=exp.paren(call.expression))
    if isinstance(argument, exp.Distinct):
        kind, argument = Aggregate.COUNT_DISTINCT, argument.expressions[0]
    return kind, argument, where, call.expression.name if kind is Aggregate.PERCENTILE else None


def _leaf(world: Map, aggregate: exp.Expr) -> Leaf:
    kind, argument, where, share = _parts(aggregate)
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
    inside = {*counted, *(column.table for column in columns(argument or exp.null()))}
    # A row of a farther table alone would be counted once for every row of the home: an order per item.
    multiplied = bool(inside) and home not in inside and kind not in _UNHARMED_BY_COPIES
    tables = ", ".join(dict.fromkeys(named)) or "-"
    if home is None:
        raise UnreachableError(
            Problem("aggregate_without_home", {"sql": aggregate.sql(DIALECT), "tables": tables})
        )
    if multiplied:
        values = {"sql": aggregate.sql(DIALECT), "table": ", ".join(sorted(inside)), "home": home}
        raise UnreachableError(Problem("rows_multiplied", values))
    resolved = [world.condition(home, part) for part in parts]
    steps = frozenset(step for part in resolved for step in part.steps)
    trees = [part.tree for part in resolved]
    return Leaf(
        home,
        kind,
        trees[0] if argument is not None else None,
        trees[-1] if where is not None else None,
        share,
        steps,
    )


def _plus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Add(this=left, expression=right)


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
    if problem.path:
        return problem
    return replace(problem, path=path, offset=problem.offset or offset)
