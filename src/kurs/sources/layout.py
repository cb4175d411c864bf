"""Which column of a file becomes which column of the lake."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, count
from typing import TYPE_CHECKING

from kurs.model.source import PERCENT, DataType, Keep, column_name
from kurs.problems import Problem, SourceError, closest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kurs.model.source import Source, SourceColumn


@dataclass(frozen=True, slots=True)
class Placed:
    """One column: its ``position`` in the file (from 0), its header, its name in the lake, what is stated.

    ``declared`` is the stated type; None where the values decide.
    """

    position: int
    header: str
    name: str
    declared: DataType | None = None
    date_format: str | None = None
    keep: Keep = Keep.PLAIN
    percent: bool = False
    currency_signs: tuple[str, ...] = ()


def layout(source: Source, headers: Sequence[str], file: str) -> tuple[Placed, ...]:
    """Place a file's headers, dropped columns included.

    Of two headers that end alike, as ``id`` and ``_id``, the one that is a name already keeps it, the other
    is numbered: ``id_2``. Raises SourceError: ``missing_column`` for a stated header that the file lacks,
    ``column_twice`` for two that are stated, or stand there, alike, ``unknown_type``.
    """
    stated = {column.header.strip(): column for column in source.columns}
    keys = _keys(headers, stated)
    placed = [place(stated.get(key.strip()), key, n) for n, key in enumerate(keys)]
    placed = _numbered(placed, stated)
    problems = missing(source, headers, file)
    seen: dict[str, Placed] = {}
    for column in placed:
        if column.keep is Keep.DROPPED:
            continue
        if column.name in seen:
            both = (seen[column.name].header, column.header)
            problems.append(Problem("column_twice", {"column": column.name, "headers": both, "file": file}))
        seen[column.name] = column
    if problems:
        raise SourceError(*problems)
    return tuple(placed)


def position_of(header: str | None, headers: Sequence[str], file: str) -> int | None:
    """Return where a header stands that the profile names. Raises SourceError ``missing_column``."""
    if header is None:
        return None
    plain = [one.strip() for one in headers]
    if header not in plain:
        values = {"column": header, "columns": tuple(headers), "file": file}
        raise SourceError(Problem("missing_column", {**values, "suggestion": closest(header, plain)}))
    return plain.index(header)


def numbered_header(header: str, count: int) -> str:
    """Name a header that stands there already: the second ``Clicks`` is ``Clicks (2)`` in a plan."""
    return f"{header} ({count})".strip()


def _keys(headers: Sequence[str], stated: Collection[str]) -> list[str]:
    """Return headers by which a plan names columns: one that stands there twice by its number, if stated."""
    counts: dict[str, int] = {}
    keys: list[str] = []
    for header in headers:
        plain = header.strip()
        counts[plain] = counts.get(plain, 0) + 1
        numbered = numbered_header(plain, counts[plain])
        keys.append(numbered if counts[plain] > 1 and numbered in stated else header)
    return keys


def _numbered(placed: list[Placed], stated: Mapping[str, SourceColumn]) -> list[Placed]:
    fixed = {column.name for column in placed if column.header.strip() in (*stated, column.name)}
    numbered: list[Placed] = []
    for column in placed:
        name = column.name
        if column.header.strip() not in (*stated, name):
            names = chain((name,), (f"{column.name}_{number}" for number in count(2)))
            name = next(name for name in names if name not in fixed)
            fixed.add(name)
        numbered.append(replace(column, name=name))
    return numbered


def missing(source: Source, headers: Sequence[str], file: str) -> list[Problem]:
    """Return a problem for each stated column that the file lacks; a dropped one may be absent."""
    there = {key.strip() for key in _keys(headers, {column.header.strip() for column in source.columns})}
    return [
        Problem(
            "missing_column",
            {
                "column": column.header,
                "columns": tuple(headers),
                "file": file,
                "suggestion": closest(column.header, there),
            },
        )
        for column in source.columns
        if column.header.strip() not in there and column.keep is not Keep.DROPPED
    ]


def place(column: SourceColumn | None, header: str, position: int) -> Placed:
    """Place one header. Raises SourceError ``unknown_type``."""
    if column is None:
        return Placed(position, header, column_name(header.strip(), position))
    declared = None if column.type is None else DataType.parse(column.type)
    if column.type is not None and declared is None:
        raise SourceError(Problem("unknown_type", {"column": column.header, "type": column.type}))
    return Placed(
        position,
        header,
        column.name,
        declared,
        column.date_format,
        column.keep,
        percent=column.type == PERCENT,
        currency_signs=column.currency_signs,
    )
