"""Numbers in dress: signs, currencies, percent, parentheses, bounds, other digits. Exact, or not at all."""

from __future__ import annotations

import csv
import io
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.model.source import Bounds, DataType, Digits, Negatives, SourceColumn
from kurs.sources.forms import Forms
from sources.taking import came, refused, source

MONEY = ("€", "EUR", "kr.", "zł")


@cache
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def value(text: str, to: str, **stated: object) -> str | None:
    data = DataType.parse(to)
    assert data is not None
    forms = Forms(percent=to == "percent", **stated)  # type: ignore[arg-type]
    sql = f"SELECT ({forms.value('x', data)})::VARCHAR FROM (SELECT ?::VARCHAR AS x)"
    ((found,),) = connection().execute(sql, [text]).fetchall()
    return found


@pytest.mark.parametrize(
    ("text", "to", "stated", "expected"),
    [
        ("1,23%", "percent", {"decimal": ","}, "0.01230000"),
        ("1.23\u00a0%", "percent", {}, "0.01230000"),
        ("٪12", "percent", {}, "0.12000000"),
        ("−5%", "percent", {}, "-0.05000000"),
        ("1,234%", "percent", {"thousands": ","}, "12.34000000"),
        ("1.23", "percent", {}, None),  # 1.23 % or 123 %? not said
        ("0.0000001%", "percent", {}, None),  # would be rounded
        ("1.23%", "decimal", {}, None),
        ("€1,234.50", "decimal", {"thousands": ","}, "1234.500000"),
        ("1.234,50 €", "decimal", {"thousands": ".", "decimal": ","}, "1234.500000"),
        ("-€5", "decimal", {}, "-5.000000"),
        ("€ -5", "decimal", {}, "-5.000000"),
        ("12.50 kr.", "decimal", {}, "12.500000"),
        ("EUR 12", "int", {}, "12"),
        ("€5€", "int", {}, None),
        ("$5", "int", {}, None),  # another currency
        ("5$", "int", {}, None),
        ("€", "int", {}, None),
        ("-€-5", "int", {}, None),
        ("(12.50)", "decimal", {}, None),
        ("(12.50)", "decimal", {"negatives": Negatives.PARENTHESES}, "-12.500000"),
        ("(€12.50)", "decimal", {"negatives": Negatives.PARENTHESES}, "-12.500000"),
        ("(12.50) €", "decimal", {"negatives": Negatives.PARENTHESES}, "-12.500000"),
        ("(-12.50)", "decimal", {"negatives": Negatives.PARENTHESES}, None),
        ("(12.50", "decimal", {"negatives": Negatives.PARENTHESES}, None),
        ("12-", "int", {"negatives": Negatives.TRAILING}, "-12"),
        ("12,5- €", "decimal", {"negatives": Negatives.TRAILING, "decimal": ","}, "-12.500000"),
        ("-12-", "int", {"negatives": Negatives.TRAILING}, None),
        ("12-", "int", {}, None),
        ("1 234\u202f567\u00a0890", "int", {"thousands": " "}, "1234567890"),
        ("1 23", "int", {"thousands": " "}, None),
        ("1’234.5", "decimal", {"thousands": "'"}, "1234.500000"),
        ("−9223372036854775808", "int", {}, "-9223372036854775808"),
        ("−1.5", "float", {}, "-1.5"),
        ("< 10", "int", {}, None),
        ("< 10", "int", {"bounds": Bounds.EMPTY}, None),
        ("< 10", "int", {"bounds": Bounds.VALUE}, "10"),
        ("< 10", "int", {"bounds": Bounds.HALF}, "5"),
        ("<5", "int", {"bounds": Bounds.HALF}, None),  # 2.5 is no int
        ("<5", "decimal", {"bounds": Bounds.HALF}, "2.500000"),
        ("> 90%", "percent", {"bounds": Bounds.VALUE}, "0.90000000"),
        ("> 90", "int", {"bounds": Bounds.HALF}, None),
        ("12", "int", {"bounds": Bounds.HALF}, "12"),
    ],
)
def test_a_dressed_number_is_what_is_stated_or_nothing(
    text: str, to: str, stated: dict[str, object], expected: str | None
) -> None:
    assert value(text, to, **{"currency_signs": MONEY, **stated}) == expected


def test_persian_and_arabic_digits_are_digits_where_stated(tmp_path: Path) -> None:
    lines = ["day;cost;share;name", "۲۰۲۶-۰۱-۰۲;۱٬۲۳۴٫۵;۱٫۵٪;۱۲", "٢٠٢٦-٠١-٠٣;\u200f−٧;-;x"]
    (tmp_path / "a.csv").write_text("\n".join(lines), "utf-8")
    columns = (
        SourceColumn("day", "day", "date"),
        SourceColumn("cost", "cost", "decimal"),
        SourceColumn("share", "share", "percent"),
    )
    profile = {"delimiter": ";", "decimal": "٫", "thousands": "٬", "nulls": ("-",)}
    it = came(tmp_path, source("a.csv", *columns, digits=Digits.PERSIAN, **profile))
    assert [(str(r[0]), *r[1:]) for r in it.rows] == [
        ("2026-01-02", Decimal("1234.5"), Decimal("0.015"), "۱۲"),
        ("2026-01-03", Decimal(-7), None, "x"),
    ]
    assert refused(tmp_path, source("a.csv", *columns, **profile))[0].code == "untypable"


def test_currency_signs_may_differ_between_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("eur,usd\n€5,$6\n", "utf-8")
    eur = SourceColumn("eur", "eur", "int", currency_signs=("€",))
    usd = SourceColumn("usd", "usd", "int", currency_signs=("$",))
    assert came(tmp_path, source("a.csv", eur, usd)).rows == [(5, 6)]
    (problem,) = refused(
        tmp_path, source("a.csv", eur, SourceColumn("usd", "usd", "int"), currency_signs=("€",))
    )
    assert problem.values["value"] == "$6"


def test_a_column_of_stated_currency_needs_no_type(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n"€1,234.50",€ 7\n(€0.50),7\n', "utf-8")
    profile = {"currency_signs": ("€",), "thousands": ",", "negatives": Negatives.PARENTHESES}
    it = came(tmp_path, source("a.csv", **profile))
    assert it.types == {"a": "decimal(18,6)", "b": "int"}
    assert it.rows == [(Decimal("1234.50"), 7), (Decimal("-0.50"), 7)]


@st.composite
def dressed(draw: st.DrawFn) -> tuple[list[Decimal], dict[str, object], bytes]:
    decimal, thousands = draw(
        st.sampled_from([(".", ","), (",", "."), (",", " "), (",", "\u202f"), (".", "’"), ("٫", "٬")])
    )
    spread = draw(st.sampled_from(["", " ", "\u00a0"]))
    sign, behind = draw(st.sampled_from(["", "€", "zł", "SEK"])), draw(st.booleans())
    negatives = draw(st.sampled_from(Negatives))
    eastern = draw(st.booleans())
    numbers = draw(st.lists(st.decimals(-(10**11), 10**11, places=4), min_size=1, max_size=15))
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(["n"])
    for number in numbers:
        marks = {",": thousands, ".": decimal}
        text = "".join(marks.get(c, c) for c in f"{abs(number):,f}")
        if eastern:
            text = text.translate({ord("0") + n: "۰۱۲۳۴۵۶۷۸۹"[n] for n in range(10)})
        if sign:
            text = f"{text}{spread}{sign}" if behind else f"{sign}{spread}{text}"
        if number < 0:
            minus = draw(st.sampled_from(["-", "−"]))
            shapes = {Negatives.PARENTHESES: f"({text})", Negatives.TRAILING: text + minus}
            text = shapes.get(negatives, minus + text)
        writer.writerow([text])
    profile = {
        "decimal": decimal,
        "thousands": thousands,
        "delimiter": ";",
        "currency_signs": (sign,) if sign else (),
        "negatives": negatives,
        "digits": Digits.PERSIAN if eastern else Digits.LATIN,
    }
    return numbers, profile, file.getvalue().encode()


@settings(max_examples=60)
@given(dressed())
def test_dressed_numbers_come_back_to_the_digit(made: tuple[list[Decimal], dict[str, object], bytes]) -> None:
    numbers, profile, data = made
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.csv").write_bytes(data)
        it = came(Path(folder), source("a.csv", SourceColumn("n", "n", "decimal"), **profile))
    assert sorted(row[0] for row in it.rows) == sorted(numbers)
