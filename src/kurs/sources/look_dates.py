"""Which form the dates and moments of a column have: tried out with the loader's own readings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.sources.forms import Forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

_DATE, _MOMENT, _INSTANT = (
    DataType(kind) for kind in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
)
_FEW = 200
_ORDERS = ("%d{}%m{}%Y", "%m{}%d{}%Y", "%Y{}%m{}%d", "%d{}%m{}%y", "%m{}%d{}%y", "%y{}%m{}%d")
_NAMED = ("%d{}%b{}%Y", "%d{}%B{}%Y", "%d{}%b{}%y", "%b %d, %Y", "%B %d, %Y", "%a, %d %b %Y", "%a, %b %d, %Y")
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%H.%M", "%H.%M.%S")
_ZONES = ("", "%z", " %z")


@dataclass(frozen=True, slots=True)
class DateForm:
    """A type and the form by which the loader reads all values; None for ISO."""

    type: DataType
    form: str | None

    @property
    def name(self) -> str:
        """The form, as a person would answer with it."""
        return self.form or "ISO"

    def sql(self, text: str) -> str:
        """Return SQL for the value of a trimmed text."""
        return Forms(date=self.form, timestamp=self.form).value(text, self.type)


def date_forms(connection: DuckDBPyConnection, values: str, shapes: Sequence[str]) -> tuple[DateForm, ...]:
    """Return every form that fits all values; ``values`` is SQL for a relation with one column ``v``.

    More than one form: the order of day and month is in doubt. The likeliest comes first: the one by
    which the days lie closest together.
    """
    tried = _candidates(shapes[0]) if shapes else []
    tried = _fitting(connection, f"(SELECT v FROM {values} LIMIT {_FEW})", tried)
    fitting = _fitting(connection, values, tried)
    if any(form.form is None for form in fitting):
        return tuple(form for form in fitting if form.form is None)[:1]
    if len(fitting) > 1 and _mark(fitting[0].form or "") == ".":
        # Nobody writes the month before the day with points between.
        fitting = [form for form in fitting if not (form.form or "").startswith("%m")] or fitting
    if len(fitting) < 2:
        return tuple(fitting)
    return tuple(sorted(fitting, key=lambda form: _spread(connection, values, form)))


def read_as(connection: DuckDBPyConnection, texts: Sequence[str], form: DateForm) -> tuple[str, ...]:
    """Return what some texts become by a form."""
    sql = f"SELECT CAST({form.sql('v')} AS VARCHAR) FROM (SELECT unnest(?) AS v)"
    return tuple(str(row[0]) for row in connection.execute(sql, [list(texts)]).fetchall())


def _candidates(shape: str) -> list[DateForm]:
    """Return the forms that may fit a shape."""
    numeric = re.fullmatch(r"[9Z]9{0,3}([-./])9{1,2}\1 ?9{1,4}(.*)", shape)
    if numeric:
        mark, rest = numeric[1], numeric[2]
        days = [order.format(mark, mark) for order in _ORDERS]
    elif re.match(r"[9Z]9?[ -]a[ -]9+|a\.? [9Z]9?, 9{4}|a, ", shape):
        mark = "-" if shape.lstrip("9Z").startswith("-") else " "
        days, rest = [form.format(mark, mark) for form in _NAMED], re.sub(r"^.*?9{4}|^.*?a-99", "", shape)
    elif re.fullmatch(r"9{8}", shape):
        return [DateForm(_DATE, "%Y%m%d")]
    elif re.fullmatch(r"9{4}-99", shape):
        return [DateForm(_DATE, "%Y-%m")]
    else:
        return []
    found = [DateForm(_DATE, form) for form in days] if not rest else []
    if rest:
        between = re.match(r",? ?|[Ta]", rest)
        lead = between[0].replace("a", "T") if between else ""
        for form in days:
            for time in _TIMES:
                for zone in _ZONES:
                    kind = _INSTANT if zone else _MOMENT
                    found.append(DateForm(kind, f"{form}{lead}{time}{zone}"))
    if re.match(r"9{4}-99-99", shape):
        # ISO first; the same form spelt out, where the hour has one digit.
        iso = [DateForm(_MOMENT, None), DateForm(_INSTANT, None)] if rest else [DateForm(_DATE, None)]
        return [*iso, *(form for form in found if rest and (form.form or "").startswith("%Y-%m-%d"))]
    return found


def _fitting(connection: DuckDBPyConnection, values: str, forms: Sequence[DateForm]) -> list[DateForm]:
    if not forms:
        return []
    sums = ", ".join(f"count({form.sql('v')})" for form in forms)
    row = connection.execute(f"SELECT count(*), {sums} FROM {values}").fetchall()[0]
    return [form for form, count in zip(forms, row[1:], strict=True) if count == row[0] > 0]


def _mark(form: str) -> str:
    return form[2:3]


def _spread(connection: DuckDBPyConnection, values: str, form: DateForm) -> tuple[int, int]:
    """Return the span in days, and a rank of the order for equal spans: day, month, year first."""
    day = f"CAST({form.sql('v')} AS DATE)"
    ((days,),) = connection.execute(f"SELECT max({day}) - min({day}) FROM {values}").fetchall()
    return int(days), ("%d", "%m", "%Y", "%y").index((form.form or "%d")[:2])
