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
    whole = re.sub(r"“[^”]*”|\w+\([^)]*\)|\b[a-z_]+:|\w+(?:\.\w+)+|kurs [\w./ -]+", "", said.out + said.err)
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


SLIPS = (
    ("explain",),
    ("note", "a", "b", "c"),
    ("status", "--as-of"),
    ("status", "--quiet=1"),
    ("status", "--bogus"),
    ("bogus",),
    ("status", "--format", "xml"),
    ("status", "--as-of", "soon"),
    ("status", "--help"),
    ("--help",),
    ("status",),
    ("check",),
)


@pytest.mark.parametrize("words", SLIPS, ids=" ".join)
def test_a_plan_speaks_its_language_before_it_can_be_read(
    kurs: Run, plan: Callable[[str], Path], words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip on the command line, the help, and what is wrong with the plan, in the plan's first language."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    folder = plan("project: {name: Sklep, languages: [pl, en]}\nkpis: {a: {metric: nie_ma, every: month}}\n")
    monkeypatch.chdir(folder)
    said = kurs(*words)
    whole = said.out + said.err
    assert "błąd " in whole or "Użycie:" in whole
    assert not ENGLISH.findall(
        re.sub(r"“[^”]*”|„[^”]*”|--?\w[\w-]*|\S*[|]\S*|\w+\([^)]*\)", "", whole.lower())
    )
    assert kurs("--lang", "sv", *words).err + kurs("--lang", "sv", *words).out != whole
    monkeypatch.chdir(folder.parent)
    assert kurs("--project", folder, *words).err.replace(str(folder), "") == said.err.replace(str(folder), "")


@pytest.mark.parametrize("text", ["project: [pl", "languages: pl", "project: {languages: }", "\0", ""])
def test_a_plan_that_names_no_language_leaves_it_to_the_machine(
    kurs: Run, plan: Callable[[str], Path], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "sv_SE.UTF-8")
    assert "alternativ" in kurs("--project", plan(text), "status", "--bogus").err
