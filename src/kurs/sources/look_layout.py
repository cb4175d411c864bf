"""How a text falls into records and cells: its delimiter and quote, and where the header stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.sources.look_seen import Doubt, ReadAs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 500
_MOST_ASIDE = 100  # rows before the header
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
    r"|\d{1,2}[ -][^\W\d_]{3,9}\.?,?[ -]\d{2,4}(?: .*)?|[^\W\d_]{3,9}\.? \d{1,2}, \d{4}(?: .*)?"
    r"|[^@\s]+@[^@\s]+\.\w+"
)
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
    """The head of a text, cut by one delimiter: (line, cells) of each record that is not blank."""

    delimiter: str
    quote: str
    records: tuple[tuple[int, tuple[str, ...]], ...]
    width: int
    share: float


def lay_out(name: str, head: str, tail: str, stated: str | None = None) -> Laid | None:
    """Find the layout by the head and the tail of a text; None for a text without any record.

    ``stated`` is a delimiter that is known, or ``header`` or ``data`` where a person has said so.
    """
    quote = _quote(head)
    cuts = [_cut(head, mark, quote) for mark in DELIMITERS]
    cuts = [cut for cut in cuts if cut.records]
    if not cuts:
        return None
    # By how many records fit, how few cells hold another delimiter, and how many cells there are.
    order = sorted(cuts, key=lambda cut: (cut.width < 2, -round(cut.share, 2), _torn(cut), -cut.width))
    best, doubts = order[0], list[Doubt]()
    rivals = [cut for cut in order[1:] if cut.width > 1 and cut.share >= best.share > 0.99]
    if rivals and best.width > 1:
        doubts.append(_delimiter_doubt(name, best, rivals[0]))
    start = _header_at(best)
    line, cells = best.records[start]
    below = [cells for _, cells in best.records[start + 1 :] if len(cells) == best.width]
    certain = _is_header(cells, below)
    headers, header_row = tuple(cell.strip() for cell in cells), line
    if certain is None:
        doubts.append(_header_doubt(name, headers, below))
    if certain is False or stated == "data":
        headers, header_row = tuple(f"column_{n + 1}" for n in range(len(cells))), 0
        if start > 0:  # rows before the first one can only be left out as comments
            header_row = 0
    return Laid(
        delimiter=best.delimiter,
        quote=quote,
        header_row=header_row,
        headers=headers,
        comment=_comment(best, start, tail, quote),
        tail_aside=_tail_aside(best, tail, quote),
        doubts=tuple(doubts),
    )


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
    """Return the first record of full width that is mostly filled."""
    for n, (_, cells) in enumerate(cut.records[:_MOST_ASIDE]):
        filled = sum(bool(cell.strip()) for cell in cells)
        is_remark = cells[0].lstrip().startswith("#") and len(cut.records) > n + 1
        if len(cells) == cut.width and filled * 2 > len(cells) and not (is_remark and cut.width == 1):
            return n
    return 0


def _is_header(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool | None:
    """Say whether a record is a header; None where its cells look no different from those below."""
    if not below:
        return True if _are_names(cells) else None
    contrast, typed, periods = 0, 0, 0
    for n, cell in enumerate(cells):
        values = [row[n].strip() for row in below if row[n].strip().lower() not in _NULLS]
        fitting = sum(_TYPED.fullmatch(value) is not None for value in values)
        if not values or fitting < 0.9 * len(values):
            continue
        if _TYPED.fullmatch(cell.strip()) or not cell.strip():
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
