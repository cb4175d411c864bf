"""Money that is added up as it stands, though some of it is in another currency than the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import sources_of
from kurs.metrics.arithmetic import safe_arithmetic
from kurs.metrics.expression import DIALECT
from kurs.metrics.formula import formula_of
from kurs.metrics.guards import Guard
from kurs.metrics.leaf import LeafRef
from kurs.metrics.rows import joined_rows, own_conditions
from kurs.model.currency_columns import by_currency_column, is_currency_column
from kurs.model.metric import Unit
from kurs.model.table import ColumnType
from kurs.problems import KursError, Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan

_SHOWN = 3


def unconverted(world: Map, scans: Iterable[Scan]) -> dict[exp.Column, list[tuple[Scan, exp.Expr | None]]]:
    """Return the columns of money that no ``amounts:`` names, each with the leaves that take it.

    A column is money when a metric of the unit ``currency`` is made of it, whichever metric is asked for:
    of cost / clicks, the cost.
    """
    if world.project.settings.currency is None:
        return {}
    money: set[exp.Column] = set()
    for key, metric in world.project.metrics.items():
        if metric.unit is not Unit.CURRENCY:
            continue
        try:
            formula = formula_of(world, key)
        except KursError:  # it is said where this metric is asked for
            continue
        leaves = [
            formula.leaves[int(ref.name)] for ref in formula.tree.find_all(LeafRef) if not _divides(ref)
        ]
        money |= {leaf.argument for leaf in leaves if isinstance(leaf.argument, exp.Column)}
    found: dict[exp.Column, list[tuple[Scan, exp.Expr | None]]] = {}
    for scan in scans:
        for _, leaf in scan.leaves:
            column = leaf.argument
            if isinstance(column, exp.Column) and column in money and column.table in world.project.tables:
                found.setdefault(column, []).append((scan, leaf.where))
    return found


def _divides(ref: exp.Expr) -> bool:
    """Say whether a leaf stands below a fraction's line."""
    node = ref
    while node.parent is not None:
        if isinstance(node.parent, exp.Div) and node.arg_key == "expression":
            return True
        node = node.parent
    return False


def doubts_of_accounts(world: Map, columns: Iterable[exp.Column]) -> Iterator[Problem]:
    """Warn of money from accounts that are billed in another currency, where no row says its own."""
    home = world.project.settings.currency
    for column in columns:
        if _currency_beside(world, column) is not None:
            continue
        others = [
            f"{source.account.currency} ({source.key})"
            for source in sources_of(world, column.table)
            if source.account.currency not in (None, home)
        ]
        if others:
            values = _values(column, home or "")
            yield Problem("amounts_not_converted", {**values, "examples": others}, Severity.WARNING)


def doubts_of_rows(
    world: Map, columns: dict[exp.Column, list[tuple[Scan, exp.Expr | None]]], as_of: date
) -> Iterator[Guard]:
    """Return what finds money of other currencies among the rows that count, by a column that names them."""
    home = world.project.settings.currency or ""
    for column, taken in columns.items():
        currency = _currency_beside(world, column)
        if currency is None:
            continue
        for scan, where in taken:
            other = exp.NEQ(this=currency, expression=exp.Literal.string(home))
            there = exp.not_(exp.Is(this=column.copy(), expression=exp.null()))
            conditions = [*own_conditions(world, scan, as_of), *scan.conditions, there, other]
            conditions += [where] if where is not None else []
            rows = joined_rows(world, scan, as_of).where(*map(safe_arithmetic, conditions))
            found = rows.select(exp.cast(currency, "TEXT")).distinct().order_by("1").limit(_SHOWN)
            sql, values = found.sql(DIALECT), _values(column, home)
            yield Guard("amounts_not_converted", sql, (), values, Severity.WARNING)


def _currency_beside(world: Map, amount: exp.Column) -> exp.Column | None:
    """Return the column that says, by its name, in what currency an amount is."""
    facts = world.facts.get(amount.table)
    columns = facts.columns.items() if facts is not None else ()
    spoken = [name for name, kind in columns if kind is ColumnType.TEXT and is_currency_column(name)]
    owned = by_currency_column([amount.name], spoken)
    return next((exp.column(name, table=amount.table) for name, theirs in owned.items() if theirs), None)


def _values(column: exp.Column, home: str) -> dict[str, object]:
    return {"table": column.table, "column": column.name, "currency": home}
