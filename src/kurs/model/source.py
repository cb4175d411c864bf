"""Where data comes from, and the explicit profile by which it is read (design, "Loading")."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.model.written_days import CalendarKind

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.database import Database
    from kurs.model.days import Grain

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})

_ENCODINGS = re.compile(
    r"utf-(?:8|16|32)(?:-le|-be|-sig)?|ascii|iso8859-\d+|cp\d+|koi8-[rtu]|mac-\w+|hp-roman8|tis-620|ptcp154"
    r"|gb2312|gbk|gb18030|hz|big5(?:hkscs)?|shift_jis\w*|euc_\w+|johab|kz1048|iso2022_\w+"
)
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
PERCENT = "percent"  # a type of the file's column: 1,23% becomes the decimal 0.0123


@dataclass(frozen=True, slots=True)
class DataType:
    """The exact type of a column: one of ``ColumnType``, and precision and scale of a decimal."""

    kind: ColumnType
    precision: int = 0
    scale: int = 0

    @classmethod
    def parse(cls, text: str) -> DataType | None:
        """Read ``int``, ``decimal(10,2)``; None if it is no type.

        A bare ``decimal`` is ``decimal(18,6)``. ``percent`` is written with a percent sign, and kept as an
        exact fraction: ``decimal(18,8)``.
        """
        if text.strip().lower() == PERCENT:
            return cls(ColumnType.DECIMAL, 18, 8)
        match = re.fullmatch(r"([a-z]+)(?:\s*\(\s*(\d+)\s*,\s*(\d+)\s*\))?", text.strip().lower())
        if (
            match is None
            or match[1] not in {kind.value for kind in ColumnType}
            or match[1] == ColumnType.OTHER
        ):
            return None
        kind = ColumnType(match[1])
        if kind is not ColumnType.DECIMAL:
            return cls(kind) if match[2] is None else None
        precision, scale = (18, 6) if match[2] is None else (int(match[2]), int(match[3]))
        return cls(kind, precision, scale) if 1 <= precision <= 38 and scale <= precision else None

    def __str__(self) -> str:
        return (
            f"decimal({self.precision},{self.scale})" if self.kind is ColumnType.DECIMAL else self.kind.value
        )


def is_text_encoding(name: str) -> bool:
    """Say whether a name stands for a way to write texts; Python's list has others, such as hex and rot13."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return False
    return _ENCODINGS.fullmatch(found) is not None


def column_name(header: str, position: int = 0) -> str:
    """Name the column for a header: ``Ad group`` -> ``ad_group``, ``Cost (EUR)`` -> ``cost_eur``.

    A header that is ``[a-z][a-z0-9_]*`` already is kept. One that has no Latin letter or digit becomes
    ``column_N`` by its ``position`` (from 0).
    """
    if re.fullmatch(r"[a-z][a-z0-9_]*", header):
        return header
    apart = unicodedata.normalize("NFKD", header.casefold().translate(_PLAIN_LETTERS))
    name = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in apart if not unicodedata.combining(c))).strip("_")
    if not name:
        return f"column_{position + 1}"
    return name if name[0].isalpha() else f"column_{name}"


class Keep(StrEnum):
    """What becomes of a column with personal data."""

    PLAIN = "plain"
    HASHED = "hashed"
    DROPPED = "dropped"


class Digits(StrEnum):
    """Which digits numbers and dates are written in; both others stand for all of them."""

    LATIN = "latin"
    PERSIAN = "persian"
    ARABIC = "arabic"


class Negatives(StrEnum):
    """How a number below zero is written, beside a minus in front."""

    MINUS = "minus"
    PARENTHESES = "parentheses"
    TRAILING = "trailing"


class Bounds(StrEnum):
    """What becomes of ``< 10``: no value, the 10, or 5. ``> 90`` is never halved."""

    EMPTY = "empty"
    VALUE = "value"
    HALF = "half"


class FilesAre(StrEnum):
    """How the files of one source relate to each other."""

    RESTATEMENTS = "restatements"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """How one column of the file becomes one of the lake.

    ``type`` is one of ``ColumnType`` (``decimal`` may carry precision and scale: ``decimal(18,6)``), or
    None when the file's values decide by the unambiguous forms alone. ``decided`` says that the plan states
    ``keep``: what is personal in the column has been thought of.
    """

    header: str
    name: str
    type: str | None = None
    date_format: str | None = None
    keep: Keep = Keep.PLAIN
    currency_signs: tuple[str, ...] = ()
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """The profile of a file; ``kind`` is csv, parquet, jsonl, json, sheet, or None: by the file's ending."""

    kind: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None  # None: comma, or tab for .tsv
    quote: str = '"'
    header_row: int = 1  # 0: the file has no header, columns are given in order
    decimal: str = "."
    thousands: str | None = None
    date: str | None = None  # strptime form, or a count since 1970: unix_s, unix_ms, unix_us; None: ISO
    timestamp: str | None = None  # the same
    nulls: tuple[str, ...] = ("",)
    totals: str | None = None  # a first cell by which totals rows are known, with * as wildcard
    totals_in: str | None = None  # the header of the column that `totals` speaks of; None: the first
    sums_where_empty: str | None = None  # the header of a column that is empty in rows of sums, which go
    until_blank: bool = False  # the first blank row below the rows ends the table: footers follow
    comment: str | None = None
    digits: Digits = Digits.LATIN
    currency_signs: tuple[str, ...] = ()  # what may stand before or behind a number, all for one currency
    negatives: Negatives = Negatives.MINUS
    bounds: Bounds | None = None  # None: < 10 is no number
    member: str | None = None  # the files to read in a zip archive: a name, with * as wildcard
    calendar: CalendarKind = CalendarKind.GREGORIAN
    locale: str = "en"  # the language of months and weekdays
    years_from: int | None = None  # the first of the hundred years of %y; None: 1969
    sheet: str | None = None  # of a workbook: its name, or its number from 1; None: the only one
    rows: str | None = None  # where the rows stand in a JSON document: data.items; None: it is an array


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the rows belong to: its zone and currency."""

    id: str = ""
    timezone: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Rejects:
    """How many rows may fail to be typed: a count or a share of all rows."""

    count: int = 0
    share: float | None = None


class CoversTo(StrEnum):
    """Until when a source is complete, where it is no date: both speak of the last whole day."""

    FILE_MODIFIED = "file_modified"
    YESTERDAY = "yesterday"


@dataclass(frozen=True, slots=True)
class Covers:
    """The days on which a source is complete, whether or not it has rows there.

    ``by_name``: each file is so on the days in its name. ``rows`` is the bucket of each row. What
    is not stated comes from the rows.
    """

    by_name: bool = False
    first: date | None = None
    last: date | CoversTo | None = None
    rows: Grain | None = None


class Kept(StrEnum):
    """How the rows of a source come about."""

    BY_HAND = "by_hand"  # somebody types them
    BY_EXPORT = "by_export"


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its files or its database, the profile, the key, and the window that a load replaces.

    ``owner`` sees to it that its rows come. It and ``kept`` decide nothing about how they are read, so they
    are not in the text of which the profile's hash is made.
    """

    key: str
    into: str
    files: tuple[str, ...] = ()
    files_are: FilesAre | None = None
    format: Format = Format()
    columns: tuple[SourceColumn, ...] = ()
    unique_key: tuple[str, ...] = ()
    window: str | None = None
    account: Account = Account()
    restates_days: int = 0
    max_rejects: Rejects = Rejects()
    database: Database | None = None
    covers: Covers | None = None
    kept: Kept | None = field(default=None, repr=False)
    owner: str | None = field(default=None, repr=False)

    @property
    def is_by_hand(self) -> bool:
        """Say whether somebody types its rows: the plan says so, or they are in a workbook."""
        if self.kept is not None or self.database is not None:
            return self.kept is Kept.BY_HAND
        return self.format.kind == "sheet" or any(name.lower().endswith(_WORKBOOKS) for name in self.files)
