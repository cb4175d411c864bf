"""A table of the plan: where its rows come from, its time, key, dimensions and joins."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Dimension:
    """A name by which rows are grouped; ``expr`` is SQL over the table's own columns."""

    name: str
    expr: str
    label: Text | None = field(default=None, repr=False)  # what it is called changes no rollup


@dataclass(frozen=True, slots=True)
class Join:
    """A many-to-one step: ``column`` of this table finds one row of ``table`` by its key."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the plan.

    Either ``relation`` (a lake table, or a relation of the engine) or ``sql`` (one SELECT) is given.
    ``timezone`` says how a naive ``time`` is to be read. Of the rows with one key, ``latest_by`` keeps the
    newest; with ``valid_from`` and ``valid_to`` each is valid from the one until before the other.
    ``amounts`` are columns of money in the ``currency`` of their row: a column or dimension, a code for all
    rows, or None for that of the source's account.
    """

    key: str
    relation: str | None = None
    sql: str | None = None
    time: str | None = None
    timezone: str | None = None
    unique_key: str | None = None
    where: str | None = None
    dimensions: tuple[Dimension, ...] = ()
    joins: tuple[Join, ...] = ()
    latest_by: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
    amounts: tuple[str, ...] = ()
    currency: str | None = None

    @property
    def has_history(self) -> bool:
        """Say whether a key has a row for each stretch of time, instead of one row."""
        return self.valid_from is not None and self.valid_to is not None

    def dimension(self, name: str) -> Dimension | None:
        """Return the dimension that the table itself declares under ``name``."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)


class ColumnType(StrEnum):
    """The types that a column can have, by the names that the plan uses."""

    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOL = "bool"
    DATE = "date"
    TIMESTAMP = "timestamp"  # naive: a wall clock without a zone
    TIMESTAMPTZ = "timestamptz"  # an instant
    OTHER = "other"
