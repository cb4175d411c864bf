"""The way of KPIs to the readings that were taken of them: lines and history, all asked for in one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.ledger.entry import Kind
from kurs.model.days import Days
from kurs.problems import KursError
from kurs.workflows.decide import decided as decided_of
from kurs.workflows.measure import need_of, query_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Reading
    from kurs.evaluate.trajectory import Mark, MarkKind, Trajectory
    from kurs.evaluate.way import Way
    from kurs.ledger.entry import Entry
    from kurs.ledger.standing import Standing
    from kurs.workflows.opening import Opened


def trajectories(opened: Opened, readings: Sequence[Reading]) -> tuple[Trajectory, ...]:
    """Return the way to each reading of now; one that cannot be computed has no line."""
    from kurs.evaluate.trajectory import trajectory

    decided = decided_of(opened)
    ways = [_way(opened, decided, reading) for reading in readings]
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


def _way(opened: Opened, decided: Standing, reading: Reading) -> Way:
    """Return what must be asked for a KPI beside its reading; nothing where even that cannot be."""
    from kurs.evaluate.needs import needs_on
    from kurs.evaluate.way import earlier_periods, nothing, way

    need, because = need_of(opened, reading.kpi, decided, next(reversed(reading.segments), None))
    if because is not None:
        return nothing(need)
    project = opened.project
    ends = (period.last for period in earlier_periods(need, project))
    past = (needs_on(need, project, day, decided.frozen(need.kpi.in_force(day))) for day in ends)
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
