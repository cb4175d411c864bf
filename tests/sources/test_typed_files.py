"""JSON lines and Parquet: exact numbers, types as they are, what cannot be taken in yet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kurs.model.source import DataType, Keep, SourceColumn
from kurs.model.table import ColumnType
from kurs.sources.headers import headers
from sources.taking import came, refused, source

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.source import Source


def test_json_numbers_are_taken_by_their_text(tmp_path: Path) -> None:
    lines = [
        '{"id": "17", "amount": 0.1, "n": 3, "ok": true, "at": "2026-01-01T10:00:00Z"}',
        "",
        '{"amount": 123456789012.345678, "id": "18", "new": 1, "ok": null}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    it = came(tmp_path, source("a.jsonl"))
    assert it.types["id"] == "text"  # it stands in quotes
    assert it.types["amount"] == "decimal(18,6)"
    assert sorted(it.rows, key=repr) == [
        ("17", Decimal("0.100000"), 3, True, "2026-01-01 10:00:00+00", None),
        ("18", Decimal("123456789012.345678"), None, None, None, 1),
    ]


def test_zeros_in_front_are_kept_unless_a_number_is_stated_as_in_csv(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"n": "012"}\n{"n": "7"}\n', "utf-8")
    (tmp_path / "a.csv").write_text("n\n012\n7\n", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"n": 012}\n', "utf-8")
    for name in ("a.jsonl", "a.csv"):
        assert came(tmp_path, source(name)).rows == [("012",), ("7",)]
        assert came(tmp_path, source(name, SourceColumn("n", "n", "int"))).rows == [(12,), (7,)]
    assert [one.code for one in refused(tmp_path, source("b.jsonl"))] == ["bad_json"]  # no number of JSON


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("[1]", "bad_json"),
        ('{"a": NaN}', "bad_json"),
        ('{"a": 1', "bad_json"),
        ('{"a": 1, "a": 2}', "bad_json"),
        ('{"a": 1} {"a": 2}', "bad_json"),
        ('{"a": 1, "A": 2}', "column_twice"),
        ("[" * 100_000, "bad_json"),
    ],
)
def test_lines_that_are_no_flat_objects_are_told(tmp_path: Path, line: str, code: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n' + line + "\n", "utf-8")
    (problem,) = refused(tmp_path, source("a.jsonl"))
    assert (problem.code, problem.values.get("row", 2)) == (code, 2)


def test_a_nested_column_can_be_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a": 1, "b": {"c": 2}}\n', "utf-8")
    assert came(tmp_path, source("a.jsonl", SourceColumn("b", "b", keep=Keep.DROPPED))).rows == [(1,)]


def table() -> pa.Table:
    zoned = pa.timestamp("ns", "Europe/Stockholm")
    return pa.table(
        {
            "small": pa.array([1, 2], pa.int16()),
            "price": pa.array([Decimal("1.10"), None], pa.decimal128(9, 2)),
            "share": pa.array([0.5, float("nan")], pa.float32()),
            "Kind": pa.array(["x", "y"]).dictionary_encode(),
            "day": pa.array([date(2026, 1, 1)] * 2, pa.date32()),
            "at": pa.array([datetime(2026, 1, 1, 10, tzinfo=UTC)] * 2, zoned),
            "wall": pa.array([datetime(2026, 1, 1, 10)] * 2, pa.timestamp("ms")),  # noqa: DTZ001
            "ok": pa.array([True, None]),
        }
    )


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "a.parquet")
    it = came(tmp_path, source("a.parquet"))
    assert list(it.types.values()) == [
        *("int", "decimal(9,2)", "float", "text", "date", "timestamptz", "timestamp", "bool"),
    ]
    wall = datetime(2026, 1, 1, 10)  # noqa: DTZ001
    assert it.rows == [
        (1, Decimal("1.10"), 0.5, "x", date(2026, 1, 1), "2026-01-01 10:00:00+00", wall, True),
        (2, None, None, "y", date(2026, 1, 1), "2026-01-01 10:00:00+00", wall, None),
    ]


def stated(header: str, to: str) -> Source:
    return source("a.parquet", SourceColumn(header, header.lower(), to))


def test_stated_types_are_reached_exactly_or_not_at_all(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1.5, 0.1], "n": [1, 2**60]}), tmp_path / "a.parquet")
    assert [row[0] for row in came(tmp_path, stated("x", "decimal")).rows] == [Decimal("1.5"), Decimal("0.1")]
    assert [problem.code for problem in refused(tmp_path, stated("x", "int"))] == ["untypable"] * 2
    (problem,) = refused(tmp_path, stated("n", "decimal"))
    assert (problem.code, problem.values["row"]) == ("untypable_decimal", 2)


def test_parquet_files_of_one_source_agree_on_a_type_that_holds_both(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": pa.array([1], pa.int32())}), tmp_path / "1.parquet")
    pq.write_table(pa.table({"x": pa.array([Decimal("2.50")], pa.decimal128(9, 2))}), tmp_path / "2.parquet")
    it = came(tmp_path, source("*.parquet"))
    assert it.types == {"x": "decimal(21,2)"}
    assert sorted(it.rows) == [(Decimal("1.00"),), (Decimal("2.50"),)]
    pq.write_table(pa.table({"x": ["text"]}), tmp_path / "3.parquet")
    assert [problem.code for problem in refused(tmp_path, source("*.parquet"))] == ["types_differ"]


def test_nested_parquet_becomes_columns_and_lists_become_json(tmp_path: Path) -> None:
    item = {"id": 7, "city": {"name": "Łódź", "at": [1.5, None]}}
    pq.write_table(
        pa.table({"x": [1, 2], "items": [[1, 2], None], "it": [item, None]}), tmp_path / "a.parquet"
    )
    it = came(tmp_path, source("a.parquet"))
    assert it.types == {
        "x": "int",
        "items": "text",
        "it_id": "int",
        "it_city_name": "text",
        "it_city_at": "text",
    }
    assert it.rows == [(1, "[1,2]", 7, "Łódź", "[1.5,null]"), (2, None, None, None, None)]
    whole = came(tmp_path, source("a.parquet", SourceColumn("it.city", "city", "text")))
    assert whole.rows[0][3] == '{"name":"Łódź","at":[1.5,null]}'


def test_a_parquet_column_of_bytes_is_told_or_dropped(tmp_path: Path) -> None:
    pq.write_table(pa.table({"x": [1], "items": [b"1"]}), tmp_path / "a.parquet")
    assert [problem.code for problem in refused(tmp_path, source("a.parquet"))] == ["column_kind_not_yet"]
    dropped = SourceColumn("items", "items", keep=Keep.DROPPED)
    assert came(tmp_path, source("a.parquet", dropped)).rows == [(1,)]


def test_what_is_no_parquet_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but not really")
    assert [problem.code for problem in refused(tmp_path, source("a.parquet"))] == ["unreadable"]


def test_the_type_of_the_lake_leads(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n1\n", "utf-8")
    decimal = DataType(ColumnType.DECIMAL, 18, 6)
    assert came(tmp_path, source("a.csv"), {"x": decimal}).types == {"x": "decimal(18,6)"}
    assert came(tmp_path, source("a.csv"), {"x": DataType(ColumnType.TEXT)}).rows == [("1",)]
    stated_int = source("a.csv", SourceColumn("x", "x", "int"))
    assert came(tmp_path, stated_int, {"x": decimal}).rows == [(Decimal(1),)]
    (problem,) = refused(tmp_path, source("a.csv", SourceColumn("x", "x", "text")), {"x": decimal})
    assert (problem.code, problem.values["row"]) == ("type_changed", 2)


def test_columns_are_known_before_the_first_load(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Day,Ad group,E-mail,Phone\n", "utf-8")
    columns = (
        SourceColumn("Day", "day", "date"),
        SourceColumn("E-mail", "mail", keep=Keep.HASHED),
        SourceColumn("Phone", "phone", keep=Keep.DROPPED),
    )
    assert headers(source("a.csv", *columns), tmp_path) == {
        "day": ColumnType.DATE,
        "ad_group": None,
        "mail": ColumnType.TEXT,
    }
    pq.write_table(table(), tmp_path / "a.parquet")
    assert headers(source("a.parquet"), tmp_path)["kind"] is ColumnType.TEXT
    (tmp_path / "a.jsonl").write_text('{"a": 1}\n{"b": 2}\n', "utf-8")
    assert headers(source("a.jsonl"), tmp_path) == {"a": None, "b": None}
