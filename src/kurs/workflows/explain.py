"""Explain: why a metric or a KPI moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

from kurs.evaluate.answers import only
from kurs.explain.cells import Cells, cells
from kurs.explain.driver_cells import rows_of, split_by_drivers
from kurs.explain.drivers import branches, driver_parts, driver_tree, links, values_of
from kurs.explain.fair import Wanted
from kurs.explain.finding import Linked, Method
from kurs.explain.inquiry import MOST_CELLS, inquire, name_of, own_dimensions, shared_dimensions
from kurs.explain.search import MOST_DIMENSIONS, MOST_SEARCHED, search, usual_dimensions
from kurs.explain.segments import side
from kurs.explain.why import finding, refuse_unlike, whole
from kurs.metrics.nature import metric_facts
from kurs.metrics.question import Asked
from kurs.problems import KursError, Problem, Severity, UsageError, closest
from kurs.workflows.measure import query, query_many
from kurs.workflows.sureness import judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.explain.finding import Finding, Side
    from kurs.explain.inquiry import Inquiry
    from kurs.explain.why import Whole
    from kurs.model.comparison import Comparison
    from kurs.model.days import Days
    from kurs.workflows.opening import Opened

SHOWN = 20
_MOST_TO_SCAN = 200  # a dimension with more members is split by only when asked for


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asks: why ``name``, a KPI or a metric, moved. None is what is usual for it.

    ``users`` is a column that names users, by whom the change is to be judged.
    """

    name: str
    period: Days | None = None
    against: Comparison | None = None
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    top: int = SHOWN
    drivers: bool = False
    search: bool = False
    users: str | None = None


def explain(opened: Opened, request: Request) -> Finding:
    """Say why it moved. Raises UsageError where a comparison or a split would be wrong, EngineError."""
    inquiry, of_whole = _change(opened, request)
    if request.drivers and request.search:
        raise UsageError(Problem("search_or_drivers"))
    if request.search:
        return judged(opened, inquiry, _searched(opened, inquiry, request, of_whole), request.users)
    if request.drivers:
        return judged(opened, inquiry, _by_drivers(opened, inquiry, request, of_whole), request.users)
    if request.by:
        sides = _asked_sides(opened, inquiry, request, of_whole)
    else:
        sides = _scanned(opened, inquiry, of_whole)
    names = _names(opened, inquiry)
    if not sides:
        alone = _unsplit(opened, inquiry, finding(inquiry, of_whole, names=names))
        return judged(opened, inquiry, alone, request.users)
    first = sides[0]
    found = finding(inquiry, of_whole, first.parts, first.method, first.residual, sides, names=names)
    shown = found if request.by else _with_places(opened, inquiry, found)
    return judged(opened, inquiry, shown, request.users)


def _unsplit(opened: Opened, inquiry: Inquiry, found: Finding) -> Finding:
    """Say why there are no parts: of the formula, of the plan, or of the members that there are."""
    names = shared_dimensions(opened.project, opened.facts, inquiry.formula)
    values: dict[str, object] = {"metric": inquiry.metric.key}
    if inquiry.node is None or not inquiry.splits:
        caveat = Problem("parts_do_not_add_up", values, Severity.INFO)
    elif not found.change:
        return found
    elif not names:
        caveat = Problem("nothing_to_split_by", values, Severity.INFO)
    else:
        values |= {"dimensions": list(names), "most": _MOST_TO_SCAN}
        caveat = Problem("one_member_or_many", values, Severity.INFO)
    return replace(found, caveats=(*found.caveats, caveat))


def _with_places(opened: Opened, inquiry: Inquiry, found: Finding) -> Finding:
    """Add the crossings of members that stand out, if there are any: no single dimension shows them."""
    by = usual_dimensions(found.sides, own_dimensions(opened.project, inquiry.formula))
    if len(by) < 2 or not found.change:
        return found
    crossed = _cells(opened, inquiry, by, MOST_SEARCHED)
    if len(crossed.members) > MOST_SEARCHED:
        return found
    located = search(inquiry, crossed, found.change)
    if all(len(cause.dimensions) < 2 for cause in located.causes):
        return found
    return replace(found, search=replace(located, is_aside=True))


def moved(opened: Opened, request: Request) -> tuple[Inquiry, Finding]:
    """Say how it moved, without a split and without a test. Raises as ``explain``."""
    inquiry, of_whole = _change(opened, request)
    return inquiry, finding(inquiry, of_whole)


def _change(opened: Opened, request: Request) -> tuple[Inquiry, Whole]:
    """Ask for the value now and then."""
    inquiry = inquire(opened.project, opened.facts, _wanted(opened, request), opened.as_of, request.where)
    now, then = (query(opened, question) for question in inquiry.whole())
    return inquiry, whole(inquiry, now, then)


def _wanted(opened: Opened, request: Request) -> Wanted:
    """Find the KPI or the metric of that name; a KPI goes first, as it says more."""
    project = opened.project
    kpi = project.kpis.get(request.name)
    if kpi is None and request.name not in project.metrics:
        suggestion = closest(request.name, [*project.kpis, *project.metrics])
        raise UsageError(Problem("unknown_metric", {"name": request.name, "suggestion": suggestion}))
    metric = kpi.metric if kpi is not None else request.name
    return Wanted(metric, kpi, request.period, request.against)


def _names(opened: Opened, inquiry: Inquiry) -> tuple[str | None, str | None]:
    """Name the metrics that a ratio divides, where the plan has them."""
    parts = inquiry.formula.parts()
    if parts is None:
        return None, None
    above, below = (name_of(opened.project, opened.facts, part) for part in parts)
    return above, below


def _by_drivers(opened: Opened, inquiry: Inquiry, request: Request, of_whole: Whole) -> Finding:
    """Split by what the metric is made of, and within cells where dimensions are asked for, too."""
    tree = driver_tree(opened.project, opened.facts, inquiry.metric.key)
    now, then = (query(opened, question) for question in inquiry.of(tuple(map(Asked, tree.metrics()))))
    root = branches(tree, values_of(tree, then, now))
    names = _names(opened, inquiry)
    if not root.branches:
        raise UsageError(Problem("no_drivers", {"metric": inquiry.metric.key}))
    if not request.by:
        parts = driver_parts(root)
        residual = of_whole.change - fsum(part.effect for part in parts)
        made = finding(inquiry, of_whole, parts, Method.SHAPLEY, residual, tree=root, names=names)
        return replace(made, linked=_linked(opened, inquiry, links(opened.project, tree)))
    found = _cells(opened, inquiry, request.by)
    refuse_unlike(inquiry, of_whole)
    drivers = tree.factors() or ()
    only = inquiry.terms[0] if inquiry.terms is not None and len(inquiry.terms) == 1 else None
    if len(drivers) < 2 or only is None or only.below is not None or not inquiry.splits:
        raise UsageError(Problem("drivers_by_cells", {"metric": inquiry.metric.key}))
    _refuse_unless_flow(opened, drivers[0], inquiry.metric.key)
    now, then = (query(opened, question) for question in inquiry.of(tuple(map(Asked, drivers)), request.by))
    flow = (only.above.over(found.then).tolist(), only.above.over(found.now).tolist())
    split = split_by_drivers(found, flow, drivers, rows_of(then, drivers), rows_of(now, drivers))
    made = side(inquiry, found, of_whole.change, request.top, split)
    return finding(inquiry, of_whole, made.parts, made.method, made.residual, (made,), names=names)


def _linked(opened: Opened, inquiry: Inquiry, pairs: Sequence[tuple[str, str]]) -> tuple[Linked, ...]:
    """Ask how what leads it moved over the same days and rows, where these reach it."""
    asked = [question for metric, _ in pairs for question in inquiry.of((Asked(metric),))]
    said = query_many(opened, asked)
    values = iter([None if isinstance(answer, KursError) else only(answer) for answer in said])
    return tuple(Linked(metric, leads, next(values), next(values)) for metric, leads in pairs)


def _refuse_unless_flow(opened: Opened, driver: str, metric: str) -> None:
    """Raise UsageError where the first driver is no sum over cells: then it has no total to share."""
    if not metric_facts(opened.rollups.world, driver).accumulates:
        raise UsageError(Problem("drivers_by_cells", {"metric": metric}))


def _asked_sides(opened: Opened, inquiry: Inquiry, request: Request, of_whole: Whole) -> list[Side]:
    """Split by all asked dimensions crossed, then by each of them."""
    crossed = _cells(opened, inquiry, request.by)
    refuse_unlike(inquiry, of_whole)
    _refuse_too_many(crossed, MOST_CELLS)
    splits = [crossed]
    if len(request.by) > 1:
        # What segments share does not add up, so it has to be counted for each dimension anew.
        splits += [
            crossed.by(name) if inquiry.splits else _cells(opened, inquiry, (name,)) for name in request.by
        ]
    return [side(inquiry, found, of_whole.change, request.top) for found in splits]


def _searched(opened: Opened, inquiry: Inquiry, request: Request, of_whole: Whole) -> Finding:
    """Look for where the change happened, and split by each dimension, the most telling one first."""
    if not inquiry.splits:
        values = {"metric": inquiry.metric.key, "expr": inquiry.metric.expr}
        raise UsageError(Problem("no_exact_split", values))
    if len(request.by) > MOST_DIMENSIONS:
        raise UsageError(Problem("too_many_dimensions", {"most": MOST_DIMENSIONS}))
    by = request.by or usual_dimensions(
        _scanned(opened, inquiry, of_whole), own_dimensions(opened.project, inquiry.formula)
    )
    names = _names(opened, inquiry)
    if not by:
        return _unsplit(opened, inquiry, finding(inquiry, of_whole, names=names))
    crossed = _cells(opened, inquiry, by, MOST_SEARCHED)
    refuse_unlike(inquiry, of_whole)
    _refuse_too_many(crossed, MOST_SEARCHED)
    single = [side(inquiry, crossed.by(name), of_whole.change, request.top) for name in by]
    sides = sorted(single, key=lambda one: -one.unevenness)
    first = sides[0]
    found = finding(inquiry, of_whole, first.parts, first.method, first.residual, sides, names=names)
    return replace(found, search=search(inquiry, crossed, of_whole.change))


def _refuse_too_many(found: Cells, most: int) -> None:
    if len(found.members) > most:
        values = {"dimensions": list(found.dimensions), "most": most}
        raise UsageError(Problem("too_many_members", values))


def _scanned(opened: Opened, inquiry: Inquiry, of_whole: Whole) -> list[Side]:
    """Split by every dimension that all tables of the metric share, the most telling one first."""
    if inquiry.node is None or not inquiry.splits:
        return []
    refuse_unlike(inquiry, of_whole)
    found: list[Side] = []
    for name in shared_dimensions(opened.project, opened.facts, inquiry.formula):
        split = _cells(opened, inquiry, (name,))
        if 1 < len(split.members) <= _MOST_TO_SCAN:
            found.append(side(inquiry, split, of_whole.change, SHOWN))
    return sorted(found, key=lambda one: -one.unevenness)


def _cells(opened: Opened, inquiry: Inquiry, by: tuple[str, ...], most: int = MOST_CELLS) -> Cells:
    now, then = (query(opened, question) for question in inquiry.cells(by, most))
    return cells(inquiry, by, now, then)
