"""Take files as a load would, and look at what came in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from kurs.model.source import DataType, Format, Source, SourceColumn
from kurs.problems import Problem, SourceError
from kurs.sources.files import find
from kurs.sources.take import Order, take

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Came:
    """The columns by name with their types, and the rows in order of the file."""

    types: dict[str, str]
    rows: list[tuple[object, ...]]
    read: int
    empty: tuple[str, ...]


def source(file: str, *columns: SourceColumn, key: tuple[str, ...] = (), **profile: object) -> Source:
    """Make a source of one pattern; ``profile`` are values of its format."""
    return Source("it", "it", (file,), format=Format(**profile), columns=columns, unique_key=key)  # type: ignore[arg-type]


def came(folder: Path, wanted: Source, known: Mapping[str, DataType] | None = None) -> Came:
    """Take the files of a source; moments with a zone come as text in UTC."""
    order = Order(wanted, find(wanted, folder), "load", known=known or {})
    with take(order, lambda _: None) as taken:
        names = [name for name in taken.types if not name.startswith("_")]
        instants = {n for n in names if str(taken.types[n]) == "timestamptz"}
        shown = ", ".join(f'"{n}"::VARCHAR' if n in instants else f'"{n}"' for n in names)
        rows = taken.relation.project(shown).fetchall() if names else []
        types = {name: str(taken.types[name]) for name in names}
        return Came(types, rows, taken.rows_read, taken.empty)


def refused(folder: Path, wanted: Source, known: Mapping[str, DataType] | None = None) -> tuple[Problem, ...]:
    """Return the problems for which a source is not taken in."""
    with pytest.raises(SourceError) as failed:
        came(folder, wanted, known)
    return failed.value.problems
