"""The same answers in four languages: the same facts, no English left, numbers as the reader writes them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

LANGUAGES = ("pl", "sv", "fa")
COMMANDS = (
    ("status",),
    ("check",),
    ("data",),
    ("actions",),
    ("query", "revenue", "--grain", "week", "--from", "2026-02-02", "--to", "2026-03-15"),
    ("explain", "conversion_rate", "--period", "2026-02-16..2026-03-15"),
)
# Words that only our texts have; names of the plan and of its columns stay as the plan has them.
ENGLISH = re.compile(
    r"\b(owner|target|expected|on track|at risk|off track|missed|since|rows|loaded|the|error|of|made)\b"
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_english_is_left(kurs: Run, shop: Path, lang: str, words: tuple[str, ...]) -> None:
    said = kurs("--project", shop, *words, "--lang", lang)
    assert said.code == 0
    own = set(ENGLISH.findall((shop / "kurs.yaml").read_text("utf-8").lower()))
    whole = re.sub(r"“[^”]*”|\w+\([^)]*\)|kurs [\w./ -]+", "", said.out + said.err)
    assert not set(ENGLISH.findall(whole.lower())) - own, whole


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_facts_are_the_same(kurs: Run, shop: Path, lang: str) -> None:
    asked = ("--project", shop, "query", "revenue", "orders", "--by", "channel")

    def numbers(text: str) -> list[str]:
        """Digits alone: the signs between and around them are the language's."""
        return [
            "".join(str(unicodedata.decimal(char)) for char in line if char.isdecimal())
            for line in text.splitlines()[2:-1]
        ]

    assert numbers(kurs(*asked, "--lang", lang).out) == numbers(kurs(*asked).out)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_a_program_reads_is_the_same(kurs: Run, shop: Path, lang: str) -> None:
    asked = ("--project", shop, "query", "revenue", "--by", "channel", "--format", "csv")
    assert kurs(*asked, "--lang", lang).out == kurs(*asked).out


def test_a_right_to_left_table_keeps_its_columns(kurs: Run, shop: Path) -> None:
    said = kurs("--project", shop, "data", "--lang", "fa").out
    first = said.splitlines()[2]
    mark = "\N{LEFT-TO-RIGHT MARK}"
    assert first.startswith(mark)
    assert first.endswith(mark)
    assert all(f"{mark}  " in line for line in said.splitlines() if "۱۴۰" in line)
