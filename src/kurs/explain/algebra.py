"""A metric's formula as sums, products and quotients, and what one unit of each leaf makes of its change.

The whole room stands on one idea. For each operation there is an exact weight that turns the change of an
operand into its part of the change of the result: 1 in a sum, the mean of the others in a product, of the
numerators or reciprocals in a quotient. Weights multiply down the tree, so the leaves' changes, weighted,
add up to the change of the metric; and whatever splits a leaf's change splits the metric's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlglot import exp

from kurs.metrics.leaf import LeafRef
from kurs.stats.products import product_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class NoArithmeticError(Exception):
    """A formula that is more than sums, products and quotients; the message is what it has."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """The aggregate at this place of the formula."""

    place: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Its terms, added."""

    terms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Its factors, multiplied."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """One divided by the other; no value where that is zero."""

    above: Node
    below: Node


Node = Number | Leaf | Sum | Product | Quotient


def arithmetic(tree: exp.Expr) -> Node:
    """Read a formula's tree. Raises NoArithmeticError.

    What only guards against an empty group (``nullif(d, 0)``, ``coalesce(x, 0)``) is left out: whoever uses
    the result compares it with the value that the engine gave.
    """
    match tree:
        case exp.Paren() | exp.Nullif() | exp.Coalesce() | exp.Cast():
            return arithmetic(tree.this)
        case exp.Case() if len(tree.args["ifs"]) == 1 and tree.args.get("default") is None:
            return arithmetic(tree.args["ifs"][0].args["true"])
        case LeafRef():
            return Leaf(int(tree.name))
        case exp.Literal() if not tree.is_string:
            return Number(float(tree.name))
        case exp.Neg():
            return _product(Number(-1.0), arithmetic(tree.this))
        case exp.Add():
            return _sum(arithmetic(tree.this), arithmetic(tree.expression))
        case exp.Sub():
            return _sum(arithmetic(tree.this), _product(Number(-1.0), arithmetic(tree.expression)))
        case exp.Mul():
            return _product(arithmetic(tree.this), arithmetic(tree.expression))
        case exp.Div():
            return Quotient(arithmetic(tree.this), arithmetic(tree.expression))
        case _:
            raise NoArithmeticError(tree.key)


def _sum(*nodes: Node) -> Node:
    return Sum(tuple(part for node in nodes for part in (node.terms if isinstance(node, Sum) else (node,))))


def _product(*nodes: Node) -> Node:
    return Product(
        tuple(part for node in nodes for part in (node.factors if isinstance(node, Product) else (node,)))
    )


def value(node: Node, leaves: Floats) -> Floats:
    """Compute a formula of leaves, the first axis of ``leaves``; NaN where it divides by zero."""
    match node:
        case Number():
            return np.full(leaves.shape[1:], node.value)
        case Leaf():
            return leaves[node.place]
        case Sum():
            return np.sum([value(term, leaves) for term in node.terms], axis=0)
        case Product():
            return np.prod([value(factor, leaves) for factor in node.factors], axis=0)
        case Quotient():
            above, below = value(node.above, leaves), value(node.below, leaves)
            return np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below != 0)


def weights(node: Node, then: Floats, now: Floats) -> dict[int, float]:
    """Return by leaf what one unit of its change makes of the metric's: their sum is its change.

    ``then`` and ``now`` are the leaves of the whole. NaN where a divisor is zero.
    """
    found: dict[int, float] = {}
    for leaf, weight in _weighted(node, then[:, np.newaxis], now[:, np.newaxis], 1.0):
        found[leaf] = found.get(leaf, 0.0) + weight
    return found


def _weighted(node: Node, then: Floats, now: Floats, weight: float) -> Iterator[tuple[int, float]]:
    if isinstance(node, Leaf):
        yield node.place, weight
        return
    for child, own in operands(node, then, now):
        yield from _weighted(child, then, now, weight * float(own[0]))


def operands(node: Node, then: Floats, now: Floats) -> tuple[tuple[Node, Floats], ...]:
    """Return each operand with its weight: weight x change of the operand, summed, is the node's change."""
    match node:
        case Number() | Leaf():
            return ()
        case Sum():
            return tuple((term, np.ones(then.shape[1:])) for term in node.terms)
        case Product():
            before = np.stack([value(factor, then) for factor in node.factors])
            after = np.stack([value(factor, now) for factor in node.factors])
            return tuple(zip(node.factors, product_weights(before, after), strict=True))
        case Quotient():
            n0, n1 = value(node.above, then), value(node.above, now)
            d0, d1 = value(node.below, then), value(node.below, now)
            both = np.where((d0 != 0) & (d1 != 0), d0 * d1, np.nan)
            return ((node.above, (d0 + d1) / (2 * both)), (node.below, -(n0 + n1) / (2 * both)))


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear combination of leaves plus a constant."""

    of: Mapping[int, float]
    plus: float = 0.0

    def over(self, leaves: Floats) -> Floats:
        """Compute it, without the constant: that belongs to the whole and to no segment."""
        parts = [factor * leaves[leaf] for leaf, factor in self.of.items()]
        return np.sum(parts, axis=0) if parts else np.zeros(leaves.shape[1:])


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a metric: ``above``, divided by ``below`` if there is one."""

    above: Linear
    below: Linear | None = None


def terms(node: Node) -> tuple[Term, ...] | None:
    """Return the metric as a sum of flows and of ratios of flows, if that is what it is.

    Ratios over the same denominator are one. Constants are left out: they do not change.
    """
    found = _terms(node)
    if found is None or any(
        term.below is not None and (term.above.plus or term.below.plus) for term in found
    ):
        return None
    joined: list[Term] = []
    for term in found:
        at = next((place for place, other in enumerate(joined) if other.below == term.below), None)
        if at is None:
            joined.append(term)
        else:
            joined[at] = Term(_added((joined[at].above, term.above)), term.below)
    return tuple(term for term in joined if term.above.of)


def _terms(node: Node) -> tuple[Term, ...] | None:
    straight = linear(node)
    if straight is not None:
        return (Term(straight),)
    match node:
        case Sum():
            parts = [part for term in node.terms if (part := _terms(term)) is not None]
            return tuple(t for part in parts for t in part) if len(parts) == len(node.terms) else None
        case Quotient():
            above, below = linear(node.above), linear(node.below)
            if above is not None and below is not None:
                return (Term(above, below),)
            inner = _terms(node.above)
            if inner is None or below is None or below.of or not below.plus:
                return None
            return tuple(Term(_scaled(term.above, 1 / below.plus), term.below) for term in inner)
        case Product():
            known = [linear(factor) for factor in node.factors]
            constants = [part.plus for part in known if part is not None and not part.of]
            others = [
                factor for factor, part in zip(node.factors, known, strict=True) if part is None or part.of
            ]
            inner = _terms(others[0]) if len(others) == 1 else None
            if inner is None:
                return None
            return tuple(Term(_scaled(t.above, float(np.prod(constants))), t.below) for t in inner)
        case _:
            return None


def linear(node: Node) -> Linear | None:
    """Return the linear combination that a node is, or None."""
    match node:
        case Number():
            return Linear({}, node.value)
        case Leaf():
            return Linear({node.place: 1.0})
        case Sum():
            known = [part for term in node.terms if (part := linear(term)) is not None]
            return _added(known) if len(known) == len(node.terms) else None
        case Product():
            known = [part for factor in node.factors if (part := linear(factor)) is not None]
            moving = [part for part in known if part.of]
            constant = float(np.prod([part.plus for part in known if not part.of]))
            if len(known) < len(node.factors) or len(moving) > 1:
                return None
            return _scaled(moving[0], constant) if moving else Linear({}, constant)
        case Quotient():
            above, below = linear(node.above), linear(node.below)
            if above is None or below is None or below.of or not below.plus:
                return None
            return _scaled(above, 1 / below.plus)


def _scaled(part: Linear, factor: float) -> Linear:
    return Linear({leaf: factor * own for leaf, own in part.of.items()}, factor * part.plus)


def _added(parts: Sequence[Linear]) -> Linear:
    of: dict[int, float] = {}
    for part in parts:
        for leaf, factor in part.of.items():
            of[leaf] = of.get(leaf, 0.0) + factor
    return Linear({leaf: factor for leaf, factor in of.items() if factor}, sum(part.plus for part in parts))
