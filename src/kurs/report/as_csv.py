"""Values as CSV: a header row, ISO dates, numbers in full precision, nothing for null."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from kurs.report.target_json import NESTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kurs.metrics.query import Answer


def answer(said: Answer) -> str:
    """Write an answer, one line per row."""
    return _written([column.name for column in said.columns], said.rows)


def records(rows: Sequence[Mapping[str, object]]) -> str:
    """Write plain dicts of one shape: a range becomes two columns, a list is left out."""
    flat = [dict(_flat(row)) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    return _written(names, ([row.get(name) for name in names] for row in flat))


def _flat(row: Mapping[str, object]) -> Iterable[tuple[str, object]]:
    for name, value in row.items():
        if name == "period" and isinstance(value, dict):
            yield "period_from", value["from"]
            yield "period_to", value["to"]
        elif name == "target":
            band = isinstance(value, dict)
            yield "target", None if band else value
            yield "target_low", value["low"] if band else None
            yield "target_high", value["high"] if band else None
        elif name not in NESTED and not isinstance(value, list | dict):
            yield name, value


def _written(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
