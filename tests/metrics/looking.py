"""Which days stand behind a bucket's value, by the calendar alone: what the oracle knows of looking back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from metrics.almanac import DAY, MONTHS, begins_month, season_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from metrics.almanac import Almanac
    from metrics.trees import Tree


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


def length_of(text: str) -> tuple[int, int]:
    """Read "3 days" as (3, 0) and "1 year" as (0, 12)."""
    count, unit = int(text.split()[0]), text.split()[1].rstrip("s")
    return (0, count * MONTHS[unit]) if unit in MONTHS else (count * (7 if unit == "week" else 1), 0)


def shifted(
    first: date,
    last: date,
    shift: str,
    almanac: Almanac,
    *,
    by_months: bool,
    whole_of: Callable[[str], bool],
    grain: str | None,
) -> tuple[date, date] | None:
    """Move a stretch back; whole months stay whole. None: it has no counterpart there.

    The start of a grain has a bucket's length from there, by week the first seven days of the month, but
    nothing after the bucket's own end.
    """
    if shift.startswith("start of "):
        start = almanac.bucket(first, shift.removeprefix("start of "))
        if start is None:
            return None
        if grain in MONTHS:
            return start[0], min(last, ending_before(start[0], -MONTHS[grain]) - DAY)
        if grain == "week":
            return start[0], min(last, start[0] + 6 * DAY)
        own = almanac.bucket(start[0], grain or "day")
        return (start[0], min(last, own[1])) if own is not None else None
    count, unit = int(shift.split()[0]), shift.split()[1]
    if unit == "seasons":
        return season_before(first, last, count)
    if "_" in unit:
        return in_calendar(first, last, count, unit.removesuffix("s"), almanac, whole_of)
    days, months = length_of(shift)
    if not months:
        return first - days * DAY, last - days * DAY
    if by_months:
        return ending_before(first, months), ending_before(last + DAY, months) - DAY
    return ending_before(first, months), ending_before(last, months)


def in_calendar(
    first: date, last: date, count: int, grain: str, almanac: Almanac, whole_of: Callable[[str], bool]
) -> tuple[date, date] | None:
    """Move a stretch back by months, quarters or years of a calendar: each day keeps its number in the month.

    A month that is too short gives its last day; of retail months the fifth week has no counterpart.
    """
    rule, unit = almanac.rule(grain), grain.rpartition("_")[2]
    if unit == "week":
        return first - 7 * count * DAY, last - 7 * count * DAY
    months = count * MONTHS[unit]
    (over, start), (other, end) = (almanac.place(day, grain, months) for day in (first, last))
    whole = whole_of(rule) and over == 0 and begins_month(last + DAY, rule, 1)
    if start[0] + over * DAY > start[1] and rule == "4-5-4":
        return None
    begins = min(start[0] + over * DAY, start[1])
    if whole and not (rule == "4-5-4" and months % 12 == 0):
        return begins, end[1]
    return begins, min(end[0] + other * DAY, end[1])


def start_behind(look: Look, first: date, last: date, almanac: Almanac) -> tuple[date | None, date] | None:
    """Return the first and last day that a value takes in that ends on ``last``; from None is since ever."""
    if look.window:
        days, months = length_of(look.window)
        return (last - (days - 1) * DAY if days else ending_before(last + DAY, months)), last
    if look.to_date == "ever":
        return None, last
    if look.to_date[:1].isdigit():
        return date.fromisoformat(look.to_date), last
    if not look.to_date:
        return first, last
    bucket = almanac.bucket(last, look.to_date)
    return (bucket[0], last) if bucket is not None else None
