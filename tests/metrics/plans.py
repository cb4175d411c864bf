"""Small plans over a few rows, asked through the real engine with its real settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.engines.duckdb import DuckEngine
from kurs.metrics.compiling import compile_question
from kurs.metrics.question import Asked, Order, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.coverage import Covered, RelationFacts
from kurs.model.days import Days, grain_named
from kurs.model.events import Calendar
from kurs.model.metric import Fill, Metric
from kurs.model.project import Project, Settings
from kurs.model.segment import Segment
from kurs.model.table import ColumnType, Dimension, Join, Table
from kurs.problems import ProjectError
from spans import days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.metrics.query import Query
    from kurs.model.fx import Fx

NO_FILES = Path("/nowhere/lake")
LATE = date(2030, 12, 31)

_SQL_TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
}


@dataclass(frozen=True)
class Rows:
    """The rows of one relation; ``types`` by column: those of the plan, ``decimal(18,2)`` included."""

    types: Mapping[str, str]
    rows: Sequence[tuple[object, ...]] = ()
    covered: tuple[Days, ...] | None = None

    @property
    def sql(self) -> str:
        """One SELECT that makes the rows."""
        casts = [f'CAST("{name}" AS {self._type(kind)}) AS "{name}"' for name, kind in self.types.items()]
        names = ", ".join(f'"{name}"' for name in self.types)
        lists = [f"({', '.join(map(literal, row))})" for row in self.rows]
        values = ", ".join(lists) or f"({', '.join(['NULL'] * len(self.types))})"
        return f"SELECT {', '.join(casts)} FROM (VALUES {values}) v({names}){'' if lists else ' WHERE false'}"

    @property
    def facts(self) -> RelationFacts:
        """What the lake would say of these rows."""
        kinds = {name: ColumnType(kind.partition("(")[0]) for name, kind in self.types.items()}
        covered = (Covered("source", "", self.covered),) if self.covered else ()
        return RelationFacts(kinds, covered)

    @staticmethod
    def _type(kind: str) -> str:
        return _SQL_TYPES.get(kind, kind)


def literal(value: object) -> str:
    """Write a Python value as a SQL literal, to be cast to its column's type."""
    if value is None:
        return "NULL"
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"'{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
    if isinstance(value, (float, date, str, Decimal)):
        return "'" + str(value).replace("'", "''") + "'"
    return str(value)


def table(
    key: str,
    dimensions: Mapping[str, str] | None = None,
    joins: Mapping[str, str] | None = None,
    *,
    time: str | None = None,
    unique_key: str | None = None,
    relation: str | None = None,
    sql: str | None = None,
    timezone: str | None = None,
    where: str | None = None,
    latest_by: str = "",
    valid: tuple[str, str] | None = None,
    amounts: str = "",
    currency: str | None = None,
) -> Table:
    """One table of a plan; its relation has its name unless told otherwise."""
    return Table(
        key,
        relation=relation or (None if sql else key),
        sql=sql,
        time=time,
        timezone=timezone,
        unique_key=unique_key,
        where=where,
        dimensions=tuple(Dimension(name, expr) for name, expr in (dimensions or {}).items()),
        joins=tuple(Join(other, column) for other, column in (joins or {}).items()),
        latest_by=tuple(latest_by.split()),
        valid_from=valid[0] if valid else None,
        valid_to=valid[1] if valid else None,
        amounts=tuple(amounts.split()),
        currency=currency,
    )


def plan(
    tables: Sequence[Table],
    metrics: Mapping[str, str | tuple[str, Fill]] | None = None,
    segments: Mapping[str, tuple[str, str]] | None = None,
    *,
    timezone: str = "UTC",
    week_starts: int = 0,
    currency: str | None = None,
    fx: Fx | None = None,
) -> Project:
    """A linked plan of tables, metrics and segments ``{name: (of, where)}``."""
    nouns: dict[str, Metric] = {}
    for key, told in (metrics or {}).items():
        expr, fill = told if isinstance(told, tuple) else (told, None)
        nouns[key] = Metric(key, expr, fill=fill)
    return Project(
        folder=Path("/nowhere"),
        settings=Settings("test", timezone=timezone, currency=currency, week_starts=week_starts),
        tables={noun.key: noun for noun in tables},
        metrics=nouns,
        people={},
        strategy={},
        goals={},
        segments={key: Segment(key, of, where) for key, (of, where) in (segments or {}).items()},
        sources={},
        actions={},
        kpis={},
        calendar=Calendar(),
        fx=fx,
    )


def question(
    metrics: str,
    by: str = "",
    grain: str | None = None,
    within: str | None = None,
    *,
    where: Sequence[str] = (),
    segments: Sequence[str] = (),
    compare: str | None = None,
    order: str = "",
    limit: int | None = None,
) -> Question:
    """A question as the command line words it: names parted by blanks, ``order`` as ``a:desc b``."""
    orders = [part.partition(":") for part in order.split()]
    return Question(
        metrics=tuple(Asked(name) for name in metrics.split()),
        by=tuple(by.split()),
        grain=grain_named(grain) if grain else None,
        days=days(within) if within else None,
        where=tuple(where),
        segments=tuple(segments),
        compare=_comparison(compare) if compare else None,
        order=tuple(Order(name, way == "desc") for name, _, way in orders),
        limit=limit,
    )


def _comparison(text: str) -> Comparison:
    if ".." in text:
        return Comparison(Against.RANGE, days(text))
    return Comparison(Against(text))


def prepared(project: Project, rows: Mapping[str, Rows], asked: Question, as_of: date = LATE) -> Query:
    """Return the query for ``asked``; ``rows`` are by table of the plan."""
    return compile_question(asked, project, {key: each.facts for key, each in rows.items()}, as_of)


def run(sql: str, rows: Mapping[str, Rows]) -> tuple[tuple[object, ...], ...]:
    """Run SQL in a locked-down engine over views of the rows, by relation."""
    with DuckEngine({key: each.sql for key, each in rows.items()}, NO_FILES) as engine:
        return engine.run(sql)


def ask(
    project: Project, rows: Mapping[str, Rows], asked: Question, as_of: date = LATE
) -> list[dict[str, object]]:
    """Answer ``asked``: one dict a row, in the answer's order. Raises ProjectError where a guard objects."""
    query = prepared(project, rows, asked, as_of)
    views = {project.tables[key].relation or key: each for key, each in rows.items()}
    found = [guard.problem(wrong) for guard in query.guards if (wrong := run(guard.sql, views))]
    if found:
        raise ProjectError(*found)
    names = [column.name for column in query.columns]
    return [dict(zip(names, row, strict=True)) for row in run(query.sql, views)]
