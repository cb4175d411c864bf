"""Amounts that may be written in minor units: cents, as payment providers count."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.model.currency_columns import is_currency_column
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from kurs.sources.look_seen import Seen, SeenColumn

_AMOUNT = re.compile(
    r"(?:.*_)?(?:amount|net|gross|fees?|tax|total|subtotal|balance|price|refunded|discount)(?:_.*)?"
)
_MINOR = re.compile(r"(?:.*_)?(?:cents?|minor(?:_units?)?|pence|grosze)")
_NO_AMOUNT = re.compile(r"(?:.*_)?(?:id|ids|count|number|quantity|type|percent|rate|days|name)(?:_.*)?")


def in_minor_units(seen: Seen) -> tuple[SeenColumn, ...]:
    """Say of amounts in whole numbers, beside a column of currencies, that they may count cents.

    A name that says so is enough. Where another amount of the file has decimals, a currency is not.
    """
    amounts = [column for column in seen.columns if _AMOUNT.fullmatch(column.name)]
    beside = next((c.header for c in seen.columns if is_currency_column(c.name) and c.type == "text"), None)
    if any((column.type or "").startswith("decimal") for column in amounts):
        beside = None
    found: list[SeenColumn] = []
    for column in seen.columns:
        is_minor = _MINOR.fullmatch(column.name) is not None
        is_amount = beside is not None and column in amounts and not _NO_AMOUNT.fullmatch(column.name)
        if column.type == "int" and (is_minor or is_amount):
            values = {"column": column.header, "currency": beside or column.header}
            said = Problem("look_minor_units", values, Severity.WARNING)
            column = replace(column, findings=(*column.findings, said))
        found.append(column)
    return tuple(found)
