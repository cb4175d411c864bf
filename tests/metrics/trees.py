"""Expressions as small trees that can be written as SQL and computed in Python, with nulls as SQL has them.

A tree of rows: ("col", "orders.units"), ("value", 3), ("=", a, b), ("and", a, b), ("*", a, b) ...
A tree of metrics: ("metric", "orders"), ("leaf", Leaf(...)), ("value", 2), ("/", a, b), ("abs", a) ...
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Tree: TypeAlias = tuple[object, ...]
Number: TypeAlias = int | Fraction | float


@dataclass(frozen=True)
class Leaf:
    """One aggregate; ``of`` None counts the rows of ``home``."""

    home: str
    kind: str
    of: Tree | None = None
    where: Tree | None = None
    share: str = ""
    weight: Tree | None = None

    def parts(self) -> tuple[Leaf, Leaf] | None:
        """The sum and the sum or count by which it is divided, where the leaf is an average."""
        if self.kind == "avg":
            return replace(self, kind="sum"), replace(self, kind="count")
        if self.kind != "weighted" or self.of is None or self.weight is None:
            return None
        known: Tree = ("is not null", self.of)
        where = known if self.where is None else ("and", self.where, known)
        product = Leaf(self.home, "sum", ("*", self.of, self.weight), self.where)
        return product, Leaf(self.home, "sum", self.weight, where)


@dataclass(frozen=True)
class Share:
    """A metric as a part of its ``whole``: group, parent or all."""

    metric: str
    whole: str


@dataclass(frozen=True)
class Offset:
    """A metric as it was: ``by`` "1 year" or "start of month"."""

    metric: str
    by: str


def names(tree: Tree) -> Iterable[str]:
    """Yield the columns or metrics that a tree names."""
    if tree[0] in ("col", "metric"):
        yield str(tree[1])
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from names(part)


def leaves(tree: Tree) -> Iterable[Leaf]:
    """Yield the aggregates that stand in a metric's own formula."""
    if tree[0] == "leaf":
        assert isinstance(tree[1], Leaf)
        yield tree[1]
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from leaves(part)


def sql(tree: Tree) -> str:
    """Write a tree as SQL."""
    op, *parts = tree
    match op:
        case "col" | "metric":
            return str(parts[0])
        case "value":
            return _literal(parts[0])
        case "leaf":
            return _leaf_sql(parts[0])
        case "offset":
            assert isinstance(parts[0], Offset)
            return f"offset({parts[0].metric}, '{parts[0].by}')"
        case "is null" | "is not null":
            return f"({_sql(parts[0])} {op})"
        case "not":
            return f"(NOT {_sql(parts[0])})"
        case "in":
            return f"({_sql(parts[0])} IN ({', '.join(_literal(value) for value in parts[1:])}))"
        case "case":
            return f"CASE WHEN {_sql(parts[0])} THEN {_sql(parts[1])} ELSE {_sql(parts[2])} END"
        case "coalesce" | "nullif" | "abs" | "greatest" | "least" | "lower" | "upper":
            return f"{op}({', '.join(_sql(part) for part in parts)})"
        case _:
            return f"({_sql(parts[0])} {op} {_sql(parts[1])})"


def _sql(part: object) -> str:
    assert isinstance(part, tuple)
    return sql(part)


def _literal(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).upper().replace("NONE", "NULL")
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _leaf_sql(leaf: object) -> str:
    assert isinstance(leaf, Leaf)
    of = sql(leaf.of) if leaf.of is not None else leaf.home
    call = {
        "count distinct": f"count(distinct {of})",
        "percentile": f"percentile({of}, {leaf.share})",
        "weighted": f"weighted_avg({of}, {sql(leaf.weight or ())})" if leaf.weight else "",
    }.get(leaf.kind, f"{leaf.kind}({of})")
    return f"{call} FILTER (WHERE {sql(leaf.where)})" if leaf.where is not None else call


def value(
    tree: Tree, named: Callable[[str], object], leaf: Callable[[Leaf | Offset | Share], object] | None = None
) -> object:
    """Compute a tree; ``named`` gives a column's or metric's value, ``leaf`` an aggregate's or offset's."""

    def of(part: object) -> object:
        assert isinstance(part, tuple)
        return value(part, named, leaf)

    op, *parts = tree
    match op:
        case "col" | "metric":
            return exact(named(str(parts[0])))
        case "leaf" | "offset" | "share":
            assert leaf is not None
            assert isinstance(parts[0], (Leaf, Offset, Share))
            return exact(leaf(parts[0]))
        case "value":
            return exact(parts[0])
        case "is null":
            return of(parts[0]) is None
        case "is not null":
            return of(parts[0]) is not None
        case "not":
            found = of(parts[0])
            return None if found is None else not found
        case "and" | "or":
            return _connected(str(op), of(parts[0]), of(parts[1]))
        case "in":
            found = of(parts[0])
            return None if found is None else found in [exact(part) for part in parts[1:]]
        case "case":
            return of(parts[1]) if of(parts[0]) is True else of(parts[2])
        case "coalesce":
            return next((found for part in parts if (found := of(part)) is not None), None)
        case "greatest" | "least":
            known = [found for part in parts if (found := of(part)) is not None]
            return (max if op == "greatest" else min)(known, default=None)  # type: ignore[type-var]
        case _:
            return _computed(str(op), [of(part) for part in parts])


def exact(found: object) -> object:
    """Turn a decimal into a fraction: arithmetic on it is exact."""
    return Fraction(found) if isinstance(found, Decimal) else found


def _connected(op: str, left: object, right: object) -> bool | None:
    decisive = op == "or"
    if left is decisive or right is decisive:
        return decisive
    return None if left is None or right is None else not decisive


def _computed(op: str, found: list[object]) -> object:
    if any(each is None for each in found):
        return None
    if op in ("lower", "upper"):
        return getattr(str(found[0]), op)()
    if op == "abs":
        return abs(found[0])  # type: ignore[arg-type]
    left, right = found
    if op == "nullif":
        return None if left == right else left
    if op in _COMPARED:
        return _COMPARED[op](left, right)
    assert isinstance(left, (int, Fraction, float))
    assert isinstance(right, (int, Fraction, float))
    if op == "/":
        return divided(left, right)
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right}[op]()


def divided(left: Number, right: Number) -> float | None:
    """Divide; by zero there is no value."""
    if right == 0:
        return None
    if isinstance(left, float) or isinstance(right, float):
        return float(left) / float(right)
    return float(Fraction(left) / Fraction(right))


_COMPARED: dict[str, Callable[[object, object], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,  # type: ignore[operator]
    ">=": lambda left, right: left >= right,  # type: ignore[operator]
}
