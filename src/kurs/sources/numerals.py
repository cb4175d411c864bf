"""How numbers are written: marks, groups, signs, currencies, percent, as patterns and SQL for DuckDB.

A number is plain (digits, marks, a hyphen) or dressed: with a true minus, blanks, a stated currency, a
percent sign, stated parentheses. The plain form is tried first, so that dress costs nothing where there is
none. Nothing is taken off that the pattern did not expect.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kurs.model.source import Bounds, DataType, Negatives
from kurs.model.table import ColumnType

BLANKS = " \u00a0\u2007\u2009\u202f"  # they look alike, and one file may hold several of them
_APOSTROPHES = "'’"
_DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_EASTERN = "۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
_BLANK = f"[{BLANKS}]*"
_SIGN = r"[+\-−]"
_PERCENT = "[%٪]"


def latin_digits(text: str) -> str:
    """Return SQL for a text with Persian and Arabic digits as 0-9, without marks of direction."""
    return f"translate({text}, '{_EASTERN}−٪{_DIRECTIONS}', '01234567890123456789-%')"


@dataclass(frozen=True, slots=True)
class Numerals:
    """The stated marks of one column; ``percent`` says that all its values carry a percent sign."""

    decimal: str = "."
    thousands: str | None = None
    currency_signs: tuple[str, ...] = ()
    negatives: Negatives = Negatives.MINUS
    bounds: Bounds | None = None
    percent: bool = False

    def value(self, text: str, to: DataType, sql_type: str) -> str:
        """Return SQL for the exact value of ``text`` as ``to`` (INT, DECIMAL, FLOAT); NULL without one."""
        dressed = self._dressed_value(text, to, sql_type)
        if self.percent:
            return dressed
        cast = f"TRY_CAST({self.plain(text)} AS {sql_type})"
        return (
            f"CASE WHEN {_matches(text, self._plain_pattern(to))} THEN {_finite(cast, to)} ELSE {dressed} END"
        )

    def inferable(self, text: str, to: DataType) -> str:
        """Return SQL that is true where ``text`` is such a number without any doubt."""
        if self.percent:
            return "FALSE"
        point = re.escape(self.decimal)
        match to.kind:
            case ColumnType.INT:
                body = self._whole(strict=18)
            case ColumnType.DECIMAL:
                body = f"{self._whole(strict=12)}(?:{point}\\d{{1,6}})?"
            case _:
                body = f"{self._whole(strict=15)}(?:{point}\\d+)?"
        if self.is_dressed:
            return _matches(text, self._dress(body))
        exponent = r"(?:[eE][+-]?\d{1,3})?" if to.kind is ColumnType.FLOAT else ""
        return _matches(text, f"-?{body}{exponent}")

    @property
    def is_dressed(self) -> bool:
        """Say whether more than digits and marks is stated."""
        return bool(self.currency_signs) or self.negatives is not Negatives.MINUS

    def bound(self, text: str) -> str | None:
        """Return SQL that is true where ``text`` is a bound, such as ``< 10``; None if none is stated."""
        if self.bounds is None:
            return None
        number = self._dress(f"{self._whole()}(?:{re.escape(self.decimal)}\\d*)?")
        return _matches(text, f"[<>≤≥]=?{number}")

    def plain(self, text: str) -> str:
        """Return SQL for a plain number as DuckDB writes it: without groups, with a point."""
        if self.thousands is not None:
            marks = _alike(self.thousands)
            one = f"replace({text}, {_quoted(self.thousands)}, '')"
            text = one if len(marks) == 1 else f"translate({text}, {_quoted(marks)}, '')"
        return text if self.decimal == "." else f"replace({text}, {_quoted(self.decimal)}, '.')"

    def _plain_pattern(self, to: DataType) -> str:
        exponent = r"(?:[eE][+-]?\d{1,3})?" if to.kind is ColumnType.FLOAT else ""
        return f"[+-]?{self._body(to)}{exponent}"

    def _body(self, to: DataType) -> str:
        point = re.escape(self.decimal)
        match to.kind:
            case ColumnType.INT:
                return self._whole()
            case ColumnType.DECIMAL:
                scale = to.scale - 2 if self.percent else to.scale
                some = f"\\d{{1,{scale}}}0*" if scale > 0 else "0+"
                return f"(?:{self._whole()}(?:{point}(?:{some})?)?|{point}{some})"
            case _:
                return f"(?:{self._whole()}(?:{point}\\d*)?|{point}\\d+)"

    def _whole(self, strict: int = 0) -> str:
        plain = f"(?:0|[1-9]\\d{{0,{strict - 1}}})" if strict else "\\d+"
        if self.thousands is None:
            return plain
        first = "[1-9]" if strict else "\\d"
        groups = f"{{1,{(strict - 1) // 3}}}" if strict else "+"
        mark = "".join(re.escape(c) for c in _alike(self.thousands))
        return f"(?:{first}\\d{{0,2}}(?:[{mark}]\\d{{3}}){groups}|{plain})"

    def _dress(self, body: str) -> str:
        """Return the pattern of a number in all the dress that is stated."""
        if self.percent:
            body = f"(?:{body}{_BLANK}{_PERCENT}|{_PERCENT}{_BLANK}{body})"
        ways = [f"{_SIGN}?{_BLANK}{body}"]
        before = after = ""
        if self.currency_signs:
            signs = sorted(self.currency_signs, key=len, reverse=True)
            money = f"(?:{'|'.join(re.escape(sign) for sign in signs)})"
            before, after = f"(?:{money}{_BLANK})?", f"(?:{_BLANK}{money})?"
            ways += [
                f"{_SIGN}?{_BLANK}{money}{_BLANK}{body}",
                f"{money}{_BLANK}{_SIGN}{_BLANK}{body}",
                f"{_SIGN}?{_BLANK}{body}{_BLANK}{money}",
            ]
        if self.negatives is Negatives.PARENTHESES:
            ways += [f"\\({_BLANK}{before}{body}{_BLANK}\\)", f"\\({_BLANK}{body}{after}{_BLANK}\\)"]
            ways += [f"{before}\\({body}\\)", f"\\({body}\\){after}"] if before else []
        if self.negatives is Negatives.TRAILING:
            ways += [
                f"{before}{body}{_BLANK}[-−]",
                f"{body}{_BLANK}[-−]{after}",
                f"{body}{after}{_BLANK}[-−]",
            ]
        return f"{_BLANK}(?:{'|'.join(ways)}){_BLANK}"

    def _dressed_value(self, text: str, to: DataType, sql_type: str) -> str:
        shape = self._dress(self._body(to))
        if self.bounds in (Bounds.VALUE, Bounds.HALF):
            marks = "[<>≤≥]=?" if self.bounds is Bounds.VALUE else "[<≤]=?"
            shape = f"(?:{marks})?{shape}"
        bare = text
        for sign in sorted(self.currency_signs, key=len, reverse=True):
            bare = f"replace({bare}, {_quoted(sign)}, '')"
        minus = f"regexp_matches({bare}, '[-−(]')"
        bare = self.plain(f"translate({bare}, {_quoted(BLANKS + '%٪+-−()<>≤≥=')}, '')")
        if self.percent:
            bare = f"({bare} || 'e-2')"
        # The sign goes into the text, not to the value: the smallest whole number has no opposite.
        number = f"TRY_CAST(CASE WHEN {minus} THEN '-' ELSE '' END || {bare} AS {sql_type})"
        if self.bounds is Bounds.HALF:
            number = self._halved(text, number, to, sql_type)
        return f"CASE WHEN {_matches(text, shape)} THEN {_finite(number, to)} END"

    @staticmethod
    def _halved(text: str, number: str, to: DataType, sql_type: str) -> str:
        """Return SQL that halves what stands behind ``<``: exactly, or NULL."""
        half = f"{number} * 0.5" if to.kind is ColumnType.FLOAT else f"CAST({number} AS DECIMAL(37,10)) * 0.5"
        exact = f"TRY_CAST({half} AS {sql_type})"
        kept = f"CASE WHEN {exact} * 2 = {number} THEN {exact} END"
        return f"CASE WHEN regexp_matches({text}, '[<≤]') THEN {kept} ELSE {number} END"


def _alike(mark: str) -> str:
    """Return the marks that cannot be told from one by eye."""
    return next((group for group in (BLANKS, _APOSTROPHES) if mark in group), mark)


def _finite(number: str, to: DataType) -> str:
    return f"CASE WHEN isfinite({number}) THEN {number} END" if to.kind is ColumnType.FLOAT else number


def _matches(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {_quoted(pattern)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
