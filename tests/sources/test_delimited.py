"""CSV as it comes: encodings, marks, preambles, totals, quotes, ragged rows."""

from __future__ import annotations

import csv
import gzip
import io
import string
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.model.source import SourceColumn
from sources.taking import came, refused, source

GERMAN = "Tag;Kampagne;Kosten\r\n01.02.2026;Größe & Co;1.234,56\r\n02.02.2026;b;12.345,00\r\n"


def german(**more: object) -> dict[str, object]:
    return {"delimiter": ";", "decimal": ",", "thousands": ".", "date": "%d.%m.%Y", **more}


def test_german_numbers_and_days_are_read_as_stated(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(GERMAN.encode())
    it = came(tmp_path, source("a.csv", **german()))
    assert it.types == {"tag": "date", "kampagne": "text", "kosten": "decimal(18,6)"}
    assert it.rows == [
        (date(2026, 2, 1), "Größe & Co", Decimal("1234.56")),
        (date(2026, 2, 2), "b", Decimal(12345)),
    ]


def test_what_is_not_stated_is_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('day,n,clicks\n01/02/2026,12.345,"1,200"\n', "utf-8")
    it = came(tmp_path, source("a.csv"))
    assert it.types == {"day": "text", "n": "decimal(18,6)", "clicks": "text"}
    stated = (SourceColumn("clicks", "clicks", "int"), SourceColumn("day", "day", "date"))
    assert [p.code for p in refused(tmp_path, source("a.csv", *stated))] == ["untypable", "untypable"]
    assert came(tmp_path, source("a.csv", *stated, thousands=",", date="%d/%m/%Y")).rows == [
        (date(2026, 2, 1), Decimal("12.345"), 1200)
    ]


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("latin-1", "latin-1"),
        ("windows-1252", "windows-1252"),
        ("windows-1250", "windows-1250"),
        ("iso-8859-2", "iso-8859-2"),
        ("utf-16-be", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".gz"])
def test_encodings(tmp_path: Path, encoding: str, stated: str, ending: str) -> None:
    data = GERMAN.encode(encoding)
    (tmp_path / f"a.csv{ending}").write_bytes(gzip.compress(data) if ending else data)
    it = came(tmp_path, source(f"a.csv{ending}", **german(encoding=stated)))
    assert it.rows[0] == (date(2026, 2, 1), "Größe & Co", Decimal("1234.56"))
    assert list(it.types) == ["tag", "kampagne", "kosten"]


@pytest.mark.parametrize(("encoding", "stated"), [("latin-1", "utf-8"), ("utf-16-le", "utf-8")])
def test_a_wrong_encoding_is_told_with_its_line(tmp_path: Path, encoding: str, stated: str) -> None:
    (tmp_path / "a.csv").write_bytes(GERMAN.encode(encoding))
    (problem,) = refused(tmp_path, source("a.csv", **german(encoding=stated)))
    assert problem.code == "bad_encoding"
    assert problem.values["row"] == 2  # where ö stands


def test_arabic_code_page(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("شهر,n\nتهران,1\n".encode("windows-1256"))
    assert came(tmp_path, source("a.csv", encoding="windows-1256")).rows == [("تهران", 1)]


def test_bytes_that_a_code_page_lacks_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a\nx\n\x81\n")
    (problem,) = refused(tmp_path, source("a.csv", encoding="windows-1252"))
    assert (problem.code, problem.values["row"]) == ("bad_encoding", 3)


@pytest.mark.parametrize("encoding", ["hex", "rot13", "zlib", "idna", "undefined", "no\0", ""])
def test_what_is_no_encoding_of_texts_is_refused(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(b"a\nx\n")
    (problem,) = refused(tmp_path, source("a.csv", encoding=encoding))
    assert problem.code == "unknown_encoding"


def test_a_character_may_lie_across_two_blocks(tmp_path: Path) -> None:
    line = "é" * 99 + "\n"
    (tmp_path / "a.csv").write_text("text\n" + line * 12_000, "utf-8")
    it = came(tmp_path, source("a.csv"))
    assert set(it.rows) == {("é" * 99,)}
    assert len(it.rows) == 12_000


def test_preamble_comments_and_totals_are_no_data(tmp_path: Path) -> None:
    lines = [
        "# Report, with a comma",
        "",
        "Day,Campaign,Clicks",
        "2026-01-01,a,1",
        "# note",
        "2026-01-02,b,2",
        "",
        "Total,,3",
        "Total: campaigns",
    ]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    it = came(tmp_path, source("a.csv", header_row=3, comment="#", totals="Total*"))
    assert it.rows == [(date(2026, 1, 1), "a", 1), (date(2026, 1, 2), "b", 2)]
    assert it.read == 2


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    lines = ["title", "n,text", '1,"two', 'lines"', "", "# aside, of two", "# aside", "x,b"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    wanted = source("a.csv", SourceColumn("n", "n", "int"), header_row=2, comment="#")
    (problem,) = refused(tmp_path, wanted)
    assert (problem.code, problem.values["row"], problem.values["value"]) == ("untypable", 7, "x")


def test_quoted_cells_keep_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'a,b\r\n"x ""y"", z","two\r\nlines"\r\n  blanks ,5" pipe\r\n')
    it = came(tmp_path, source("a.csv"))
    assert it.rows == [('x "y", z', "two\r\nlines"), ("  blanks ", '5" pipe')]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"x\n3,4\n5,6\n',  # never closed: the rest would be one cell
        'a,b\n1,"x\n3,"y"\n5,6\n',  # closed by another cell's quote: two records would be one
        'a\n"x\n1\n2\n',
    ],
)
def test_a_stray_quote_does_not_swallow_rows(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (problem,) = refused(tmp_path, source("a.csv"))
    assert problem.code in ("stray_quote", "ragged_row")


def test_ragged_rows_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3\n4,5,6\n", "utf-8")
    short, long = refused(tmp_path, source("a.csv"))
    assert (short.code, short.values["row"], short.values["given"]) == ("ragged_row", 3, 1)
    assert (long.code, long.values["row"], long.values["expected"]) == ("ragged_row", 4, 2)


def test_a_file_without_a_header_takes_the_columns_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("2026-01-01\t007\n", "utf-8")
    columns = (SourceColumn("day", "day", "date"), SourceColumn("sku", "sku", "text"))
    assert came(tmp_path, source("a.tsv", *columns, header_row=0)).rows == [(date(2026, 1, 1), "007")]
    (problem,) = refused(tmp_path, source("a.tsv", columns[0], header_row=0))
    assert problem.code == "column_count"


@pytest.mark.parametrize(
    ("text", "columns", "code"),
    [
        ("", (), "file_empty"),
        ("\n\n", (), "header_missing"),
        ("a;b\n1;2\n", (), "wrong_delimiter"),
        ("a,b\n1,2\n", (SourceColumn("bb", "bb"),), "missing_column"),
        ("a,b\n1,2\n", (SourceColumn("a", "x"), SourceColumn("b", "x")), "column_twice"),
    ],
)
def test_what_is_wrong_with_a_header_is_told(
    tmp_path: Path, text: str, columns: tuple[SourceColumn, ...], code: str
) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert [problem.code for problem in refused(tmp_path, source("a.csv", *columns))] == [code]


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000)[:-20])
    assert [problem.code for problem in refused(tmp_path, source("a.csv.gz"))] == ["unreadable"]


def test_twenty_bad_rows_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n\n" + "x\n" * 30, "utf-8")
    problems = refused(tmp_path, source("a.csv", SourceColumn("n", "n", "int")))
    assert [problem.code for problem in problems] == ["untypable"] * 20 + ["more_rejects"]
    assert [problem.values["row"] for problem in problems[:20]] == list(range(2, 22))
    assert problems[20].values["total"] == 30


@st.composite
def exports(draw: st.DrawFn) -> tuple[list[tuple[str, Decimal | None, date]], dict[str, object], bytes]:
    """A random table, a random profile, and the table written by it with Python's own csv module."""
    decimal, thousands = draw(st.sampled_from([(".", None), (".", ","), (",", "."), (",", " "), (",", "'")]))
    delimiter = draw(st.sampled_from([";", "\t", "|"]))
    form = draw(st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%Y%m%d"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]))
    preamble = draw(st.integers(0, 3))
    letters = string.ascii_letters + string.digits + " ,;|'\"#\t\r\nåłß€ا"
    texts = st.text(letters, min_size=1, max_size=12)
    numbers = st.decimals(-(10**11), 10**11, allow_nan=False, places=draw(st.integers(0, 6)))
    days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
    rows = draw(st.lists(st.tuples(texts, st.none() | numbers, days), min_size=1, max_size=20))
    file = io.StringIO(newline="")
    file.write("some title\n" * preamble)
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    # The module leaves a lone \r unquoted, which would end the record for any reader.
    quoting = csv.QUOTE_ALL if any("\r" in text for text, _, _ in rows) else csv.QUOTE_MINIMAL
    writer = csv.writer(file, delimiter=delimiter, lineterminator=ends, quoting=quoting)
    writer.writerow(["Text", "Amount (EUR)", "Day"])
    for text, number, day in rows:
        marks = {",": thousands or "", ".": decimal}
        shown = "".join(marks.get(c, c) for c in f"{number:,f}") if number is not None else "--"
        writer.writerow([text, shown, day.strftime(form)])
    profile = {
        "delimiter": delimiter,
        "decimal": decimal,
        "thousands": thousands,
        "date": form,
        "encoding": "utf-8" if encoding == "utf-8-sig" else encoding,
        "header_row": preamble + 1,
        "nulls": ("--",),
    }
    return rows, profile, file.getvalue().encode(encoding)


@settings(max_examples=60)
@given(exports())
def test_what_comes_in_is_what_was_written_to_the_digit(
    export: tuple[list[tuple[str, Decimal | None, date]], dict[str, object], bytes],
) -> None:
    rows, profile, data = export
    columns = (
        SourceColumn("Text", "text", "text"),
        SourceColumn("Amount (EUR)", "amount", "decimal"),
        SourceColumn("Day", "day", "date"),
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.csv").write_bytes(data)
        it = came(Path(folder), source("a.csv", *columns, **profile))
    expected = [(None if text == "--" else text, number, day) for text, number, day in rows]
    assert sorted(it.rows, key=repr) == sorted(
        ((text, None if n is None else n.quantize(Decimal("0.000001")), day) for text, n, day in expected),
        key=repr,
    )


def test_a_second_part_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    parts = gzip.compress(b"a,b\n1,2\n") + gzip.compress(b"3,\xc5")
    (tmp_path / "a.csv.gz").write_bytes(parts)
    (problem,) = refused(tmp_path, source("a.csv.gz"))
    assert problem.code == "bad_encoding"
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"a,b\n") + gzip.compress(b"\xc5"))
    (problem,) = refused(tmp_path, source("a.csv.gz"))
    assert problem.code == "bad_encoding"
