"""A formula as arithmetic: read rightly, and its weights turn changes of leaves into the whole change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp, parse_one

from kurs.explain.algebra import (
    Leaf,
    Linear,
    NoArithmeticError,
    Node,
    Number,
    Product,
    Quotient,
    Sum,
    Term,
    arithmetic,
    terms,
    value,
    weights,
)
from kurs.metrics.leaf import LeafRef

LEAVES = 4
POSITIVE = st.floats(0.1, 10, allow_nan=False)
NODES = st.recursive(
    st.one_of(st.builds(Leaf, st.integers(0, LEAVES - 1)), st.builds(Number, st.floats(0.5, 3))),
    lambda inner: st.one_of(
        st.builds(Sum, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Product, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Quotient, inner, inner),
    ),
    max_leaves=6,
)


def read(sql: str) -> Node:
    """Read SQL in which a, b, c, d are leaves."""
    tree = parse_one(sql, dialect="duckdb")
    return arithmetic(
        tree.transform(
            lambda node: LeafRef(this=str("abcd".index(node.name))) if isinstance(node, exp.Column) else node
        )
    )


@given(NODES, *(st.lists(POSITIVE, min_size=LEAVES, max_size=LEAVES) for _ in range(2)))
def test_weighted_changes_of_leaves_are_the_change(node: Node, then: list[float], now: list[float]) -> None:
    before, after = np.array(then), np.array(now)
    made = sum(weight * (now[leaf] - then[leaf]) for leaf, weight in weights(node, before, after).items())
    v0, v1 = float(value(node, before)), float(value(node, after))
    assert made == pytest.approx(v1 - v0, rel=1e-9, abs=1e-9 * max(abs(v0), abs(v1), 1))


@given(NODES, st.lists(POSITIVE, min_size=LEAVES, max_size=LEAVES))
def test_terms_are_the_formula_but_for_its_constant(node: Node, leaves: list[float]) -> None:
    found = terms(node)
    if found is None:
        return
    one, other = np.array(leaves), np.array(leaves[::-1])

    def of(at: np.ndarray) -> float:
        return sum(float(term.above.over(at) / (term.below.over(at) if term.below else 1)) for term in found)

    expected = float(value(node, one)) - float(value(node, other))
    scale = abs(float(value(node, one))) + abs(float(value(node, other))) + 1
    assert of(one) - of(other) == pytest.approx(expected, abs=1e-9 * scale)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("a + 2 * b - c / 4", (Term(Linear({0: 1.0, 1: 2.0, 2: -0.25})),)),
        ("a / nullif(b, 0)", (Term(Linear({0: 1.0}), Linear({1: 1.0})),)),
        ("100.0 * a / nullif(b + c, 0)", (Term(Linear({0: 100.0}), Linear({1: 1.0, 2: 1.0})),)),
        ("coalesce(a / nullif(b, 0), 0)", (Term(Linear({0: 1.0}), Linear({1: 1.0})),)),
        ("a / b - 1", (Term(Linear({0: 1.0}), Linear({1: 1.0})),)),
        ("(a - c) / b + c / b", (Term(Linear({0: 1.0}), Linear({1: 1.0})),)),
        ("1 - a / b", (Term(Linear({0: -1.0}), Linear({1: 1.0})),)),
        (
            "a / b - c / d",
            (Term(Linear({0: 1.0}), Linear({1: 1.0})), Term(Linear({2: -1.0}), Linear({3: 1.0}))),
        ),
    ],
)
def test_flows_and_ratios_are_seen(sql: str, expected: tuple[Term, ...]) -> None:
    assert terms(read(sql)) == expected


@pytest.mark.parametrize("sql", ["a * b", "a / b * c", "(a / b) / (c / d)", "1 / a", "(a + 1) / b"])
def test_what_is_no_sum_of_flows_and_ratios_is_not(sql: str) -> None:
    assert terms(read(sql)) is None


@pytest.mark.parametrize(
    "sql", ["abs(a)", "round(a, 2)", "greatest(a, b)", "case when a > b then a else b end"]
)
def test_what_is_no_arithmetic_is_told(sql: str) -> None:
    with pytest.raises(NoArithmeticError):
        read(sql)


def test_nothing_is_divided_by_zero() -> None:
    node = read("a / b")
    assert np.isnan(value(node, np.array([[1.0], [0.0]])))
    assert np.isnan(weights(node, np.array([1.0, 0.0]), np.array([1.0, 2.0]))[0])
