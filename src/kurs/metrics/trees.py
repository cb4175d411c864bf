"""SQL built in place: what is put into a tree is new, or a copy that the caller makes.

sqlglot's builders copy all that they are given, and parse the names of types, steps and joins. For statements
of hundreds of columns that was most of the work of a plan; these take trees and names as they are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from sqlglot import exp

from kurs.metrics.expression import DIALECT

if TYPE_CHECKING:
    from collections.abc import Iterable


def named(tree: exp.Expr, name: str) -> exp.Expr:
    """Return ``tree AS name``."""
    return exp.alias_(tree, name, copy=False)


def cast(tree: exp.Expr, kind: str) -> exp.Expr:
    """Return ``CAST(tree AS kind)``; what is cast to that already stays as it is."""
    return exp.cast(tree, exp.DType[kind], copy=False)


def series(first: exp.Expr, last: exp.Expr, step: str) -> exp.Expr:
    """Return a row for ``first``, one for a ``step`` later, and so on up to ``last``: "7 days" is a step."""
    count, unit = step.split()
    interval = exp.Interval(this=exp.Literal.string(count), unit=exp.var(unit.upper()))
    return exp.Explode(this=exp.GenerateSeries(start=first, end=last, step=interval, is_end_exclusive=False))


def both(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """Return the condition that all of ``conditions`` hold; of none it is true."""
    found = tuple(conditions)
    return exp.and_(*found, copy=False) if found else exp.true()


def selected(*columns: exp.Expr, source: exp.Expr | str | None = None) -> exp.Select:
    """Return a SELECT of ``columns``; ``source`` is what it reads, or the name of a step."""
    select = exp.Select(expressions=list(columns))
    if source is not None:
        select.set("from_", exp.From(this=exp.table_(source) if isinstance(source, str) else source))
    return select


def joined(
    select: exp.Select,
    other: exp.Expr | str,
    on: exp.Expr | None = None,
    how: Literal["LEFT", "CROSS"] | None = None,
) -> exp.Select:
    """Join ``select`` itself with ``other``, a relation or the name of a step, and return it."""
    join = exp.Join(this=exp.table_(other) if isinstance(other, str) else other)
    if how is not None:
        join.set("side" if how == "LEFT" else "kind", how)
    if on is not None:
        join.set("on", on)
    select.append("joins", join)
    return select


def grouped(select: exp.Select, columns: int) -> exp.Select:
    """Group ``select`` itself by its first ``columns``, and return it."""
    if columns:
        select.set("group", exp.Group(expressions=places(columns)))
    return select


def places(count: int) -> list[exp.Expr]:
    """Return 1 to ``count``, as GROUP BY names the columns."""
    return [exp.Literal.number(place + 1) for place in range(count)]


@lru_cache(maxsize=4096)
def text_of(tree: exp.Expr) -> str:
    """Return the SQL of a tree of its own that nobody changes any more: it is kept."""
    return tree.sql(DIALECT)
