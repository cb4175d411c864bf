"""What it costs to measure: how the loads of the sources behind a KPI went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kurs.lake.attempts import Attempt
    from kurs.lake.record import LoadRecord

DAYS_LOOKED_AT = 10  # the last ones on which a source was loaded
_LEAST_STEPS = 3  # from one load with new days to the next


@dataclass(frozen=True, slots=True)
class Loads:
    """How the loads of one source went.

    ``failed``: on so many of the last ``days`` with loads the last one failed; ``is_failing``: on the newest
    of them, too. ``every``: new days came every so many days, in the middle; None of too few loads.
    """

    source: str
    days: int = 0
    failed: int = 0
    is_failing: bool = False
    every: float | None = None


def loads_of(source: str, records: Iterable[LoadRecord], attempts: Iterable[Attempt]) -> Loads:
    """Judge the loads of a source by what is in the lake, and by the log of all that was tried."""
    last_of_day = {_day(one.at): one.problem is not None for one in attempts if one.source == source}
    failures = [last_of_day[day] for day in sorted(last_of_day)][-DAYS_LOOKED_AT:]
    return Loads(
        source,
        days=len(failures),
        failed=sum(failures),
        is_failing=bool(failures) and failures[-1],
        every=_every(_days_with_news([one for one in records if one.source == source])),
    )


def _days_with_news(records: Sequence[LoadRecord]) -> list[date]:
    """Return the days on which later days came in than were there before."""
    found: list[date] = []
    known = date.min
    for record in records:
        last = max((days.last for days in record.covered), default=date.min)
        if last > known:
            known = last
            found.append(_day(record.at))
    return found


def _every(days: Sequence[date]) -> float | None:
    steps = [(after - before).days for before, after in pairwise(days)][-DAYS_LOOKED_AT:]
    return float(median(steps)) if len(steps) >= _LEAST_STEPS else None


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
