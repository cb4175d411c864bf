"""Map: the plan as a tree, with where every KPI stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.workflows import decide, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.plan_map import PlanMap
    from kurs.evaluate.reading import Reading
    from kurs.workflows.opening import Opened


def plan_map(opened: Opened, readings: Sequence[Reading] | None = None) -> PlanMap:
    """Lay the plan out with the statuses of now, or with ``readings`` that were taken. Raises EngineError."""
    from kurs.audit import plan_map as of

    found = measure.status(opened) if readings is None else readings
    return of.plan_map(decide.decided(opened), found)
