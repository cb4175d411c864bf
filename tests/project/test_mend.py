"""SQL in braces or behind a colon is read as written, or it is a problem and is mended to what was meant."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.project.compose import compose
from kurs.project.nodes import Fields, Node, PlanFile, Scalar

NAMES = st.sampled_from(["revenue", "orders.net", "a", "42", "1.5", "note"])
TEXTS = st.sampled_from(["'x'", "'a, b'", "'it''s'", "'k: v'", "' #1'", "'{a}'", "'[b]'", "''", '"Odd name"'])
ATOMS = NAMES | TEXTS


def calls(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(inner, min_size=1, max_size=3).map(", ".join)
    return st.one_of(
        st.tuples(st.sampled_from(["coalesce", "sum", "nullif"]), parts).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(inner, st.sampled_from([" / ", " = ", " <> ", " || "]), inner).map("".join),
        st.tuples(inner, parts).map(lambda p: f"{p[0]} in ({p[1]})"),
    )


SQL = st.recursive(ATOMS, calls, max_leaves=6)


def value(root: Node | None, *path: str) -> str:
    for step in path:
        assert isinstance(root, Fields)
        entry = root.get(step)
        assert entry is not None
        root = entry[1]
    assert isinstance(root, Scalar)
    return root.text


def as_written(sql: str) -> bool:
    """Is it a quoted scalar of YAML, and so no SQL in the first place?"""
    return sql[0] == sql[-1] == "'" or sql[0] == sql[-1] == '"'


@given(SQL)
@settings(max_examples=300)
def test_in_braces(sql: str) -> None:
    text = f"a: {{expr: {sql}, unit: currency, label: {{en: A, sv: B}}}}\nb: {{expr: {sql}}}\n"
    composed = compose(PlanFile.of("x", text))
    assert composed.is_whole
    assert {problem.code for problem in composed.problems} <= {"unquoted_sql", "unquoted_text"}
    if not as_written(sql):
        assert value(composed.root, "a", "expr") == value(composed.root, "b", "expr") == sql
    assert value(composed.root, "a", "unit") == "currency"
    assert value(composed.root, "a", "label", "sv") == "B"


@given(SQL)
@settings(max_examples=300)
def test_behind_a_colon(sql: str) -> None:
    composed = compose(PlanFile.of("x", f"a:\n  expr: {sql}\n  unit: currency\nb: 1\n"))
    if as_written(sql) or " #" in sql:
        return  # a comment is the reader's to find
    if composed.is_whole:
        assert value(composed.root, "a", "expr") == sql
        assert value(composed.root, "a", "unit") == "currency"
    else:
        assert sql[0] in "'\""  # two texts side by side may be anything


@pytest.mark.parametrize(
    "text",
    [
        "{en: Don't, sv: Don't}",
        "{en: The customers' choice, sv: Kundernas val}",
        "{from: 2026-01-01, to: 2026-12-31}",
        "{nulls: ['--', ''], totals: Total*}",
        "[a, b: upper(c), 'd, e']",
        "{says: 'Sell more, but not (yet', by: 2026-01-01}",
        "{a: , b: }",
        "{}",
    ],
)
def test_what_is_right_stays_as_it_is(text: str) -> None:
    composed = compose(PlanFile.of("x", f"k: {text}\n"))
    assert composed.problems == ()
    assert composed.file.inserted == ()


def test_places_behind_a_mend_are_those_of_the_file() -> None:
    text = "a: {expr: f(x, 'y'), unit: oops}\nb: {expr: g(x, y), good: odd}\n"
    composed = compose(PlanFile.of("x", text))
    assert [problem.place and problem.place.line for problem in composed.problems] == [1, 2]
    for name, key, word, line in (("a", "unit", "oops", 1), ("b", "good", "odd", 2)):
        assert isinstance(composed.root, Fields)
        entry = composed.root.get(name)
        assert entry is not None
        assert isinstance(entry[1], Fields)
        found = entry[1].get(key)
        assert found is not None
        place = found[1].spot.place
        assert place.text is not None
        assert (place.line, place.text[place.column - 1 :][: place.length]) == (line, word)
