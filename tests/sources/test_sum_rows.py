"""Rows with an empty name that hold the sum of the others: told at a load, left out where it is stated."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kurs.model.source import Format, Source, SourceColumn
from kurs.sources.files import find
from kurs.sources.take import Order, take
from sources.taking import refused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kurs.problems import Problem

HEADER = ("day", "campaign", "clicks", "spend", "ctr")
BY_DAY = [
    ("2026-01-01", "", 30, 12.75, 0.02),
    ("2026-01-01", "a", 10, 2.25, 0.01),
    ("2026-01-01", "b", 20, 10.5, 0.03),
    ("2026-01-02", "a", 7, 1.5, 0.01),
    ("2026-01-02", "", 7, 1.5, 0.01),
]
BY_FILE = [
    ("2026-01-01", "a", 10, 2.25, 0.01),
    ("2026-01-02", "b", 20, 10.5, 0.03),
    ("", "", 30, 12.75, 0.02),
]
Rows = list[tuple[str, str, int, float, float]]


def written(folder: Path, kind: str, rows: Rows) -> str:
    """Write the rows as a file of one kind; an empty text is no value where there is such a thing."""
    name = f"a.{kind}"
    values = [[None if cell == "" else cell for cell in row] for row in rows]
    objects = [dict(zip(HEADER, row, strict=True)) for row in values]
    if kind == "csv":
        lines = [",".join(map(str, row)) for row in (HEADER, *rows)]
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    elif kind == "json":
        (folder / name).write_text(json.dumps(objects), "utf-8")
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(objects), folder / name)
    else:
        book = openpyxl.Workbook()
        for row in (HEADER, *values):
            book.worksheets[0].append(row)
        book.save(folder / name)
    return name


def taken_in(folder: Path, name: str, *columns: SourceColumn, **form: str) -> tuple[float, Sequence[Problem]]:
    source = Source("it", "it", (name,), format=Format(**form), columns=columns)  # type: ignore[arg-type]
    with take(Order(source, find(source, folder), "load"), lambda _: None) as taken:
        ((total,),) = taken.relation.aggregate("sum(spend)").fetchall()
        return float(total), taken.doubts


@pytest.mark.parametrize("rows", [BY_DAY, BY_FILE])
@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx"])
def test_sums_are_told_and_left_out_where_it_is_stated(tmp_path: Path, kind: str, rows: Rows) -> None:
    name = written(tmp_path, kind, rows)
    true = sum(spend for _, campaign, _, spend, _ in rows if campaign)
    total, doubts = taken_in(tmp_path, name)
    (one,) = [doubt for doubt in doubts if doubt.code == "sum_rows"]
    assert total == 2 * true
    assert one.values["column"] == "campaign"
    assert set(one.values["sums"]) >= {"clicks", "spend"}  # type: ignore[call-overload]
    total, doubts = taken_in(tmp_path, name, sums_where_empty="campaign")
    assert (total, [doubt.code for doubt in doubts if "sum" in doubt.code]) == (true, [])


def test_the_row_is_that_of_the_file(tmp_path: Path) -> None:
    _, doubts = taken_in(tmp_path, written(tmp_path, "csv", [*BY_DAY[1:3], BY_DAY[0]]))
    assert [doubt.values["row"] for doubt in doubts if doubt.code == "sum_rows"] == [4]


@pytest.mark.parametrize(
    "rows",
    [
        [("2026-01-01", "", 31, 12.76, 0.02), *BY_DAY[1:3]],  # no sum
        [*BY_DAY[:3], ("2026-01-02", "a", 7, 1.5, 0.01), ("2026-01-02", "", 6, 1.4, 0.01)],  # not every day
        [
            ("2026-01-01", "", 3, 0.0, 0),
            ("2026-01-01", "a", 1, 0.0, 0),
            ("2026-01-01", "b", 2, 0.0, 0),
        ],  # chance
        [("2026-01-01", "", 5, 1.5, 0.02), ("2026-01-01", "a", 5, 1.5, 0.02)],  # as many
        [("2026-01-01", "x", 30, 12.75, 0.02), *BY_DAY[1:3]],  # it has a name
    ],
)
def test_what_may_be_data_is_not_told(tmp_path: Path, rows: Rows) -> None:
    _, doubts = taken_in(tmp_path, written(tmp_path, "csv", rows))
    assert [doubt for doubt in doubts if doubt.code == "sum_rows"] == []


def test_sums_that_are_left_out_are_held_against_the_rows(tmp_path: Path) -> None:
    rows = [("2026-01-01", "", 30, 99.75, 0.02), *BY_DAY[1:]]
    _, doubts = taken_in(tmp_path, written(tmp_path, "csv", rows), sums_where_empty="campaign")
    (one,) = [doubt for doubt in doubts if doubt.code == "totals_differ"]
    assert (one.values["column"], one.values["sum"]) == ("spend", Decimal("14.25"))


@pytest.mark.parametrize("kind", ["csv", "json", "parquet", "xlsx"])
def test_a_column_that_is_not_there_is_a_problem(tmp_path: Path, kind: str) -> None:
    name = written(tmp_path, kind, BY_DAY)
    source = Source("it", "it", (name,), format=Format(sums_where_empty="campaigns"))
    (one, *_) = refused(tmp_path, source)
    assert (one.code, one.values["column"]) == ("missing_column", "campaigns")


NESTED = "campaign,group,word,clicks,spend\n"
BY_GROUP = (
    NESTED
    + """,,,330,82.25
a,,,100,25.25
a,x,,60,15.25
a,x,one,40,10.00
a,x,two,20,5.25
a,y,,40,10.00
a,y,one,15,4.00
a,y,two,25,6.00
b,,,230,57.00
b,x,,230,57.00
b,x,one,200,50.00
b,x,two,30,7.00
"""
)
NO_GROUPS = (
    NESTED
    + """a,,one,40,10.00
a,,two,20,5.25
a,x,one,40,10.00
b,,one,200,50.00
b,y,one,30,7.00
b,y,two,30,7.00
"""
)


@pytest.mark.parametrize("by_day", [False, True])
def test_sums_within_sums_are_known_by_their_last_name(tmp_path: Path, by_day: bool) -> None:
    lines = BY_GROUP.splitlines()
    if by_day:
        days = [f"2026-01-{n:02},{line}" for n in (1, 2, 3) for line in lines[1:]]
        lines = [f"day,{lines[0]}", *days]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (one,) = [doubt for doubt in taken_in(tmp_path, "a.csv")[1] if doubt.code == "sum_rows"]
    times = 3 if by_day else 1
    assert (one.values["column"], one.values["count"], one.values["row"]) == ("word", 6 * times, 2)
    total, doubts = taken_in(tmp_path, "a.csv", sums_where_empty="word")
    assert (total, "sum_rows" in {doubt.code for doubt in doubts}) == (82.25 * times, False)


def test_names_that_are_empty_in_rows_of_data_are_no_sums(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(NO_GROUPS, "utf-8")
    assert "sum_rows" not in {doubt.code for doubt in taken_in(tmp_path, "a.csv")[1]}
