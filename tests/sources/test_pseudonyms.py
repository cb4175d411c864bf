"""Keyed hashes: Python's own HMAC over what is written in one way."""

from __future__ import annotations

import hashlib
import hmac

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.sources.pseudonyms import fingerprint, pseudonym_of, use_key

KEY = b"0123456789abcdef"


def expected(value: str, key: bytes = KEY) -> str:
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" Ann@Example.COM \t", "ann@example.com"),
        ("\u00a0\u200bann@example.com\u202f", "ann@example.com"),
        ("ÅSA@exempel.se", "åsa@exempel.se"),
        ("A\u030asa@exempel.se", "åsa@exempel.se"),
        ("+46 (70) 123-45.67", "+46701234567"),
        ("12-34 5", "12-34 5"),
        ("cust 17", "cust 17"),
    ],
)
def test_one_person_has_one_hash_however_it_is_written(written: str, meant: str) -> None:
    assert pseudonym_of(written, KEY) == expected(meant)


def test_a_blank_is_nobody() -> None:
    assert [pseudonym_of(blank, KEY) for blank in ("", " ", "\t\u00a0")] == [None] * 3


@settings(max_examples=30)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1), st.binary(min_size=1))
def test_it_is_hmac_for_any_key(value: str, key: bytes) -> None:
    plain = value.lower()
    if not (value.startswith("+") and set(value[1:]) <= set("0123456789()./-")):
        assert pseudonym_of(value, key) == expected(plain, key)


def test_another_key_gives_another_hash_and_is_told_apart() -> None:
    assert pseudonym_of("a", KEY) != pseudonym_of("a", KEY + b"x")
    assert fingerprint(KEY) != fingerprint(KEY + b"x")


def test_the_key_stands_in_no_statement() -> None:
    with duckdb.connect() as connection:
        use_key(connection, KEY)
        sql = "SELECT current_setting('TimeZone')"
        assert KEY.hex() not in str(connection.execute(sql).fetchall())
