"""What was known on a day: as it was reported, and as it comes out again of the tables as they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kurs.evaluate.reading import Reading
    from kurs.ledger.reported import Reported


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at the end of ``day``.

    ``reported`` is what the journal keeps, None where nobody kept it by then. ``again`` are the readings by
    the lake as it was, None where a version is gone. ``changed`` are KPIs whose definition is another by now.
    """

    day: date
    reported: Reported | None
    again: tuple[Reading, ...] | None
    changed: frozenset[str] = frozenset()

    def said(self, kpi: str) -> Reading | None:
        """Return the reading of a KPI by the lake as it was."""
        return next((one for one in self.again or () if one.kpi.key == kpi), None)

    def is_same(self, row: Mapping[str, object]) -> bool | None:
        """Say whether a reported value and status come out again; None where that cannot be tried."""
        again = self.said(str(row["kpi"]))
        if again is None:
            return None
        return (again.value, again.status) == (row["value"], row["status"])
