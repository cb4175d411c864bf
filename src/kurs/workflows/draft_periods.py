"""Of which days the rows of a draft speak: of their own, or of whole weeks, months and quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.days import Days, Grain
from kurs.model.reckoning import Reckoning
from kurs.model.written_days import CalendarKind, directives

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kurs.sources.look_seen import Seen

_EARLY = (5, 6)  # Saturday and Sunday, on which weeks begin in many countries


def grain_of(seen: Seen, time: str | None) -> Grain | None:
    """Return what a row stands for by the form of its days, if that is more than a day."""
    forms = [column.date_format for column in seen.columns if column.name == time]
    said = directives(forms[0] or "") if forms else set[str]()
    if "V" in said:
        return Grain.WEEK
    if "q" in said:
        return Grain.QUARTER
    if said & set("mbB") and "d" not in said:
        return Grain.JALALI_MONTH if seen.format.calendar is CalendarKind.JALALI else Grain.MONTH
    return None


def last_day(last: date, rows_are: Grain | None, week_starts: int) -> date:
    """Return the last day of which the rows speak."""
    if rows_are is None:
        return last
    return (Reckoning(week_starts).bucket_of(last, rows_are) or Days(last, last)).last


def week_starts_of(weekly: Mapping[str, date]) -> int | None:
    """Return the weekday on which weeks begin before a Monday, by a row of each column of weeks."""
    weekdays = {day.weekday() for name, day in weekly.items() if "end" not in name.split("_")}
    found = next(iter(weekdays), 0)
    return found if len(weekdays) == 1 and found in _EARLY else None
