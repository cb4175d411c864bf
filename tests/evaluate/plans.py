"""Small plans, coverage and answers for the tests of readings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.evaluate.needs import Need, needs
from kurs.evaluate.readings import read
from kurs.metrics.nature import MetricFacts
from kurs.metrics.query import Answer, AnswerColumn, ColumnKind
from kurs.model.comparison import Against, Comparison
from kurs.model.coverage import Covered
from kurs.model.days import Days, Grain
from kurs.model.events import Calendar, Event
from kurs.model.kpi import Baseline, Kpi, KpiPeriod
from kurs.model.metric import Direction, Metric
from kurs.model.project import Project, Settings
from kurs.model.source import Source
from kurs.model.strategy import Goal, Stage
from kurs.model.target import Target, TargetKind
from kurs.model.text import Text
from kurs.words.filling import placeholders
from kurs.words.problems import PROBLEMS
from spans import days

if TYPE_CHECKING:
    from kurs.evaluate.reading import Reading
    from kurs.problems import Problem

FLOW = MetricFacts(accumulates=True, has_parts=False)
RATIO = MetricFacts(accumulates=False, has_parts=True)


def day(text: str) -> date:
    return date.fromisoformat(text)


def period(text: str) -> KpiPeriod:
    return KpiPeriod(days=days(text))


MONTHLY = KpiPeriod(every=Grain.MONTH)
JANUARY = period("2026-01-01..2026-01-31")
SEASON = Event("season", (days("2024-11-22..2024-12-29"), days("2025-11-21..2025-12-28")))


def kpi(
    when: KpiPeriod = JANUARY,
    target: Target | None = None,
    against: Against | None = None,
    *,
    stated: float | None = None,
    span: Days | None = None,
    good: Direction | None = None,
    segment: str | None = None,
    where: str | None = None,
) -> Kpi:
    """Make a KPI of the metric ``m``, measured ``against`` other days or a ``stated`` value."""
    baseline = Baseline(value=stated) if stated is not None else None
    if against is not None:
        baseline = Baseline(comparison=Comparison(against, span))
    return Kpi(
        "k", "m", when, baseline=baseline, target=target, good=good, segment=segment, where=where, goal="g"
    )


def plan(good: Direction | None = Direction.UP, week_starts: int = 0, **into: str) -> Project:
    """Make a plan with the metric ``m``, one event, and sources by the relation that they load ``into``."""
    return Project(
        folder=Path(),
        settings=Settings("test", week_starts=week_starts),
        tables={},
        metrics={"m": Metric("m", "a", good=good)},
        people={},
        strategy={},
        goals={"g": Goal("g", Text.plain("Grow"), stage=Stage.ACTIVATE)},
        segments={},
        sources={key: Source(key, relation) for key, relation in into.items()},
        actions={},
        kpis={},
        calendar=Calendar(events=(SEASON,)),
    )


def facts(*covered: Covered, flow: bool = True) -> MetricFacts:
    return MetricFacts(accumulates=flow, has_parts=not flow, covered=covered)


def covered(text: str, source: str = "shop", restates: int = 0, rejected: int = 0) -> Covered:
    return Covered(source, "", tuple(days(part) for part in text.split()), restates, rejected)


def reach(value: float) -> Target:
    return Target(TargetKind.REACH, value)


def change(value: float) -> Target:
    return Target(TargetKind.CHANGE, value)


def answers(
    need: Need,
    value: object = None,
    baseline: object = None,
    parts: tuple[object, object] | None = None,
    recent: dict[date, object] | None = None,
    basis: object = None,
) -> list[Answer]:
    """Answer the questions of ``need``, but for those by member."""
    given: list[Answer] = []
    if need.value is not None:
        names = [asked.column for asked in need.value.metrics]
        cells = (value, *(parts or (None, None)))[: len(names)]
        given.append(_answer(dict.fromkeys(names, ColumnKind.METRIC), cells))
    if need.baseline is not None:
        given.append(_answer({"m": ColumnKind.METRIC}, (baseline,)))
    if need.recent is not None:
        given.append(_answer({"time": ColumnKind.TIME, "m": ColumnKind.METRIC}, *(recent or {}).items()))
    if need.basis is not None:
        given.append(_answer({"m": ColumnKind.METRIC}, (basis,)))
    return given


def _answer(columns: dict[str, ColumnKind], *rows: tuple[object, ...]) -> Answer:
    return Answer(tuple(AnswerColumn(name, kind) for name, kind in columns.items()), rows, None)


def reading(
    of: Kpi,
    as_of: str,
    value: object = None,
    baseline: object = None,
    *,
    known: MetricFacts = FLOW,
    parts: tuple[object, object] | None = None,
    good: Direction | None = Direction.UP,
    segment: str | None = None,
) -> Reading:
    """Read a KPI at the end of a day, from these numbers."""
    need = needs(plan(good), of, day(as_of), known, segment)
    return told(need, answers(need, value, baseline, parts))


def told(need: Need, given: list[Answer]) -> Reading:
    """Read a KPI from these answers; for all that it says there are words."""
    found = read(need, given)
    assert all(has_words(problem) for problem in (found.reason, *found.caveats) if problem is not None)
    return found


def has_words(problem: Problem) -> bool:
    """Say whether the problem's sentence and hint are known, and find all their values."""
    text = PROBLEMS[problem.code]
    return placeholders(text.message + text.hint) <= problem.values.keys()


def codes(of: Reading) -> list[str]:
    return [problem.code for problem in of.caveats]
