"""Cells that a workbook's reader takes for empty, though they are not: errors, and formulas never computed.

Excel's newer files and OpenDocument are looked through for them. In the old .xls they cannot be told.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_KIND = re.compile(rb"""\bt=["']([a-zA-Z]+)["']""")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})(\d{1,7})["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>([^<]*)</")
_ROW_END = re.compile(rb"</(?:\w+:)?row>")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]*)>")
_ODF_ERROR = re.compile(rb"""calcext:value-type=["']error["'].*?<text:p[^>]*>([^<]*)""", re.DOTALL)
_BLOCK = 4 << 20
_LONGEST_ROW = 64 << 20
_MOST_META = 16 << 20


@dataclass(frozen=True, slots=True)
class Faults:
    """``texts`` by (row, column) from 0; ``cells`` is the area that the sheet spans, 0 if it is not known.

    ``unplaced`` is the text of an error whose place is not known.
    """

    texts: Mapping[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    cells: int = 0
    unplaced: str | None = None


def faults_of(path: str, sheet: str) -> Faults:
    """Look through one sheet of a workbook."""
    if not zipfile.is_zipfile(path):
        return Faults()
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            with archive.open("content.xml") as content:
                return _of_odf(content, sheet)
        part = _part_of(archive, names, sheet)
        if part is None:
            return Faults()
        with archive.open(part) as content:
            return _of_excel(content)


def _part_of(archive: zipfile.ZipFile, names: set[str], sheet: str) -> str | None:
    """Return the name of the part that holds a sheet's cells."""
    book, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {book, relations} <= names:
        return None
    wanted = None
    with archive.open(book) as content:
        for match in _SHEET.finditer(content.read(_MOST_META)):
            said = _attributes(match[1])
            if said.get("name") == sheet:
                wanted = next((value for key, value in said.items() if key.endswith(":id")), None)
    with archive.open(relations) as content:
        for match in _RELATION.finditer(content.read(_MOST_META)):
            said = _attributes(match[1])
            if said.get("Id") == wanted:
                target = said.get("Target", "")
                part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl", target))
                return part if part in names else None
    return None


def _attributes(text: bytes) -> dict[str, str]:
    found = re.findall(rb"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", text)
    return {key.decode(): unescape((one or other).decode("utf-8", "replace")) for key, one, other in found}


def _of_excel(content: IO[bytes]) -> Faults:
    texts: dict[tuple[int, int], str] = {}
    last_row = last_column = 0
    for piece in _pieces(content):
        for column, row in _PLACE.findall(piece):
            last_row, last_column = max(last_row, int(row)), max(last_column, _column(column))
        if not _FORMULA.search(piece) and not re.search(rb"""\bt=["']e["']""", piece):
            continue
        for cell in _CELL.finditer(piece):
            kind, place = _KIND.search(cell[1]), _PLACE.search(cell[1])
            inside, value = cell[2] or b"", _VALUE.search(cell[2] or b"")
            is_error = kind is not None and kind[1] == b"e"
            is_open = value is None and _FORMULA.search(inside) and (kind is None or kind[1] != b"str")
            if not is_error and not is_open:
                continue
            formula = _FORMULA_TEXT.search(inside)
            text = value[1] if is_error and value else b"=" + (formula[1] if formula else b"")
            shown = unescape(text.decode("utf-8", "replace"))
            if place is None:
                return Faults(unplaced=shown)
            texts[int(place[2]) - 1, _column(place[1]) - 1] = shown
    return Faults(texts, last_row * last_column)


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """Yield a sheet in pieces that end with a row."""
    rest = b""
    while block := content.read(_BLOCK):
        rest += block
        ends = [match.end() for match in _ROW_END.finditer(rest)]
        if len(rest) > _LONGEST_ROW and not ends:
            ends = [len(rest)]
        if ends:
            yield rest[: ends[-1]]
            rest = rest[ends[-1] :]
    yield rest


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _of_odf(content: IO[bytes], sheet: str) -> Faults:
    text = content.read()
    for table in text.split(b"<table:table ")[1:]:
        if _attributes(table[: table.index(b">")]).get("table:name") == sheet:
            error = _ODF_ERROR.search(table)
            return Faults(unplaced=unescape(error[1].decode("utf-8", "replace"))) if error else Faults()
    return Faults()
