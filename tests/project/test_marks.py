"""Where a part of the plan stands: keys, values, and characters inside values."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.problems import Place, Problem
from kurs.project import Marks, read
from kurs.project.align import source_index
from kurs.project.nodes import Fields, PlanFile, Scalar
from kurs.project.parse import parse

PLAN = """\
project: {name: Test}
metrics:
  aov: revenue / orders
  long: {expr: revenue / orders, unit: currency}
  double: "revenue \\"x\\" \\x41 / orders"
  single: 'revenue = ''x'' / orders'
  literal:
    expr: |
      revenue
        + taxes

      / orders
  folded:
    expr: >-
      revenue
      / orders
  plain:
    expr: revenue
      / orders
tables:
  t:
    where: channel = 'a'
    dimensions:
      - channel
      - country: upper(code)
    joins: {u: u_id}
kpis:
  k:
    metric: aov
    target: {reach: 5}
"""


@pytest.fixture(scope="module")
def marks() -> Marks:
    with TemporaryDirectory() as folder:
        (Path(folder) / "kurs.yaml").write_text(PLAN, "utf-8")
        return read(Path(folder)).marks


def shown(place: Place | None) -> tuple[int, str]:
    """The line, and what the caret stands under."""
    assert place is not None
    assert place.text is not None
    return place.line, place.text[place.column - 1 :][: place.length]


@pytest.mark.parametrize(
    ("path", "line", "under"),
    [
        (("metrics", "aov"), 3, "revenue / orders"),
        (("metrics", "aov", "expr"), 3, "revenue / orders"),
        (("metrics", "long"), 4, "long"),
        (("metrics", "long", "expr"), 4, "revenue / orders"),
        (("metrics", "long", "good"), 4, "long"),
        (("metrics", "literal", "expr"), 9, "revenue"),
        (("tables", "t", "where"), 22, "channel = 'a'"),
        (("tables", "t", "dimensions"), 23, "dimensions"),
        (("tables", "t", "dimensions", 0), 24, "channel"),
        (("tables", "t", "dimensions", 1), 25, "upper(code)"),
        (("tables", "t", "dimensions", 7), 23, "dimensions"),
        (("tables", "t", "joins", "u"), 26, "u_id"),
        (("kpis", "k", "target", "reach"), 30, "5"),
        (("kpis", "k", "where"), 28, "k"),
    ],
)
def test_paths(marks: Marks, path: tuple[str | int, ...], line: int, under: str) -> None:
    assert shown(marks.place(path)) == (line, under)


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("aov", "revenue / orders", 3),
        ("double", 'revenue "x" A / orders', 5),
        ("single", "revenue = 'x' / orders", 6),
        ("literal", "revenue\n  + taxes\n\n/ orders\n", 12),
        ("folded", "revenue / orders", 16),
        ("plain", "revenue / orders", 19),
    ],
)
def test_a_word_inside_a_value(marks: Marks, name: str, value: str, line: int) -> None:
    place = marks.place(("metrics", name, "expr"), value.index("orders"))
    assert shown(place) == (line, "orders")


def test_a_word_on_an_indented_line_of_a_block(marks: Marks) -> None:
    assert shown(marks.place(("metrics", "literal", "expr"), len("revenue\n  + "))) == (10, "taxes")


def test_locate_keeps_a_place_and_finds_the_kpi(marks: Marks) -> None:
    located = marks.locate(Problem("x", path=("kpis", "k", "metric")))
    assert (located.kpi, shown(located.place)) == ("k", (29, "aov"))
    placed = Problem("x", place=Place("y.yaml", 1), path=("kpis", "k"))
    assert marks.locate(placed) is placed
    assert marks.locate(Problem("x", path=("nothing", "here"))).place is None


TEXT = st.text(st.sampled_from("ab'\"\\ \n:#,é𝄞\t%"), min_size=1, max_size=40)


@given(TEXT, st.sampled_from(["'", '"', "|", ">", None]))
@settings(max_examples=300)
def test_every_visible_character_is_found_in_the_file(value: str, style: str | None) -> None:
    text = yaml.dump({"k": value}, default_style=style, allow_unicode=True, width=20)
    root = parse(PlanFile.of("x", text)).root
    assert isinstance(root, Fields)
    scalar = root.entries[0][1]
    assert isinstance(scalar, Scalar)
    assert scalar.text == value
    for offset, character in enumerate(value):
        found = text[source_index(scalar, offset)]
        if not character.isspace():
            assert found in (character, "\\")  # a backslash begins an escape
