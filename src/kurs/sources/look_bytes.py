"""The bytes of a file: a sample where there are too many, and the encoding in which they are written."""

from __future__ import annotations

import codecs
import re
import time
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.sources.archives import PACKED_ERRORS, opened, unreadable
from kurs.sources.look_seen import Doubt, ReadAs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from kurs.sources.files import Found

ALL_UP_TO = 96 << 20  # bytes of text that are looked at to the last one
_HEAD = 32 << 20
_PIECE = 1 << 20
_PIECES = 96
_SECONDS = 8.0  # for unzipping what is only passed over
_BLOCK = 1 << 20
_WORDS = 4_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# The letters that texts in these code pages are made of; others are possible, but seldom.
_LETTERS = {
    "windows-1252": "äöüßåæøœéèêëàâáãçñóòôõíìîïúùûýÿ",
    "windows-1250": "ąćęłńóśźżáčďéěíňřšťúůýžäöüßôľőűëâăîţşđ",
}
_SCRIPTS = {"windows-1256": "ARABIC", "windows-1251": "CYRILLIC"}
_WIDE = 50  # of so many bytes one is NUL at the least: Persian letters have none, but marks between cells
_INSIDE_WORDS = 2.5  # letters beyond ASCII in a row, from which on a whole alphabet lies beyond ASCII


def sampled(file: Found, folder: Path, share: int = 1) -> tuple[Found, bool]:
    """Return a file that can be looked at as a whole, written to ``folder`` where it is a sample.

    ``share`` is how many files divide the bound among them. A sample is the head, whole lines from
    pieces all over the file, and the end. Raises SourceError ``unreadable``.
    """
    bound = max(ALL_UP_TO // share, 2 * _PIECE)
    try:
        target = folder / f"sample_{len(list(folder.iterdir()))}"
        if file.zipped or file.member is not None:
            return _sample_of_packed(file, target, bound)
        if file.size <= bound:
            return file, False
        with file.path.open("rb") as content, target.open("wb") as sample:
            unit = 2 if _is_wide(content) else 1
            head = min(_HEAD, bound // 2)
            sample.write(_to_line_end(content.read(head), unit))
            count = min(_PIECES, (bound - head) // _PIECE)
            step = (file.size - head) // max(count, 1)
            for n in range(count):
                place = file.size - _PIECE if n == count - 1 else head + n * step
                content.seek(place - place % unit)
                piece = _from_line_start(content.read(_PIECE), unit)
                sample.write(piece if n == count - 1 else _to_line_end(piece, unit))
    except PACKED_ERRORS as error:
        raise unreadable(file.name, error) from error
    return replace(file, path=target, size=target.stat().st_size), True


def encoding_of(files: Sequence[Found]) -> tuple[str, Doubt | None]:
    """Return the encoding of files of one kind over all their bytes, and the doubt if there is one."""
    with files[0].path.open("rb") as content:
        start = content.read(4)
    for mark, name in _BOMS:
        if start.startswith(mark):
            return name, None
    with files[0].path.open("rb") as content:
        if _is_wide(content):
            return _wide(files[0]), None
    if all(_decodes(file, "utf-8") for file in files):
        return "utf-8", None
    return _single_byte(files)


def is_ascii(file: Found) -> bool:
    """Say whether all bytes of a file are the same in every encoding but UTF-16."""
    return all(block.isascii() and b"\0" not in block for block in _blocks(file))


def head_and_tail(file: Found, encoding: str, size: int = 1 << 18) -> tuple[str, str]:
    """Return the first and the last characters of a file as text, its mark removed."""
    with file.path.open("rb") as content:
        start = content.read(size)
        content.seek(max(file.size - size, 0) // 4 * 4)
        end = content.read()
    whole = codecs.getincrementaldecoder(encoding)("replace")
    head = whole.decode(start, final=len(start) < size).removeprefix("\ufeff")
    if file.size <= size:
        return head, head
    plain = {"utf-16": "utf-16-le" if start.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"}
    return head, end.decode(plain.get(encoding, encoding), "replace")


def _sample_of_packed(file: Found, target: Path, bound: int) -> tuple[Found, bool]:
    """Unpack all, or the head and every eighth piece until the time is up."""
    began, part = time.monotonic(), False
    with opened(file, lambda _: None) as content, target.open("wb") as sample:
        left = b""
        head = content.read(bound)
        unit = 2 if b"\0" in head[:_BLOCK] else 1
        rest = content.read(_PIECE) if len(head) == bound else b""
        if not rest:
            sample.write(head)
        else:
            part = True
            sample.write(_to_line_end(head[: bound // 2], unit))
            while rest and time.monotonic() - began < _SECONDS and target.stat().st_size < bound:
                sample.write(_to_line_end(_from_line_start(rest, unit), unit))
                for _ in range(8):
                    left, rest = rest, content.read(_PIECE)
                    if not rest:
                        sample.write(_from_line_start(left, unit))
                        break
    return replace(file, path=target, zipped=False, member=None, size=target.stat().st_size), part


def _is_wide(content: IO[bytes]) -> bool:
    """Say whether characters have two bytes: many are NUL, in one place of the two."""
    head = content.read(_BLOCK).rstrip(b"\0")  # what was only reserved on the disk
    content.seek(0)
    first, second = sorted((head[::2].count(0), head[1::2].count(0)))
    return second * _WIDE > len(head) and first * 10 <= second


def _to_line_end(piece: bytes, unit: int) -> bytes:
    return piece[: piece.rfind(b"\n") + unit] if b"\n" in piece else b""


def _from_line_start(piece: bytes, unit: int) -> bytes:
    return piece[piece.find(b"\n") + unit :] if b"\n" in piece else b""


def _blocks(file: Found) -> Iterator[bytes]:
    with file.path.open("rb") as content:
        while block := content.read(_BLOCK):
            yield block


def _decodes(file: Found, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for block in _blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wide(file: Found) -> str:
    """Tell the byte order by where the marks of ASCII stand, which every table has."""
    with file.path.open("rb") as content:
        head = content.read(_BLOCK)
    head = head[: len(head) // 2 * 2]
    marks = "\n,;\t0123456789"
    found = {
        name: sum(head.decode(name, "replace").count(mark) for mark in marks)
        for name in ("utf-16-le", "utf-16-be")
    }
    return max(found, key=lambda name: found[name])


def _single_byte(files: Sequence[Found]) -> tuple[str, Doubt | None]:
    words = _words(files)
    runs = [len(run) for word in words for run in re.findall(rb"[\x80-\xff]+", word)]
    if sum(runs) / max(len(runs), 1) >= _INSIDE_WORDS:
        candidates = ["windows-1256", "windows-1251"]
    else:
        candidates = ["windows-1252", "windows-1250"]
    fitting = [name for name in candidates if all(_decodes(file, name) for file in files)]
    if not fitting:
        return "latin-1", None
    scores = {name: _score(words, name) for name in fitting}
    best = max(fitting, key=lambda name: scores[name])
    other = next((name for name in fitting if name != best), None)
    differing = [word for word in words if other and word.decode(best) != word.decode(other)]
    if other is None or not differing or scores[best] - scores[other] >= 0.5 * len(differing):
        return best, None
    shown = sorted(differing, key=lambda word: (-len(word), word))[:3]
    readings = tuple(ReadAs(name, tuple(word.decode(name) for word in shown)) for name in (best, other))
    samples = tuple(word.decode("ascii", "backslashreplace") for word in shown)
    return best, Doubt("doubt_encoding", files[0].name, None, samples, readings)


def _words(files: Sequence[Found]) -> list[bytes]:
    """Return distinct words with letters beyond ASCII."""
    found: dict[bytes, None] = {}
    for file in files:
        for block in _blocks(file):
            for word in re.findall(rb"[0-9A-Za-z\x80-\xff]*[\x80-\xff][0-9A-Za-z\x80-\xff]*", block):
                found[word[:60]] = None
                if len(found) >= _WORDS:
                    return list(found)
    return list(found)


def _score(words: Sequence[bytes], encoding: str) -> float:
    return sum(_sense(word.decode(encoding, "replace"), encoding) for word in words)


def _sense(word: str, encoding: str) -> float:
    """Say how well a word reads: 1 when all its letters are usual, less for each that makes no sense."""
    sense = 1.0
    for n, character in enumerate(word):
        if character.isascii():
            continue
        around = [word[m] for m in (n - 1, n + 1) if 0 <= m < len(word)]
        if not character.isalpha():
            inside = bool(around) and all(c.isalpha() for c in around)
            sense -= 2.0 * (inside and unicodedata.category(character)[0] in "SNP")
        elif not around or any(c.isdigit() for c in around):  # £ is no letter that stands alone
            sense -= 1.0
        elif not _is_usual(character, encoding):
            sense -= 0.75
        elif character.isupper() and n and word[n - 1].islower():
            sense -= 1.0
    return sense


def _is_usual(character: str, encoding: str) -> bool:
    if encoding in _LETTERS:
        return character.lower() in _LETTERS[encoding]
    return unicodedata.name(character, "").startswith(_SCRIPTS[encoding])
