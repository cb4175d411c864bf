"""Tables of a page: headings and cells, each with the number that it is sorted by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's title; numbers stand at its end."""

    title: str
    is_numeric: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A floating bar within a cell, in places from 0 to 1000; ``tone`` is its colour."""

    start: int
    width: int
    tone: str = "none"
    axis: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. ``raw`` is the number behind the text, ``href`` where it leads, ``note`` stands below it.

    With a ``status`` it is a badge; ``""`` is none. ``trend`` is the path of a line, ``bar`` a bar. ``code``
    is YAML to copy, folded away.
    """

    text: str = ""
    raw: float | None = None
    href: str = ""
    status: str | None = ""
    note: str = ""
    bar: Bar | None = None
    trend: object = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``caption`` says what it shows."""

    caption: str
    columns: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_sortable: bool = False
