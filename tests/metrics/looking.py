"""Which days stand behind a bucket's value, by the calendar alone: what the oracle knows of looking back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics.trees import Tree

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Look:
    """How a value looks back: ``window`` "3 days", ``to_date`` "month", "ever" or a day.

    ``shifts`` are offsets, the outermost first. ``edge`` says what of a bucket is taken (first, last,
    average), ``at`` which day of a level, ``each`` whose day. ``only`` are the filters of metrics,
    ``whole`` the groups that are taken together.
    """

    window: str = ""
    to_date: str = ""
    edge: str = "last"
    shifts: tuple[str, ...] = ()
    at: str = ""
    each: str = ""
    only: tuple[Tree, ...] = ()
    whole: str = "group"

    @property
    def has_frame(self) -> bool:
        """Say whether the metric has a window or a to-date of its own."""
        return bool(self.window or self.to_date)

    @property
    def is_plain(self) -> bool:
        """Say whether the value is made of the bucket's own rows."""
        return not self.has_frame and not self.shifts and not self.at

    def back(self, shift: str) -> Look:
        """Return the look from one more shift back, inside all others."""
        return replace(self, shifts=(*self.shifts, shift))


PLAIN = Look()


def ending_before(day: date, months: int) -> date:
    """Move a day back by calendar months; a day that the month does not have becomes its last one."""
    index = day.year * 12 + day.month - 1 - months
    moved = date(index // 12, index % 12 + 1, 1)
    while moved.day < day.day and (moved + DAY).month == index % 12 + 1:
        moved += DAY
    return moved


def start_of(day: date, grain: str, week_starts: int) -> date:
    """Walk back to the first day of a week, month, quarter or year."""
    while not (
        day.weekday() == week_starts
        if grain == "week"
        else day.day == 1 and (day.month - 1) % MONTHS[grain] == 0
    ):
        day -= DAY
    return day


def length_of(text: str) -> tuple[int, int]:
    """Read "3 days" as (3, 0) and "1 year" as (0, 12)."""
    count, unit = int(text.split()[0]), text.split()[1].rstrip("s")
    return (0, count * MONTHS[unit]) if unit in MONTHS else (count * (7 if unit == "week" else 1), 0)


def shifted(
    first: date, last: date, shift: str, *, by_months: bool, grain: str | None, week_starts: int
) -> tuple[date, date]:
    """Move a stretch back; whole months stay whole.

    The start of a grain has a bucket's length from there, by week the first seven days of the month, but
    nothing after the bucket's own end.
    """
    if shift.startswith("start of "):
        first = start_of(first, shift.removeprefix("start of "), week_starts)
        if grain in MONTHS:
            return first, min(last, ending_before(first, -MONTHS[grain]) - DAY)
        return first, min(last, first + (6 if grain == "week" else 0) * DAY)
    days, months = length_of(shift)
    if not months:
        return first - days * DAY, last - days * DAY
    if by_months:
        return ending_before(first, months), ending_before(last + DAY, months) - DAY
    return ending_before(first, months), ending_before(last, months)


def start_behind(look: Look, first: date, last: date, week_starts: int) -> date | None:
    """Return the first day that a value takes in which ends on ``last``; None: since ever."""
    if look.window:
        days, months = length_of(look.window)
        return last - (days - 1) * DAY if days else ending_before(last + DAY, months)
    if look.to_date == "ever":
        return None
    if look.to_date[:1].isdigit():
        return date.fromisoformat(look.to_date)
    return start_of(last, look.to_date, week_starts) if look.to_date else first
