"""Sheets of workbooks: exact cells, and no silence about what a sheet hides."""

from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kurs.model.source import SourceColumn
from sources.taking import came, refused, source

HEADER = ("Day", "Campaign", "Cost")
DAY = SourceColumn("Day", "day", "date")
COST = SourceColumn("Cost", "cost", "decimal")


def xlsx(path: Path, *rows: tuple[object, ...], **others: list[tuple[object, ...]]) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Data"
    for row in rows:
        first.append(row)
    for name, lines in others.items():
        sheet = book.create_sheet(name)
        for row in lines:
            sheet.append(row)
    book.save(path)


def ods(path: Path, *rows: str) -> None:
    """Write OpenDocument by hand; a row is the XML of its cells."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    calc = ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content{spaces}{calc}><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<?xml version='1.0'?><manifest/>")
        archive.writestr("content.xml", content)


def cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def typed(kind: str, value: str, name: str = "value") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
        "<text:p>?</text:p></table:table-cell>"
    )


def test_cells_of_excel_come_exactly(tmp_path: Path) -> None:
    rows = [
        (dt.date(2026, 1, 5), "a", 0.1),
        (),
        (dt.date(2026, 1, 6), "007", 1234567.5),
        (None, None, None),
        (dt.datetime.combine(dt.date(2026, 1, 7), dt.time()), None, -3),
    ]
    xlsx(tmp_path / "a.xlsx", HEADER, *rows)
    it = came(tmp_path, source("a.xlsx"))
    assert it.types == {"day": "date", "campaign": "text", "cost": "decimal(18,6)"}
    assert it.rows == [
        (dt.date(2026, 1, 5), "a", Decimal("0.1")),
        (dt.date(2026, 1, 6), "007", Decimal("1234567.5")),
        (dt.date(2026, 1, 7), None, Decimal(-3)),
    ]


def test_a_preamble_totals_and_an_offset_table(tmp_path: Path) -> None:
    lines = [("Report",), (), (None, *HEADER), (None, "2026-01-05", "a", 1), (None, "Total", None, 1)]
    xlsx(tmp_path / "a.xlsx", *lines)
    it = came(tmp_path, source("a.xlsx", header_row=3, totals="Total*"))
    assert it.rows == [(dt.date(2026, 1, 5), "a", 1)]


def test_rows_are_those_of_the_spreadsheet(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("t",), (), ("n",), (1,), (), ("x",))
    (problem,) = refused(tmp_path, source("a.xlsx", SourceColumn("n", "n", "int"), header_row=3))
    assert (problem.code, problem.values["row"]) == ("untypable", 6)


def test_one_of_several_sheets_must_be_named(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("n",), (1,), **{"2": [("n",), (2,)], "c": [("n",), (3,)]})
    (problem,) = refused(tmp_path, source("a.xlsx"))
    assert (problem.code, problem.values["sheets"]) == ("sheet_needed", ["Data", "2", "c"])
    assert came(tmp_path, source("a.xlsx", sheet="Data")).rows == [(1,)]
    assert came(tmp_path, source("a.xlsx", sheet="2")).rows == [(2,)]  # a name comes before a number
    assert came(tmp_path, source("a.xlsx", sheet="3")).rows == [(3,)]
    (problem,) = refused(tmp_path, source("a.xlsx", sheet="d"))
    assert problem.code == "sheet_missing"


def test_an_error_in_a_cell_is_not_an_empty_cell(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("n", "t"), (1, "a"), ("=1/0", "b"), ("#N/A", "c"))
    path = tmp_path / "a.xlsx"
    told = refused(tmp_path, source("a.xlsx", SourceColumn("n", "n", "int")))
    assert [(p.values["row"], p.values["value"]) for p in told] == [(3, "=1/0"), (4, "#N/A")]
    it = came(path.parent, source("a.xlsx", SourceColumn("n", "n", "int"), nulls=("", "#N/A", "=1/0")))
    assert it.rows == [(1, "a"), (None, "b"), (None, "c")]


def test_days_of_the_workbook_and_days_in_text_do_not_mix_up(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", HEADER, (dt.date(2026, 1, 5), "a", 1), ("05.02.2026", "b", "1,5"))
    it = came(tmp_path, source("a.xlsx", DAY, COST, date="%d.%m.%Y", decimal=","))
    assert it.rows == [(dt.date(2026, 1, 5), "a", 1), (dt.date(2026, 2, 5), "b", Decimal("1.5"))]


def test_numbers_with_more_digits_than_a_sheet_keeps_are_told(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("id", "n"), (23851234567890123, 1))
    (problem,) = refused(tmp_path, source("a.xlsx"))
    assert (problem.code, problem.values["row"]) == ("inexact_number", 2)
    it = came(tmp_path, source("a.xlsx", SourceColumn("id", "id", "float")))
    assert it.types == {"id": "float", "n": "int"}


def test_a_percent_cell_is_its_fraction_and_a_percent_text_needs_its_type(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("ctr", "share"), (0.0123, "1.23%"))
    it = came(tmp_path, source("a.xlsx", SourceColumn("share", "share", "percent")))
    assert it.rows == [(Decimal("0.0123"), Decimal("0.0123"))]


def test_columns_that_were_only_formatted_are_none(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("a", None, "b", None), (1, None, 2, None), (3, None, 4, 5))
    it = came(tmp_path, source("a.xlsx"))
    assert it.types == {"a": "int", "b": "int", "column_3": "int"}


def test_old_excel(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for n, row in enumerate([HEADER, (dt.date(2026, 1, 5), "ä", 0.1), (dt.date(2026, 1, 6), "b", 20)]):
        for m, value in enumerate(row):
            sheet.write(n, m, value, day) if isinstance(value, dt.date) else sheet.write(n, m, value)
    book.save(tmp_path / "a.xls")
    assert came(tmp_path, source("a.xls")).rows == [
        (dt.date(2026, 1, 5), "ä", Decimal("0.1")),
        (dt.date(2026, 1, 6), "b", 20),
    ]


def test_open_document(tmp_path: Path) -> None:
    header = "".join(map(cell, HEADER))
    first = typed("date", "2026-01-05", "date-value") + cell("a") + typed("currency", "0.1")
    second = typed("date", "2026-01-06", "date-value") + cell("b") + typed("float", "12")
    ods(tmp_path / "a.ods", header, first, second)
    assert came(tmp_path, source("a.ods", COST)).rows == [
        (dt.date(2026, 1, 5), "a", Decimal("0.1")),
        (dt.date(2026, 1, 6), "b", 12),
    ]
    error = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    ods(tmp_path / "b.ods", header, first, typed("float", "1") + cell("c") + error)
    (problem,) = refused(tmp_path, source("b.ods"))
    assert (problem.code, problem.values["value"]) == ("sheet_errors", "#DIV/0!")


def test_a_workbook_in_an_archive(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", ("n",), (1,))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.xlsx", "in/a.xlsx")
    assert came(tmp_path, source("a.zip")).rows == [(1,)]


@pytest.mark.parametrize("name", ["a.xlsx", "a.xls", "a.ods"])
def test_what_is_no_workbook_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n", "utf-8")
    assert [problem.code for problem in refused(tmp_path, source(name))] == ["unreadable"]


def test_a_cell_far_away_does_not_take_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "n", 1, "x"
    book.save(tmp_path / "a.xlsx")
    (problem,) = refused(tmp_path, source("a.xlsx"))
    assert problem.code == "sheet_too_large"


# openpyxl itself writes no more than 16 digits.
NUMBERS = st.floats(-1e9, 1e9).map(lambda x: round(x, 5)) | st.integers(-(10**12), 10**12)
TEXTS = st.text("abcåłž ا07.,-%", min_size=1, max_size=9).filter(lambda t: t.strip() == t)


@settings(max_examples=6, deadline=None, phases=[Phase.generate])  # a process for each: too slow to shrink
@given(st.lists(st.tuples(TEXTS, NUMBERS, st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))), min_size=1))
def test_what_openpyxl_writes_comes_back(rows: list[tuple[str, float, dt.date]]) -> None:
    columns = (
        SourceColumn("Text", "text", "text"),
        SourceColumn("n", "n", "decimal(38,10)"),
        SourceColumn("day", "day", "date"),
    )
    with tempfile.TemporaryDirectory() as folder:
        xlsx(Path(folder, "a.xlsx"), ("Text", "n", "day"), *rows)
        it = came(Path(folder), source("a.xlsx", *columns))
    expected = [(text, Decimal(repr(float(n) + 0.0)), day) for text, n, day in rows]  # no negative zero
    assert sorted(it.rows, key=repr) == sorted(
        ((t, n.quantize(Decimal("1e-10")), d) for t, n, d in expected), key=repr
    )
