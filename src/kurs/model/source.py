"""Where data comes from, and the explicit profile by which it is read (design, "Loading")."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Keep(StrEnum):
    """What becomes of a column with personal data."""

    PLAIN = "plain"
    HASHED = "hashed"
    DROPPED = "dropped"


class FilesAre(StrEnum):
    """How the files of one source relate to each other."""

    RESTATEMENTS = "restatements"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """How one column of the file becomes one of the lake.

    ``type`` is one of ``ColumnType`` (``decimal`` may carry precision and scale: ``decimal(18,6)``), or
    None when the file's values decide by the unambiguous forms alone.
    """

    header: str
    name: str
    type: str | None = None
    date_format: str | None = None
    keep: Keep = Keep.PLAIN


@dataclass(frozen=True, slots=True)
class Format:
    """The profile of a text file; ``kind`` is csv, parquet, jsonl, or None: by the file's ending."""

    kind: str | None = None
    encoding: str = "utf-8"
    delimiter: str | None = None  # None: comma, or tab for .tsv
    quote: str = '"'
    header_row: int = 1  # 0: the file has no header, columns are given in order
    decimal: str = "."
    thousands: str | None = None
    date: str | None = None  # strptime form; None: ISO
    timestamp: str | None = None  # strptime form; None: ISO
    nulls: tuple[str, ...] = ("",)
    totals: str | None = None  # a first cell by which totals rows are known, with * as wildcard
    comment: str | None = None


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


@dataclass(frozen=True, slots=True)
class Source:
    """One source: its files, the profile, the key, and the window that a load replaces."""

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
