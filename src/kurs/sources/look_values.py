"""What the values of one column are, by all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.problems import Problem, Severity
from kurs.sources.forms import named, quoted
from kurs.sources.look_dates import DateForm, date_forms
from kurs.sources.look_numbers import ALL_MARKS, possible
from kurs.sources.look_people import MAIL_VALUE, PHONE_VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

NULL_MARKS = (
    *("-", "--", "---", "–", "—", "n/a", "n.a.", "na", "#n/a", "null", "none", "nan", "\\n", "not available"),
    *("(none)", "nil", "#wert!", "#value!", "#div/0!", "#ref!"),
)
_MOST_SHAPES = 3_000
_SHAPE = (  # letters become a, a first digit 0 becomes Z, all other digits 9
    "regexp_replace(regexp_replace(regexp_replace(v, '\\p{L}+', 'a', 'g'), "
    "'^([+-]?)0', '\\1Z'), '[0-9]', '9', 'g')"
)
_ID = re.compile(
    r"(?:^|[\W_])(?:id|ids|guid|uuid|sku|ean|gtin|isbn|asin|zip|zipcode|postcode|postal[-_ ]?code|plz|barcode"
    r"|(?:order|invoice|account|customer|card|article|phone)[-_ ]?(?:number|no|nr))$",
    re.IGNORECASE,
)
_DATED = re.compile(r"date|day|datum|dag|data|dzie|time|zeit|fecha|dt$", re.IGNORECASE)
_UNIX = re.compile(r"time|date|(?:^|_)ts$|_at$|created|updated", re.IGNORECASE)
_JALALI = re.compile(r"1[345]\d\d[-/.]")
_SIGNS = "$€£¥₹₺₽﷼"
_CODES = "kr|zł|zl|Ft|Kč|lei|CHF|EUR|USD|GBP|SEK|NOK|DKK|PLN|CZK|HUF|IRR|JPY|AUD|CAD|R\\$|Fr\\."


@dataclass(frozen=True, slots=True)
class Facts:
    """What all values of one column have in common. ``filled`` are those that are no null mark.

    ``numeric`` are the shapes when all of them are numbers by some marks; ``odd`` says why values that
    hold numbers cannot be read as such.
    """

    column: str
    header: str
    rows: int
    filled: int
    shapes: tuple[str, ...]
    samples: tuple[str, ...]
    null_marks: tuple[str, ...]
    is_bool: bool = False
    dates: tuple[DateForm, ...] = ()
    numeric: tuple[str, ...] = ()
    odd: Problem | None = None
    leading_zeros: bool = False
    mails: float = 0.0
    phones: float = 0.0

    @property
    def is_id(self) -> bool:
        """Say whether the header names something that only looks like a number."""
        return bool(_ID.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.header.strip())))

    @property
    def is_dated(self) -> bool:
        """Say whether the header speaks of a day."""
        return bool(_DATED.search(self.header))


def facts(connection: DuckDBPyConnection, rows: str, column: str, header: str) -> Facts:
    """Look at every value of a text column of the relation ``rows``."""
    marks = ", ".join(quoted(mark) for mark in NULL_MARKS)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE looked AS SELECT trim({named(column)}) AS v, count(*) AS n "
        f"FROM {rows} WHERE trim({named(column)}) <> '' GROUP BY 1"
    )
    nulls = connection.execute(f"SELECT v FROM looked WHERE lower(v) IN ({marks}) ORDER BY n DESC").fetchall()
    connection.execute(f"DELETE FROM looked WHERE lower(v) IN ({marks})")
    ((total,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    shapes = connection.execute(
        f"SELECT {_SHAPE} AS shape, sum(n), count(*) FROM looked "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHAPES + 1}"
    ).fetchall()
    ((filled, distinct, mails, phones, truths),) = connection.execute(
        "SELECT coalesce(sum(n), 0), count(*), "
        f"avg(CAST(regexp_full_match(v, {quoted(MAIL_VALUE)}) AS INT)), "
        f"avg(CAST(regexp_full_match(v, {quoted(PHONE_VALUE)}) AS INT)), "
        "count_if(lower(v) IN ('true', 'false')) FROM looked"
    ).fetchall()
    samples = connection.execute("SELECT v FROM looked ORDER BY length(v) DESC, n DESC, v LIMIT 3").fetchall()
    found = Facts(
        column=column,
        header=header,
        rows=total,
        filled=int(filled),
        shapes=tuple(row[0] for row in shapes),
        samples=tuple(row[0] for row in samples),
        null_marks=tuple(row[0] for row in nulls),
        is_bool=distinct == truths > 0,
        mails=mails or 0.0,
        phones=phones or 0.0,
        leading_zeros=any(re.fullmatch("Z9+", row[0]) for row in shapes),
    )
    if not shapes or found.is_bool or len(shapes) > _MOST_SHAPES:
        return found
    return _with_forms(connection, found, {row[0]: int(row[1]) for row in shapes})


def _with_forms(connection: DuckDBPyConnection, found: Facts, counts: dict[str, int]) -> Facts:
    dates = date_forms(connection, "looked", found.shapes)
    if dates and all(_JALALI.match(sample) for sample in found.samples):
        return replace(found, odd=_odd("jalali_dates", found, found.shapes))
    numeric = found.shapes if possible(found.shapes) else ()
    if not numeric and not dates and all(possible([shape]) for shape in found.shapes):
        return replace(found, odd=_odd("mixed_marks", found, found.shapes))
    odd = None if numeric or dates else _why_odd(connection, found, counts)
    return replace(found, dates=dates, numeric=numeric, odd=odd)


def samples_of(
    connection: DuckDBPyConnection, rows: str, column: str, condition: str = "TRUE"
) -> tuple[str, ...]:
    """Return three different values of a column, those with most characters first."""
    sql = (
        f"SELECT v FROM (SELECT DISTINCT trim({named(column)}) AS v FROM {rows}) "
        f"WHERE v <> '' AND {condition} ORDER BY length(v) DESC, v LIMIT 3"
    )
    return tuple(row[0] for row in connection.execute(sql).fetchall())


def _why_odd(connection: DuckDBPyConnection, found: Facts, counts: dict[str, int]) -> Problem | None:
    """Say why a column that holds numbers or dates cannot be read as such; None for a plain text."""
    shapes = found.shapes
    if any(re.search(r"[٠-٩۰-۹]", sample) for sample in found.samples):
        return _odd("foreign_digits", found, shapes)
    without = [re.sub(r"^%|[ \u00a0\u202f]?%$", "", shape) for shape in shapes]
    if any("%" in shape for shape in shapes) and possible(without):
        return _odd("percent_signs", found, shapes)
    stripped = [
        re.sub(rf"^([+-]?)[{_SIGNS}] ?|[ \u00a0\u202f]?[{_SIGNS}]$", r"\1", shape) for shape in shapes
    ]
    if any(set(shape) & set(_SIGNS) for shape in shapes) and possible(stripped):
        return _odd("currency_signs", found, shapes)
    bare = [re.sub(r"^a[ \u00a0\u202f]?|[ \u00a0\u202f]a\.?$", "", shape) for shape in shapes]
    if possible(bare) and _all_match(connection, f"(?:{_CODES})?[^\\p{{L}}]*(?:{_CODES})?"):
        return _odd("currency_signs", found, shapes)
    if any(shape.startswith(("<", ">")) for shape in shapes) and possible([s.lstrip("<> ") for s in shapes]):
        return _odd("bounds", found, shapes)
    if possible([re.sub(r"^\((.*)\)$|^(.*)-$|^−(.*)$", r"\1\2\3", shape) for shape in shapes]):
        return _odd("other_minus", found, shapes)
    numbers = sum(n for shape, n in counts.items() if possible([shape]) and not re.fullmatch("Z9+", shape))
    if numbers >= 0.8 * found.filled and len(shapes) > 1:
        return _odd("mostly_numbers", found, [s for s in shapes if not possible([s])])
    if not shapes:
        return None
    alike = f"(SELECT v FROM looked WHERE {_SHAPE} = {quoted(shapes[0])})"
    days = date_forms(connection, alike, shapes)
    top = counts.get(shapes[0], 0)
    if days and top >= 0.8 * found.filled and re.search("9", shapes[0]):
        return _odd("mostly_dates", found, shapes[1:])
    return None


def unix_time(found: Facts, connection: DuckDBPyConnection) -> Problem | None:
    """Say that a column of whole numbers is likely to count seconds since 1970."""
    if (
        not found.numeric
        or not _UNIX.search(found.header)
        or not _all_match(connection, "1[0-9]{9}|1[0-9]{12}|1[0-9]{15}")
    ):
        return None
    return _odd("unix_time", found, found.shapes)


def is_numeric_by_all_marks(found: Facts) -> bool:
    """Say whether the numbers of a column have no mark at all."""
    return possible(found.numeric) == frozenset(ALL_MARKS)


def _all_match(connection: DuckDBPyConnection, pattern: str) -> bool:
    sql = f"SELECT count_if(NOT regexp_full_match(v, {quoted(pattern)})) FROM looked"
    ((count,),) = connection.execute(sql).fetchall()
    return count == 0


def _odd(code: str, found: Facts, shapes: Sequence[str]) -> Problem:
    values = {"column": found.header, "samples": " | ".join(found.samples), "shapes": ", ".join(shapes[:3])}
    return Problem(f"look_{code}", values, Severity.WARNING)
