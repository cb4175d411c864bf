"""Map: the plan as a tree, with where every KPI stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.workflows import decide, measure

if TYPE_CHECKING:
    from kurs.audit.plan_map import PlanMap
    from kurs.workflows.opening import Opened


def plan_map(opened: Opened) -> PlanMap:
    """Lay the plan out with the statuses of now. Raises EngineError."""
    from kurs.audit import plan_map as of

    return of.plan_map(decide.standing(opened.project, opened.as_of), measure.status(opened))
