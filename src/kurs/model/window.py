"""The stretch of days that a load replaces, as a condition on the column that holds their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from kurs.model.days import Days


_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days of ``column``, which is a date, a timestamp, or a timestamptz (then days of ``zone``).

    Days are expected between 1900 and 2199: farther ones are no days of business, but slips.
    """

    column: str
    kind: ColumnType
    zone: str = "UTC"

    def holds(self, days: tuple[Days, ...]) -> str:
        """Return SQL that is true for rows inside ``days``; plain enough for DuckDB and Delta alike."""
        column = '"' + self.column + '"'
        ranges = (
            f"({column} >= '{self._start(part.first)}' AND {column} < '{self._start(part.last + _DAY)}')"
            for part in days
        )
        return f"({' OR '.join(ranges) or 'FALSE'})"

    def day_of(self, microseconds: int) -> date:
        """Return the day of a moment, given in microseconds since 1970 as DuckDB's ``epoch_us`` has it."""
        moment = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)
        if self.kind is ColumnType.TIMESTAMPTZ:
            moment = moment.astimezone(ZoneInfo(self.zone))
        return moment.date()

    def _start(self, day: date) -> str:
        if self.kind is ColumnType.DATE:
            return day.isoformat()
        if self.kind is ColumnType.TIMESTAMP:
            return f"{day}T00:00:00"
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(self.zone))
        return start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
