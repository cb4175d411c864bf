"""The forms that a value may have, as SQL for DuckDB: which texts are a number, a day, a moment.

Every reading is guarded by a pattern, because a plain cast guesses: it rounds 1.5 to an integer, takes
1_000 and 0x10 for numbers and 1.2.26 for the year 26. A text that no pattern knows becomes NULL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kurs.model.source import Bounds, DataType, Negatives
from kurs.model.table import ColumnType
from kurs.model.written_days import UNIX, WrittenDays
from kurs.sources.moments import special_moment, unix_moment
from kurs.sources.numerals import Numerals

_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6}0*)?)?"
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?"
_PLAIN_DAYS = WrittenDays()
_FULL = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?"
_OFFSET = r"(?:Z| ?UTC| ?[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
_DAY = r"[1-9]\d{3}-\d{2}-\d{2}"  # of the years that `_YEARS` says
_YEARS = ("1000-01-01", "9999-12-31")  # a year of three digits is a slip or another calendar

_DIRECTIVES = {
    **dict.fromkeys("mdHIMS", r"\d{1,2}"),
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "j": r"\d{3}",
    "f": r"\d{1,6}",
    "p": "[AaPp][Mm]",
    "z": r"(?:Z|[+-]\d{2}(?::?\d{2})?)",
    **dict.fromkeys("aAbB", r"[^\W\d_]+\.?"),
}
# What a column without a stated type may be, in this order; decimals and integers beyond are text.
INFERRED = (
    DataType(ColumnType.BOOL),
    DataType(ColumnType.DATE),
    DataType(ColumnType.TIMESTAMP),
    DataType(ColumnType.TIMESTAMPTZ),
    DataType(ColumnType.INT),
    DataType(ColumnType.DECIMAL, 18, 6),
    DataType(ColumnType.FLOAT),
)
NOT_NUMBERS = frozenset({ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ})


@dataclass(frozen=True, slots=True)
class Forms:
    """The stated marks and forms of one source; ``zone`` is the account's, for moments without one.

    ``full_moments`` says that beside the stated form there are days and moments that had a type of their own.
    """

    decimal: str = "."
    thousands: str | None = None
    date: str | None = None
    timestamp: str | None = None
    zone: str | None = None
    currency_signs: tuple[str, ...] = ()
    negatives: Negatives = Negatives.MINUS
    bounds: Bounds | None = None
    percent: bool = False
    full_moments: bool = False
    days: WrittenDays = _PLAIN_DAYS

    @property
    def numbers(self) -> Numerals:
        """The forms of numbers among them."""
        return Numerals(
            self.decimal, self.thousands, self.currency_signs, self.negatives, self.bounds, self.percent
        )

    def value(self, text: str, to: DataType) -> str:
        """Return SQL for the value of ``text``, itself SQL for a trimmed text; NULL where it has none."""
        match to.kind:
            case ColumnType.INT | ColumnType.DECIMAL | ColumnType.FLOAT:
                return self.numbers.value(text, to, sql_type(to))
            case ColumnType.BOOL:
                low = f"lower({text})"
                truths = f"{low} IN ('true', 't', '1') THEN TRUE"
                return f"CASE WHEN {truths} WHEN {low} IN ('false', 'f', '0') THEN FALSE END"
            case ColumnType.DATE | ColumnType.TIMESTAMP | ColumnType.TIMESTAMPTZ:
                return self._moment(text, to.kind)
            case _:
                return text

    def inferable(self, text: str, to: DataType) -> str:
        """Return SQL that is true where ``text`` has ``to``'s form without any doubt.

        Narrower than ``value``: no plus, no leading zeros (they make an article number), a decimal of at
        most 12 and 6 digits, a float of at most 15 before the mark, true and false spelt out, no day
        that is written as a moment.
        """
        match to.kind:
            case ColumnType.BOOL:
                return f"lower({text}) IN ('true', 'false')"
            case ColumnType.DATE | ColumnType.TIMESTAMP | ColumnType.TIMESTAMPTZ if (
                self.states(to.kind) in UNIX
            ):
                return "FALSE"  # any whole number could be one
            case ColumnType.INT | ColumnType.DECIMAL:
                return self.numbers.inferable(text, to)
            case ColumnType.FLOAT:
                return f"({self.numbers.inferable(text, to)} AND ({self.value(text, to)}) IS NOT NULL)"
            case ColumnType.DATE if self.date is None:
                shape = f"length({text}) = 10"
            case ColumnType.TIMESTAMP if self.timestamp is None:
                shape = f"length({text}) > 10"
            case ColumnType.TIMESTAMPTZ if self.timestamp is None:
                shape = f"length({text}) > 10 AND regexp_matches({text}, {quoted(_OFFSET + '$')})"
            case _:
                shape = "TRUE"
        return f"({shape} AND ({self.value(text, to)}) IS NOT NULL)"

    def inferred(self, text: str, to: DataType) -> str:
        """Return SQL for the value of a ``text`` that is known to be ``inferable``: without the guards."""
        if to.kind in (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT):
            if self.numbers.is_dressed:
                return self.value(text, to)
            return f"TRY_CAST({self.numbers.plain(text)} AS {sql_type(to)})"
        if to.kind is ColumnType.DATE and self.date is None:
            return f"TRY_CAST({text} AS DATE)"
        if to.kind in (ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ) and self.timestamp is None:
            return f"TRY_CAST({text} AS {sql_type(to)})"
        return self.value(text, to)

    def states(self, kind: ColumnType) -> str | None:
        """Return the form that is stated for days, or for moments."""
        return self.date if kind is ColumnType.DATE else self.timestamp

    def _moment(self, text: str, kind: ColumnType) -> str:
        stated = self.states(kind)
        if stated is not None:
            moment = self._stated(text, kind, stated)
            if not self.full_moments:
                return moment
            iso = Forms(zone=self.zone).value(text, DataType(kind))
            return f"CASE WHEN {_matches(text, _FULL)} THEN {iso} ELSE {moment} END"
        if kind is ColumnType.DATE:
            return _when(text, f"{_DAY}(?:{_MIDNIGHT})?", f"TRY_CAST({text} AS DATE)")
        naive = f"{_DAY}(?:[ T]{_TIME})?"
        wall = _when(text, naive, f"TRY_CAST({text} AS TIMESTAMP)")
        if kind is ColumnType.TIMESTAMP:
            return wall
        instant = _in_years(f"TRY_CAST({text} AS TIMESTAMPTZ)")
        with_zone = _when(text, f"{_DAY}[ T]{_TIME}{_OFFSET}", instant)
        return with_zone if self.zone is None else f"coalesce({with_zone}, {at_zone(wall, self.zone)})"

    def _stated(self, text: str, kind: ColumnType, form: str) -> str:
        if form in UNIX:
            return self._unix(text, kind, form)
        special = self.days.is_special(form)
        moment = special_moment(text, form, self.days) if special else f"try_strptime({text}, {quoted(form)})"
        has_zone = "%z" in form or "%Z" in form
        if has_zone and kind is not ColumnType.TIMESTAMPTZ:
            return f"CAST(NULL AS {sql_type(DataType(kind))})"
        if kind is ColumnType.DATE:
            moment = f"CASE WHEN {moment} = date_trunc('day', {moment}) THEN CAST({moment} AS DATE) END"
        elif kind is ColumnType.TIMESTAMPTZ and not has_zone:
            moment = at_zone(moment, self.zone) if self.zone else "CAST(NULL AS TIMESTAMPTZ)"
        return _in_years(moment) if special else _when(text, _pattern_of(form), _in_years(moment))

    def _unix(self, text: str, kind: ColumnType, form: str) -> str:
        """Return SQL for a count since 1970: an instant, so its day needs a zone."""
        moment = _in_years(unix_moment(text, form))
        instant = f"({moment}) AT TIME ZONE 'UTC'"
        if kind is ColumnType.TIMESTAMPTZ:
            return instant
        to = sql_type(DataType(kind))
        return (
            f"CAST(({instant}) AT TIME ZONE {quoted(self.zone)} AS {to})"
            if self.zone
            else f"CAST(NULL AS {to})"
        )


def cast(column: str, was: DataType, to: DataType, zone: str | None) -> str:
    """Return SQL for a typed value in another type: exactly, or NULL."""
    target = sql_type(to)
    there = f"TRY_CAST({column} AS {target})"
    match was.kind, to.kind:
        case _ if was == to:
            return column
        case (ColumnType.INT | ColumnType.DECIMAL | ColumnType.FLOAT, ColumnType.INT | ColumnType.DECIMAL):
            return f"CASE WHEN TRY_CAST({there} AS {sql_type(was)}) = {column} THEN {there} END"
        case (ColumnType.INT, ColumnType.FLOAT):
            return f"CASE WHEN abs({column}) <= 9007199254740992 THEN {there} END"
        case (ColumnType.INT, ColumnType.BOOL):
            return f"CASE WHEN {column} IN (0, 1) THEN {there} END"
        case (ColumnType.TIMESTAMP, ColumnType.DATE):
            return f"CASE WHEN {column} = date_trunc('day', {column}) THEN {there} END"
        case (ColumnType.TIMESTAMP | ColumnType.DATE, ColumnType.TIMESTAMPTZ) if zone is not None:
            return at_zone(f"CAST({column} AS TIMESTAMP)", zone)
        case (
            (ColumnType.DECIMAL, ColumnType.FLOAT)
            | (ColumnType.DATE, ColumnType.TIMESTAMP)
            | (_, ColumnType.TEXT)
        ):
            return there
        case _:
            return f"CAST(NULL AS {target})"


def sql_type(data: DataType) -> str:
    """Name a type in DuckDB's SQL."""
    plain = {
        ColumnType.TEXT: "VARCHAR",
        ColumnType.INT: "BIGINT",
        ColumnType.FLOAT: "DOUBLE",
        ColumnType.BOOL: "BOOLEAN",
        ColumnType.TIMESTAMPTZ: "TIMESTAMPTZ",
    }
    return plain.get(data.kind, str(data).upper())


def at_zone(moment: str, zone: str) -> str:
    """Return SQL for the instant at which clocks in ``zone`` show ``moment``."""
    return f"({moment}) AT TIME ZONE {quoted(zone)}"


def quoted(text: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """Write a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quoted(pattern)})"


def _when(text: str, pattern: str, value: str) -> str:
    return f"CASE WHEN {_matches(text, pattern)} THEN {value} END"


def _in_years(moment: str) -> str:
    first, last = _YEARS
    return f"CASE WHEN ({moment}) BETWEEN '{first}' AND '{last} 23:59:59.999999' THEN {moment} END"


def _pattern_of(form: str) -> str:
    """Return the pattern of a strptime form, so that digits cannot be shared out in another way."""
    pieces = re.findall(r"%-?.|[^%]+|%", form)
    pattern = ""
    for n, piece in enumerate(pieces):
        if not piece.startswith("%") or len(piece) < 2:
            pattern += re.escape(piece)
            continue
        alone = not any(0 <= m < len(pieces) and pieces[m].startswith("%") for m in (n - 1, n + 1))
        one = _DIRECTIVES.get(piece[-1], "%" if piece[-1] == "%" else ".+")
        pattern += one if alone or one != r"\d{1,2}" else r"\d{2}"
    return pattern
