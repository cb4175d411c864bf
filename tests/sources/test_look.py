"""A look at files: each trap of real exports is read right, or asked about; never guessed in silence."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kurs.model.source import FilesAre, Keep
from kurs.problems import SourceError
from kurs.sources.look import found, look, look_at, outlines
from kurs.sources.look_seen import unanswered
from kurs.sources.take import Order, take

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kurs.sources.look_seen import Doubt, Seen

NBSP, NARROW = "\u00a0", "\u202f"


def seen(folder: Path, text: str, encoding: str = "utf-8", name: str = "export.csv") -> Seen:
    (folder / name).write_bytes(text.encode(encoding))
    return look(folder / name)


def always(answer: str) -> Callable[[Doubt], str]:
    return lambda _: answer


def doubts(one: Seen) -> set[str]:
    return {decided.doubt.code for decided in one.all_decided}


def findings(one: Seen) -> set[str]:
    return {problem.code for problem in one.all_findings}


def rows(one: Seen) -> list[tuple[object, ...]]:
    """What the loader makes of the files by the profile that was found."""
    from dataclasses import replace

    source = replace(one.source(), files_are=FilesAre.PARTS)
    with take(Order(source, one.files, "look"), lambda _: None) as taken:
        names = [name for name in taken.types if not name.startswith("_")]
        return taken.relation.project(", ".join(f'"{name}"' for name in names)).fetchall()


def one_column(folder: Path, *values: str, header: str = "amount", delimiter: str = ";") -> Seen:
    lines = [f"row{delimiter}{header}", *(f"row {n}{delimiter}{value}" for n, value in enumerate(values))]
    return seen(folder, "\n".join(lines) + "\n")


# Encodings


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Größe, Übergröße", "utf-8"),
        ("Größe, Übergröße", "utf-8-sig"),
        ("Größe, Übergröße", "utf-16"),
        ("Größe, Übergröße", "utf-16-le"),
        ("Größe, Übergröße", "utf-16-be"),
        ("Größe, Übergröße, Straße, grün", "windows-1252"),
        ("smörgås, hjälp, blåbär", "windows-1252"),
        ("zażółć, gęślą, jaźń, łódź", "windows-1250"),
        ("žluťoučký, kůň, příliš", "windows-1250"),
        ("مدیا, تبلیغات, فروش".replace("ی", "ي"), "windows-1256"),
        ("price in £, 5 € off – now", "windows-1252"),
    ],
)
def test_letters_keep_their_meaning(tmp_path: Path, text: str, encoding: str) -> None:
    words = text.split(", ")
    one = seen(tmp_path, "name;n\n" + "".join(f"{word};{n}\n" for n, word in enumerate(words)), encoding)
    assert rows(one) == list(zip(words, range(len(words)), strict=True))
    assert "doubt_encoding" not in doubts(one)


def test_letters_that_make_sense_in_two_code_pages_are_asked_about(tmp_path: Path) -> None:
    one = seen(tmp_path, "name;n\nbęe;1\ncęd;2\n", "windows-1250")
    assert doubts(one) == {"doubt_encoding"}


# Layout


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    lines = [["day", "campaign", "cost"], ["2026-09-01", '"a,b;c|d"', "1"], ["2026-09-02", '"e,f;g|h"', "2"]]
    one = seen(tmp_path, "\n".join(delimiter.join(line) for line in lines) + "\n")
    assert rows(one) == [(date(2026, 9, 1), "a,b;c|d", 1), (date(2026, 9, 2), "e,f;g|h", 2)]


def test_decimal_commas_do_not_cut_cells(tmp_path: Path) -> None:
    one = seen(tmp_path, "date;spend;clicks\n2026-09-01;1,50;2\n2026-09-02;2,50;3\n")
    assert [row[1] for row in rows(one)] == [Decimal("1.5"), Decimal("2.5")]
    assert not doubts(one)


GA4 = """# ----------------------------------------
# Traffic acquisition
# Start date: 20260901
# End date: 20260902
# ----------------------------------------

Date,Session channel,Sessions
20260901,Direct,"1,200"
20260902,Organic,34
"""


def test_the_preamble_of_web_analytics(tmp_path: Path) -> None:
    one = seen(tmp_path, GA4)
    assert one.format.header_row == 7
    assert rows(one) == [(date(2026, 9, 1), "Direct", 1200), (date(2026, 9, 2), "Organic", 34)]


ADS = """Campaign performance
"1 September 2026 - 2 September 2026"
Day,Campaign,Clicks,Cost
2026-09-01,Brand,10,1.50
2026-09-02,"Generic, all",--,2.25
Total: Account,--,10,3.75
Total: Search,--,10,3.75
"""


def test_title_rows_and_totals_rows_of_ads(tmp_path: Path) -> None:
    one = seen(tmp_path, ADS)
    assert (one.format.header_row, one.format.totals, one.rows) == (3, "Total:*", 2)
    assert rows(one) == [
        (date(2026, 9, 1), "Brand", 10, Decimal("1.5")),
        (date(2026, 9, 2), "Generic, all", None, Decimal("2.25")),
    ]
    assert not doubts(one)


@pytest.mark.parametrize("word", ["Grand total", "Summe", "Razem", "Summa", "Total"])
def test_totals_in_many_languages(tmp_path: Path, word: str) -> None:
    one = seen(tmp_path, f"channel;clicks\nmail;2\nads;3\n{word};5\n")
    assert rows(one) == [("mail", 2), ("ads", 3)]


def test_a_last_row_without_a_name_that_adds_up_is_a_total(tmp_path: Path) -> None:
    one = seen(tmp_path, "channel;clicks\nmail;2\nads;3\n;5\n")
    assert one.format.totals == ""
    assert seen(tmp_path, "channel;clicks\nmail;2\nads;3\n;6\n").rows == 3


def test_a_total_that_adds_nothing_up_is_asked_about(tmp_path: Path) -> None:
    text = "brand;clicks\nFinalgon;2\nNivea;3\nTotal;7\n"
    assert doubts(seen(tmp_path, text)) == {"doubt_totals"}
    kept = look(tmp_path / "export.csv", always("data"))
    assert (kept.rows, kept.format.totals) == (3, None)


def test_a_first_row_that_may_be_data(tmp_path: Path) -> None:
    assert doubts(seen(tmp_path, "Anna;Stockholm\nOla;Malmö\nEva;Lund\n")) == {"doubt_header"}
    as_data = look(tmp_path / "export.csv", always("data"))
    assert rows(as_data) == [("Anna", "Stockholm"), ("Ola", "Malmö"), ("Eva", "Lund")]
    numbers = seen(tmp_path, "1;2,5\n3;4,5\n")
    assert rows(numbers) == [(1, Decimal("2.5")), (3, Decimal("4.5"))]
    assert "doubt_header" in doubts(seen(tmp_path, "channel;2025;2026\nmail;1;2\nads;3;4\n"))
    assert not doubts(seen(tmp_path, "order_id;status\na1;paid\nb2;open\n"))


def test_headers_that_collide_and_those_that_stand_twice(tmp_path: Path) -> None:
    one = seen(tmp_path, "Cost,cost,Cost (EUR),select,,Cost €\n1,2,3,4,5,6\n7,8,9,1,2,3\n")
    assert len({column.name for column in one.columns}) == 6
    assert [column.name for column in one.columns][1] == "cost"
    twice = seen(tmp_path, "day,cost,cost\n2026-09-01,2,3\n")
    assert doubts(twice) == {"doubt_header_twice"}
    assert rows(twice) == [(date(2026, 9, 1), 2, 3)]


# Numbers


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1.234,56", "7,1"), ("1234.56", "7.1")),
        (("1,234.56", "7.1"), ("1234.56", "7.1")),
        ((f"1{NBSP}234,56", "7,10"), ("1234.56", "7.10")),
        ((f"1{NARROW}234,56", "12"), ("1234.56", "12")),
        (("1 234,5", "12,5"), ("1234.5", "12.5")),
        (("1'234.56", "8.25"), ("1234.56", "8.25")),
        (("1’234.56", "8.25"), ("1234.56", "8.25")),
        (("1.234.567", "12"), ("1234567", "12")),
        (("0.123", "1.234"), ("0.123", "1.234")),
        (("0,5", "-1,25"), ("0.5", "-1.25")),
        (("1234.567", "2.345"), ("1234.567", "2.345")),
        ((".5", "+1.25"), ("0.5", "1.25")),
    ],
)
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_marks_of_numbers(
    tmp_path: Path, values: tuple[str, ...], expected: tuple[str, ...], delimiter: str
) -> None:
    one = one_column(tmp_path, *values, delimiter=delimiter)
    assert [row[1] for row in rows(one)] == [Decimal(text) for text in expected]
    assert "doubt_marks" not in doubts(one)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("name;n\na;12.345\nb;1.200\n", 12345, Decimal("12.345")),
        ("name;n\na;12,345\nb;1,200\n", Decimal("12.345"), 12345),
        ('name,n\na,"12,345"\nb,"1,200"\n', 12345, Decimal("12.345")),
        ("name,n\na,12.345\nb,1.200\n", Decimal("12.345"), 12345),
    ],
)
def test_three_digits_after_a_mark_are_asked_about(
    tmp_path: Path, text: str, first: object, second: object
) -> None:
    one = seen(tmp_path, text)
    assert doubts(one) == {"doubt_marks"}
    assert rows(one)[0][1] == first
    other = look(tmp_path / "export.csv", lambda doubt: doubt.readings[1].name)
    assert rows(other)[0][1] == second


def test_another_column_settles_what_one_leaves_open(tmp_path: Path) -> None:
    one = seen(tmp_path, "name;n;cost\na;12.345;1,5\nb;1.200;2,25\n")
    assert not doubts(one)
    assert rows(one) == [("a", 12345, Decimal("1.5")), ("b", 1200, Decimal("2.25"))]


def test_columns_with_other_marks_than_the_rest_are_said(tmp_path: Path) -> None:
    one = seen(tmp_path, "a;b;c\n1,5;2,5;3.55\n1,25;2,75;3.5\n")
    assert findings(one) == {"look_other_marks"}
    assert rows(one)[0] == (Decimal("1.5"), Decimal("2.5"), "3.55")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (("12,5", "7,5", "9,5", "8,5", "1,5", "many"), "look_mostly_numbers"),
        (("2026-09-01", "2026-09-02", "2026-09-03", "2026-09-04", "2026-09-05", "soon"), "look_mostly_dates"),
        (("1.5", "2,5"), "look_mixed_marks"),
        (("€ 1,5", "2,5 kr"), "look_mixed_currencies"),
        (("1,5 %", "2,5"), "look_some_percent"),
        (("(1,5)", "2,5-"), "look_mixed_marks"),
    ],
)
def test_what_the_profile_cannot_say_is_said(tmp_path: Path, values: tuple[str, ...], code: str) -> None:
    one = one_column(tmp_path, *values)
    assert findings(one) == {code}
    assert [row[1] for row in rows(one)] == list(values)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("article", ("00123", "00456")),
        ("customer_id", ("123", "456")),
        ("Campaign ID", ("9935249409", "123456")),
        ("zip", ("11122", "22233")),
        ("hash", ("123456789012345678901", "1")),
    ],
)
def test_names_made_of_digits_stay_texts(tmp_path: Path, header: str, values: tuple[str, ...]) -> None:
    one = one_column(tmp_path, *values, header=header)
    assert [row[1] for row in rows(one)] == list(values)


@pytest.mark.parametrize("mark", ["--", "-", "n/a", "NULL", "", "NaN", "#N/A"])
def test_null_marks(tmp_path: Path, mark: str) -> None:
    assert [row[1] for row in rows(one_column(tmp_path, "1", mark, "3"))] == [1, None, 3]


def test_a_mark_in_a_text_is_kept_unless_a_number_needs_it(tmp_path: Path) -> None:
    one = seen(tmp_path, "name;tag\na;-\nb;x\n")
    assert rows(one) == [("a", "-"), ("b", "x")]
    both = seen(tmp_path, "name;tag;n\na;-;1\nb;x;-\n")
    assert findings(both) == {"look_null_in_text"}


def test_more_digits_than_a_number_may_have(tmp_path: Path) -> None:
    precise = one_column(tmp_path, "0.081964735516412", "1.5")
    assert rows(precise)[0][1] == Decimal("0.081964735516412")
    assert one_column(tmp_path, "1.5E-05", "2").columns[1].type == "float"


# Days and moments


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("2026-09-01", "2026-09-13"), date(2026, 9, 1)),
        (("01.09.2026", "02.09.2026"), date(2026, 9, 1)),
        (("1.9.2026", "13.9.2026"), date(2026, 9, 1)),
        (("01.09.26", "31.10.99"), date(2026, 9, 1)),
        (("01/09/2026", "13/09/2026"), date(2026, 9, 1)),
        (("09/01/2026", "09/13/2026"), date(2026, 9, 1)),
        (("2026/09/01", "2026/09/13"), date(2026, 9, 1)),
        (("20260901", "20260913"), date(2026, 9, 1)),
        (("1 Sep 2026", "13 Oct 2026"), date(2026, 9, 1)),
        (("Sep 1, 2026", "Oct 13, 2026"), date(2026, 9, 1)),
        (("2026-09-01T10:00:00", "2026-09-13T11:00:00.25"), datetime(2026, 9, 1, 10)),  # noqa: DTZ001
        (("2026-09-01 9:05:00", "2026-09-13 11:00:00"), datetime(2026, 9, 1, 9, 5)),  # noqa: DTZ001
        (("01.09.2026 10:00", "13.09.2026 11:30"), datetime(2026, 9, 1, 10)),  # noqa: DTZ001
        (("09/01/2026 1:00:00 PM", "09/13/2026 2:00:00 AM"), datetime(2026, 9, 1, 13)),  # noqa: DTZ001
    ],
)
def test_forms_of_dates(tmp_path: Path, values: tuple[str, ...], expected: object) -> None:
    one = one_column(tmp_path, *values, header="day")
    assert rows(one)[0][1] == expected
    assert not doubts(one)


@pytest.mark.parametrize(
    ("values", "first", "second"),
    [
        (("01/02/2026", "02/02/2026", "03/02/2026"), date(2026, 2, 1), date(2026, 1, 2)),
        (("02/01/2026", "02/02/2026", "02/03/2026"), date(2026, 2, 1), date(2026, 1, 2)),
        (("01-02-2026", "02-02-2026"), date(2026, 2, 1), date(2026, 1, 2)),
    ],
)
def test_days_and_months_that_may_change_places(
    tmp_path: Path, values: tuple[str, ...], first: date, second: date
) -> None:
    one = one_column(tmp_path, *values, header="day")
    assert doubts(one) == {"doubt_dates"}
    assert rows(one)[0][1] == first  # the reading by which the days lie close together
    assert rows(look(tmp_path / "export.csv", lambda doubt: doubt.readings[1].name))[0][1] == second


def test_one_file_settles_the_dates_of_another(tmp_path: Path) -> None:
    for name, day in (("a", "01/02/2026"), ("b", "28/02/2026")):
        (tmp_path / f"{name}.csv").write_text(f"day;n\n{day};1\n", "utf-8")
    both = [
        one for n in "ab" for one in outlines(found(tmp_path / f"{n}.csv", tmp_path)[0], tmp_path, unanswered)
    ]
    one = look_at(both)
    assert one.columns[0].date_format == "%d/%m/%Y"
    assert not doubts(one)


def test_moments_with_an_offset_are_instants(tmp_path: Path) -> None:
    one = one_column(tmp_path, "2026-09-01T10:00:00+02:00", "2026-09-02T10:00:00Z", header="at")
    assert one.columns[1].type == "timestamptz"
    mixed = one_column(tmp_path, "2026-09-01T10:00:00+02:00", "2026-09-02T10:00:00", header="at")
    assert mixed.columns[1].type == "text"


def test_eight_digits_may_be_a_number(tmp_path: Path) -> None:
    assert doubts(one_column(tmp_path, "20260901", header="amount")) == {"doubt_digits"}
    assert one_column(tmp_path, "20269901", header="amount").columns[1].type == "int"


# People


@pytest.mark.parametrize(
    ("header", "value", "keep"),
    [
        ("E-mail", "a@b.se", Keep.HASHED),
        ("contact", "a@b.se", Keep.HASHED),
        ("Phone", "070123", Keep.HASHED),
        ("first_name", "Eva", Keep.DROPPED),
        ("Nachname", "Stein", Keep.DROPPED),
        ("ip", "10.0.0.1", Keep.DROPPED),
        ("campaign_name", "Brand", None),
        ("email_opens", "3", None),
        ("name", "Brand", None),
    ],
)
def test_personal_data_must_be_decided(tmp_path: Path, header: str, value: str, keep: Keep | None) -> None:
    one = one_column(tmp_path, value, value, header=header)
    assert one.columns[1].keep is (keep or Keep.PLAIN)
    asked = [decided.doubt for decided in one.all_decided if decided.doubt.code == "doubt_personal"]
    assert len(asked) == (keep is not None)
    assert all(value not in str(doubt) for doubt in asked)
    plain = look(tmp_path / "export.csv", always("plain"))
    assert str(rows(plain)[0][1]) == value


# Other files


def test_json_lines_parquet_and_gzip(tmp_path: Path) -> None:
    records: list[Mapping[str, object]] = [{"day": "2026-09-01", "n": 1, "cost": 1.25, "more": {"a": 1}}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    lines = look(tmp_path / "a.jsonl")
    assert rows(lines) == [(date(2026, 9, 1), 1, Decimal("1.25"), 1)]
    table = pa.table({"day": ["01.09.2026", "13.09.2026"], "cost": [1.5, 2.5], "tags": [["a"], []]})
    pq.write_table(table, tmp_path / "a.parquet")
    expected = [(date(2026, 9, 1), 1.5, '["a"]'), (date(2026, 9, 13), 2.5, "[]")]
    assert rows(look(tmp_path / "a.parquet")) == expected
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"day;n\n2026-09-01;1\n2026-09-02;2\n"))
    assert rows(look(tmp_path / "a.csv.gz")) == [(date(2026, 9, 1), 1), (date(2026, 9, 2), 2)]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_nothing_to_look_at(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(SourceError):
        look(tmp_path / "a.csv")


def test_a_large_file_is_looked_at_all_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurs.sources.look_bytes.ALL_UP_TO", 200_000)
    monkeypatch.setattr("kurs.sources.look_bytes._PIECE", 10_000)
    monkeypatch.setattr("kurs.sources.look_bytes._HEAD", 50_000)
    lines = [f"2026-09-{n % 28 + 1:02};c{n};{n % 1000},5" for n in range(40_000)]
    (tmp_path / "a.csv").write_text("\n".join(["day;campaign;cost", *lines, "Total;;1,5"]) + "\n", "utf-8")
    one = look(tmp_path / "a.csv")
    assert one.sampled
    assert 1_000 < one.rows < 40_000
    assert [column.type for column in one.columns] == ["date", "text", "decimal"]
    assert one.format.totals == "Total"


def test_questions_show_the_same_samples_both_ways(tmp_path: Path) -> None:
    heard: list[Doubt] = []
    (tmp_path / "a.csv").write_text("day;n\n01/02/2026;1\n03/02/2026;2\n", "utf-8")
    look(tmp_path / "a.csv", heard.append)
    (doubt,) = heard
    assert doubt.samples == ("01/02/2026", "03/02/2026")
    assert [(reading.name, reading.values) for reading in doubt.readings] == [
        ("%d/%m/%Y", ("2026-02-01", "2026-02-03")),
        ("%m/%d/%Y", ("2026-01-02", "2026-03-02")),
    ]
