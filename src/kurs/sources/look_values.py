"""What the values of one column are, by all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import Digits
from kurs.problems import Problem, Severity
from kurs.sources.forms import named, quoted
from kurs.sources.look_dates import DateForm, date_forms, unix_form
from kurs.sources.look_dress import OWN_POINT, Dress, digits_of, dress_of
from kurs.sources.look_names import in_english
from kurs.sources.look_numbers import possible
from kurs.sources.look_people import MAIL_VALUE, PHONE_VALUE
from kurs.sources.numerals import BLANKS, latin_digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

NULL_MARKS = (
    *("-", "--", "---", "–", "—", "n/a", "n.a.", "na", "#n/a", "null", "none", "nan", "\\n", "not available"),
    *("(none)", "nil", "#wert!", "#value!", "#div/0!", "#ref!"),
)
_MOST_SHAPES = 3_000
_SHORTENED = r"[<>~≈]?\s?[+-]?[$€£]?\d+(?:[.,]\d+)?\s?(?:[KkMmBb]|tys\.?|tn|mn|bn)?"  # 1.2K, 3M, 870
_ISO_DAY = r"\d{4}-\d{2}-\d{2}(?: .*)?"  # as a sheet's own days come
_PLAIN = Dress()
_ID = re.compile(
    r"(?:^|[\W_])(?:id|ids|guid|uuid|sku|ean|gtin|isbn|asin|zip|zipcode|postcode|postal[-_ ]?code|plz|barcode"
    r"|(?:order|invoice|account|customer|card|article|phone)[-_ ]?(?:number|no|nr)|[^\W\d_]*n(?:umme|ume)r)$"
    r"|^num(?:er|mer)\b",
    re.IGNORECASE,
)
_DATED = re.compile(r"date|day|datum|dag|data|dzie|time|zeit|fecha|dt$", re.IGNORECASE)
# Words that a header of days, weeks or months has; `in_english` knows the Persian ones.
_PERIOD = re.compile(
    r"(?:^|[\W_])(?:date|day|week|month|quarter|period|datum|dag|vecka|månad|kvartal|tag|woche|monat|quartal"
    r"|dzień|tydzień|miesiąc|kwartał|fecha|semana|mes|jour|semaine|mois|trimestre)(?:$|[\W_])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What all values of one column have in common. ``filled`` are those that are no null mark.

    ``numeric`` are the shapes of their digits when all of them are numbers by some marks, in the ``dress``
    that these wear; ``odd`` says why values that hold numbers cannot be read as such.
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
    dress: Dress = _PLAIN
    digits: Digits = Digits.LATIN
    odd: Problem | None = None
    leading_zeros: bool = False
    mails: float = 0.0
    phones: float = 0.0

    @property
    def is_id(self) -> bool:
        """Say whether the header names something that only looks like a number."""
        return bool(_ID.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", in_english(self.header.strip()))))

    @property
    def is_dated(self) -> bool:
        """Say whether the header speaks of a day."""
        return is_dated(self.header)


def is_dated(header: str) -> bool:
    """Say whether a header speaks of a day or a moment."""
    return bool(_DATED.search(in_english(header)))


def unread_days(found: Facts) -> tuple[Problem, ...]:
    """Say of a text whose header speaks of days, and which holds digits, that it was read as none."""
    digits = sum(bool(re.search("[9Z]", shape)) for shape in found.shapes)
    if not _PERIOD.search(in_english(found.header)) or 2 * digits <= len(found.shapes):
        return ()
    values = {"column": found.header, "samples": " | ".join(found.samples)}
    return (Problem("look_days_unread", values, Severity.WARNING),)


def shape_of(text: str) -> str:
    """Return SQL for the shape of a text: letters become a, a first digit 0 Z, all other digits 9.

    Marks that cannot be told apart by eye become one.
    """
    alike = f"translate({text}, {quoted(BLANKS + '’')}, {quoted(' ' * len(BLANKS) + chr(39))})"
    return (
        f"regexp_replace(regexp_replace(regexp_replace({alike}, '\\p{{L}}+', 'a', 'g'), "
        "'^([+-]?)0', '\\1Z'), '[0-9]', '9', 'g')"
    )


def facts(
    connection: DuckDBPyConnection, rows: str, column: str, header: str, *, own_days: bool = False
) -> Facts:
    """Look at every value of a column of the relation ``rows``.

    ``own_days`` says that days of another form than the texts have a type of their own.
    """
    marks = ", ".join(quoted(mark) for mark in NULL_MARKS)
    text = f"trim(CAST({named(column)} AS VARCHAR))"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE looked AS SELECT {text} AS v, count(*) AS n "
        f"FROM {rows} WHERE {text} <> '' GROUP BY 1"
    )
    nulls = connection.execute(f"SELECT v FROM looked WHERE lower(v) IN ({marks}) ORDER BY n DESC").fetchall()
    connection.execute(f"DELETE FROM looked WHERE lower(v) IN ({marks})")
    ((total,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    samples = connection.execute("SELECT v FROM looked ORDER BY length(v) DESC, n DESC, v LIMIT 3").fetchall()
    digits = digits_of(connection, "looked")
    if digits is not Digits.LATIN:
        connection.execute(f"UPDATE looked SET v = {latin_digits('v')}")
    shapes = connection.execute(
        f"SELECT {shape_of('v')} AS shape, sum(n), count(*) FROM looked "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHAPES + 1}"
    ).fetchall()
    ((filled, distinct, mails, phones, truths),) = connection.execute(
        "SELECT coalesce(sum(n), 0), count(*), "
        f"avg(CAST(regexp_full_match(v, {quoted(MAIL_VALUE)}) AS INT)), "
        f"avg(CAST(regexp_full_match(v, {quoted(PHONE_VALUE)}) AS INT)), "
        "count_if(lower(v) IN ('true', 'false')) FROM looked"
    ).fetchall()
    found = Facts(
        column=column,
        header=header,
        rows=total,
        filled=int(filled),
        shapes=tuple(row[0] for row in shapes),
        samples=tuple(row[0].replace(OWN_POINT, ".") for row in samples),
        digits=digits,
        null_marks=tuple(row[0] for row in nulls),
        is_bool=distinct == truths > 0,
        mails=mails or 0.0,
        phones=phones or 0.0,
        leading_zeros=any(re.fullmatch("Z9+", row[0]) for row in shapes),
    )
    if not shapes or found.is_bool or len(shapes) > _MOST_SHAPES:
        return found
    return _with_forms(connection, found, {row[0]: int(row[1]) for row in shapes}, own_days=own_days)


def _with_forms(
    connection: DuckDBPyConnection, found: Facts, counts: dict[str, int], *, own_days: bool
) -> Facts:
    if unix := unix_form(connection, "looked", found.header):
        return replace(found, dates=(unix,))
    dates = date_forms(connection, "looked", found.shapes)
    if dates and dates[0].form == "%y%m%d" and not found.is_dated:
        dates = ()
    if not dates and own_days:
        texts = f"(SELECT v FROM looked WHERE NOT regexp_full_match(v, {quoted(_ISO_DAY)}))"
        shapes = [shape for shape in found.shapes if not shape.startswith("9999-99-99")]
        dates = date_forms(connection, texts, shapes) if len(shapes) < len(found.shapes) else ()
    if dates:
        return replace(found, dates=dates)
    if possible(found.shapes):
        return replace(found, numeric=found.shapes)
    dress = dress_of(connection, "looked")
    if dress is not None:
        rows = connection.execute(f"SELECT DISTINCT {shape_of(dress.bare('v'))} FROM looked").fetchall()
        bare = tuple(str(row[0]) for row in rows)
        if dress.mixed is None and possible(bare):
            return replace(found, numeric=bare, dress=dress)
        if all(possible([shape]) for shape in bare):
            return replace(found, odd=_odd(dress.mixed or "look_mixed_marks", found, found.shapes))
    return replace(found, odd=_why_odd(connection, found, counts))


def samples_of(
    connection: DuckDBPyConnection, rows: str, column: str, condition: str = "TRUE"
) -> tuple[str, ...]:
    """Return three different values of a column, those with most characters first."""
    sql = (
        f"SELECT v FROM (SELECT DISTINCT trim(CAST({named(column)} AS VARCHAR)) AS v FROM {rows}) "
        f"WHERE v <> '' AND {condition} ORDER BY length(v) DESC, v LIMIT 3"
    )
    return tuple(row[0].replace(OWN_POINT, ".") for row in connection.execute(sql).fetchall())


def _why_odd(connection: DuckDBPyConnection, found: Facts, counts: dict[str, int]) -> Problem | None:
    """Say why a column that holds mostly numbers or dates cannot be read as such; None for a plain text."""
    shapes = found.shapes
    numbers = sum(n for shape, n in counts.items() if possible([shape]) and not re.fullmatch("Z9+", shape))
    if numbers >= 0.8 * found.filled and len(shapes) > 1:
        return _odd("look_mostly_numbers", found, [s for s in shapes if not possible([s])])
    if not shapes:
        return None
    shortened = (
        f"count_if(regexp_full_match(v, {quoted(_SHORTENED)})), count_if(regexp_matches(v, '[A-Za-z]$'))"
    )
    ((fitting, letters),) = connection.execute(f"SELECT {shortened} FROM looked").fetchall()
    ((distinct,),) = connection.execute("SELECT count(*) FROM looked").fetchall()
    if fitting == distinct and letters:
        return _odd("look_shortened", found, shapes)
    alike = f"(SELECT v FROM looked WHERE {shape_of('v')} = {quoted(shapes[0])})"
    days = date_forms(connection, alike, shapes)
    top = counts.get(shapes[0], 0)
    if days and top >= 0.8 * found.filled and re.search("9", shapes[0]):
        return _odd("look_mostly_dates", found, shapes[1:])
    return None


def _odd(code: str, found: Facts, shapes: Sequence[str]) -> Problem:
    values = {"column": found.header, "samples": " | ".join(found.samples), "shapes": ", ".join(shapes[:3])}
    return Problem(code, values, Severity.WARNING)
