"""Which tables a row reaches many-to-one, and what a name means from where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import in_project_currency
from kurs.metrics.expression import columns, parse_rows, parse_select
from kurs.model.table import ColumnType
from kurs.problems import KursError, Problem, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kurs.metrics.formula import Formula
    from kurs.model.coverage import RelationFacts
    from kurs.model.project import Project
    from kurs.model.table import Join, Table


# What keeps its meaning wherever it is put.
_ATOMS = (exp.Column, exp.Literal, exp.Func, exp.Paren, exp.Null, exp.Boolean, exp.Placeholder)


class UnreachableError(KursError):
    """A name that a table cannot reach, or that does not exist; its one problem says which."""


@dataclass(frozen=True, slots=True)
class Step:
    """One join on the way: the row of ``start`` finds its row of ``join.table``."""

    start: str
    join: Join


@dataclass(frozen=True, slots=True)
class Resolved:
    """An expression whose columns all carry their table, and the joins that it needs."""

    tree: exp.Expr
    steps: frozenset[Step]


@dataclass(frozen=True, slots=True)
class Map:
    """The tables of a plan and what is known of their columns; it answers what a name means.

    ``facts`` are by table; a table without facts has columns that nobody knows yet, and every name is
    believed. ``formulas`` keeps the metrics that were taken apart, ``meanings`` what conditions are for the
    rows of a table: many questions name the same.
    """

    project: Project
    facts: Mapping[str, RelationFacts]
    formulas: dict[str, Formula] = field(default_factory=dict[str, "Formula"], compare=False, repr=False)
    meanings: dict[tuple[str, exp.Expr], Resolved] = field(
        default_factory=dict[tuple[str, exp.Expr], Resolved], compare=False, repr=False
    )

    def table(self, key: str) -> Table:
        """Return the table; raises UnreachableError with a suggestion."""
        if key not in self.project.tables:
            suggestion = closest(key, self.project.tables)
            raise UnreachableError(Problem("unknown_table", {"name": key, "suggestion": suggestion}))
        return self.project.tables[key]

    def type_of(self, table: str, column: str) -> ColumnType:
        """Return the type of a column; OTHER where nobody knows it."""
        facts = self.facts.get(table)
        return facts.columns.get(column, ColumnType.OTHER) if facts is not None else ColumnType.OTHER

    def relations(self) -> frozenset[str]:
        """Return the names of all relations that the tables read, those inside ``sql:`` too."""
        names: set[str] = set()
        for key, table in self.project.tables.items():
            if table.sql is None:
                names.add(table.relation or key)
            else:
                names |= {found.name for found in parse_select(table.sql).find_all(exp.Table)}
        return frozenset(name.lower() for name in names)

    def path(self, start: str, goal: str) -> tuple[Step, ...] | None:
        """Return the shortest chain of many-to-one joins, or None. Two equally short ones are refused."""
        if start == goal:
            return ()
        paths: list[tuple[Step, ...]] = [()]
        seen = {start}
        while paths:
            longer = [
                (*path, Step(here, join))
                for path in paths
                for here in (path[-1].join.table if path else start,)
                for join in self.project.tables[here].joins
                if join.table not in seen and join.table in self.project.tables
            ]
            found = [path for path in longer if path[-1].join.table == goal]
            if len(found) > 1:
                raise UnreachableError(Problem("ambiguous_path", {"table": start, "other": goal}))
            if found:
                return found[0]
            seen |= {path[-1].join.table for path in longer}
            paths = longer
        return None

    def reached(self, start: str) -> tuple[str, ...]:
        """Return the tables that ``start`` reaches, itself first, the nearest next."""
        order, queue = [start], [start]
        while queue:
            here = queue.pop(0)
            for join in self.project.tables[here].joins:
                if join.table in self.project.tables and join.table not in order:
                    order.append(join.table)
                    queue.append(join.table)
        return tuple(order)

    def home(self, tables: Iterable[str]) -> str | None:
        """Return the one table from which all ``tables`` are reached many-to-one, or None."""
        names = tuple(dict.fromkeys(tables))
        return next((name for name in names if set(names) <= set(self.reached(name))), None)

    def own(self, table: str, name: str) -> exp.Expr:
        """Return what ``name`` is within ``table``: a declared dimension, or a column."""
        dimension = self.table(table).dimension(name)
        if dimension is None or dimension.expr == name:
            self._known_column(table, name)
            return self._meaning(table, name)
        return self.own_expression(table, dimension.expr)

    def own_expression(self, table: str, text: str) -> exp.Expr:
        """Return an expression over the table's own columns, each with its table; amounts are converted."""
        return self._in_table(table, text, self._meaning)

    def where(self, table: str) -> list[exp.Expr]:
        """Return the table's own ``where``, if any, over its columns as they stand in the data."""
        text = self.table(table).where
        return [] if text is None else [self._in_table(table, text, lambda t, c: exp.column(c, table=t))]

    def _meaning(self, table: str, column: str) -> exp.Expr:
        is_amount = column in self.table(table).amounts
        return in_project_currency(self, table, column) if is_amount else exp.column(column, table=table)

    def _in_table(self, table: str, text: str, meaning: Callable[[str, str], exp.Expr]) -> exp.Expr:
        tree = parse_rows(text)
        for column in columns(tree):
            if column.table and column.table != table:
                values = {"name": f"{column.table}.{column.name}", "table": table}
                raise UnreachableError(Problem("foreign_column", values, offset=_start(column)))
            self._known_column(table, column.name, _start(column))
        return _replaced(tree, {column: meaning(table, column.name) for column in columns(tree)})

    def dimension(self, home: str, name: str) -> Resolved:
        """Return what the dimension ``name`` (bare, or ``table.column``) is for rows of ``home``.

        A bare name is the home's own dimension, else that of the nearest table that it reaches.
        Raises UnreachableError: unknown_dimension, unreachable_dimension, ambiguous_path.
        """
        table, _, column = name.rpartition(".")
        if table:
            self.table(table)
            return self._at(home, table, column, name)
        for owners in self._nearest_first(home):
            declaring = [owner for owner in owners if self.table(owner).dimension(name)]
            if len(declaring) > 1:
                raise UnreachableError(Problem("ambiguous_path", {"table": home, "other": name}))
            if declaring:
                return self._at(home, declaring[0], name, name)
        known = {dimension.name for other in self.project.tables.values() for dimension in other.dimensions}
        if name in known:
            raise UnreachableError(Problem("unreachable_dimension", {"name": name, "table": home}))
        raise UnreachableError(
            Problem("unknown_dimension", {"name": name, "suggestion": closest(name, known)})
        )

    def condition(self, home: str, tree: exp.Expr) -> Resolved:
        """Return a condition over dimensions and ``table.column`` as it reads for rows of ``home``."""
        found = self.meanings.get((home, tree))
        if found is None:
            found = self.meanings[home, tree] = self._condition(home, tree)
        return found

    def _condition(self, home: str, tree: exp.Expr) -> Resolved:
        meant: dict[exp.Expr, exp.Expr] = {}
        steps: frozenset[Step] = frozenset()
        for column in columns(tree):
            name = f"{column.table}.{column.name}" if column.table else column.name
            try:
                resolved = self.dimension(home, name)
            except UnreachableError as error:
                raise UnreachableError(_as_filter(error.problems[0], _start(column))) from error
            meant[column] = resolved.tree
            steps |= resolved.steps
        return Resolved(_replaced(tree, meant), steps)

    def _at(self, home: str, table: str, column: str, name: str) -> Resolved:
        path = self.path(home, table)
        if path is None:
            raise UnreachableError(Problem("unreachable_dimension", {"name": name, "table": home}))
        return Resolved(self.own(table, column), frozenset(path))

    def _nearest_first(self, home: str) -> Iterable[tuple[str, ...]]:
        level, seen = (home,), {home}
        while level:
            yield level
            level = tuple(
                dict.fromkeys(
                    join.table
                    for here in level
                    for join in self.project.tables[here].joins
                    if join.table in self.project.tables and join.table not in seen
                )
            )
            seen |= set(level)

    def _known_column(self, table: str, name: str, offset: int = 0) -> None:
        facts = self.facts.get(table)
        if facts is None or not facts.columns or name in facts.columns:
            return
        values = {"name": name, "table": table, "suggestion": closest(name, facts.columns)}
        raise UnreachableError(Problem("unknown_column", values, offset=offset))


def time_type(world: Map, table: str) -> ColumnType:
    """Return the type of a table's time column; raises UsageError when it cannot be a time."""
    facts, time = world.facts.get(table), world.project.tables[table].time
    if facts is None or not facts.columns or time is None:
        raise UsageError(Problem("not_loaded", {"table": table}))
    kind = facts.columns.get(time)
    if kind is None or kind not in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ):
        values = {"table": table, "column": time, "type": str(kind or "-")}
        raise UsageError(Problem("time_not_time", values, path=("tables", table, "time")))
    return kind


def _as_filter(problem: Problem, offset: int) -> Problem:
    code = "unreachable_filter" if problem.code == "unreachable_dimension" else problem.code
    return Problem(code, problem.values, offset=offset)


def _start(column: exp.Column) -> int:
    table = column.args.get("table")
    return int((table or column.this).meta.get("start", 0))


def _replaced(tree: exp.Expr, meant: Mapping[exp.Expr, exp.Expr]) -> exp.Expr:
    def swap(node: exp.Expr) -> exp.Expr:
        return in_brackets(meant[node]) if isinstance(node, exp.Column) and node in meant else node

    return tree.transform(swap)


def in_brackets(tree: exp.Expr) -> exp.Expr:
    """Return a copy that keeps its meaning wherever it is put."""
    copy = tree.copy()
    is_atom = isinstance(copy, _ATOMS) and not isinstance(copy, exp.Connector)
    return copy if is_atom else exp.paren(copy, copy=False)
