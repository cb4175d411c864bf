"""Days as people write them, for the tests of all rooms."""

from __future__ import annotations

from datetime import date

from kurs.model.days import Days


def days(text: str) -> Days:
    """Read "2026-01-01..2026-01-31", or one day."""
    first, _, last = text.partition("..")
    return Days(date.fromisoformat(first), date.fromisoformat(last or first))
