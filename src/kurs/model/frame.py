"""Which days stand behind a value: those of its bucket, a rolling window, a period to date.

A frame turns a bucket of time into a range of days. Everything that looks back in time (a window, the
month to date, the same a year ago) is a frame, so one rule serves them all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from kurs.model.days import AnyGrain, Grain, grain_named

if TYPE_CHECKING:
    from datetime import date


class SpanUnit(StrEnum):
    """The unit of a stretch of the calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the calendar: ``28 days``, ``1 year``. Exactly one of both is not 0."""

    days: int = 0
    months: int = 0

    @classmethod
    def parse(cls, text: str) -> Span | None:
        """Read ``28 days``, ``2 weeks``, ``1 year``; None when the text is no such stretch."""
        found = re.fullmatch(r"\s*(\d{1,4})\s+(day|week|month|quarter|year)s?\s*", text, re.IGNORECASE)
        if found is None or int(found[1]) == 0:
            return None
        count, unit = int(found[1]), SpanUnit(found[2].lower())
        in_days = {SpanUnit.DAY: 1, SpanUnit.WEEK: 7}
        in_months = {SpanUnit.MONTH: 1, SpanUnit.QUARTER: 3, SpanUnit.YEAR: 12}
        return cls(days=count * in_days.get(unit, 0), months=count * in_months.get(unit, 0))

    def __str__(self) -> str:
        if self.months % 12 == 0 and self.months:
            return f"{self.months // 12} year{'s' if self.months > 12 else ''}"
        count, unit = (self.months, "month") if self.months else (self.days, "day")
        return f"{count} {unit}{'s' if count > 1 else ''}"


@dataclass(frozen=True, slots=True)
class Steps:
    """So many buckets of a grain that only the project's calendar can count: ``1 fiscal_year``."""

    count: int
    grain: AnyGrain

    @classmethod
    def parse(cls, text: str) -> Steps | None:
        """Read ``1 fiscal_year``, ``2 jalali_months``; whether there is such a grain is for others to say."""
        found = re.fullmatch(r"\s*(\d{1,3})\s+([a-z][a-z0-9_]*)\s*", text)
        if found is None or int(found[1]) == 0:
            return None
        singular = found[2].removesuffix("s")
        return cls(int(found[1]), grain_named(singular if singular in set(Grain) else found[2]))

    def __str__(self) -> str:
        return f"{self.count} {self.grain}"


class FrameKind(StrEnum):
    """How far a frame reaches back from the end of its bucket."""

    BUCKET = "bucket"
    ROLLING = "rolling"
    TO_DATE = "to_date"
    SINCE = "since"


class Edge(StrEnum):
    """Which day of a bucket a value that looks back is taken on; or the mean of all its days."""

    FIRST = "first"
    LAST = "last"
    AVERAGE = "average"


Shift: TypeAlias = Span | Steps | AnyGrain


@dataclass(frozen=True, slots=True)
class Frame:
    """A rule from a bucket to the days behind its value.

    ``span`` belongs to ROLLING, ``grain`` to TO_DATE, ``since`` to SINCE (None: since ever). ``shifts`` are
    applied first, the outermost first: a ``Span`` or ``Steps`` back, or a grain to the start of whose bucket
    it goes.
    """

    kind: FrameKind = FrameKind.BUCKET
    span: Span | None = None
    grain: AnyGrain | None = None
    since: date | None = None
    edge: Edge = Edge.LAST
    shifts: tuple[Shift, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Say whether the frame is the bucket itself."""
        return self.kind is FrameKind.BUCKET and not self.shifts

    def shifted(self, shift: Shift) -> Frame:
        """Return the frame as it is one more ``shift`` back, which is applied before all others."""
        return replace(self, shifts=(shift, *self.shifts))

    def named(self) -> str:
        """Name the frame in a word or three, for a step of SQL."""
        words = {
            FrameKind.BUCKET: "",
            FrameKind.ROLLING: f"last_{self.span}",
            FrameKind.TO_DATE: f"{self.grain}_to_date",
            FrameKind.SINCE: f"since_{self.since}" if self.since else "since_ever",
        }[self.kind]
        back = [f"start_of_{shift}" if isinstance(shift, str) else f"{shift}_back" for shift in self.shifts]
        edge = "" if self.edge is Edge.LAST else f"at_{self.edge}"
        named = "_".join(word for word in (words, *back, edge) if word)
        return re.sub(r"\W", "_", named)


PLAIN = Frame()
