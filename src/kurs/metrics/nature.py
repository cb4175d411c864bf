"""What is known of a metric before it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.metrics.expression import metrics_in, parse_metric
from kurs.metrics.formula import Formula, formula_of
from kurs.metrics.kinds import is_linear
from kurs.metrics.leaf import ZERO_WHEN_EMPTY, Aggregate
from kurs.metrics.running import can_run
from kurs.model.frame import FrameKind
from kurs.model.metric import Metric, Whole
from kurs.problems import KursError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from kurs.metrics.reach import Map
    from kurs.model.coverage import Covered
    from kurs.model.project import Project


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """How a metric behaves in time, and which days its data covers.

    ``accumulates``: a flow: sums and counts and their linear combinations, which grow with the days and
    are 0 where nothing happened; else a ratio, an average, an extreme.
    ``is_level``: a stock or a rolling window: it moves from where it was, and starts no period at 0.
    ``has_parts``: a numerator and a denominator can be asked for.
    ``adds_up``: the values of the members of any dimension add up to that of all: sums and counts of rows.
    ``redefined``: the metrics behind it whose definition the plan revises, each with the days since when.
    ``covered``: the coverage of the relations whose rows are aggregated, reaching as far as it does;
    empty where nothing was recorded, as in an existing warehouse.
    ``runs``: its value so far can be asked for every bucket at once (``Question.since``).
    ``loaded``: False while one of these relations is not there yet; then nothing can be asked.
    ``tables``: those of the plan that it is made of.
    """

    accumulates: bool
    has_parts: bool
    covered: tuple[Covered, ...] = ()
    loaded: bool = True
    is_level: bool = False
    adds_up: bool = False
    runs: bool = False
    redefined: tuple[tuple[str, date], ...] = ()
    tables: tuple[str, ...] = ()


_LEVELS = (FrameKind.ROLLING, FrameKind.SINCE)
UNKNOWN = MetricFacts(accumulates=False, has_parts=False, loaded=False)


def metric_facts(world: Map, metric: str) -> MetricFacts:
    """Return what is known of ``metric``. Raises FormulaError."""
    project, facts = world.project, world.facts
    formula = formula_of(world, metric)
    timed = [table for table in formula.tables if project.tables[table].time is not None]
    return MetricFacts(
        accumulates=accumulates(formula),
        has_parts=formula.parts() is not None,
        covered=tuple(
            dict.fromkeys(entry for home in timed if home in facts for entry in facts[home].covered)
        ),
        loaded=all(table in facts and facts[table].columns for table in formula.tables),
        is_level=any(leaf.at or leaf.frame.kind in _LEVELS for leaf in formula.leaves),
        adds_up=_adds_up(formula),
        runs=can_run(formula),
        redefined=tuple(_redefined(project, metric)),
        tables=tuple(formula.tables),
    )


def _redefined(project: Project, metric: str) -> Iterator[tuple[str, date]]:
    """Yield the revisions of a metric and of all that its versions are made of."""
    for found in all_behind(project, (metric,), _made_of_ever):
        yield from ((found.key, one.since) for one in found.versions if one.since is not None)


def _made_of_ever(metric: Metric) -> frozenset[str]:
    versions = [one.noun for one in metric.versions] or [metric]
    return frozenset(name for one in versions for name in made_of(one))


@lru_cache(maxsize=4096)
def made_of(metric: Metric) -> frozenset[str]:
    """Return the names that may be metrics of which a metric is made; none where it cannot be understood."""
    whole = {metric.share_of} if metric.share_of is not None else set[str]()
    if not metric.expr:
        return frozenset(whole)
    per_entity = metric.per is not None
    try:
        tree = parse_metric(metric.expr, per_entity=per_entity)
    except KursError:  # of a revision; it is said by the check of the plan
        return frozenset(whole)
    return frozenset((*whole, *metrics_in(tree, per_entity=per_entity)))


def all_behind(
    project: Project, metrics: Iterable[str], below: Callable[[Metric], frozenset[str]] = made_of
) -> Iterator[Metric]:
    """Yield metrics and all that they are made of, each once; ``below`` gives the names in one of them."""
    waiting = list(dict.fromkeys(metrics))
    for key in waiting:  # grows while it is walked
        found = project.metrics[key]
        yield found
        waiting += sorted((below(found) & project.metrics.keys()) - {*waiting})


def accumulates(formula: Formula) -> bool:
    """Say whether a formula is a flow: a linear combination of sums and counts."""
    adds_up = {
        str(place)
        for place, leaf in enumerate(formula.leaves)
        if leaf.kind in ZERO_WHEN_EMPTY and leaf.is_plain
    }
    return is_linear(formula.tree, adds_up)


def _adds_up(formula: Formula) -> bool:
    """Say whether the parts of a formula's rows make up its whole: each row counts once, in one of them."""
    summed = {
        str(place)
        for place, leaf in enumerate(formula.leaves)
        if leaf.kind in (Aggregate.SUM, Aggregate.COUNT) and leaf.made is None and leaf.whole is Whole.GROUP
    }
    return is_linear(formula.tree, summed)
