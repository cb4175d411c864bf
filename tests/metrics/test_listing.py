"""The days behind a value where buckets are listed day by day."""

from __future__ import annotations

from datetime import date

import pytest

from kurs.metrics.listing import Listing
from kurs.model.days import Days, Grain
from kurs.model.frame import Frame, Span
from kurs.model.reckoning import Reckoning

MONTH_BEFORE = Frame(shifts=(Span(months=1),))


def behind(first: str, last: str) -> tuple[date | None, date] | None:
    days = Days(date.fromisoformat(first), date.fromisoformat(last))
    listing = Listing(Reckoning(), Grain.FISCAL_MONTH, days, date(2025, 6, 30))
    return listing.behind(MONTH_BEFORE, days)


@pytest.mark.parametrize(
    ("first", "last", "first_before", "last_before"),
    [
        ("2024-12-01", "2024-12-31", "2024-11-01", "2024-11-30"),
        ("2025-02-01", "2025-02-28", "2025-01-01", "2025-01-31"),
        ("2024-12-30", "2024-12-31", "2024-11-30", "2024-11-30"),
        ("2024-12-30", "2024-12-30", "2024-11-30", "2024-11-30"),
        ("2025-03-30", "2025-03-30", "2025-02-28", "2025-02-28"),
    ],
)
def test_days_at_the_end_of_a_longer_month_end_with_the_shorter(
    first: str, last: str, first_before: str, last_before: str
) -> None:
    assert behind(first, last) == (date.fromisoformat(first_before), date.fromisoformat(last_before))
