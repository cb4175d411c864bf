"""A person's SQL, parsed and held against an allow-list.

Nothing outside the list reaches an engine: no subquery, no statement, no table function, no setting,
nothing whose answer changes from one minute to the next.
"""

from __future__ import annotations

import logging
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

from sqlglot import errors, exp, parse
from sqlglot.expressions.core import Expression

from kurs.model.days import Grain, grain_named
from kurs.model.frame import Span, Steps
from kurs.problems import KursError, Problem, closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.model.frame import Shift

# What cannot be parsed is told as a problem; the parser would write a line of its own to stderr.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

# One dialect for everybody's expressions, whichever engine then computes them.
DIALECT = "duckdb"

_MOST_CHARACTERS = 4_000
_DEEPEST = 100


class WeightedAvg(Expression, exp.AggFunc):
    """``weighted_avg(x, w)``: the mean of x, each with its weight."""

    arg_types: ClassVar[dict[str, bool]] = {"this": True, "expression": True}


_AGGREGATES = (
    *(exp.Count, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.Median, exp.PercentileCont, WeightedAvg),
    *(exp.Stddev, exp.StddevSamp, exp.Variance),
)

# What may stand around aggregates and inside them alike.
_ARITHMETIC = (
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren, exp.Literal, exp.Null, exp.Boolean),
    *(exp.Column, exp.Identifier, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Abs, exp.Round),
    *(exp.Least, exp.Greatest, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT),
    *(exp.LTE, exp.Is, exp.Between, exp.In),
)

# What may be said of one row: text, dates, conditions, numbers.
_SCALARS = (
    *(exp.NullSafeEQ, exp.NullSafeNEQ, exp.Like, exp.ILike, exp.SimilarTo, exp.RegexpLike, exp.Escape),
    *(exp.Mod, exp.IntDiv, exp.Pow, exp.Floor, exp.Ceil, exp.Sqrt, exp.Ln, exp.Log, exp.Exp, exp.Sign),
    *(exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Replace, exp.Concat, exp.DPipe),
    *(exp.StartsWith, exp.EndsWith, exp.Contains, exp.SplitPart, exp.StrPosition, exp.Left, exp.Right),
    *(exp.RegexpExtract, exp.RegexpReplace, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam),
    *(exp.Extract, exp.TimestampTrunc, exp.DateTrunc, exp.DateDiff, exp.Interval, exp.Var, exp.Year),
    *(exp.Month, exp.Quarter, exp.Day, exp.DayOfWeek, exp.Hour, exp.Date, exp.TimeToStr, exp.LastDay),
)

_PLAIN_TYPES = frozenset(
    {"BOOLEAN", "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL"}
    | {"VARCHAR", "TEXT", "CHAR", "DATE", "TIMESTAMP", "TIMESTAMPNTZ"}  # the parser's name of TIMESTAMP
)

# What a SELECT may hide in a WITH, or hold on to.
_WRITING = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Lock)

_NAMES_FOR_HINTS = (
    *("count", "sum", "avg", "min", "max", "median", "percentile", "coalesce", "nullif", "abs", "round"),
    *("weighted_avg", "stddev", "variance"),
    *("least", "greatest", "lower", "upper", "trim", "length", "substring", "replace", "concat", "left"),
    *("right", "contains", "starts_with", "ends_with", "split_part", "year", "month", "quarter", "day"),
    *("hour", "dayofweek", "date_trunc", "date_diff", "strftime", "floor", "ceil", "sqrt", "ln", "exp"),
)


class ExpressionError(KursError):
    """An expression that may not stand in the plan or in a question; its one problem has an offset."""


def parse_metric(text: str, *, per_entity: bool = False) -> exp.Expr:
    """Parse a metric's formula: arithmetic over aggregates, other metrics and constants.

    Where it is ``per_entity``, its aggregates are over the values that metrics have for each entity, and
    ``count(*)`` counts entities.
    ``percentile(x, p)`` and ``percentile_cont(p) WITHIN GROUP (ORDER BY x)`` both become one form.
    Raises ExpressionError.
    """
    return _metric(text, per_entity).copy()


@lru_cache(maxsize=4096)
def _metric(text: str, per_entity: bool) -> exp.Expr:
    tree = _parse(text).transform(_one_form_of_percentile, copy=False).transform(_weighted, copy=False)
    for node in _outside_aggregates(tree):
        if is_offset(node):
            if offset_shift(node) is None or not isinstance(node.expressions[0], exp.Column):
                raise _error("bad_offset", text, node, sql=node.sql(DIALECT))
            continue
        _allow(node, text, (*_ARITHMETIC, *_AGGREGATES, exp.Filter, exp.Where))
        if isinstance(node, exp.Column) and node.table:
            raise _error("bare_column", text, node, name=f"{node.table}.{node.name}")
    for aggregate in aggregates(tree):
        _check_aggregate(aggregate, text, per_entity=per_entity)
    return tree


@lru_cache(maxsize=4096)
def parse_rows(text: str) -> exp.Expr:
    """Parse an expression over the columns of rows: a dimension, or a condition. Raises ExpressionError.

    The same text gives the same tree again: it is not to be changed.
    """
    tree = _parse(text)
    for node in tree.walk():
        if isinstance(node, _AGGREGATES):
            raise _error("aggregate_in_rows", text, node, sql=node.sql(DIALECT))
        _allow(node, text, (*_ARITHMETIC, *_SCALARS))
    return tree


def parse_select(text: str) -> exp.Select:
    """Parse a table's own ``sql:``: one SELECT over relations. Raises ExpressionError."""
    return _select(text).copy()


@lru_cache(maxsize=1024)
def _select(text: str) -> exp.Select:
    trees = _statements(text)
    if len(trees) != 1 or not isinstance(trees[0], exp.Select):
        raise ExpressionError(Problem("not_one_select", {"sql": text}))
    select = trees[0]
    for node in select.walk():
        if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier):
            raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))
        if isinstance(node, (exp.Into, exp.Command, exp.Placeholder, exp.Parameter, *_WRITING)):
            raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))
        if isinstance(node, exp.Func):
            _allow_in_select(node, text)
    return select


def aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
    """Yield the aggregates of a formula, each with its FILTER where it has one, from left to right."""
    if isinstance(tree, (exp.Filter, *_AGGREGATES)):
        yield tree
        return
    for child in tree.iter_expressions():
        yield from aggregates(child)


def is_offset(node: exp.Expr) -> bool:
    """Say whether a node is ``offset(metric, '1 year')``."""
    return isinstance(node, exp.Anonymous) and node.name.lower() == "offset"


def offset_shift(node: exp.Expr) -> Shift | None:
    """Return how far back an offset goes: ``'1 year'``, ``'start of month'``; None when it is neither.

    Whether the plan has a grain of that name is not known here.
    """
    if len(node.expressions) != 2 or not isinstance(node.expressions[1], exp.Literal):
        return None
    text = node.expressions[1].name.strip().lower()
    if text.startswith("start of "):
        grain = grain_named(text.removeprefix("start of ").strip())
        return grain if grain not in (Grain.HOUR, Grain.DAY, "") else None
    return Span.parse(text) or Steps.parse(text)


def columns(tree: exp.Expr) -> tuple[exp.Column, ...]:
    """Return the columns that an expression names, in the order in which they stand."""
    return tuple(tree.find_all(exp.Column, bfs=False))


def metrics_in(tree: exp.Expr, *, per_entity: bool = False) -> tuple[str, ...]:
    """Return the names in a parsed formula that may be other metrics: those outside of its aggregates.

    Where it is ``per_entity`` the names within are metrics, too.
    """
    nodes = tree.walk(bfs=False) if per_entity else _outside_aggregates(tree)
    return tuple(node.name for node in nodes if isinstance(node, exp.Column))


def offset_of(node: exp.Expr) -> int:
    """Return how many characters into its text the first word of ``node`` stands."""
    starts = [found.meta["start"] for found in node.walk() if "start" in found.meta]
    return min(starts, default=0)


def _statements(text: str) -> list[exp.Expr | None]:
    if len(text) > _MOST_CHARACTERS:
        raise ExpressionError(Problem("too_large", {"what": _start(text), "limit": _MOST_CHARACTERS}))
    try:
        return list(parse(text, read=DIALECT))
    except errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        offset = _offset(text, int(first.get("line") or 1), int(first.get("col") or 1))
        raise ExpressionError(Problem("sql_syntax", {"sql": _start(text)}, offset=offset)) from error
    except RecursionError as error:
        raise ExpressionError(Problem("too_deep", {"what": _start(text), "limit": _DEEPEST})) from error
    except errors.TokenError as error:
        raise ExpressionError(Problem("sql_syntax", {"sql": _start(text)})) from error


def _parse(text: str) -> exp.Expr:
    trees = _statements(text)
    tree = trees[0] if len(trees) == 1 else None
    if len(trees) > 1:
        raise ExpressionError(Problem("forbidden_sql", {"sql": _start(text)}))
    if tree is None:
        raise ExpressionError(Problem("sql_syntax", {"sql": _start(text)}))
    if _depth(tree) > _DEEPEST:
        raise ExpressionError(Problem("too_deep", {"what": _start(text), "limit": _DEEPEST}))
    if any(node.error_messages() for node in tree.walk()):  # the parser lets a lone @ through
        raise ExpressionError(Problem("sql_syntax", {"sql": _start(text)}))
    return tree


def _depth(tree: exp.Expr) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_expressions()]
    return deepest


def _start(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}…"


def _offset(text: str, line: int, column: int) -> int:
    before = text.split("\n")[: line - 1]
    return min(sum(len(part) + 1 for part in before) + max(column - 1, 0), max(len(text) - 1, 0))


def _outside_aggregates(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, (exp.Filter, *_AGGREGATES)):
        return
    yield tree
    for child in tree.iter_expressions():
        yield from _outside_aggregates(child)


def _one_form_of_percentile(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0]
        share = _share(node.this.this, ordered.args.get("desc"))
        return exp.PercentileCont(this=ordered.this, expression=share)
    if isinstance(node, exp.Quantile):
        return exp.PercentileCont(this=node.this, expression=node.args["quantile"])
    if isinstance(node, exp.Anonymous) and node.name.lower() == "percentile" and len(node.expressions) == 2:
        return exp.PercentileCont(this=node.expressions[0], expression=node.expressions[1])
    return node


def _weighted(node: exp.Expr) -> exp.Expr:
    named = isinstance(node, exp.Anonymous) and node.name.lower() == "weighted_avg"
    if named and len(node.expressions) == 2:
        return WeightedAvg(this=node.expressions[0], expression=node.expressions[1])
    return node


def _share(share: exp.Expr, descending: object) -> exp.Expr:
    if not descending or not isinstance(share, exp.Literal) or share.is_string:
        return share
    return exp.Literal.number(str(1 - Decimal(share.name)))


def _check_aggregate(aggregate: exp.Expr, text: str, *, per_entity: bool) -> None:
    where = aggregate.expression if isinstance(aggregate, exp.Filter) else None
    call = aggregate.this if isinstance(aggregate, exp.Filter) else aggregate
    if not isinstance(call, _AGGREGATES):
        raise _error("forbidden_function", text, call, name=call.sql(DIALECT))
    if isinstance(call, exp.PercentileCont):
        share = call.expression
        if not (isinstance(share, exp.Literal) and not share.is_string and 0 <= float(share.name) <= 1):
            written = f"percentile({call.this.sql(DIALECT)}, {share.sql(DIALECT)})"
            raise _error("bad_percentile", text, call, sql=written)
    argument = call.this
    counts_entities = per_entity and isinstance(call, exp.Count) and isinstance(argument, exp.Star)
    if argument is None or (isinstance(argument, exp.Star) and not counts_entities):
        raise _error("aggregate_without_home", text, call, sql=call.sql(DIALECT), tables="*")
    if isinstance(argument, exp.Distinct):
        if not isinstance(call, exp.Count) or len(argument.expressions) != 1:
            raise _error("forbidden_sql", text, call, sql=call.sql(DIALECT))
        argument = argument.expressions[0]
    if isinstance(call, (exp.Min, exp.Max)) and call.args.get("count"):
        raise _error("forbidden_sql", text, call, sql=call.sql(DIALECT))
    weight = call.expression if isinstance(call, WeightedAvg) else None
    for part in (argument, weight, where.this if where is not None else None):
        for node in part.walk() if part is not None else ():
            if isinstance(node, _AGGREGATES):
                raise _error("aggregate_in_aggregate", text, node, sql=node.sql(DIALECT))
            if per_entity:
                _allow_of_entity(node, text)
            else:
                _allow(node, text, (*_ARITHMETIC, *_SCALARS))


def _allow_of_entity(node: exp.Expr, text: str) -> None:
    if isinstance(node, exp.Column) and node.table:
        raise _error("column_of_entity", text, node, name=f"{node.table}.{node.name}")
    if not is_offset(node):
        _allow(node, text, (*_ARITHMETIC, exp.Star))
    elif offset_shift(node) is None or not isinstance(node.expressions[0], exp.Column):
        raise _error("bad_offset", text, node, sql=node.sql(DIALECT))


def _allow(node: exp.Expr, text: str, allowed: tuple[type[exp.Expr], ...]) -> None:
    if isinstance(node, exp.In) and (node.args.get("query") or node.args.get("unnest")):
        raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))
    if isinstance(node, exp.DataType) and node.this.name not in _PLAIN_TYPES:
        raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))
    if isinstance(node, exp.Column) and (node.args.get("db") or isinstance(node.this, exp.Star)):
        raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))
    if isinstance(node, allowed):
        return
    if isinstance(node, exp.Func):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        raise _error(
            "forbidden_function", text, node, name=name.lower(), suggestion=closest(name, _NAMES_FOR_HINTS)
        )
    raise _error("forbidden_sql", text, node, sql=node.sql(DIALECT))


def _allow_in_select(node: exp.Func, text: str) -> None:
    windows = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Lag, exp.Lead, exp.First, exp.Last, exp.AnyValue)
    if not isinstance(node, (*_AGGREGATES, *_ARITHMETIC, *_SCALARS, *windows)):
        name = node.name if isinstance(node, exp.Anonymous) else node.sql_name()
        raise _error("forbidden_function", text, node, name=name.lower())


def _error(code: str, text: str, node: exp.Expr, **values: object) -> ExpressionError:
    offset = offset_of(node)
    if isinstance(node, exp.Anonymous):  # the parser keeps no position of an unknown function
        offset = max(text.lower().find(node.name.lower()), 0)
    return ExpressionError(Problem(code, values, offset=offset))
