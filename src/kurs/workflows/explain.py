"""Explain: why a metric or a KPI moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.explain.cells import Cells, cells
from kurs.explain.fair import Wanted
from kurs.explain.inquiry import MOST_CELLS, inquire, name_of, shared_dimensions
from kurs.explain.segments import side
from kurs.explain.why import finding, refuse_unlike, whole
from kurs.problems import Problem, UsageError, closest
from kurs.workflows.measure import query

if TYPE_CHECKING:
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
    """What a person asks: why ``name``, a KPI or a metric, moved. None is what is usual for it."""

    name: str
    period: Days | None = None
    against: Comparison | None = None
    by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    top: int = SHOWN


def explain(opened: Opened, request: Request) -> Finding:
    """Say why it moved. Raises UsageError where a comparison or a split would be wrong, EngineError."""
    inquiry = inquire(opened.project, opened.facts, _wanted(opened, request), opened.as_of, request.where)
    now, then = (query(opened, question) for question in inquiry.whole())
    of_whole = whole(inquiry, now, then)
    if request.by:
        sides = _asked_sides(opened, inquiry, request, of_whole)
    else:
        sides = _scanned(opened, inquiry, of_whole)
    names = _names(opened, inquiry)
    if not sides:
        return finding(inquiry, of_whole, names=names)
    first = sides[0]
    return finding(inquiry, of_whole, first.parts, first.method, first.residual, sides, names=names)


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


def _asked_sides(opened: Opened, inquiry: Inquiry, request: Request, of_whole: Whole) -> list[Side]:
    """Split by all asked dimensions crossed, then by each of them."""
    crossed = _cells(opened, inquiry, request.by)
    refuse_unlike(inquiry, of_whole)
    if len(crossed.members) > MOST_CELLS:
        values = {"dimensions": list(request.by), "most": MOST_CELLS}
        raise UsageError(Problem("too_many_members", values))
    splits = [crossed]
    if len(request.by) > 1:
        # What segments share does not add up, so it has to be counted for each dimension anew.
        splits += [
            crossed.by(name) if inquiry.splits else _cells(opened, inquiry, (name,)) for name in request.by
        ]
    return [side(inquiry, found, of_whole.change, request.top) for found in splits]


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


def _cells(opened: Opened, inquiry: Inquiry, by: tuple[str, ...]) -> Cells:
    now, then = (query(opened, question) for question in inquiry.cells(by))
    return cells(inquiry, by, now, then)
