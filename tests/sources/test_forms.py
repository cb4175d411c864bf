"""Which texts are a value of which type: narrow, exact, and never by guess."""

from __future__ import annotations

import duckdb
import pytest

from kurs.model.source import DataType
from kurs.sources.forms import INFERRED, Forms


def value(text: str, to: str, **stated: str) -> str | None:
    data = DataType.parse(to)
    assert data is not None
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = f"SELECT ({Forms(**stated).value('x', data)})::VARCHAR FROM (SELECT ?::VARCHAR AS x)"
        ((found,),) = connection.execute(sql, [text]).fetchall()
        return found


def inferred(text: str, **stated: str) -> str:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for data in INFERRED:
            sql = f"SELECT {Forms(**stated).inferable('x', data)} FROM (SELECT ?::VARCHAR AS x)"
            if connection.execute(sql, [text]).fetchall() == [(True,)]:
                return str(data)
    return "text"


COMMA = {"decimal": ",", "thousands": "."}


@pytest.mark.parametrize(
    ("text", "to", "stated", "expected"),
    [
        ("007", "int", {}, "7"),
        ("1.5", "int", {}, None),  # a cast would round
        ("1_000", "int", {}, None),
        ("0x10", "int", {}, None),
        ("9223372036854775808", "int", {}, None),
        ("1,200", "int", {"thousands": ","}, "1200"),
        ("1,20", "int", {"thousands": ","}, None),
        ("1,200,34", "int", {"thousands": ","}, None),
        ("1.234,56", "decimal", COMMA, "1234.560000"),
        ("12.345", "decimal", {"decimal": ","}, None),
        ("12.345", "decimal", COMMA, "12345.000000"),
        ("1.1000000", "decimal", {}, "1.100000"),
        ("1.1234567", "decimal", {}, None),  # a cast would round
        (".1234567", "decimal", {}, None),
        (".5", "decimal", {}, "0.500000"),
        (".5", "decimal(10,0)", {}, None),
        ("5.", "decimal", {}, "5.000000"),
        ("1e3", "decimal", {}, None),
        ("1.005", "decimal(10,2)", {}, None),
        ("1000000000000", "decimal", {}, None),
        ("1e999", "float", {}, None),
        ("nan", "float", {}, None),
        ("infinity", "float", {}, None),
        ("1,5E+05", "float", {"decimal": ","}, "150000.0"),
        ("T", "bool", {}, "true"),
        ("0", "bool", {}, "false"),
        ("yes", "bool", {}, None),
        ("2026-02-30", "date", {}, None),
        ("2026-02-28 00:00:00", "date", {}, "2026-02-28"),
        ("2026-02-28 00:00:01", "date", {}, None),
        ("0026-02-28", "date", {}, None),
        ("01.02.26", "date", {"date": "%d.%m.%Y"}, None),  # strptime makes it the year 26
        ("01.02.26", "date", {"date": "%d.%m.%y"}, "2026-02-01"),
        ("1.2.2026", "date", {"date": "%d.%m.%Y"}, "2026-02-01"),
        ("2026091", "date", {"date": "%Y%m%d"}, None),  # strptime makes it 1 September
        ("Sep 1, 2026", "date", {"date": "%b %d, %Y"}, "2026-09-01"),
        ("2026-01-01 10:00", "timestamp", {}, "2026-01-01 10:00:00"),
        ("2026-01-01T10:00:00Z", "timestamp", {}, None),  # the zone would be lost
        ("2026-01-01 24:00:00", "timestamp", {}, None),
        ("2026-01-01 10:00:00.1234567", "timestamp", {}, None),
        ("1/2/2026 10:30", "timestamp", {"timestamp": "%d/%m/%Y %H:%M"}, "2026-02-01 10:30:00"),
        ("2026-01-01T10:00:00+02:00", "timestamptz", {}, "2026-01-01 08:00:00+00"),
        ("2026-01-01 10:00:00 UTC", "timestamptz", {}, "2026-01-01 10:00:00+00"),
        ("2026-01-01 10:00:00", "timestamptz", {}, None),
        ("2026-07-01 10:00:00", "timestamptz", {"zone": "Europe/Stockholm"}, "2026-07-01 08:00:00+00"),
    ],
)
def test_a_text_has_a_value_of_a_type(
    text: str, to: str, stated: dict[str, str], expected: str | None
) -> None:
    assert value(text, to, **stated) == expected


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("12", {}, "int"),
        ("0", {}, "int"),
        ("007", {}, "text"),
        ("+48123456789", {}, "text"),
        ("12345678901234567890", {}, "text"),
        ("1.5", {}, "decimal(18,6)"),
        ("1.1234567", {}, "float"),
        ("1e-7", {}, "float"),
        ("1,5", {}, "text"),
        ("1,5", {"decimal": ","}, "decimal(18,6)"),
        ("1.234", COMMA, "int"),
        ("true", {}, "bool"),
        ("1", {}, "int"),
        ("t", {}, "text"),
        ("2026-01-31", {}, "date"),
        ("31.01.2026", {}, "text"),
        ("31.01.2026", {"date": "%d.%m.%Y"}, "date"),
        ("2026-01-31 10:00", {}, "timestamp"),
        ("2026-01-31 10:00", {"date": "%d.%m.%Y"}, "timestamp"),
        ("2026-01-31T10:00:00Z", {}, "timestamptz"),
        ("2026-01-31 10:00", {"zone": "Europe/Stockholm"}, "timestamp"),
    ],
)
def test_a_form_without_doubt_gives_a_type(text: str, stated: dict[str, str], expected: str) -> None:
    assert inferred(text, **stated) == expected
