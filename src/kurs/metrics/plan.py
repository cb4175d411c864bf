"""A question, planned: which leaves, from which scans, over which days, with which filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.metrics.caveats import caveats, extent
from kurs.metrics.filters import conditions
from kurs.metrics.formula import Aggregate, Formula, Leaf, formula_of
from kurs.metrics.nature import accumulates
from kurs.metrics.question import Part
from kurs.metrics.reach import Map, Resolved, Step, UnreachableError
from kurs.model.comparison import Against, counterpart
from kurs.model.days import Days, Grain
from kurs.model.metric import Fill, Unit
from kurs.model.table import ColumnType
from kurs.problems import KursError, Problem, Severity, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlglot import exp

    from kurs.metrics.question import Asked, Question
    from kurs.model.coverage import Covered, RelationFacts
    from kurs.model.project import Project


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over the rows of ``home``: its leaves (by column name), dimensions and conditions.

    ``first`` None reaches back to the beginning. ``covered`` are the days that the data speak of; None
    for a table without time, where every group is known. ``then`` marks the scan of the comparison.
    """

    home: str
    leaves: tuple[tuple[str, Leaf], ...]
    dimensions: tuple[tuple[str, exp.Expr], ...]
    conditions: tuple[exp.Expr, ...]
    steps: frozenset[Step]
    first: date | None
    last: date
    covered: tuple[Days, ...] | None
    then: bool = False

    @property
    def name(self) -> str:
        """Name the scan's common table expression."""
        return f"{self.home}_{'then' if self.then else 'now'}"


@dataclass(frozen=True, slots=True)
class Computed:
    """One metric column of the answer; leaves are found in the scans by ``leaf_names``."""

    column: str
    unit: Unit
    formula: Formula
    leaf_names: tuple[str, ...]
    fill: Fill | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the SQL needs, decided.

    ``days`` are the days of the buckets; None without a grain, or when no data are there to fill.
    ``years`` and ``shift`` say how far back the comparison lies: a calendar year, or a number of days.
    """

    question: Question
    scans: tuple[Scan, ...]
    metrics: tuple[Computed, ...]
    days: Days | None
    compares: bool
    shift: int
    years: int
    as_of: date
    complete_to: date | None
    warnings: tuple[Problem, ...]


def plan(question: Question, project: Project, facts: Mapping[str, RelationFacts], as_of: date) -> Plan:
    """Decide how ``question`` is answered with what is known at the end of ``as_of``.

    ``facts`` are by table of the plan. Raises UsageError with all problems of the question.
    """
    world = Map(project, facts)
    seen_facts = {table: known.until(as_of) for table, known in facts.items()}
    formulas = _formulas(question, world)
    names = _leaf_names(tuple(formula for _, formula in formulas), question)
    homes = tuple(dict.fromkeys(leaf.home for leaf in names)) or _homes_of_members(question, world)
    _check_times(question, homes, world)
    covered = tuple(entry for home in homes for entry in seen_facts[home].covered if _has_time(world, home))
    days = question.days or extent(covered)
    then, warnings = _comparison(question, days, covered, as_of, formulas)
    reach = _Reach(question, world)
    scans: list[Scan] = []
    for home in homes:
        reached = reach.of(home)
        leaves = tuple((name, leaf) for leaf, name in names.items() if leaf.home == home)
        steps = reached.steps | frozenset(step for _, leaf in leaves for step in leaf.steps)
        known = seen_facts[home].days if _has_time(world, home) else None
        first = question.days.first if question.days else None
        last = min(question.days.last, as_of) if question.days else as_of
        common = (home, leaves, reached.dimensions, reached.conditions, steps)
        scans.append(Scan(*common, first, last, _scanned(known, first, last)))
        if then is not None:
            then_last = min(then.last, as_of)
            covered_then = _scanned(known, then.first, then_last)
            scans.append(Scan(*common, then.first, then_last, covered_then, then=True))
    if reach.problems:
        raise UsageError(*reach.problems)
    complete_to = min((entry.to for entry in covered), default=None)
    return Plan(
        question,
        tuple(scans),
        tuple(
            Computed(
                asked.column,
                project.metrics[asked.metric].unit if asked.part is Part.VALUE else Unit.NUMBER,
                formula,
                tuple(names[leaf] for leaf in formula.leaves),
                project.metrics[asked.metric].fill,
            )
            for asked, formula in formulas
        ),
        days if question.grain else None,
        question.compare is not None,
        (days.first - then.first).days if days and then else 0,
        1 if question.compare and question.compare.against is Against.LAST_YEAR else 0,
        as_of,
        complete_to,
        (*warnings, *caveats(covered, question, as_of)),
    )


def _formulas(question: Question, world: Map) -> tuple[tuple[Asked, Formula], ...]:
    problems: list[Problem] = []
    formulas: list[tuple[Asked, Formula]] = []
    for asked in question.metrics:
        if asked.metric not in world.project.metrics:
            suggestion = closest(asked.metric, world.project.metrics)
            problems.append(Problem("unknown_metric", {"name": asked.metric, "suggestion": suggestion}))
            continue
        try:
            formula = formula_of(world, asked.metric)
        except KursError as error:
            problems += error.problems
            continue
        if asked.part is not Part.VALUE:
            parts = formula.parts()
            if parts is None:
                problems.append(Problem("no_parts", {"name": asked.metric}))
                continue
            formula = parts[0] if asked.part is Part.NUMERATOR else parts[1]
        formulas.append((asked, formula))
    if problems:
        raise UsageError(*problems)
    return tuple(formulas)


def _leaf_names(formulas: tuple[Formula, ...], question: Question) -> dict[Leaf, str]:
    names: dict[Leaf, str] = {}
    taken = {"time", *question.by, *(asked.column for asked in question.metrics)}
    for leaf in (leaf for formula in formulas for leaf in formula.leaves):
        if leaf in names:
            continue
        column = leaf.argument.name if leaf.argument is not None and leaf.argument.name else leaf.home
        word = "distinct" if leaf.kind is Aggregate.COUNT_DISTINCT else str(leaf.kind)
        stem = f"{word}_{column}"
        name = next(name for name in _numbered(stem) if name not in taken)
        taken.add(name)
        names[leaf] = name
    return names


def _homes_of_members(question: Question, world: Map) -> tuple[str, ...]:
    """Return the tables whose rows show the members of the dimensions that were asked for alone."""
    if question.metrics or not question.by or question.grain or question.compare:
        raise UsageError(Problem("nothing_asked"))
    homes: list[str] = []
    problems: list[Problem] = []
    for key, table in world.project.tables.items():
        if key not in world.facts or not world.facts[key].columns or (question.days and not table.time):
            continue
        try:
            for name in question.by:
                world.dimension(key, name)
            homes.append(key)
        except UnreachableError as error:
            problems += error.problems
    if not homes:
        raise UsageError(*(problems[:1] or [Problem("not_loaded", {"table": ", ".join(question.by)})]))
    return tuple(homes)


def _scanned(known: tuple[Days, ...] | None, first: date | None, last: date) -> tuple[Days, ...] | None:
    """Return the covered days among those that are scanned: of the others nothing can be said."""
    if known is None or first is None:
        return known
    if last < first:
        return ()
    return tuple(part for days in known if (part := days.overlap(Days(first, last))) is not None)


def _numbered(stem: str) -> tuple[str, ...]:
    return (stem, *(f"{stem}_{number}" for number in range(2, 1_000)))


def _has_time(world: Map, table: str) -> bool:
    return world.project.tables[table].time is not None


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


def _check_times(question: Question, homes: tuple[str, ...], world: Map) -> None:
    problems: list[Problem] = []
    for home in homes:
        if not world.facts.get(home) or not world.facts[home].columns:
            problems.append(Problem("not_loaded", {"table": home}))
        elif not _has_time(world, home):
            if question.grain or question.days:
                problems.append(Problem("no_time", {"table": home}))
        elif time_type(world, home) is ColumnType.DATE and question.grain is Grain.HOUR:
            problems.append(Problem("too_fine", {"table": home}))
    if problems:
        raise UsageError(*problems)


@dataclass(slots=True)
class _Reached:
    dimensions: tuple[tuple[str, exp.Expr], ...]
    conditions: tuple[exp.Expr, ...]
    steps: frozenset[Step]


class _Reach:
    """What the question's dimensions and filters are for each home; collects what is out of reach."""

    def __init__(self, question: Question, world: Map) -> None:
        self.problems: list[Problem] = []
        self._world = world
        self._by = question.by
        self._filters = conditions(question, world.project)

    def of(self, home: str) -> _Reached:
        dimensions: list[tuple[str, Resolved]] = []
        filters: list[Resolved] = []
        for name in self._by:
            try:
                dimensions.append((name, self._world.dimension(home, name)))
            except UnreachableError as error:
                self.problems += error.problems
        for tree in self._filters:
            try:
                filters.append(self._world.condition(home, tree))
            except UnreachableError as error:
                self.problems += error.problems
        steps = [resolved.steps for resolved in (*(found for _, found in dimensions), *filters)]
        return _Reached(
            tuple((name, resolved.tree) for name, resolved in dimensions),
            tuple(resolved.tree for resolved in filters),
            frozenset[Step]().union(*steps),
        )


def _comparison(
    question: Question,
    days: Days | None,
    covered: tuple[Covered, ...],
    as_of: date,
    formulas: tuple[tuple[Asked, Formula], ...],
) -> tuple[Days | None, list[Problem]]:
    """Return the days of the comparison: those of the stretch to date when the period is not over."""
    comparison = question.compare
    if comparison is None:
        return None, []
    if days is None or question.days is None:
        raise UsageError(Problem("compare_needs_range"))
    warnings: list[Problem] = []
    if comparison.against is Against.RANGE and comparison.days and len(comparison.days) != len(days):
        values = {"days": len(days), "other_days": len(comparison.days)}
        flows = [asked.metric for asked, formula in formulas if accumulates(formula)]
        if flows:
            raise UsageError(Problem("unequal_lengths", {**values, "metrics": flows}))
        warnings.append(Problem("unequal_lengths_caveat", values, Severity.WARNING))
        return comparison.days, warnings
    known = extent(covered)
    seen = days.until(min(as_of, known.last) if known else as_of) or days
    if seen != days:
        warnings.append(Problem("compared_to_date", {"to": seen.last}, Severity.WARNING))
    return counterpart(seen, days, comparison), warnings
