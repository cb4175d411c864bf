"""An amount is money in the currency of its row; every expression means it in the project's currency.

Wherever one names such a column, it stands for ``amount * rate`` of the row's own day. So sums, medians,
filters and groups see one currency, and both sides of a ratio are converted alike.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.model.fx import is_code
from kurs.problems import KursError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.metrics.reach import Map
    from kurs.model.source import Source

CONVERTED = "converted"  # the mark of an amount that was multiplied with a rate: it has many digits
SOURCE_OF_ROW = "_source"  # the lake writes into every row where it is from


class AmountError(KursError):
    """Amounts of which nobody says what they are in; its one problem carries the table's path."""


def in_project_currency(world: Map, table: str, column: str) -> exp.Expr:
    """Return what an amount is in the project's currency: null where no rate is known. Raises AmountError."""
    amount, home = exp.column(column, table=table), world.project.settings.currency
    path = ("tables", table, "amounts")
    if home is None:
        raise AmountError(Problem("no_project_currency", {"key": "amounts"}, path=path))
    currency = currency_of(world, table)
    if _is_constant(currency, home):
        return amount
    if world.project.fx is None:
        values = {"table": table, "currency": currency.name, "other": home}
        raise AmountError(Problem("amounts_without_fx", values, path=path))
    rate: exp.Expr = exp.column("rate", table=rates_alias(world, table))
    if not isinstance(currency, exp.Literal):
        own = exp.EQ(this=currency, expression=exp.Literal.string(home))
        rate = exp.Case(ifs=[exp.If(this=own, true=exp.Literal.number(1))], default=rate)
    converted = exp.paren(exp.Mul(this=amount, expression=rate))
    converted.meta[CONVERTED] = True
    return converted


def currency_of(world: Map, table: str) -> exp.Expr:
    """Return the currency of a row's amounts: a literal where it is the same for all. Raises AmountError."""
    noun = world.project.tables[table]
    if noun.currency is not None:
        return (
            exp.Literal.string(noun.currency) if is_code(noun.currency) else world.own(table, noun.currency)
        )
    sources = sources_of(world, table)
    told = {source.key: source.account.currency for source in sources if source.account.currency}
    if not sources or len(told) < len(sources):
        silent = [source.key for source in sources if source.key not in told]
        path = ("tables", table, "amounts")
        raise AmountError(Problem("amounts_without_currency", {"table": table, "sources": silent}, path=path))
    if len(set(told.values())) == 1:
        return exp.Literal.string(next(iter(told.values())))
    ifs = [
        exp.If(this=exp.Literal.string(key), true=exp.Literal.string(currency))
        for key, currency in told.items()
    ]
    return exp.Case(this=exp.column(SOURCE_OF_ROW, table=table), ifs=ifs)


def sources_of(world: Map, table: str) -> list[Source]:
    """Return the sources that load into the relation of a table."""
    noun = world.project.tables[table]
    into = None if noun.sql is not None else noun.relation or table
    return [source for source in world.project.sources.values() if source.into == into]


def rates_alias(world: Map, table: str) -> str:
    """Name the rates that stand beside the rows of a table."""
    taken = (*world.project.tables, *world.relations())
    return _first_free(f"{table}_rates", taken)


def rates_step(world: Map) -> str:
    """Name the step that has a rate for every currency and day."""
    return _first_free("rates_by_day", (*world.project.tables, *world.relations()))


def converted_tables(world: Map, trees: Iterable[exp.Expr]) -> frozenset[str]:
    """Return the tables whose rates the expressions name."""
    aliases = {rates_alias(world, key): key for key, table in world.project.tables.items() if table.amounts}
    if not aliases:
        return frozenset()
    named = {column.table for tree in trees for column in tree.find_all(exp.Column)}
    return frozenset(aliases[name] for name in named if name in aliases)


def _is_constant(currency: exp.Expr, code: str) -> bool:
    return isinstance(currency, exp.Literal) and currency.name == code


def _first_free(stem: str, taken: Iterable[str]) -> str:
    names = frozenset(taken)
    return next(name for marks in count() if (name := stem + "_" * marks) not in names)
