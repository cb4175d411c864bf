"""Nordvik's calendar: the days of the data, the holiday seasons, the incident, and how busy a day is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from random import Random

ZONE = ZoneInfo("Europe/Stockholm")
FIRST = date(2024, 10, 14)
LAST = date(2026, 12, 13)  # the day of the example's `as_of`
SEASON_STARTS = (date(2024, 11, 22), date(2025, 11, 21), date(2026, 11, 20))
SEASON_DAYS = 38

# A checkout that was broken on phones in Norway: hardly an order came through for six days.
INCIDENT_FIRST, INCIDENT_LAST = date(2026, 9, 8), date(2026, 9, 13)
INCIDENT_DEVICE, INCIDENT_COUNTRY = "mobile", "NO"
INCIDENT_ORDERS = 0.03

WEEKDAYS = (1.06, 1.02, 1.00, 0.99, 0.91, 0.92, 1.10)  # Monday first
GROWTH_A_YEAR = 1.05

# How many visits a day of the season has, from its first Friday on. The eighth day is Black Friday, the
# eleventh Cyber Monday; parcels sent after the 28th day come too late.
SEASON_VISITS = (
    *(1.35, 1.25, 1.25, 1.35, 1.40, 1.50, 1.70, 2.40, 1.85, 1.75, 2.05),
    *(1.50, 1.40, 1.40, 1.40, 1.40, 1.45, 1.45, 1.45, 1.45, 1.50, 1.50, 1.50, 1.55, 1.55),
    *(1.50, 1.40, 1.25, 1.05, 0.95, 0.85, 0.75, 0.60, 0.50, 0.60, 1.10, 1.05, 1.00),
)


@dataclass(frozen=True, slots=True)
class Day:
    """One local day: ``midnight`` in seconds since 1970, ``seconds`` long (23 to 25 hours)."""

    index: int
    date: date
    midnight: int
    seconds: int
    visits: float
    buying: float
    season: int | None  # the day's place in its season, from 0
    last_season: bool


def days_of(rng: Random) -> tuple[Day, ...]:
    """Return all days with their demand: trend, year, week, season and a noise that lingers."""
    days: list[Day] = []
    mood = 0.0
    for index in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=index)
        mood = 0.6 * mood + rng.gauss(0.0, 0.04)
        place = season_place(day)
        days.append(
            Day(
                index=index,
                date=day,
                midnight=midnight(day),
                seconds=midnight(day + timedelta(days=1)) - midnight(day),
                visits=usual_visits(day, place) * math.exp(mood),
                buying=usual_buying(day, place) * math.exp(rng.gauss(0.0, 0.04)),
                season=place,
                last_season=day >= SEASON_STARTS[-1],
            )
        )
    return tuple(days)


def midnight(day: date) -> int:
    """Return the instant at which ``day`` begins in Stockholm, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())


def season_place(day: date) -> int | None:
    """Return how many days of its season lie before ``day``; None outside of the seasons."""
    for start in SEASON_STARTS:
        if 0 <= (day - start).days < SEASON_DAYS:
            return (day - start).days
    return None


def usual_visits(day: date, place: int | None) -> float:
    """Return the visits of ``day`` as a multiple of a usual day's."""
    years = (day - FIRST).days / 365.25
    wave = 1.0 + 0.07 * math.cos(2 * math.pi * (day.timetuple().tm_yday - 345) / 365.25)
    payday = 1.08 if 25 <= day.day <= 27 and place is None else 1.0
    week = WEEKDAYS[day.weekday()] if place is None else 1.0
    season = 1.0 if place is None else SEASON_VISITS[place]
    return float(GROWTH_A_YEAR**years * wave * payday * week * season)


def usual_buying(day: date, place: int | None) -> float:
    """Return how ready visitors are to buy on ``day``, as a multiple of a usual day's."""
    years = (day - FIRST).days / 365.25
    if place is None:
        season = 0.93 if day.month == 1 else 1.0
    elif place < 11:
        season = 1.25
    else:
        season = 1.15 if place < 28 else 0.85
    return float(1.01**years * season)


def is_incident(day: date) -> bool:
    """Return whether the checkout was broken on ``day``."""
    return INCIDENT_FIRST <= day <= INCIDENT_LAST
