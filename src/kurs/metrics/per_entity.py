"""The values that a metric takes of each entity: names of metrics inside its aggregates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.events import entity_of
from kurs.metrics.expression import is_offset, offset_of
from kurs.metrics.listing import reckoned
from kurs.metrics.reach import UnreachableError
from kurs.model.frame import Edge, Span, Steps
from kurs.problems import Problem, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kurs.metrics.reach import Map
    from kurs.model.frame import Frame, Shift
    from kurs.model.metric import Metric

# No name of the plan begins so.
ENTITY = "_entity"
ASKED = "_asked"


def values_of(
    world: Map,
    metric: Metric,
    aggregates: Iterable[exp.Expr],
    value: Callable[[str, Shift | None], exp.Expr],
) -> tuple[tuple[str, exp.Expr], ...]:
    """Return every value that the aggregates take of an entity, and let them name its column instead.

    ``value`` makes the formula of a metric, as it was some time back if need be. Raises UnreachableError.
    """
    path = ("metrics", metric.key, "expr")
    found: dict[str, exp.Expr] = {}
    for aggregate in aggregates:
        for node in [node for node in aggregate.walk() if _is_value(node)]:
            column = node.expressions[0] if is_offset(node) else node
            if column.name not in world.project.metrics:
                values = {"name": column.name, "suggestion": closest(column.name, world.project.metrics)}
                raise UnreachableError(Problem("unknown_metric", values, path=path, offset=offset_of(column)))
            problems: list[Problem] = []
            shift = reckoned(world.project.reckoning, node, path, problems) if is_offset(node) else None
            if problems:
                raise UnreachableError(*problems)
            name = f"_{column.name}{_back(shift)}"
            if name not in found:
                found[name] = value(column.name, shift)
            node.replace(exp.column(name))
    if not found and (metric.cohort is None or metric.cohort.within or metric.cohort.after):
        raise UnreachableError(Problem("nothing_of_entity", {"name": metric.key}, path=path))
    return tuple(found.items())


def refuse_per(metric: Metric, frame: Frame) -> None:
    """Refuse the mean over the days of a bucket. Raises UnreachableError with a path."""
    path = ("metrics", metric.key, "per")
    if frame.edge is Edge.AVERAGE:
        raise UnreachableError(Problem("only_one_key", {"keys": ["per", "at_coarser: average"]}, path=path))


def check_entity(world: Map, metric: Metric, homes: Iterable[str]) -> None:
    """Raise UnreachableError when the rows behind a value do not know their entity."""
    for home in homes:
        try:
            entity_of(world, home, metric.per or "")
        except UnreachableError as error:
            path = ("metrics", metric.key, "per")
            raise UnreachableError(
                *(Problem(each.code, each.values, path=path) for each in error.problems)
            ) from error


def _is_value(node: exp.Expr) -> bool:
    of_offset = node.parent is not None and is_offset(node.parent)
    return is_offset(node) or (isinstance(node, exp.Column) and not of_offset)


def _back(shift: Shift | None) -> str:
    if shift is None:
        return ""
    words = f"{shift}_back" if isinstance(shift, (Span, Steps)) else f"start_of_{shift}"
    return "_" + re.sub(r"\W", "_", words)
