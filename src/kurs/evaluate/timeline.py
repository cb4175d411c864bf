"""Status over time: which past days are worth a reading, and when the status turned."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.evaluate.reading import Status, Turn, Turning
from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kurs.evaluate.needs import Need

MOST_DAYS = 60
_DAY = timedelta(days=1)
# From good to bad; a turn between others, as from "no data", is neither better nor worse.
_FROM_GOOD_TO_BAD = {
    Status.MET: 0,
    Status.ON_TRACK: 0,
    Status.AT_RISK: 1,
    Status.OFF_TRACK: 2,
    Status.MISSED: 3,
}


def past_days(need: Need, decided_on: Iterable[date] = (), most: int = MOST_DAYS) -> tuple[date, ...]:
    """Return the days before ``need.as_of`` on which its status may have been another, the newest first.

    They lie in the KPI's present period. After its end only what is decided, and data that begin later, can
    change a reading. ``most`` days of the period are looked at.
    """
    last = min(need.as_of - _DAY, need.period.last)
    first = max(need.period.first, last - timedelta(days=most - 1))
    if last < first:
        return ()
    days = set(Days(first, last))
    begun = (part.first for entry in need.fresh.entries for part in entry.days)
    days |= {day for day in (*decided_on, *begun) if last < day < need.as_of}
    return tuple(sorted(days, reverse=True))


def turn(now: Status, past: Sequence[tuple[date, Status | None]], as_of: date, began: date) -> Turn:
    """Say since when the status is what it is; ``past`` are the days before with theirs, the newest first.

    It is not known where all of them had the same, unless they go back to the day when the period ``began``.
    """
    since = as_of
    for day, status in past:
        if status is not now:
            return Turn(since, status, day, _way(status, now))
        since = day
    return Turn(since if since == began else None)


def bad_since(
    as_what: Status, now: Status | None, past: Sequence[tuple[date, Status | None]], as_of: date
) -> date | None:
    """Return the first day of the unbroken stretch up to ``as_of`` that was ``as_what`` or worse.

    Days that are left out of ``past`` had the status of the day before them. None where it is not so now.
    """
    if not is_as_bad(now, as_what):
        return None
    since = as_of
    for day, status in past:
        if not is_as_bad(status, as_what):
            break
        since = day
    return since


def _way(before: Status | None, now: Status) -> Turning:
    """Say which way a status turned."""
    if before is None or before not in _FROM_GOOD_TO_BAD or now not in _FROM_GOOD_TO_BAD:
        return Turning.CHANGED
    worse = _FROM_GOOD_TO_BAD[now] - _FROM_GOOD_TO_BAD[before]
    return Turning.SLIPPING if worse > 0 else Turning.RECOVERING if worse < 0 else Turning.CHANGED


def is_as_bad(status: Status | None, as_what: Status) -> bool:
    """Say whether a status is ``as_what`` or worse; those without a verdict are only what they are."""
    if status is None or as_what not in _FROM_GOOD_TO_BAD or status not in _FROM_GOOD_TO_BAD:
        return status is as_what
    least = _FROM_GOOD_TO_BAD[as_what]
    return _FROM_GOOD_TO_BAD[status] >= least if least else status is as_what
