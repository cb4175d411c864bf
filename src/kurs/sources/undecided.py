"""Columns that look like personal data, of which the plan does not say what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.source import Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.forms import named, quoted
from kurs.sources.look_people import MAIL_VALUE, PHONE_VALUE, personal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source

_SAMPLE = 2_000
_KINDS = (ColumnType.TEXT, ColumnType.INT)  # a number of a phone may be one of either


def undecided(
    source: Source,
    columns: Mapping[str, tuple[str, ColumnType | None]],
    connection: DuckDBPyConnection | None = None,
    relation: str = "",
) -> tuple[Problem, ...]:
    """Warn of columns, name -> (header, type), by their header and, with a ``relation``, by some values."""
    said = {column.name for column in source.columns if column.decided or column.keep is not Keep.PLAIN}
    found: list[Problem] = []
    for name, (header, kind) in columns.items():
        if name in said or kind not in (*_KINDS, None):
            continue
        shares: tuple[float, float] | None = (0.0, 0.0)
        if connection is not None and kind is ColumnType.TEXT:
            shares = _shares(connection, relation, name)
        if shares is not None and (keep := personal(header, *shares)) is not None:
            values = {"source": source.key, "column": header, "keep": keep.value}
            found.append(Problem("personal_data", values, Severity.WARNING, path=("sources", source.key)))
    return tuple(found)


def _shares(connection: DuckDBPyConnection, relation: str, name: str) -> tuple[float, float] | None:
    """Return which share of some values looks like an e-mail address, and like a phone number, if any is."""
    text = f"trim({named(name)})"
    sql = (
        f"SELECT count(*), count(*) FILTER (regexp_full_match({text}, {quoted(MAIL_VALUE)})), "
        f"count(*) FILTER (regexp_full_match({text}, {quoted(PHONE_VALUE)})) "
        f"FROM (SELECT {named(name)} FROM {relation} WHERE {named(name)} IS NOT NULL LIMIT {_SAMPLE})"
    )
    ((count, mails, phones),) = connection.execute(sql).fetchall()
    return (mails / count, phones / count) if count else None
