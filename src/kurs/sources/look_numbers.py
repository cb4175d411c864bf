"""Which marks the numbers of a file have: told by the shapes of their texts.

A shape is a text whose letters have become ``a``, a first digit 0 ``Z`` and all other digits ``9``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.sources.look_dress import OWN_POINT
from kurs.sources.numerals import BLANKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GROUPING = (None, ".", ",", " ", "'", "٬", "،")  # the loader reads all blanks alike, and both apostrophes
_POINTS = ".,٫"
MOST_DIGITS = 18  # of a whole number that fits into 64 bits for sure
_MOST_IN_ALL = 38


@dataclass(frozen=True, slots=True)
class Marks:
    """A decimal mark and a mark between thousands."""

    decimal: str = "."
    thousands: str | None = None

    def __str__(self) -> str:
        if self.thousands is None:
            return f"decimal {self.decimal!r}"
        return f"decimal {self.decimal!r}, thousands {self.thousands!r}"


ALL_MARKS = tuple(Marks(d, t) for d in _POINTS for t in GROUPING if t != d)
FLOAT = re.compile(r"[+-]?[9Z]9*(?:[.,]9+)?a[+-]?[9Z]9*")


def possible(shapes: Sequence[str]) -> frozenset[Marks]:
    """Return the marks by which every shape is a number; empty where there are none."""
    found = frozenset(ALL_MARKS)
    for shape in shapes:
        found &= _possible(shape)
        if not found:
            break
    return found


@lru_cache(maxsize=50_000)
def _possible(shape: str) -> frozenset[Marks]:
    plain = (FLOAT.fullmatch(shape) and shape.partition("a")[0]) or shape
    return frozenset(
        marks for marks in ALL_MARKS if _pattern(marks).fullmatch(plain.replace(OWN_POINT, marks.decimal))
    )


@lru_cache(maxsize=64)
def _pattern(marks: Marks) -> re.Pattern[str]:
    point = re.escape(marks.decimal)
    grouped = ""
    if marks.thousands is not None:  # a first group 0 makes no thousands
        grouped = f"|9{{1,3}}(?:{re.escape(marks.thousands)}9{{3}})+"
    return re.compile(f"[+-]?(?:(?:[9Z]9*{grouped})(?:{point}9*)?|{point}9+)")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The marks for all numbers of a file, the likeliest first, and the columns that do not fit any.

    ``ambiguous`` are the columns whose values differ between ``readings``.
    """

    readings: tuple[Marks, ...]
    misfits: tuple[str, ...]
    ambiguous: tuple[str, ...]


def choose(columns: Mapping[str, Sequence[str]], delimiter: str | None) -> Chosen:
    """Choose one pair of marks for the numeric columns, each given by its shapes.

    Between readings that fit all of them alike, a comma is taken for a decimal mark in a file that is
    cut by semicolons or tabs, and for a mark between thousands in one that is cut by commas.
    """
    fits = {name: possible(shapes) for name, shapes in columns.items()}
    marked = {name: found for name, found in fits.items() if found != frozenset(ALL_MARKS)}
    if not marked:
        return Chosen((Marks(),), (), ())
    best = max(ALL_MARKS, key=lambda m: (sum(m in f for f in marked.values()), m.thousands is None))
    count = sum(best in found for found in marked.values())
    kept = [m for m in ALL_MARKS if sum(m in found for found in marked.values()) == count]
    # Two pairs are the same reading if they take every mark that occurs for the same thing.
    readings: dict[tuple[object, ...], Marks] = {}
    for marks in sorted(kept, key=lambda m: m.thousands is not None):
        readings.setdefault(_sense(marks, marked, columns), marks)
    comma_is_decimal = delimiter in (";", "\t")
    ordered = sorted(
        readings.values(), key=lambda m: (_doubtful(m, comma_is_decimal), m.thousands is not None)
    )
    misfits = tuple(name for name, found in marked.items() if ordered[0] not in found)
    ambiguous: list[str] = []
    if len(ordered) > 1:
        for name, shapes in columns.items():
            senses = {_sense(marks, {name: fits[name]}, {name: shapes}) for marks in ordered}
            if len(senses) > 1:
                ambiguous.append(name)
    return Chosen(tuple(ordered), misfits, tuple(ambiguous))


def _sense(
    marks: Marks, fits: Mapping[str, frozenset[Marks]], columns: Mapping[str, Sequence[str]]
) -> tuple[object, ...]:
    said: list[object] = []
    for name, found in fits.items():
        there = {mark for shape in columns[name] for mark in shape if mark in _POINTS}
        said.append((marks in found, *sorted((mark, mark == marks.decimal) for mark in there)))
    return tuple(said)


def _doubtful(marks: Marks, comma_is_decimal: bool) -> bool:
    """Say whether a reading is the less likely one by the land that the delimiter speaks of."""
    return (marks.decimal == ",") != comma_is_decimal


def number_type(shapes: Sequence[str], marks: Marks) -> str | None:
    """Return ``int``, a decimal that holds every digit, or ``float``; None for too many digits."""
    whole, scale, has_point = 0, 0, False
    for shape in shapes:
        if FLOAT.fullmatch(shape):
            return "float"
        plain = shape.lstrip("+-").replace(OWN_POINT, marks.decimal)
        front, point, back = plain.partition(marks.decimal)
        has_point = has_point or bool(point)
        whole = max(whole, sum(c in "9Z" for c in front))
        scale = max(scale, len(back))
    if not has_point:
        return "int" if whole <= MOST_DIGITS else None
    if scale <= 6 and whole <= 12:
        return "decimal"
    scale = max(6, -(-scale // 3) * 3)  # room for the next file
    if whole + scale <= _MOST_IN_ALL:
        return f"decimal({_MOST_IN_ALL},{scale})"
    return "float" if whole <= MOST_DIGITS else None


def as_number(text: str, marks: Marks) -> str:
    """Write a number as the loader would understand it: with a point, without groups and dress."""
    for blank in BLANKS:
        text = text.replace(blank, " ")
    plain = text.replace("’", "'").replace(marks.thousands, "") if marks.thousands else text
    plain = plain.replace(marks.decimal, ".").replace(OWN_POINT, ".")
    return "".join(c for c in plain if c.isdigit() or c in ".+-e") or plain
