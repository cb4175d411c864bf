"""The value that a metric has for one entity, as SQL over the columns of its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.arithmetic import safe_arithmetic
from kurs.metrics.leaf import LeafRef

if TYPE_CHECKING:
    from collections.abc import Sequence


def known_value(tree: exp.Expr, leaves: Sequence[tuple[exp.Column, bool]]) -> exp.Expr:
    """Return a formula over ``leaves``: each a column, and whether no rows mean 0."""

    def named(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, LeafRef):
            return node
        column, is_zero = leaves[int(node.name)]
        zero = exp.Literal.number(0)
        return exp.Coalesce(this=column.copy(), expressions=[zero]) if is_zero else column.copy()

    return safe_arithmetic(tree.transform(named))
