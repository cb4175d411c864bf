"""The way of KPIs through their periods: readings, lines and history, all asked for in one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.ledger.entry import Kind
from kurs.model.days import Days
from kurs.problems import KursError
from kurs.workflows.decide import standing
from kurs.workflows.measure import chosen, need_of, query_many, subjects
from kurs.workflows.past import with_turns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kurs.evaluate.needs import Need
    from kurs.evaluate.trajectory import Mark, MarkKind, Trajectory
    from kurs.evaluate.way import Way
    from kurs.ledger.entry import Entry
    from kurs.ledger.standing import Standing
    from kurs.problems import Problem
    from kurs.workflows.opening import Opened


def trajectories(
    opened: Opened, kpis: Sequence[str] = (), segment: str | None = None
) -> tuple[Trajectory, ...]:
    """Return the way of every KPI of the plan, or of those named, each with its reading.

    A KPI that cannot be computed has a reading with its reason, and no line. Raises UsageError for names
    that the plan does not have.
    """
    from kurs.evaluate.trajectory import trajectory

    decided = standing(opened.project, opened.as_of)
    found = [need_of(opened, kpi, decided, segment) for kpi in chosen(opened, kpis, segment)]
    readings = with_turns(opened, subjects(opened, found), decided)
    ways = [_way(opened, decided, need, segment, because) for need, because in found]
    asked = [question for way in ways for question in way.questions]
    said = query_many(opened, asked)
    answers = iter([None if isinstance(each, KursError) else each for each in said])
    return tuple(
        trajectory(
            way,
            reading,
            [next(answers) for _ in way.questions],
            tuple(_marks(opened, decided, way.need)),
            opened.project.reckoning,
        )
        for way, reading in zip(ways, readings, strict=True)
    )


def _way(opened: Opened, decided: Standing, need: Need, segment: str | None, because: Problem | None) -> Way:
    """Return what must be asked for a KPI beside its reading; nothing where even that cannot be."""
    from kurs.evaluate.needs import needs
    from kurs.evaluate.way import earlier_periods, nothing, way

    if because is not None:
        return nothing(need)
    project = opened.project
    ended = ((period.last, need.kpi.in_force(period.last)) for period in earlier_periods(need, project))
    past = (needs(project, kpi, day, need.facts, segment, decided.frozen(kpi)) for day, kpi in ended)
    return way(need, past, project.reckoning)


def _marks(opened: Opened, decided: Standing, need: Need) -> Iterator[Mark]:
    """Yield what happened within the period: events, revisions of the plan, and what was decided."""
    from kurs.evaluate.trajectory import Mark, MarkKind

    period = need.period
    for event in opened.project.calendar.events:
        for days in event.within(period):
            part = days.overlap(period)
            if part is not None and part != period:
                yield Mark(MarkKind.EVENT, part, event.key)
    for version in (*need.kpi.versions, *need.metric.versions):
        if version.since is not None and version.since in period and version.since <= opened.as_of:
            yield Mark(MarkKind.REVISED, Days(version.since, version.since), ", ".join(version.changed))
    kinds = {Kind.APPROVE: MarkKind.APPROVED, Kind.FREEZE: MarkKind.FROZEN, Kind.NOTE: MarkKind.NOTE}
    for entry in decided.about(need.kpi.key):
        day, kind = entry.decision.day, _kind_of_action(entry)
        kind = kinds.get(entry.decision.kind, kind)
        if kind is not None and day in period:
            yield Mark(kind, Days(day, day), _name(entry))


def _kind_of_action(entry: Entry) -> MarkKind | None:
    from kurs.evaluate.trajectory import MarkKind

    steps = {"open": MarkKind.ACTION_OPENED, "done": MarkKind.ACTION_DONE}
    return steps.get(str(entry.decision.content.get("step")))


def _name(entry: Entry) -> str:
    """Name what was decided: a note by its text, an action by its key, all else by who decided."""
    content = entry.decision.content
    return str(content.get("text") or content.get("action") or entry.decision.person or "")
