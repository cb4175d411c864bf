"""A table of the plan: where its rows come from, its time, key, dimensions and joins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Dimension:
    """A name by which rows are grouped; ``expr`` is SQL over the table's own columns."""

    name: str
    expr: str


@dataclass(frozen=True, slots=True)
class Join:
    """A many-to-one step: ``column`` of this table finds one row of ``table`` by its key."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the plan.

    Either ``relation`` (a lake table, or a relation of the engine) or ``sql`` (one SELECT) is given.
    ``timezone`` says how a naive ``time`` is to be read.
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
