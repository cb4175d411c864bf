"""A type that changed since the last load, in files of every kind: refused with its row, or taken exactly."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kurs.model.source import DataType, FilesAre, Format, Source, SourceColumn
from kurs.model.table import ColumnType
from kurs.sources.files import find
from kurs.sources.take import Order, take
from sources.taking import came, refused

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("csv", "json", "jsonl", "xlsx")
FIRST_ROW = {"csv": 2, "json": 1, "jsonl": 1, "xlsx": 2}
INT, TEXT, TENTHS = DataType(ColumnType.INT), DataType(ColumnType.TEXT), DataType(ColumnType.DECIMAL, 18, 1)


def written(folder: Path, kind: str, header: tuple[str, ...], *rows: tuple[object, ...]) -> Path:
    path = folder / f"a.{kind}"
    objects = [json.dumps(dict(zip(header, row, strict=True))) for row in rows]
    if kind == "csv":
        path.write_text("\n".join(",".join(map(str, row)) for row in (header, *rows)) + "\n", "utf-8")
    elif kind == "json":
        path.write_text(f"[{', '.join(objects)}]", "utf-8")
    elif kind == "jsonl":
        path.write_text("\n".join(objects) + "\n", "utf-8")
    else:
        book = openpyxl.Workbook()
        for row in (header, *rows):
            book.worksheets[0].append(row)
        book.save(path)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("now", [12.5, "twelve"])
def test_what_is_no_whole_number_any_more_is_refused_with_its_row(
    tmp_path: Path, kind: str, now: object
) -> None:
    source = Source("it", "it", (written(tmp_path, kind, ("n",), (7,), (now,)).name,))
    (problem,) = refused(tmp_path, source, {"n": INT})
    values = problem.values
    assert (problem.code, values["was"], values["now"]) == ("type_changed", "int", str(now))
    assert (values["file"], values["row"]) == (f"a.{kind}", FIRST_ROW[kind] + 1)


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_where_texts_were_stay_texts_to_the_digit(tmp_path: Path, kind: str) -> None:
    source = Source("it", "it", (written(tmp_path, kind, ("n",), (7,), (12.5,)).name,))
    assert came(tmp_path, source, {"n": TEXT}).rows == [("7",), ("12.5",)]


@pytest.mark.parametrize("kind", KINDS)
def test_whole_numbers_where_decimals_were_are_decimals(tmp_path: Path, kind: str) -> None:
    source = Source("it", "it", (written(tmp_path, kind, ("n",), (7,), (12.5,)).name,))
    assert came(tmp_path, source, {"n": TENTHS}).rows == [(Decimal(7),), (Decimal("12.5"),)]


@pytest.mark.parametrize("kind", KINDS)
def test_another_stated_type_than_the_lake_has_is_refused(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, ("n",), (7,))
    source = Source("it", "it", (path.name,), columns=(SourceColumn("n", "n", "text"),))
    (problem,) = refused(tmp_path, source, {"n": INT})
    assert (problem.code, problem.values["row"]) == ("type_changed", FIRST_ROW[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_that_is_not_unique_shows_its_rows(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, ("id", "n"), ("a", 1), ("b", 2), ("a", 3))
    (problem,) = refused(tmp_path, Source("it", "it", (path.name,), unique_key=("id",)))
    first = FIRST_ROW[kind]
    assert problem.values["examples"] == (f"a (2: a.{kind}:{first}, a.{kind}:{first + 2})",)


@pytest.mark.parametrize("kind", KINDS)
def test_days_to_come_and_days_without_rows_are_told(tmp_path: Path, kind: str) -> None:
    days = [f"2026-01-{n:02}" for n in range(1, 29) if n != 6]
    path = written(tmp_path, kind, ("day", "n"), *((day, 1) for day in days))
    columns = (SourceColumn("day", "day", "date"),)
    source = Source("it", "it", (path.name,), FilesAre.PARTS, Format(), columns, window="day")
    order = Order(source, find(source, tmp_path), "load", today=date(2026, 1, 27))
    with take(order, lambda _: None) as taken:
        found = {doubt.code: doubt.values for doubt in taken.doubts}
    assert found["days_to_come"]["row"] == FIRST_ROW[kind] + 26
    assert found["gap_days"]["days"] == ("2026-01-06",)
