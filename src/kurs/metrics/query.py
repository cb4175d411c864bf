"""The planned question: one SQL statement, and what its columns are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kurs.metrics.guards import Guard
    from kurs.metrics.rollup import Source
    from kurs.model.metric import Unit
    from kurs.problems import Problem


class ColumnKind(StrEnum):
    """What a column of an answer is."""

    TIME = "time"
    DIMENSION = "dimension"
    METRIC = "metric"


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One column of an answer; ``unit`` belongs to metrics."""

    name: str
    kind: ColumnKind
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """One SQL statement for one dialect, its columns in order, and what to say beside the answer.

    ``tables`` are the tables of the plan that it reads; ``rollups`` are the relations that it reads
    instead of rows. ``joined`` are (table, other table) pairs: the other one's key must be unique, or rows
    would multiply. Each of the ``guards`` must find no row; what a ``doubts`` finds is a warning.
    """

    sql: str
    columns: tuple[AnswerColumn, ...]
    complete_to: date | None
    warnings: tuple[Problem, ...] = ()
    tables: tuple[str, ...] = ()
    joined: tuple[tuple[str, str], ...] = ()
    guards: tuple[Guard, ...] = ()
    doubts: tuple[Guard, ...] = ()
    rollups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a query: Python values (int, float, Decimal, str, bool, date, datetime, None).

    ``rollups`` are the relations that were read instead of rows.
    """

    columns: tuple[AnswerColumn, ...]
    rows: tuple[tuple[object, ...], ...]
    complete_to: date | None
    warnings: tuple[Problem, ...] = ()
    sql: str = ""
    rollups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the time of an answer went.

    ``seconds`` are by step, of the clock: plan, rollup (found, refreshed or made), sql, run. Within ``run``,
    ``reading`` and ``arithmetic`` are seconds of all threads. ``served`` are the rollups that were read.
    """

    seconds: Mapping[str, float]
    reading: float
    arithmetic: float
    served: tuple[Source, ...] = ()
