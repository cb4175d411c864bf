"""Buckets that are counted out in Python: SQL has no arithmetic for a retail year or a Jalali month.

The statement holds them as a list of days: each bucket's first and last, and for every frame the days behind
its value. Rows then join by day, as they do for any frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp

from kurs.metrics.expression import offset_of, offset_shift
from kurs.model.days import CIVIL, MONTHS_IN, Days, Grain, add_months
from kurs.model.frame import PLAIN, Edge, Frame, FrameKind, Span, Steps
from kurs.problems import Problem, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kurs.metrics.leaf import Leaf
    from kurs.model.days import AnyGrain
    from kurs.model.frame import Shift
    from kurs.model.reckoning import Reckoning

_DAY = timedelta(days=1)
# Beyond these a list of buckets is very long, and most often a date of the data is wrong.
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


# A frame, and whether it is that of a comparison.
Behind: TypeAlias = tuple[Frame, bool]


def is_listed(grain: AnyGrain | None) -> bool:
    """Say whether the buckets of a grain must be listed."""
    return grain is not None and grain not in CIVIL


def needs_list(frame: Frame) -> bool:
    """Say whether a frame is made of other days than SQL can reckon."""
    shifts = (shift for shift in frame.shifts if not isinstance(shift, Span))
    return is_listed(frame.grain) or any(isinstance(shift, Steps) or is_listed(shift) for shift in shifts)


def reckoned(
    reckoning: Reckoning, offset: exp.Expr, path: tuple[str, ...], problems: list[Problem]
) -> Shift | None:
    """Return how far back an offset goes, by months or days where it can; note a grain that is not there."""
    shift = offset_shift(offset)
    name, known = shift.grain if isinstance(shift, Steps) else shift, reckoning.grains
    if isinstance(name, str) and name not in known:
        values = {"name": str(name), "suggestion": closest(name, known), "grains": known}
        problems.append(Problem("unknown_grain", values, path=path, offset=offset_of(offset)))
    return reckoning.plain(shift) if isinstance(shift, Steps) else shift


@dataclass(frozen=True, slots=True)
class Listing:
    """The buckets of a question, with their days.

    ``days`` are the asked days, ``data_to`` is the last day with data; None where no data are there.
    """

    reckoning: Reckoning
    grain: AnyGrain | None
    days: Days | None
    data_to: date | None

    @classmethod
    def where_needed(
        cls,
        reckoning: Reckoning,
        grain: AnyGrain | None,
        leaves: Iterable[Leaf],
        days: Days | None,
        data_to: date | None,
    ) -> Listing | None:
        """Return the listing of a question; None where SQL can reckon its grain and all its frames.

        Raises UsageError for days that are too far away.
        """
        frames = [leaf.frame for leaf in leaves]
        if not is_listed(grain) and not any(map(needs_list, frames)):
            return None
        if days is not None and not _FIRST_YEAR <= days.first.year <= days.last.year <= _LAST_YEAR:
            raise UsageError(Problem("days_too_far", {"from": days.first, "to": days.last}))
        return cls(reckoning, grain, days, data_to)

    @property
    def takes_rows(self) -> bool:
        """Say whether rows find their bucket in the list, too, and not only values that look back."""
        return is_listed(self.grain)

    @property
    def buckets(self) -> tuple[tuple[date | None, Days | None], ...]:
        """Return each bucket's first day (None without a grain) and its asked days.

        A running one ends with the data. Without any data no day is behind a value: None.
        """
        days = self.days
        if self.grain is None or days is None:
            return () if self.grain else ((None, self._with_data(days)),)
        wholes = self.reckoning.buckets(days, self.grain)
        return tuple((whole.first, self._with_data(whole.overlap(days))) for whole in wholes)

    def _with_data(self, days: Days | None) -> Days | None:
        if days is None or self.data_to is None:
            return None
        return days.until(self.data_to) or days

    def behind(
        self, frame: Frame, days: Days | None, *, then: bool = False
    ) -> tuple[date | None, date] | None:
        """Return the first and last day that ``frame`` takes in for the bucket of ``days``.

        The first is None where the frame reaches back to the beginning. None: no day is behind the value, as
        for a bucket after the data whose days, moved back, have none either. ``then``: the frame is that of
        a comparison: of a period that has begun, only buckets that have data themselves have one.
        """
        if days is None or self.data_to is None:
            return None
        is_after = days.last > self.data_to
        is_counterpart = then and frame.kind is FrameKind.BUCKET and len(frame.shifts) == 1
        if is_after and is_counterpart and self._has_begun:
            return None
        moved: Days | None = Days(days.first, days.first) if frame.edge is Edge.FIRST else days
        for shift in frame.shifts:
            moved = self._back(moved, shift) if moved is not None else None
        if moved is None or (is_after and not (frame.shifts and moved.last <= self.data_to)):
            return None
        days = moved
        match frame.kind:
            case FrameKind.BUCKET:
                return days.first, days.last
            case FrameKind.ROLLING:
                span = frame.span or Span(days=1)
                start = add_months(days.last + _DAY, -span.months) if span.months else days.last + _DAY
                return start - timedelta(days=span.days), days.last
            case FrameKind.TO_DATE:
                whole = self.reckoning.bucket_of(days.last, frame.grain or Grain.YEAR)
                return (whole.first, days.last) if whole is not None else None
            case FrameKind.SINCE:
                return frame.since, days.last

    @property
    def by_day(self) -> Listing:
        """The same days, each a bucket of its own: of them a mean over a bucket is made."""
        return replace(self, grain=Grain.DAY)

    def days_of_buckets(self, frames: Iterable[Behind]) -> exp.Select:
        """Return a SELECT like ``select``, with the days of every bucket instead of buckets."""
        each = [(time, Days(day, day), (day, day)) for time, days in self.buckets for day in days or ()]
        return self._listed(each, frames, self.by_day)

    def reach_back(self, frame: Frame) -> date | None:
        """Return the first day that ``frame`` takes in; None where it reaches back to the beginning."""
        own = self.by_day if frame.edge is Edge.AVERAGE else self
        behind = [found for _, days in own.buckets if (found := own.behind(frame, days)) is not None]
        firsts = [first for first, _ in behind if first is not None]
        if len(firsts) < len(behind):
            return None
        return min(firsts, default=self.data_to)

    def select(self, frames: Iterable[Behind]) -> exp.Select:
        """Return a SELECT of ``time``, ``first_day``, ``last_day``, and two columns more for each frame."""
        own = [(time, days, self.behind(PLAIN, days)) for time, days in self.buckets]
        return self._listed(own, frames, self)

    def _listed(
        self,
        stretches: Iterable[tuple[date | None, Days | None, tuple[date | None, date] | None]],
        frames: Iterable[Behind],
        of: Listing,
    ) -> exp.Select:
        """Return a SELECT of stretches: key, days and both ends; ``of`` finds the days behind each frame."""
        names = self.columns(frames)
        columns = ["first_day", "last_day", *chain.from_iterable(names.values())]
        rows: list[list[date | None]] = []
        for time, days, ends in stretches:
            found = [ends, *(of.behind(frame, days, then=then) for frame, then in names)]
            cells = chain.from_iterable(pair or (None, None) for pair in found)
            rows.append([time, *cells] if self.grain else [*cells])
        columns = ["time", *columns] if self.grain else columns
        dates = (exp.alias_(exp.cast(exp.column(column), "DATE"), column) for column in columns)
        empty = [exp.Tuple(expressions=[exp.null() for _ in columns])]
        listed = exp.Values(
            expressions=[exp.Tuple(expressions=list(map(_literal, row))) for row in rows] or empty,
            alias=exp.TableAlias(
                this=exp.to_identifier("listed"), columns=[exp.to_identifier(column) for column in columns]
            ),
        )
        select = exp.select(*dates).from_(listed)
        return select if rows else select.where(exp.false())

    @classmethod
    def between(
        cls, wanted: Behind, frames: Iterable[Behind], table: str
    ) -> tuple[exp.Expr | None, exp.Expr]:
        """Return the columns of ``table``, made by ``select``, between which the days of a frame lie."""
        frame, _ = wanted
        is_bucket = frame.is_plain and frame.edge is not Edge.FIRST
        first, last = ("first_day", "last_day") if is_bucket else cls.columns(frames)[wanted]
        since_ever = frame.kind is FrameKind.SINCE and frame.since is None
        return None if since_ever else exp.column(first, table=table), exp.column(last, table=table)

    @staticmethod
    def columns(frames: Iterable[Behind]) -> dict[Behind, tuple[str, str]]:
        """Return the columns that hold the days behind each frame which is not the bucket itself."""
        names: dict[Behind, tuple[str, str]] = {}
        for frame, then in frames:
            if not (frame.is_plain and frame.edge is not Edge.FIRST):
                stem = f"{frame.named()}_then" if then else frame.named()
                names[frame, then] = (f"from_{stem}", f"to_{stem}")
        return names

    def _back(self, days: Days, shift: Shift) -> Days | None:
        if isinstance(shift, Steps):
            return self.reckoning.back(days, shift, keeps_whole=self._keeps_whole(shift.grain))
        if not isinstance(shift, Span):
            start = self.reckoning.bucket_of(days.first, shift)
            ends = self._last_from(start.first) if start is not None else None
            # Never past the bucket's own end: a running one has only begun.
            return Days(start.first, min(ends, days.last)) if start is not None and ends is not None else None
        if not shift.months:
            return days.shifted(-shift.days)
        if not self._by_months:
            return Days(add_months(days.first, -shift.months), add_months(days.last, -shift.months))
        # The month's end stays the month's end: 28 February goes back to 29 February.
        first = add_months(days.first, -shift.months)
        # 30 December alone, though, is 30 November: its end would lie before it.
        return Days(first, max(add_months(days.last + _DAY, -shift.months) - _DAY, first))

    def _last_from(self, first: date) -> date | None:
        """Return the last day of what is as long as a bucket, from ``first`` on.

        In other calendars, where nobody can say how long that is, it is that of the bucket of ``first``.
        """
        if self.grain in MONTHS_IN:
            return add_months(first, MONTHS_IN[self.grain]) - _DAY
        if self.grain is Grain.WEEK:
            return first + 6 * _DAY
        bucket = self.reckoning.bucket_of(first, self.grain or Grain.DAY)
        return bucket.last if bucket is not None else None

    @property
    def _has_begun(self) -> bool:
        """Say whether some of the asked days have data."""
        return self.days is not None and self.data_to is not None and self.days.first <= self.data_to

    @property
    def _by_months(self) -> bool:
        if self.grain is None:
            return self.days is not None and self.days.is_whole_months
        return self.reckoning.goes_by_months(self.grain)

    def _keeps_whole(self, of: AnyGrain) -> bool:
        if self.grain is None:
            return self.days is not None and self.reckoning.is_whole(self.days, of)
        same = self.reckoning.years(self.grain) == self.reckoning.years(of)
        return is_listed(self.grain) and self.grain is not Grain.FISCAL_WEEK and same


def _literal(day: date | None) -> exp.Expr:
    return exp.Literal.string(day.isoformat()) if day is not None else exp.null()
