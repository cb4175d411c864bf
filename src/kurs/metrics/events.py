"""Events of entities: rows of one table that fulfil a condition, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.expression import columns, offset_of, parse_rows
from kurs.metrics.reach import UnreachableError
from kurs.problems import KursError, Problem

if TYPE_CHECKING:
    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map, Resolved, Step
    from kurs.model.entity import Age, Funnel, Lapse
    from kurs.model.frame import Span
    from kurs.model.metric import Metric


@dataclass(frozen=True, slots=True)
class Event:
    """The rows of ``home`` for which ``where`` holds (None: all), with their entity.

    ``holding`` are the properties that must not change from event to event. ``steps`` are the joins that
    all these expressions need.
    """

    home: str
    entity: exp.Expr
    where: exp.Expr | None
    holding: tuple[exp.Expr, ...]
    steps: frozenset[Step]


@dataclass(frozen=True, slots=True)
class FunnelRows:
    """One row for each time that an entity enters a funnel, with the step that it reached from there.

    ``only`` are conditions on the row by which it enters.
    """

    key: str
    events: tuple[Event, ...]
    within: Lapse
    only: tuple[Resolved, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that the events lie in."""
        return tuple(dict.fromkeys(event.home for event in self.events))


@dataclass(frozen=True, slots=True)
class CohortRows:
    """Entities by their ``first`` event ever, and which of their own days stand behind their values.

    ``only`` are conditions on the row of the first event.
    """

    first: Event
    within: Span | None
    after: Age | None
    only: tuple[Resolved, ...] = ()

    @property
    def takes_time(self) -> bool:
        """Say whether the values are known only some time after the first event."""
        return self.within is not None or self.after is not None


@dataclass(frozen=True, slots=True)
class EntityRows:
    """One row for each entity that has rows behind one of its ``values``, in each bucket.

    With a ``cohort`` one row for each entity, in the bucket in which it is first seen.

    ``entity`` is a name of the plan. Each value, a column by name, is a formula over ``leaves``, which are
    those of the entity alone. ``key`` is that of the first metric that asks for such rows.
    """

    key: str = field(compare=False)
    entity: str
    leaves: tuple[Leaf, ...]
    values: tuple[tuple[str, exp.Expr], ...]
    cohort: CohortRows | None = None

    @property
    def home(self) -> str:
        """The table whose rows say where an entity belongs."""
        return self.leaves[0].home if self.cohort is None else self.cohort.first.home

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables whose rows stand behind the values."""
        return tuple(dict.fromkeys((self.home, *self.valued)))

    @property
    def valued(self) -> tuple[str, ...]:
        """The tables that the values are made of."""
        return tuple(dict.fromkeys(leaf.home for leaf in self.leaves))

    @property
    def only(self) -> tuple[Resolved, ...]:
        """The conditions on the row of the first event."""
        return self.cohort.only if self.cohort is not None else ()

    @property
    def looks_back(self) -> bool:
        """Say whether a value is made of other days than those of its bucket."""
        if self.cohort is not None:
            return self.cohort.takes_time
        return not all(leaf.is_plain for leaf in self.leaves)


def funnel_rows(world: Map, key: str, funnel: Funnel) -> FunnelRows:
    """Look up the names of a funnel. Raises KursError; problems have the path of their key."""
    problems: list[Problem] = []
    events: list[Event] = []
    for place, step in enumerate(funnel.steps):
        try:
            events.append(event_of(world, key, step, ("funnel", place), funnel.by, funnel.holding))
        except KursError as error:
            problems += error.problems
    if problems:
        raise KursError(*problems)
    return FunnelRows(key, tuple(events), funnel.within)


def cohort_rows(world: Map, metric: Metric) -> CohortRows | None:
    """Look up the names of a metric's cohort. Raises KursError; problems have the path of their key."""
    cohort = metric.cohort
    if cohort is None:
        return None
    first = event_of(world, metric.key, cohort.first, ("first",), metric.per or "", by_key="per")
    return CohortRows(first, cohort.within, cohort.after)


def event_of(
    world: Map,
    key: str,
    text: str,
    at: tuple[str | int, ...],
    by: str,
    holding: tuple[str, ...] = (),
    by_key: str = "by",
) -> Event:
    """Look up one event of the metric ``key``; ``at`` and ``by_key`` say where it stands in the metric."""
    path = ("metrics", key)
    try:
        tree = parse_rows(text)
        home = _home(world, tree)
        whole = isinstance(tree, exp.Column) and not tree.table
        where = None if whole else world.condition(home, tree)
        time = world.project.tables[home].time
        if time is None:
            raise UnreachableError(Problem("no_time", {"table": home}))
    except KursError as error:
        raise KursError(*(_at(problem, (*path, *at)) for problem in error.problems)) from error
    try:
        entity = entity_of(world, home, by)
    except KursError as error:
        raise KursError(*(_at(problem, (*path, by_key)) for problem in error.problems)) from error
    try:
        held = tuple(world.dimension(home, name) for name in holding)
    except KursError as error:
        raise KursError(*(_at(problem, (*path, "holding")) for problem in error.problems)) from error
    found: list[Resolved] = [entity, *held, *([where] if where is not None else [])]
    return Event(
        home=home,
        entity=entity.tree,
        where=where.tree if where is not None else None,
        holding=tuple(each.tree for each in held),
        steps=frozenset(step for each in found for step in each.steps),
    )


def entity_of(world: Map, home: str, name: str) -> Resolved:
    """Return the entity of a row: ``name`` is a table with a key, a dimension, or ``table.column``.

    Raises UnreachableError.
    """
    table = world.project.tables.get(name)
    if table is None:
        return world.dimension(home, name)
    if table.unique_key is None:
        raise UnreachableError(Problem("entity_without_key", {"table": name}))
    return world.dimension(home, f"{name}.{table.unique_key}")


def _home(world: Map, tree: exp.Expr) -> str:
    if isinstance(tree, exp.Column) and not tree.table:
        return world.table(tree.name).key
    for column in columns(tree):
        if not column.table:
            values = {"name": column.name}
            raise UnreachableError(Problem("bare_column", values, offset=offset_of(column)))
        world.table(column.table)
    named = tuple(dict.fromkeys(column.table for column in columns(tree)))
    home = world.home(named)
    if home is None:
        values = {"sql": tree.sql("duckdb"), "tables": ", ".join(named) or "-"}
        raise UnreachableError(Problem("aggregate_without_home", values))
    return home


def _at(problem: Problem, path: tuple[str | int, ...]) -> Problem:
    return Problem(problem.code, problem.values, problem.severity, path=path, offset=problem.offset)
