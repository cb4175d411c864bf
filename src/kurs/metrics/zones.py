"""What day and hour an instant is in the project's zone, by the zone's own switch instants.

Converting through a time-zone library inside the engine costs many times a plain column. The zone
switches a few times within the range of a question, so its offset is a short CASE over instants.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlglot import exp

from kurs.metrics.trees import cast
from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from kurs.model.days import Days

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


def midnight(day: date, zone: str) -> datetime:
    """Return the instant, in UTC, at which ``day`` begins in ``zone``.

    Where clocks jump over midnight the day begins at the jump.
    """
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


@lru_cache(maxsize=256)
def offsets(zone: str, first: date, last: date) -> tuple[tuple[datetime, int], ...]:
    """Return (instant from which it holds, seconds east of UTC) for a zone over a range of days.

    The first entry holds before its instant too. Instants are UTC, exact to the second.
    """
    info = ZoneInfo(zone)
    start = datetime.combine(first, time(), UTC) - _DAY
    end = datetime.combine(last, time(), UTC) + 2 * _DAY
    found = [(start, _offset(info, start))]
    instant = start
    while instant < end:
        if _offset(info, instant + _DAY) != found[-1][1]:
            low, high = instant, instant + _DAY
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _offset(info, middle) == found[-1][1] else (low, middle)
            found.append((high, _offset(info, high)))
            instant = high
        else:
            instant += _DAY
    return tuple(found)


def skipped_hours(zone: str, days: Days) -> tuple[datetime, ...]:
    """Return the wall-clock hours of ``days`` that the zone's clocks jump over from end to end.

    Lord Howe jumps half an hour: its hour is short, but it is there.
    """
    skipped: list[datetime] = []
    for (_, before), (instant, after) in pairwise(offsets(zone, days.first, days.last)):
        clock = instant.replace(tzinfo=None)
        start, end = clock + timedelta(seconds=before), clock + timedelta(seconds=after)
        hour = start.replace(minute=0, second=0)
        hour += _HOUR if hour < start else timedelta()
        while hour + _HOUR <= end:
            skipped.append(hour)
            hour += _HOUR
    return tuple(skipped)


def _offset(info: ZoneInfo, instant: datetime) -> int:
    offset = instant.astimezone(info).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def local(column: exp.Expr, kind: ColumnType, own_zone: str | None, zone: str, days: Days | None) -> exp.Expr:
    """Return the wall clock (a naive timestamp) of ``zone``, or the date where the column is a date.

    ``own_zone`` is that of a naive column; ``days`` are the days that the rows lie in: None when nobody
    knows, then the engine's own conversion is used.
    """
    if kind is ColumnType.DATE or (kind is ColumnType.TIMESTAMP and own_zone in (None, zone)):
        return column
    if kind is ColumnType.TIMESTAMP and own_zone != "UTC":
        instant = exp.func("timezone", exp.Literal.string(own_zone or zone), column)
        return exp.func("timezone", exp.Literal.string(zone), instant)
    if days is None:
        instant = column if kind is ColumnType.TIMESTAMPTZ else _in_utc(column)
        return exp.func("timezone", exp.Literal.string(zone), instant)
    micros = exp.func("epoch_us", column)
    switches = offsets(zone, days.first, days.last)
    if len(switches) == 1:
        shift: exp.Expr = exp.Literal.number(switches[0][1] * 1_000_000)
    else:
        shift = exp.Case(
            ifs=[
                exp.If(
                    this=exp.LT(this=column.copy(), expression=instant_literal(instant, kind)),
                    true=exp.Literal.number(seconds * 1_000_000),
                )
                for (_, seconds), (instant, _) in pairwise(switches)
            ],
            default=exp.Literal.number(switches[-1][1] * 1_000_000),
        )
    return exp.func("make_timestamp", exp.Add(this=micros, expression=shift))


def in_utc(column: exp.Expr, kind: ColumnType, own_zone: str) -> exp.Expr:
    """Return an instant as a naive timestamp of UTC; ``own_zone`` is that of a naive column."""
    if kind is ColumnType.TIMESTAMP and own_zone == "UTC":
        return column
    if kind is ColumnType.TIMESTAMP:
        column = exp.func("timezone", exp.Literal.string(own_zone), column)
    return exp.func("make_timestamp", exp.func("epoch_us", column))


def within(
    column: exp.Expr, kind: ColumnType, own_zone: str | None, zone: str, first: date | None, last: date | None
) -> list[exp.Expr]:
    """Return the conditions under which a row lies in the days of ``zone``, on the bare column.

    Comparing the column itself, not a function of it, lets the engine skip blocks by their extremes.
    """
    if kind is ColumnType.TIMESTAMP and own_zone not in (None, zone, "UTC"):
        column = exp.func("timezone", exp.Literal.string(own_zone or zone), column)
        kind = ColumnType.TIMESTAMPTZ
    bounds: list[exp.Expr] = []
    if first is not None:
        bounds.append(exp.GTE(this=column.copy(), expression=_start_of(first, kind, own_zone, zone)))
    if last is not None and kind is ColumnType.DATE:
        bounds.append(exp.LTE(this=column.copy(), expression=date_literal(last)))
    elif last is not None:
        bounds.append(exp.LT(this=column.copy(), expression=_start_of(last + _DAY, kind, own_zone, zone)))
    return bounds


def date_literal(day: date) -> exp.Expr:
    """Return ``DATE 'YYYY-MM-DD'``."""
    return cast(exp.Literal.string(day.isoformat()), "DATE")


def instant_literal(instant: datetime, kind: ColumnType) -> exp.Expr:
    """Return an instant (UTC) as a literal of the column's own type."""
    text = instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if kind is ColumnType.TIMESTAMPTZ:
        return cast(exp.Literal.string(f"{text}+00"), "TIMESTAMPTZ")
    return cast(exp.Literal.string(text), "TIMESTAMP")


def _start_of(day: date, kind: ColumnType, own_zone: str | None, zone: str) -> exp.Expr:
    if kind is ColumnType.DATE:
        return date_literal(day)
    if kind is ColumnType.TIMESTAMP and own_zone in (None, zone):
        return cast(exp.Literal.string(f"{day.isoformat()} 00:00:00"), "TIMESTAMP")
    return instant_literal(midnight(day, zone), kind)


def _in_utc(column: exp.Expr) -> exp.Expr:
    return exp.func("timezone", exp.Literal.string("UTC"), column)
