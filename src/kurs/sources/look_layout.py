"""How a text falls into records and cells: its delimiter and quote, and where the header stands."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from kurs.sources.look_dress import currencies_of
from kurs.sources.look_ends import NULLS, Rest, Row, rest_of, table_above
from kurs.sources.look_seen import Doubt, ReadAs
from kurs.sources.look_totals import is_totals_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DELIMITERS = (",", ";", "\t", "|")
_RECORDS = 500
_MOST_ASIDE = 100  # rows before the header
_PREAMBLE = 12  # rows after one that looks like a header, in which a fuller one may come
_PLAIN_WORDS = _words(
    """
    id name date day week month year time timestamp title type status value amount currency country
    city region state channel source medium campaign device email phone url page path session
    sessions users clicks impressions cost spend revenue orders order customer product sku quantity
    price total datum dag monat monate kampanje kampania kampagne kanal data wartosc kwota summa
    belopp intakter label code category segment platform language gender age number event action
    score rank note
    """
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


@dataclass(frozen=True, slots=True)
class Laid:
    """The layout: ``header_row`` counts lines from 1, 0 without a header; ``comment`` marks rows aside.

    ``headers`` are the cells of the header, or made up. ``tail_aside`` are first cells of rows of another
    width at the end, or the word for totals in one of them. ``doubts`` are about delimiter and header.
    ``below`` the blank row that ends the table, and ``above`` the header, stands something else.
    """

    delimiter: str
    quote: str
    header_row: int
    headers: tuple[str, ...]
    comment: str | None
    tail_aside: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()
    below: Rest | None = None
    above: Rest | None = None


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
    start = _header_at(best)
    rows = _rows(head, best.delimiter, quote)
    table = [row for row in rows if row.line > best.records[start][0]]
    below = rest_of(table, best.width, is_typed)
    if below is None and tail != head:
        ending = _rows(tail, best.delimiter, quote)[1:]
        below = rest_of(ending, best.width, is_typed, table)
        tail = tail if below is None else _before(tail, below.line)
    elif below is not None:
        head = tail = _before(head, below.line)
        best = replace(_cut(head, best.delimiter, quote), width=best.width)
    found = _laid(name, best, stated)
    return replace(
        found,
        comment=_comment(best, start, tail, quote),
        tail_aside=(*_head_aside(best, start), *_tail_aside(best, tail, quote)),
        doubts=(*doubts, *found.doubts),
        below=below,
        above=table_above([row for row in rows if row.line < found.header_row], is_typed),
    )


def lay_out_rows(name: str, head: Records, tail: Records, stated: Collection[str] = ()) -> Laid:
    """Find the layout of a sheet, whose rows fall into cells by themselves.

    Rows at the end that have a first cell only stand aside from the table.
    """
    width = max(n + 1 for _, cells in head for n, cell in enumerate(cells) if cell.strip())
    records = tuple((line, (*cells, *([""] * width))[:width]) for line, cells in head)
    cut = _Cut("", '"', records, width, 1.0)
    line = records[_header_at(cut)][0]
    rows = _sheet_rows(head, width)
    table = [row for row in rows if row.line > line]
    below = rest_of(table, width, is_typed)
    if below is None and tail and tail[-1][0] > head[-1][0]:
        below = rest_of(
            [row for row in _sheet_rows(tail, width)[1:] if row.line > line], width, is_typed, table
        )
    if below is not None:
        end = below.line
        tail = tuple(one for one in tail if one[0] < end)
        cut = replace(cut, records=tuple(one for one in records if one[0] < end))
    aside = [cells for _, cells in tail if width > 2 and cells[0].strip() and not any(cells[1:])]
    return replace(
        _laid(name, cut, stated),
        tail_aside=tuple(cells[0].strip() for cells in aside),
        below=below,
        above=table_above([row for row in rows if row.line < line], is_typed),
    )


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
    for line, cells, _ in _numbered(text, delimiter, quote):
        if len(cells) > 1 or any(map(str.strip, cells)):
            yield line, cells


def _numbered(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """Yield records that are not blank: the first line, the cells, the last line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    before = 0
    try:
        for cells in reader:
            if cells:
                yield before + 1, tuple(cells), reader.line_num
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
    remarks = sum(_is_remark(cells) for _, cells in found)
    widths = Counter(len(cells) for _, cells in found if remarks == len(found) or not _is_remark(cells))
    width = max(widths, key=lambda n: (widths[n] * (1 if n > 1 else 0.5), n), default=0)
    first = next((n for n, (_, cells) in enumerate(found) if len(cells) == width), 0)
    share = widths[width] / max(len(found) - first, 1)
    # A header that has another width than its rows speaks against the delimiter.
    return _Cut(delimiter, quote, tuple(found), width, share - 0.01 * min(first, 20))


def _is_remark(cells: Sequence[str]) -> bool:
    return cells[0].lstrip().startswith("#") and not any(cell.strip() for cell in cells[1:])


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
    if len(set(cells)) < len(cells) or any(is_typed(cell.strip()) for cell in cells):
        return False
    below = [cells for _, cells in cut.records[n + 1 :] if len(cells) == cut.width]
    return bool(below) and _is_header(cells, below) is True


def is_typed(cell: str) -> bool:
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
    contrast, typed, nameless, periods = 0, 0, 0, 0
    for n, cell in enumerate(cells):
        values = [row[n].strip() for row in below if row[n].strip().lower() not in NULLS]
        fitting = sum(is_typed(value) for value in values)
        if not values or fitting < 0.9 * len(values):
            continue
        if not cell.strip():
            nameless += 1
        elif is_typed(cell.strip()):
            typed += 1
            # Years and months may well be the headers of numbers.
            alike = sum(_PERIOD.fullmatch(value) is not None for value in values)
            periods += _PERIOD.fullmatch(cell.strip()) is not None and alike < 0.9 * len(values)
        else:
            contrast += 1
    if (typed or nameless) and not contrast:
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


def _head_aside(cut: _Cut, start: int) -> tuple[str, ...]:
    """Return the words of totals rows of another width, right below the header."""
    rows = [cells for _, cells in cut.records[start + 1 : start + 4] if len(cells) != cut.width]
    return tuple(word for word in map(_telling, rows) if is_totals_word(word))


def _tail_aside(cut: _Cut, tail: str, quote: str) -> tuple[str, ...]:
    rows = [cells for _, cells in _records(tail, cut.delimiter, quote)][-20:]
    return tuple(_telling(cells) for cells in rows if len(cells) != cut.width)


def _telling(cells: Sequence[str]) -> str:
    """Return the cell by which a row of another width is known."""
    return next((cell.strip() for cell in cells if is_totals_word(cell)), cells[0].strip())


def _rows(text: str, delimiter: str, quote: str) -> list[Row]:
    """Return the records of a text, those without any value left out like blank lines."""
    found: list[Row] = []
    last = 0
    for line, cells, end in _numbered(text, delimiter, quote):
        if any(cell.strip() for cell in cells):
            found.append(Row(line, cells, line > last + 1))
            last = end
    return found


def _sheet_rows(records: Records, width: int) -> list[Row]:
    found: list[Row] = []
    for line, cells in records:
        found.append(Row(line, (*cells, *([""] * width))[:width], bool(found) and line > found[-1].line + 1))
    return found


def _before(text: str, line: int) -> str:
    """Return the lines of a text before one that is counted from 1."""
    return "".join(islice(io.StringIO(text, newline=""), line - 1))
