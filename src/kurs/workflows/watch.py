"""Watch: open the actions whose ``when:`` has come, each at most once in a period of its KPI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.evaluate.reading import Status
from kurs.evaluate.timeline import bad_since
from kurs.ledger.standing import Stage, Watched
from kurs.project.amounts import condition_of
from kurs.workflows import decide, measure
from kurs.workflows.past import readings_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import Standing
    from kurs.workflows.opening import Opened
    from kurs.workflows.past import Subject


_AFTER_THE_END = timedelta(days=14)  # in which the last data of a period come in


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An action that may be opened: when its KPI has been as bad as ``status`` on so many days in a row."""

    action: str
    when: str
    status: Status
    days: int


def watch(opened: Opened) -> Watched:
    """Open what is due to be opened, by re-reading each KPI as of the days before. Raises EngineError."""
    project, day = opened.project, opened.as_of
    decided = decide.decided(opened)
    kpis = [kpi for kpi in project.kpis.values() if kpi.actions]
    read = measure.subjects(opened, [measure.need_of(opened, kpi, decided) for kpi in kpis])
    waiting = [(one, found) for one in read if (found := _waiting(one.reading, decided))]
    most = max((each.days for _, found in waiting for each in found), default=1)
    past = readings_before(opened, [one for one, _ in waiting], decided, most - 1)
    begun = [
        decide.act(project, day, of.reading.kpi.key, each.action, "open", because=each.when)
        for (of, found), before in zip(waiting, past, strict=True)
        for each in found
        if _has_come(each, of, before)
    ]
    late = (state for state in decide.actions(project, day, only_open=True) if state.is_overdue(day))
    return Watched(day, tuple(begun), tuple(late))


def _waiting(reading: Reading, decided: Standing) -> list[_Waiting]:
    """Return the KPI's actions with a ``when:`` that were not opened yet in its present period."""
    found: list[_Waiting] = []
    if reading.period.last < reading.as_of - _AFTER_THE_END:
        return found  # what is over long since is history
    for state in decided.actions(reading.kpi):
        planned = decided.project.actions.get(state.action)
        condition = condition_of(planned.when) if planned is not None and planned.when is not None else None
        was_opened = state.opened is not None and state.opened >= reading.period.first
        if planned is None or condition is None or was_opened or state.stage is Stage.OPEN:
            continue
        if state.action in reading.kpi.actions:
            found.append(_Waiting(state.action, planned.when or "", Status(condition[0]), condition[1]))
    return found


def _has_come(each: _Waiting, of: Subject, before: Sequence[Reading]) -> bool:
    now = of.reading
    past = [(one.as_of, one.status) for one in before]
    since = bad_since(each.status, now.status, past, now.as_of)
    return since is not None and (now.as_of - since).days + 1 >= each.days
