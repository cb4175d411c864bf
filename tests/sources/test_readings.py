"""A load tells of values that fit another reading better than the stated one, and of nothing else."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kurs.model.source import Format, Source, SourceColumn
from kurs.sources.files import find
from kurs.sources.take import Order, take

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.problems import Problem


def doubts(folder: Path, form: Format, kind: str, *values: str, known: bool = True) -> list[Problem]:
    lines = ["row;value", *(f"{n};{value}" for n, value in enumerate(values))]
    (folder / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    columns = (SourceColumn("value", "value", kind),)
    if known:
        columns += (SourceColumn("row", "row", "int"),)
    source = Source("it", "it", ("a.csv",), format=replace(form, delimiter=";"), columns=columns)
    with take(Order(source, find(source, folder), "load"), lambda _: None) as taken:
        return [one for one in taken.doubts if one.code.endswith("_fit")]


@pytest.mark.parametrize(("decimal", "mark"), [(".", "."), (",", ",")])
@pytest.mark.parametrize("known", [True, False])  # the types of all columns, ahead: another way of reading
def test_a_decimal_mark_that_may_stand_between_thousands(
    tmp_path: Path, decimal: str, mark: str, known: bool
) -> None:
    values = [f"{text[:-3]}{mark}{text[-3:]}" for text in ("12345", "1200", "98000")]
    (one,) = doubts(tmp_path, Format(decimal=decimal), "decimal", "850", *values, known=known)
    assert one.code == "other_marks_fit"
    assert [one.values[key] for key in ("file", "row", "read", "other")] == ["a.csv", 3, "12.345", "12345"]


@pytest.mark.parametrize("witness", ["1.5", "0.125", "12345", "1,234.500"])
def test_a_number_of_another_form_confirms_the_marks(tmp_path: Path, witness: str) -> None:
    form = Format(decimal=".", thousands=",")
    assert not doubts(tmp_path, form, "decimal", "12.345", "1.200", "98.000", witness)


def test_days_that_lie_close_in_another_order(tmp_path: Path) -> None:
    days = [f"0{n}/02/2026" for n in range(1, 8)]
    (one,) = doubts(tmp_path, Format(date="%m/%d/%Y"), "date", *days)
    assert one.code == "other_days_fit"
    wanted = (2, date(2026, 1, 2), date(2026, 2, 1), "%d/%m/%Y")
    assert tuple(one.values[key] for key in ("row", "read", "other", "form")) == wanted
    assert not doubts(tmp_path, Format(date="%d/%m/%Y"), "date", *days)
    assert not doubts(tmp_path, Format(date="%d/%m/%Y"), "date", *days, "13/02/2026")
    assert not doubts(tmp_path, Format(date="%m/%d/%Y"), "date", "01/02/2026")
    first_of_months = [f"01/0{n}/2026" for n in range(1, 8)]
    assert len(doubts(tmp_path, Format(date="%d/%m/%Y"), "date", *first_of_months)) == 1


def test_the_first_days_of_months_under_a_header_that_says_so(tmp_path: Path) -> None:
    lines = ["Month;n", *(f"01/0{n}/2026;{n}" for n in range(1, 8))]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n", "utf-8")
    found: list[str] = []
    for form in ("%d/%m/%Y", "%m/%d/%Y"):
        source = Source("it", "it", ("a.csv",), format=Format(delimiter=";", date=form))
        source = replace(source, columns=(SourceColumn("Month", "month", "date"),))
        with take(Order(source, find(source, tmp_path), "load"), lambda _: None) as taken:
            found += [one.code for one in taken.doubts if one.code.endswith("_fit")]
    assert found == []  # days of January are close together as they are stated


def test_a_year_of_the_jalali_calendar(tmp_path: Path) -> None:
    (one,) = doubts(tmp_path, Format(), "date", "2026-09-01", "1405-06-10", "1405-06-11")
    assert one.code == "jalali_days_fit"
    wanted = (3, "1405-06-10", date(2026, 9, 1), 2)
    assert tuple(one.values[key] for key in ("row", "value", "other", "count")) == wanted


@pytest.mark.parametrize(("stated", "count"), [(3.5, 0), (9, 1)])
def test_the_totals_row_of_a_sheet_is_held_against_its_rows(
    tmp_path: Path, stated: float, count: int
) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["Report"], ["name", "n"], ["a", 1.5], ["b", 2], ["Total", stated]):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    (tmp_path / "a.xlsx").write_bytes(file.getvalue())
    source = Source("it", "it", ("a.xlsx",), format=Format(header_row=2, totals="Total"))
    with take(Order(source, find(source, tmp_path), "load"), lambda _: None) as taken:
        found = [one.values["row"] for one in taken.doubts if one.code == "totals_differ"]
    assert found == [5] * count
