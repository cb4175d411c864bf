"""A question, planned: which leaves, from which scans, over which days, with which filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.metrics.caveats import caveats, extent, extra_weeks, leap_days, partial_buckets
from kurs.metrics.formula import Formula, formula_of
from kurs.metrics.listing import Listing, is_listed
from kurs.metrics.made import leaf_names, still_running, times_misfit
from kurs.metrics.maturity import too_young
from kurs.metrics.nature import accumulates
from kurs.metrics.question import Part
from kurs.metrics.reach import Map, UnreachableError, time_type
from kurs.metrics.running import since
from kurs.metrics.scan import Scan, Scans, Stretch
from kurs.model.comparison import Against, counterpart, year_before
from kurs.model.days import Days, Grain, bucket_of
from kurs.model.metric import Fill, Unit
from kurs.model.table import ColumnType
from kurs.problems import KursError, Problem, Severity, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kurs.metrics.leaf import Leaf
    from kurs.metrics.question import Asked, Question
    from kurs.metrics.rollup import Source
    from kurs.model.coverage import Covered, RelationFacts
    from kurs.model.days import AnyGrain
    from kurs.model.project import Project
    from kurs.model.reckoning import Reckoning


@dataclass(frozen=True, slots=True)
class Computed:
    """One metric column of the answer; leaves are found in the scans by ``leaf_names``."""

    column: str
    unit: Unit
    formula: Formula
    leaf_names: tuple[str, ...]
    fill: Fill | None


@dataclass(frozen=True, slots=True)
class Daily:
    """A step that adds up rows by day for several scans: all up to the last of ``days``.

    ``first`` None: also those before; else none before it. ``days`` are those in which the rows lie.
    """

    source: Source
    first: date | None
    days: Days


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the SQL needs, decided.

    ``days`` are the days that are asked for, ``seen`` those of them that have data; None where no data are
    there. ``data_to`` is the last day with data of any home, asked for or not. ``daily`` are steps that
    scans read instead of rows.
    """

    question: Question
    scans: tuple[Scan, ...]
    metrics: tuple[Computed, ...]
    days: Days | None
    seen: Days | None
    stretch: Stretch
    data_to: date | None
    complete_to: date | None
    warnings: tuple[Problem, ...]
    daily: tuple[Daily, ...] = ()

    @property
    def compares(self) -> bool:
        """Say whether the answer has each metric twice, and its change."""
        return self.question.compare is not None

    @property
    def framed(self) -> bool:
        """Say whether a value is made of other days than those of its bucket, all alike."""
        return any(scan.frame is not None for scan in self.scans)

    @property
    def leaves_empty_out(self) -> bool:
        """Say whether only buckets with rows are shown: every metric says so (``fill: none``)."""
        return self.question.grain is not None and all(each.fill is Fill.NONE for each in self.metrics)


def plan(question: Question, world: Map, as_of: date) -> Plan:
    """Decide how ``question`` is answered with what is known at the end of ``as_of``.

    Raises UsageError with all problems of the question.
    """
    project, facts = world.project, world.facts
    _check_grain(question, project.reckoning)
    seen_facts = {table: known.until(as_of) for table, known in facts.items()}
    formulas = _formulas(question, world)
    taken = (*question.by, *(asked.column for asked in question.metrics))
    names = leaf_names((leaf for _, formula in formulas for leaf in formula.leaves), taken)
    homes = tuple(dict.fromkeys(leaf.home for leaf in names)) or _homes_of_members(question, world)
    _check_times(question, homes, tuple(names), world)
    known = extent(_covered(homes, seen_facts, world))
    behind = _covered(_tables(homes, names), seen_facts, world)
    days = question.days or known
    data_to = min(as_of, known.last) if known else None
    seen = days.until(data_to) if days and data_to else None
    reckoning = project.reckoning
    reckoned = (each for leaf in names for each in leaf.with_values)
    listing = Listing.where_needed(reckoning, question.grain, reckoned, days, data_to)
    then, warnings = _comparison(question, seen, formulas, reckoning)
    years = 1 if question.compare and question.compare.against is Against.LAST_YEAR else 0
    shift = (days.first - then.first).days if days and then else 0
    stretch = Stretch(question.days, days.first if days else None, as_of, then, shift, years, listing)
    passes = Scans(question, world, stretch)
    scans: list[Scan] = []
    for home in homes:
        leaves = [(name, leaf) for leaf, name in names.items() if leaf.home == home]
        scans += passes.of(home, leaves, seen_facts[home])
    if passes.problems:
        raise UsageError(*passes.problems)
    return Plan(
        question=question,
        scans=tuple(scans),
        metrics=tuple(
            Computed(
                asked.column,
                _unit(asked, project),
                formula,
                tuple(names[leaf] for leaf in formula.leaves),
                project.metrics[asked.metric].fill,
            )
            for asked, formula in formulas
        ),
        days=days,
        seen=seen,
        stretch=stretch,
        data_to=data_to,
        complete_to=min((entry.to for entry in behind), default=None),
        warnings=(
            *warnings,
            *caveats(behind, question, as_of),
            *still_running(names, world, seen, as_of),
            *too_young(names, world, seen, as_of, question.by),
            *partial_buckets(question, seen, reckoning),
            *extra_weeks(question, seen, reckoning),
        ),
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
        if asked.leaf is not None:
            formula = formula.alone(asked.leaf)
        if question.since is not None:
            formula = since(formula, question.since)
        formulas.append((asked, formula))
    if problems:
        raise UsageError(*problems)
    return tuple(formulas)


def _unit(asked: Asked, project: Project) -> Unit:
    is_whole = asked.part is Part.VALUE and asked.leaf is None
    return project.metrics[asked.metric].unit if is_whole else Unit.NUMBER


def _tables(homes: Iterable[str], leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """Return the tables whose rows stand behind the answer, those of made rows too."""
    return tuple(dict.fromkeys((*homes, *(table for leaf in leaves for table in leaf.tables))))


def _covered(tables: Iterable[str], facts: Mapping[str, RelationFacts], world: Map) -> tuple[Covered, ...]:
    """Return what the loads cover of the tables that have a time."""
    return tuple(entry for table in tables for entry in facts[table].covered if _has_time(world, table))


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


def _has_time(world: Map, table: str) -> bool:
    return world.project.tables[table].time is not None


def _check_grain(question: Question, reckoning: Reckoning) -> None:
    grain, known = question.grain, reckoning.grains
    if grain is not None and grain not in known:
        values = {"name": str(grain), "suggestion": closest(grain, known), "grains": known}
        raise UsageError(Problem("unknown_grain", values))


def _check_times(question: Question, homes: tuple[str, ...], leaves: tuple[Leaf, ...], world: Map) -> None:
    problems: list[Problem] = []
    looking_back = {leaf.home for leaf in leaves if not leaf.is_plain}
    if looking_back and question.grain is Grain.HOUR:
        problems.append(Problem("window_by_hour"))
    for home in _tables(homes, leaves):
        if not world.facts.get(home) or not world.facts[home].columns:
            problems.append(Problem("not_loaded", {"table": home}))
        elif not _has_time(world, home):
            if question.grain or question.days or home in looking_back:
                problems.append(Problem("no_time", {"table": home}))
        elif time_type(world, home) is ColumnType.DATE and question.grain is Grain.HOUR:
            problems.append(Problem("too_fine", {"table": home}))
    problems += times_misfit(leaves, world)
    if problems:
        raise UsageError(*problems)


def _comparison(
    question: Question,
    seen: Days | None,
    formulas: tuple[tuple[Asked, Formula], ...],
    reckoning: Reckoning,
) -> tuple[Days | None, list[Problem]]:
    """Return the days of the comparison: those of the stretch to date when the period is not over."""
    comparison, days = question.compare, question.days
    if comparison is None:
        return None, []
    if days is None:
        raise UsageError(Problem("compare_needs_range"))
    if comparison.against is Against.RANGE and comparison.days and len(comparison.days) != len(days):
        values = {"days": len(days), "other_days": len(comparison.days)}
        flows = [
            asked.metric
            for asked, formula in formulas
            if accumulates(formula)
            or is_listed(question.grain)
            or not all(leaf.is_plain for leaf in formula.leaves)
        ]
        if flows:
            raise UsageError(Problem("unequal_lengths", {**values, "metrics": flows}))
        return comparison.days, [Problem("unequal_lengths_caveat", values, Severity.WARNING)]
    seen = seen or days
    then = counterpart(seen, days, comparison)
    if comparison.against is Against.LAST_YEAR and is_listed(question.grain):
        then = reckoning.year_before(seen, question.grain) or then
    elif comparison.against is Against.LAST_YEAR and question.grain is not None:
        then = _year_before_in_buckets(then, seen, question.grain, reckoning.week_starts)
    to_date = [Problem("compared_to_date", {"to": seen.last}, Severity.WARNING)] if seen != days else []
    return then, [*to_date, *leap_days(question, seen, then, reckoning)]


def _year_before_in_buckets(then: Days, seen: Days, grain: AnyGrain, week_starts: int) -> Days:
    """Let ``then`` end where the last bucket's own counterpart ends.

    February 2025 as a day's bucket has no 29th to compare with; as a month it has all of February 2024.
    """
    part = bucket_of(seen.last, grain, week_starts).overlap(seen) or seen
    end = year_before(part).last
    return Days(then.first, end if grain in (Grain.HOUR, Grain.DAY) else max(end, then.last))
