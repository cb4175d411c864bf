"""What day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def today_in(zone: str) -> date:
    """Return the day that it is in a zone."""
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()
