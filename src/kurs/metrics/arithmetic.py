"""Aggregates and divisions as SQL: nothing is divided by 0, no decimal is rounded on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import CONVERTED
from kurs.metrics.leaf import Aggregate, LeafRef
from kurs.metrics.trees import cast
from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map


def safe_arithmetic(tree: exp.Expr) -> exp.Expr:
    """Divide by NULL instead of 0, where the engine would give infinity, and multiply what is long as floats.

    Two aggregates, or two converted amounts, have more digits together than a decimal can hold.
    """

    def guarded(node: exp.Expr) -> exp.Expr:
        if isinstance(node, (exp.Div, exp.IntDiv, exp.Mod)):
            node.set("expression", unless_zero(node.expression))
        if isinstance(node, exp.Mul) and all(_is_long(side) for side in (node.this, node.expression)):
            node.set("this", cast(node.this, "DOUBLE"))
        return node

    return tree.transform(guarded)


def _is_long(tree: exp.Expr) -> bool:
    return any(isinstance(node, LeafRef) or CONVERTED in node.meta for node in tree.walk())


def unless_zero(tree: exp.Expr) -> exp.Expr:
    """Return NULL instead of 0; a number that is not 0 stays as it is."""
    inner = tree.unnest()
    if _is_number(inner) and float(inner.name) != 0:
        return tree
    if isinstance(inner, exp.Nullif) and _is_number(inner.expression) and float(inner.expression.name) == 0:
        return tree
    return exp.Nullif(this=inner, expression=exp.Literal.number(0))


def may_be_wild(world: Map, leaf: Leaf) -> bool:
    """Say whether a leaf may be infinite or not a number: it is made of floats, or of powers."""
    if leaf.argument is None or leaf.kind in (Aggregate.COUNT, Aggregate.COUNT_DISTINCT):
        return False
    named = leaf.argument.find_all(exp.Column)
    floats = (world.type_of(column.table, column.name) is ColumnType.FLOAT for column in named)
    return any(floats) or leaf.argument.find(exp.Exp, exp.Pow) is not None


def no_wild_number(column: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Return ``value``, or NULL where ``column`` is infinite or not a number, as a float may be.

    The engine would sort such a value above all numbers, and ``--limit`` would show it first.
    """
    is_finite = exp.func("isfinite", column.copy())
    return exp.Case(ifs=[exp.If(this=exp.not_(is_finite, copy=False), true=exp.null())], default=value)


def _is_number(tree: exp.Expr) -> bool:
    return isinstance(tree, exp.Literal) and not tree.is_string


def aggregate(leaf: Leaf) -> exp.Expr:
    """Return the call that makes a leaf of rows, with its FILTER."""
    argument = safe_arithmetic(leaf.argument) if leaf.argument is not None else exp.Star()
    call: exp.Expr
    match leaf.kind:
        case Aggregate.SUM:
            call = exp.Sum(this=argument)
        case Aggregate.COUNT:
            call = exp.Count(this=argument, big_int=True)
        case Aggregate.COUNT_DISTINCT:
            call = exp.Count(this=exp.Distinct(expressions=[argument]), big_int=True)
        case Aggregate.MIN:
            call = exp.Min(this=argument)
        case Aggregate.MAX:
            call = exp.Max(this=argument)
        case Aggregate.MEDIAN:
            # A decimal would be interpolated to its own scale, and so rounded.
            call = exp.Median(this=cast(argument, "DOUBLE"))
        case Aggregate.PERCENTILE:
            share = exp.Literal.number(leaf.share or "0.5")
            call = exp.PercentileCont(this=cast(argument, "DOUBLE"), expression=share)
        case Aggregate.STDDEV:
            call = exp.StddevSamp(this=cast(argument, "DOUBLE"))
        case Aggregate.VARIANCE:
            call = exp.Variance(this=cast(argument, "DOUBLE"))
    if leaf.where is None:
        return call
    return exp.Filter(this=call, expression=exp.Where(this=safe_arithmetic(leaf.where)))
