"""What marketing does and pays: e-mails, two ad accounts, exchange rates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from simulation.visits import CHANNELS
from simulation.year import FIRST, LAST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from simulation.orders import Order
    from simulation.year import Day

# campaign: share of its channel's clicks, clicks an impression, price against the account's usual one
SEARCH = {
    "brand_nordics": (0.30, 0.210, 0.35),
    "generic_se": (0.27, 0.048, 1.30),
    "generic_no_dk_fi": (0.22, 0.044, 1.25),
    "shopping_all": (0.21, 0.012, 1.05),
}
SOCIAL = {
    "prospecting_video": (0.40, 0.009, 0.80),
    "prospecting_catalogue": (0.35, 0.012, 0.95),
    "retargeting": (0.25, 0.018, 1.35),
}
SEARCH_CLICK = 6.20  # SEK
SOCIAL_CLICK = 0.29  # EUR


@dataclass(frozen=True, slots=True)
class AdDay:
    """One campaign on one day; ``cost`` and ``value`` in hundredths of the account's currency."""

    on: date
    campaign: str
    impressions: int
    clicks: int
    cost: int
    conversions: int
    value: int


@dataclass(frozen=True, slots=True)
class Mailing:
    """One e-mail campaign on one day."""

    on: date
    campaign: str
    sends: int
    delivered: int
    opens: int
    clicks: int
    unsubscribes: int


def mailings_of(rng: Random, days: Sequence[Day], scale: float) -> list[Mailing]:
    """Return newsletters (Tuesday and Thursday, in a season on working days) and two daily flows."""
    mailings: list[Mailing] = []
    for day in days:
        readers = scale * (11_000 + 13.0 * day.index)
        often = day.season is not None and day.season < 32
        weekday = day.date.weekday()
        if (weekday < 5 and often) or weekday in (1, 3):
            # In the last season the same people got more e-mails than ever, and left more often.
            leaving = 0.0031 if day.last_season else 0.0017
            click = 0.0195 if often else 0.026
            mailings.append(mailing(rng, day.date, "newsletter", readers, (0.36, click, leaving)))
        mailings.append(mailing(rng, day.date, "welcome", scale * 60 * day.visits, (0.55, 0.11, 0.006)))
        mailings.append(mailing(rng, day.date, "left_cart", scale * 75 * day.visits, (0.47, 0.13, 0.004)))
    return mailings


def mailing(rng: Random, on: date, campaign: str, size: float, rates: tuple[float, float, float]) -> Mailing:
    """Return one mailing to about ``size`` people; ``rates`` are opens, clicks and unsubscribes."""
    sends = max(1, round(size * rng.lognormvariate(0.0, 0.03)))
    delivered = round(sends * (0.986 - 0.006 * rng.random()))
    opens, clicks, left = (round(delivered * rate * rng.lognormvariate(0.0, 0.07)) for rate in rates)
    return Mailing(on, campaign, sends, delivered, min(opens, delivered), min(clicks, opens), left)


def ads_of(
    rng: Random, days: Sequence[Day], table: Sequence[Sequence[int]], orders: Sequence[Order], channel: str
) -> list[AdDay]:
    """Return the days of the account behind ``channel``, paid_search (SEK) or paid_social (EUR).

    Like every ad account it claims more orders than the shop saw.
    """
    place = [known.name for known in CHANNELS].index(channel)
    campaigns, usual = (SEARCH, SEARCH_CLICK) if channel == "paid_search" else (SOCIAL, SOCIAL_CLICK)
    to_account = 1.0 if channel == "paid_search" else 1 / 11.3
    sold: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for order in orders:
        if order.visit.channel == channel:
            sold[order.visit.day][0] += 1
            sold[order.visit.day][1] += order.net
    rows: list[AdDay] = []
    for day, visits in zip(days, table, strict=True):
        dear = 1.15 if day.season is not None else 1.0
        if day.last_season and channel == "paid_social":
            dear = 0.92  # cheap reach was bought, in bulk
        count, value = sold[day.index]
        for campaign, (share, rate, price) in campaigns.items():
            clicks = round(visits[place] * share / 0.93 * rng.lognormvariate(0.0, 0.06))
            impressions = round(clicks / (rate * rng.lognormvariate(0.0, 0.05)))
            cost = round(100 * clicks * usual * price * dear * rng.lognormvariate(0.0, 0.04))
            claimed = 1.25 * share * rng.lognormvariate(0.0, 0.2)
            won = round(count * claimed)
            worth = round(value * claimed * to_account) if won else 0
            rows.append(AdDay(day.date, campaign, impressions, clicks, cost, won, worth))
    return rows


def rates_of(rng: Random) -> list[tuple[date, str, str, str]]:
    """Return (date, from, to, rate) for working days; a bank sets no rates at weekends."""
    rates: list[tuple[date, str, str, str]] = []
    level = {"EUR": 11.36, "USD": 10.38}
    home = {"EUR": 11.15, "USD": 9.85}
    for offset in range(-3, (LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=offset)
        if day.weekday() >= 5:
            continue
        for currency in level:
            pull = 0.01 * (home[currency] - level[currency])
            level[currency] += pull + rng.gauss(0.0, 0.025)
            rates.append((day, currency, "SEK", f"{level[currency]:.4f}"))
    return rates
