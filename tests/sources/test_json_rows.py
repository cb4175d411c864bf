"""JSON documents and lines: nested to columns, exact numbers, no row lost without a word."""

from __future__ import annotations

import io
import json
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kurs.model.source import SourceColumn
from kurs.sources.json_array import JsonArray
from sources.taking import came, refused, source

ROWS = [{"id": 1, "a": {"b": "x", "c": {"d": 2.5}}, "tags": ["p", 0.1]}, {"id": 2, "a": None}]


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        (ROWS, None),
        ({"data": ROWS}, "data"),
        ({"n": [1], "data": {"items": ROWS, "next": None}}, "data.items"),
    ],
)
def test_an_array_of_objects_wherever_it_stands(tmp_path: Path, document: object, rows: str | None) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document, indent=1), "utf-8")
    it = came(tmp_path, source("a.json", rows=rows))
    assert it.types == {
        "id": "int",
        "a_b": "text",
        "a_c_d": "decimal(18,6)",
        "tags": "text",
        "a": "text",
    } or (
        it.types == {"id": "int", "a_b": "text", "a_c_d": "decimal(18,6)", "tags": "text"}
        and it.empty == ("a",)
    )
    assert it.rows == [(1, "x", Decimal("2.5"), '["p",0.1]'), (2, None, None, None)]


def test_lines_are_flattened_alike(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": {"b": 1}}\n{"a": {"c": [{"n": 1.10}]}}\n', "utf-8")
    assert came(tmp_path, source("a.jsonl")).rows == [(1, None), (None, '[{"n":1.10}]')]


def test_an_object_that_is_a_stated_column_stays_whole(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"id": 1, "a": {"b": 1.50}}]', "utf-8")
    assert came(tmp_path, source("a.json", SourceColumn("a", "a", "text"))).rows == [(1, '{"b":1.50}')]
    nested = SourceColumn("a.b", "b", "text")
    assert came(tmp_path, source("a.json", nested)).rows == [(1, "1.50")]


@pytest.mark.parametrize(
    ("text", "rows", "code"),
    [
        ('{"data": []}', None, "json_rows_missing"),
        ('{"data": [1]}', "items", "json_rows_missing"),
        ("[1]", None, "bad_json"),
        ('[{"a": 1}', None, "bad_json"),
        ('[{"a": 1}] x', None, "bad_json"),
        ('[{"a": 1},]', None, "bad_json"),
        ('[{"a": 1} {"a": 2}]', None, "bad_json"),
        ('{"data": [{"a": 1}]', "data", "bad_json"),
        ('{"data": [{"a": 1}], "data": []}', "data", "bad_json"),
        ('[{"a": 1, "a": 2}]', None, "bad_json"),
        ('[{"a": NaN}]', None, "bad_json"),
        ('[{"a.b": 1, "a": {"b": 2}}]', None, "column_twice"),
        ('[{"a_b": 1, "a": {"b": 2}}]', None, "column_twice"),
        ("[" * 100_000, None, "bad_json"),
        ('[{"a":' + '{"a":' * 200 + "1" + "}" * 201 + "]", None, "bad_json"),
        ("", None, "bad_json"),
    ],
)
def test_what_is_not_rows_is_told(tmp_path: Path, text: str, rows: str | None, code: str) -> None:
    (tmp_path / "a.json").write_text(text, "utf-8")
    assert [problem.code for problem in refused(tmp_path, source("a.json", rows=rows))] == [code]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


class Slow(io.StringIO):
    """Gives few characters at a time, so that every value lies across a border."""

    def read(self, size: int | None = -1, /) -> str:
        return super().read(min(size or 3, 3))


@settings(max_examples=150, phases=[Phase.generate])
@given(st.lists(VALUES, max_size=6), st.booleans(), st.sampled_from([None, 1]))
def test_items_come_as_a_reader_of_the_whole_would_see_them(
    items: list[object], nested: bool, indent: int | None
) -> None:
    document = {"a": 1, "b": {"c": items, "d": []}, "e": [[]]} if nested else items
    text = json.dumps(document, indent=indent)
    read = list(JsonArray(Slow(text), ("b", "c") if nested else ()).items())
    assert json.loads(json.dumps(read, default=str)) == [
        json.loads(json.dumps(_as_text(item))) for item in items
    ]


def _as_text(value: object) -> object:
    """Numbers as their text in JSON."""
    match value:
        case bool() | None | str():
            return value
        case int() | float():
            return json.dumps(value)
        case list():
            return [_as_text(item) for item in value]
        case dict():
            return {key: _as_text(item) for key, item in value.items()}
    raise TypeError(value)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(st.lists(st.decimals(-(10**11), 10**11, places=6), min_size=1, max_size=20))
def test_numbers_keep_every_digit(numbers: list[Decimal]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        text = ", ".join(f'{{"n": {{"x": {number}}}}}' for number in numbers)
        Path(folder, "a.json").write_text(f"[{text}]", "utf-8")
        it = came(Path(folder), source("a.json", SourceColumn("n.x", "n", "decimal")))
    assert sorted(row[0] for row in it.rows) == sorted(numbers)
