"""The days that files speak of beyond those of their rows: by ``covers:``, by their names, by their age."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from kurs.model.coverage import around, merged
from kurs.model.days import Days, Grain, bucket_of
from kurs.model.source import CoversTo
from kurs.problems import Problem, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kurs.model.reckoning import Reckoning
    from kurs.model.source import Covers, Source
    from kurs.sources.files import Found

    Wholes: TypeAlias = Callable[[date], Days]  # of which days a row speaks that lies on one of them

_DAY = timedelta(days=1)
# A month or a day that no other digit touches: 2026-11, 202611, 2026_11_03, 20261103. What may be more than
# a month, such as 2026-11-45, is none; and a year alone may be one of its weeks.
_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])"
    r"(?:\2(0[1-9]|[12]\d|3[01])(?!\d)|(?![-_.]?\d{1,3}(?!\d)|\d))"
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the plan says about the days of the files of one load.

    ``named`` are the days in the name of each file, as far as it can be complete; None where names say
    nothing. ``first`` and ``last`` are those of the source as a whole: the first file begins on ``first``
    (``opens``: it is among them), the last one runs until ``last``. ``wholes`` tells of which days a row
    speaks that lies on one of them.
    """

    named: tuple[Days | None, ...] | None = None
    first: date | None = None
    last: date | None = None
    opens: bool = True
    wholes: Wholes | None = None

    @property
    def is_whole(self) -> bool:
        """Say whether the days are known without any row."""
        return self.named is not None or (self.first is not None and self.last is not None)

    def until(self, files: Sequence[Found]) -> tuple[date | None, ...]:
        """Return until when each file is called complete: by its name, or the last one."""
        if self.named is not None:
            return tuple(None if days is None else days.last for days in self.named)
        return (*(None for _ in files[1:]), self.last)

    def by_file(self, rows: Sequence[Days | None]) -> tuple[Days | None, ...]:
        """Return the days of each file, whose rows lie on ``rows``: on them it takes the place of others."""
        rows = [days and self._whole(days) for days in rows]
        if self.named is not None:
            pairs = zip(rows, self.named, strict=True)
            return tuple(around(one for one in pair if one is not None) for pair in pairs)
        found = list(rows)
        if self.opens:
            found[0] = _stretched(found[0], self.first, self.last if len(found) == 1 else None)
        if len(found) > 1 or not self.opens:
            found[-1] = _stretched(found[-1], None, self.last)
        return tuple(found)

    def covered(self, days: Sequence[Days | None]) -> tuple[Days, ...]:
        """Return the days on which files that speak of ``days`` are complete."""
        if self.named is not None:
            return merged(one for one in self.named if one is not None)
        said = Days(self.first or date.min, max(self.last or date.max, self.first or date.min))
        return merged(part for one in days if one is not None and (part := one.overlap(said)))

    def onward(self, days: Sequence[Days]) -> tuple[Days, ...]:
        """Return the days that are covered where one look followed the other: without a gap."""
        span = around(days)
        return self.covered([_stretched(span and self._whole(span), self.first, self.last)])

    def _whole(self, days: Days) -> Days:
        """Return the days of which rows speak that lie between two days."""
        if self.wholes is None:
            return days
        return Days(self.wholes(days.first).first, self.wholes(days.last).last)


def spoken(
    source: Source,
    chosen: Sequence[Found],
    found: Sequence[Found],
    zone: str,
    today: date,
    wholes: Wholes | None = None,
) -> Spoken | None:
    """Return what the plan says about the days of the ``chosen`` among all ``found`` files.

    ``wholes`` comes from ``wholes_of``. Raises SourceError ``no_days_in_name``.
    """
    covers = source.covers
    if covers is None:
        return None
    if covers.by_name:
        return Spoken(tuple(_named(file, covers, zone, today) for file in chosen), wholes=wholes)
    last = _last(covers, found[-1], zone, today)
    return Spoken(None, covers.first, last, chosen[0] == found[0], wholes)


def wholes_of(covers: Covers | None, reckoning: Reckoning, today: date) -> Wholes | None:
    """Return what tells of which days a row speaks, as far as they are over; None where it is one day."""
    if covers is None or covers.rows is None:
        return None
    return partial(_whole_until, reckoning, covers.rows, today - _DAY)


def _whole_until(reckoning: Reckoning, grain: Grain, last: date, day: date) -> Days:
    whole = reckoning.bucket_of(day, grain) or Days(day, day)
    return Days(whole.first, max(day, min(whole.last, last)))


def days_in(name: str) -> Days | None:
    """Return the days in a name: a day or a month, or from one to another.

    None where there are none, or more than two: ``ads_2026-11.csv``, ``20261101-20261107.csv``.
    """
    spans: list[Days] = []
    for match in _IN_NAME.finditer(name):
        grain = Grain.MONTH if match[4] is None else Grain.DAY
        try:
            spans.append(bucket_of(date(int(match[1]), int(match[3]), int(match[4] or 1)), grain))
        except ValueError:  # 31 February
            return None
    if not 0 < len(spans) <= 2 or spans[-1].first < spans[0].first:
        return None
    return Days(spans[0].first, spans[-1].last)


def _named(file: Found, covers: Covers, zone: str, today: date) -> Days | None:
    """Return the days in a file's name on which it can be complete: those before it was written."""
    places = [file.name.rpartition("/")[2]]
    if file.member is not None:
        places = [file.member.rpartition("/")[2], file.path.name]
    named = next((days for place in places if (days := days_in(place)) is not None), None)
    if named is None:
        raise SourceError(Problem("no_days_in_name", {"file": file.name}))
    first = max(named.first, covers.first or named.first)
    last = min(named.last, _last(covers, file, zone, today) or _written(file, zone))
    return Days(first, last) if first <= last else None


def _last(covers: Covers, file: Found, zone: str, today: date) -> date | None:
    match covers.last:
        case CoversTo.FILE_MODIFIED:
            return _written(file, zone)
        case CoversTo.YESTERDAY:
            return today - _DAY
        case _:
            return covers.last


def _written(file: Found, zone: str) -> date:
    """Return the last day that was over when a file was written."""
    moment = datetime.fromtimestamp(file.path.stat().st_mtime, UTC)
    return moment.astimezone(ZoneInfo(zone)).date() - _DAY


def _stretched(days: Days | None, first: date | None, last: date | None) -> Days | None:
    """Return the days out to ``first`` and ``last``; without any, those between the two."""
    if days is not None:
        return Days(min(days.first, first or days.first), max(days.last, last or days.last))
    return Days(first, last) if first is not None and last is not None and first <= last else None
