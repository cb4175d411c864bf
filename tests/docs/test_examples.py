"""Every example in ``docs/`` runs, and says what the page says.

In a page, ``yaml file=kurs.yaml`` and ``csv file=orders.csv`` blocks are files of one project; they are
loaded, and each ``$ kurs ...`` line of a ``console`` block is run: what follows is its output, to the letter.
``KURS_WRITE_DOCS=1 pytest tests/docs`` writes the output into the pages: read it before you commit it.
"""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kurs.cli.main import run
from kurs.project import read_tables

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"^```(?P<info>\S.*?)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "```console" in page.read_text("utf-8")]
WRITE = "KURS_WRITE_DOCS"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, the file that it is (or None), its text and its place in the page."""

    language: str
    file: str | None
    text: str
    start: int
    end: int


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page."""
    found: list[Block] = []
    for match in BLOCK.finditer(page):
        language, _, rest = match["info"].partition(" ")
        file = rest.removeprefix("file=") if rest.startswith("file=") else None
        found.append(Block(language, file, match["text"], *match.span("text")))
    return found


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], str]:
    """Run one line of a terminal in the page's project, and return what it says."""
    for name in ("KURS_LANG", "LC_ALL", "LC_MESSAGES", "LANG", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tmp_path)

    def ran(line: str) -> str:
        program, *words = shlex.split(line)
        assert program == "kurs", line
        capsys.readouterr()
        run(words)
        out, err = capsys.readouterr()
        return "".join(f"{text.rstrip()}\n" for text in (out + err).splitlines())

    return ran


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(DOCS)) for page in PAGES])
def test_page(page: Path, tmp_path: Path, said: Callable[[str], str]) -> None:
    text = page.read_text("utf-8")
    found = blocks(text)
    for block in found:
        if block.file is not None:
            (tmp_path / block.file).write_text(block.text, "utf-8")
    assert (tmp_path / "kurs.yaml").exists(), "an example needs a kurs.yaml"
    assert run(["load", "--quiet"]) == 0
    shown = text
    consoles = [block for block in found if block.language == "console"]
    outputs: list[str] = []
    for block in consoles:  # in the order of the page: a command may decide what the next one shows
        lines = [line for line in block.text.splitlines() if line.startswith("$ ")]
        outputs.append("".join(f"{line}\n{said(line.removeprefix('$ '))}" for line in lines))
    for block, output in reversed(list(zip(consoles, outputs, strict=True))):
        shown = shown[: block.start] + output + shown[block.end :]
    if os.environ.get(WRITE):
        page.write_text(shown, "utf-8")
    assert text == shown


def test_every_key_of_a_metric_is_explained() -> None:
    source = Path(read_tables.__file__).read_text("utf-8") + Path(read_tables.__file__).with_name(
        "read_frame.py"
    ).read_text("utf-8")
    of_entities = Path(read_tables.__file__).with_name("read_entities.py").read_text("utf-8")
    body = (
        of_entities
        + source[source.index("def read_metric") : source.index("def read_segment")]
        + source[source.index("def read_frame") :]
    )
    keys = set(re.findall(r"section\.(?:choice|scalar|sql|says|text|texts|get)\(\"(\w+)\"", body))
    assert {"expr", "window", "at", "fill"} <= keys
    pages = "".join(page.read_text("utf-8") for page in (DOCS / "metrics").glob("*.md"))
    assert {key for key in keys if f"`{key}" not in pages} == set()


def test_every_page_of_a_kind_is_listed_and_says_its_trap() -> None:
    index = (DOCS / "metrics" / "README.md").read_text("utf-8")
    for page in (DOCS / "metrics").glob("*.md"):
        if page.name != "README.md":
            assert f"({page.name})" in index, f"{page.name} is not in the index"
            text = page.read_text("utf-8")
            assert "## The trap" in text, page.name
            assert "```console" in text, page.name
