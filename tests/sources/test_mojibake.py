"""UTF-8 that was read one byte at a time is told; texts that only look odd are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurs.model.source import Format, Source
from kurs.sources.files import find
from kurs.sources.take import Order, take

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.problems import Problem


def told(folder: Path, data: bytes, encoding: str, name: str = "a.csv") -> list[Problem]:
    (folder / name).write_bytes(data)
    source = Source("it", "it", (name,), format=Format(encoding=encoding))
    with take(Order(source, find(source, folder), "load"), lambda _: None) as taken:
        return [doubt for doubt in taken.doubts if doubt.code == "mojibake"]


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("windows-1252", "Köln"), ("windows-1250", "dąb"), ("latin-1", "Århus"), ("windows-1256", "بازار")],
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_letters_of_utf_8_in_another_encoding(tmp_path: Path, encoding: str, word: str, name: str) -> None:
    lines = ["city,n", "Berlin,1", f"{word},2"]
    if name == "a.jsonl":
        lines = ['{"city": "Berlin", "n": 1}', f'{{"city": "{word}", "n": 2}}']
    text = "\n".join(lines) + "\n"
    (one,) = told(tmp_path, text.encode(), encoding, name)
    row = 3 if name == "a.csv" else 2
    assert [one.values[key] for key in ("column", "other", "row")] == ["city", word, row]
    assert told(tmp_path, text.encode(), "utf-8", name) == []
    assert told(tmp_path, text.encode(encoding), encoding, name) == []


def test_a_header_and_a_file_that_was_damaged_before(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "n,größe\n1,2\n".encode(), "windows-1252")
    assert one.values["other"] == "größe"
    (one,) = told(tmp_path, "city,n\nKöln,1\n".encode().decode("windows-1252").encode(), "utf-8")
    assert (one.values["value"], one.values["other"]) == ("KÃ¶ln", "Köln")


def test_a_text_that_looks_so_by_chance(tmp_path: Path) -> None:
    assert told(tmp_path, "t\nВ°\nград\nстол\nдом\n".encode("windows-1251"), "windows-1251") == []
