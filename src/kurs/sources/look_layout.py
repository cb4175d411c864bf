"""How a text falls into records and cells: its delimiter and quote, and where the header stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.sources.look_dress import currencies_of
from kurs.sources.look_seen import Doubt, ReadAs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 500
_MOST_ASIDE = 100  # rows before the header
_PREAMBLE = 12  # rows after one that looks like a header, in which a fuller one may come
_PLAIN_WORDS = frozenset(
    [
        "id",
        "name",
        "date",
        "day",
        "week",
        "month",
        "year",
        "time",
        "timestamp",
        "title",
        "type",
        "status",
        "value",
        "amount",
        "currency",
        "country",
        "city",
        "region",
        "state",
        "channel",
        "source",
        "medium",
        "campaign",
        "device",
        "email",
        "phone",
        "url",
        "page",
        "path",
        "session",
        "sessions",
        "users",
        "clicks",
        "impressions",
        "cost",
        "spend",
        "revenue",
        "orders",
        "order",
        "customer",
        "product",
        "sku",
        "quantity",
        "price",
        "total",
        "datum",
        "dag",
        "monat",
        "monate",
        "kampanje",
        "kampania",
        "kampagne",
        "kanal",
        "data",
        "wartosc",
        "kwota",
        "summa",
        "belopp",
        "intakter",
        "label",
        "code",
        "category",
        "segment",
        "platform",
        "language",
        "gender",
        "age",
        "number",
        "event",
        "action",
        "score",
        "rank",
        "note",
    ]
)
_TYPED = re.compile(
    r"[+-]?[\d.,'’ \u00a0\u202f]*\d%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[ T].*)?|(?i:true|false)"
    r"|(?:[^\W\d_]{2,4}\.?,? )?\d{1,2}\.?[ -](?:de )?[^\W\d_]{3,12}\.?,?[ -](?:de )?\d{2,4}(?: .*)?"
    r"|[^\W\d_]{3,9}\.? \d{1,2}, \d{4}(?: .*)?"
    r"|[^@\s]+@[^@\s]+\.\w+"
)
_DRESSED = re.compile(
    r"[-+−(<>≤≥=\s]*([^\W\d_]+\.?|[^\w\s])?\s*[-−]?\d[\d.,٫٬'’\s]*([^\W\d_]+\.?|[^\w\s])?[\s)-]*"
)
Records = tuple[tuple[int, tuple[str, ...]], ...]  # (line from 1, cells) of each that is not blank
_PERIOD = re.compile(r"(?:19|20)\d\d(?:[-./]\d{1,2}(?:[-./]\d{1,2})?)?|\d{1,2}[./](?:19|20)\d\d")
_NULLS = frozenset({"", "-", "--", "n/a", "na", "null", "none", "nan", "\\n", "#n/a"})


@dataclass(frozen=True, slots=True)
class Laid:
    """The layout: ``header_row`` counts lines from 1, 0 without a header; ``comment`` marks rows aside.

    ``headers`` are the cells of the header, or made up. ``tail_aside`` are first cells of rows of another
    width at the end. ``doubts`` are about the delimiter and the header.
    """

    delimiter: str
    quote: str
    header_row: int
    headers: tuple[str, ...]
    comment: str | None
    tail_aside: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cut:
    """The head of a text, cut by one delimiter."""

    delimiter: str
    quote: str
    records: Records
    width: int
    share: float


def lay_out(name: str, head: str, tail: str, stated: Collection[str] = ()) -> Laid | None:
    """Find the layout by the head and the tail of a text; None for a text without any record.

    ``stated`` is what a person has said: a delimiter (or ``tab``), ``header`` or ``data``.
    """
    quote = _quote(head)
    said = {"\t" if word == "tab" else word for word in stated} & set(DELIMITERS)
    cuts = [_cut(head, mark, quote) for mark in DELIMITERS if mark in said or not said]
    cuts = [cut for cut in cuts if cut.records]
    if not cuts:
        return None
    # By how many records fit, how few cells hold another delimiter, and how many cells there are.
    order = sorted(cuts, key=lambda cut: (cut.width < 2, -round(cut.share, 2), _torn(cut), -cut.width))
    best, doubts = order[0], list[Doubt]()
    rivals = [cut for cut in order[1:] if cut.width > 1 and cut.share >= best.share > 0.99]
    if rivals and best.width > 1:
        doubts.append(_delimiter_doubt(name, best, rivals[0]))
    found = _laid(name, best, stated)
    return replace(
        found,
        comment=_comment(best, _header_at(best), tail, quote),
        tail_aside=_tail_aside(best, tail, quote),
        doubts=(*doubts, *found.doubts),
    )


def lay_out_rows(name: str, head: Records, tail: Records, stated: Collection[str] = ()) -> Laid:
    """Find the layout of a sheet, whose rows fall into cells by themselves.

    Rows at the end that have a first cell only stand aside from the table.
    """
    width = max(n + 1 for _, cells in head for n, cell in enumerate(cells) if cell.strip())
    records = tuple((line, (*cells, *([""] * width))[:width]) for line, cells in head)
    aside = [cells for _, cells in tail if width > 2 and cells[0].strip() and not any(cells[1:])]
    found = _laid(name, _Cut("", '"', records, width, 1.0), stated)
    return replace(found, tail_aside=tuple(cells[0].strip() for cells in aside))


def _laid(name: str, cut: _Cut, stated: Collection[str]) -> Laid:
    start = _header_at(cut)
    line, cells = cut.records[start]
    below = [cells for _, cells in cut.records[start + 1 :] if len(cells) == cut.width]
    certain = _is_header(cells, below)
    headers, header_row = tuple(cell.strip() for cell in cells), line
    doubts = () if certain is not None else (_header_doubt(name, headers, below),)
    if certain is False or "data" in stated:
        headers, header_row = tuple(f"column_{n + 1}" for n in range(len(cells))), 0
    return Laid(cut.delimiter, cut.quote, header_row, headers, None, (), doubts)


def _quote(head: str) -> str:
    """Return the quote: ' only where no " encloses a cell and it stands around many."""
    double = len(re.findall(r'(?:^|[,;\t|])"', head, re.MULTILINE))
    single = len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n]|$)", head, re.MULTILINE))
    return "'" if single > 2 and not double else '"'


def _records(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    before = 0
    try:
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield before + 1, tuple(cells)
            before = reader.line_num
    except csv.Error:
        return


def _cut(head: str, delimiter: str, quote: str) -> _Cut:
    found: list[tuple[int, tuple[str, ...]]] = []
    for record in _records(head, delimiter, quote):
        found.append(record)
        if len(found) == _RECORDS:
            break
    if len(found) > 2 and len(found) < _RECORDS and not head.endswith(("\n", "\r")):
        found.pop()  # cut off in the middle
    widths = Counter(len(cells) for _, cells in found)
    width = max(widths, key=lambda n: (widths[n] * (1 if n > 1 else 0.5), n), default=0)
    first = next((n for n, (_, cells) in enumerate(found) if len(cells) == width), 0)
    share = widths[width] / max(len(found) - first, 1)
    # A header that has another width than its rows speaks against the delimiter.
    return _Cut(delimiter, quote, tuple(found), width, share - 0.01 * min(first, 20))


def _torn(cut: _Cut) -> float:
    """Return the share of cells that hold another delimiter and are no numbers."""
    cells = [cell for _, cells in cut.records[:50] for cell in cells]
    marks = set(DELIMITERS) - {cut.delimiter}
    torn = sum(bool(marks & set(cell)) and not _TYPED.fullmatch(cell.strip()) for cell in cells)
    return round(torn / max(len(cells), 1), 2)


def _header_at(cut: _Cut) -> int:
    """Return the first record of full width that is mostly filled: or the next one that is filled wholly.

    Above a table stand titles, and lines such as ``Account | 123-456``.
    """
    first: int | None = None
    for n, (_, cells) in enumerate(cut.records[:_MOST_ASIDE]):
        filled = sum(bool(cell.strip()) for cell in cells)
        is_remark = cells[0].lstrip().startswith("#") and len(cut.records) > n + 1
        if len(cells) != cut.width or filled * 2 <= len(cells) or (is_remark and cut.width == 1):
            continue
        if filled == len(cells) and (first is None or _is_fuller(cut, n)):
            return n
        if first is None:
            first = n
        elif n > first + _PREAMBLE:
            break
    return first or 0


def _is_fuller(cut: _Cut, n: int) -> bool:
    """Say whether a record is a header for sure: texts over columns of other values."""
    cells = cut.records[n][1]
    if len(set(cells)) < len(cells) or any(_is_typed(cell.strip()) for cell in cells):
        return False
    below = [cells for _, cells in cut.records[n + 1 :] if len(cells) == cut.width]
    return bool(below) and _is_header(cells, below) is True


def _is_typed(cell: str) -> bool:
    """Say whether a cell holds a number, be it an amount of money, a day, or another value of a kind."""
    if _TYPED.fullmatch(cell):
        return True
    dressed = _DRESSED.fullmatch(cell)
    return dressed is not None and all(
        sign is None or sign in ("%", ")") or bool(currencies_of(sign)) for sign in dressed.groups()
    )


def _is_header(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool | None:
    """Say whether a record is a header; None where its cells look no different from those below."""
    if not below:
        return True if _are_names(cells) else None
    contrast, typed, periods = 0, 0, 0
    for n, cell in enumerate(cells):
        values = [row[n].strip() for row in below if row[n].strip().lower() not in _NULLS]
        fitting = sum(_is_typed(value) for value in values)
        if not values or fitting < 0.9 * len(values):
            continue
        if _is_typed(cell.strip()) or not cell.strip():
            typed += 1
            # Years and months may well be the headers of numbers.
            alike = sum(_PERIOD.fullmatch(value) is not None for value in values)
            periods += _PERIOD.fullmatch(cell.strip()) is not None and alike < 0.9 * len(values)
        else:
            contrast += 1
    if typed and not contrast:
        return None if periods or _are_names(cells) else False
    if contrast and not typed:
        return True
    repeated = any(cell.strip() and cell in {row[n] for row in below} for n, cell in enumerate(cells))
    if not typed and not repeated and _are_names(cells):
        return True
    return None


def _are_names(cells: Sequence[str]) -> bool:
    """Say whether cells look like nothing but names of columns."""
    names = [cell.strip().lower() for cell in cells]
    known = [
        "_" in name or bool(set(re.split(r"[\W_]+", name)) & _PLAIN_WORDS)
        for name in names
        if re.fullmatch(r"_?[^\W\d][\w ()./-]*", name)
    ]
    return len(set(names)) == len(names) and len(known) == len(names) and sum(known) * 2 > len(names)


def _header_doubt(name: str, cells: Sequence[str], below: Sequence[Sequence[str]]) -> Doubt:
    rows = tuple(" | ".join(row[:4]) for row in (cells, *below[:1]))
    return Doubt("doubt_header", name, None, (rows[0],), (ReadAs("header", rows[:1]), ReadAs("data", rows)))


def _delimiter_doubt(name: str, best: _Cut, rival: _Cut) -> Doubt:
    readings = (
        ReadAs("tab" if cut.delimiter == "\t" else cut.delimiter, tuple(cut.records[0][1][:3]))
        for cut in (best, rival)
    )
    line = best.delimiter.join(best.records[0][1])[:60]
    return Doubt("doubt_delimiter", name, None, (line,), tuple(readings))


def _comment(cut: _Cut, start: int, tail: str, quote: str) -> str | None:
    """Return ``#`` where rows of another width begin with it, and none of full width does."""
    after = [cells for _, cells in cut.records[start + 1 :]]
    last = [cells for _, cells in _records(tail, cut.delimiter, quote)][1 if tail else 0 :]
    marked = [cells for cells in (*after, *last) if cells[0].lstrip().startswith("#")]
    aside = [cells for cells in marked if len(cells) != cut.width]
    return "#" if aside and len(aside) == len(marked) else None


def _tail_aside(cut: _Cut, tail: str, quote: str) -> tuple[str, ...]:
    rows = [cells for _, cells in _records(tail, cut.delimiter, quote)][-20:]
    return tuple(cells[0].strip() for cells in rows if len(cells) != cut.width)
