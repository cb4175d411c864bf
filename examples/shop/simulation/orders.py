"""Who buys what: customers, orders, their lines, and what comes back."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from simulation.visits import CHANNELS, COUNTRIES
from simulation.year import FIRST, LAST, ZONE, midnight

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from simulation.year import Day

CUSTOMERS_BEFORE = 6000  # of the years before the data, at scale 1
NO_SESSION = 0.03  # orders of people who refused the cookies: known to the shop, not to the web analytics
RETURNED, RETURNED_IN_SEASON = 0.075, 0.10
CATEGORIES = ("knitwear", "outdoor", "home", "lighting", "furniture", "gifts")
TYPICAL_PRICE = (290.0, 220.0, 130.0, 290.0, 980.0, 79.0)  # SEK
REASONS = ("size", "changed_mind", "damaged", "late", "other")


@dataclass(frozen=True, slots=True)
class Product:
    """One article; ``price`` in öre."""

    sku: str
    category: str
    price: int


@dataclass(frozen=True, slots=True)
class Visit:
    """A session that ended in an order; ``started`` in seconds since 1970."""

    session: int
    day: int
    channel: str
    device: str
    country: str
    started: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order; ``net`` in öre, after the discount."""

    product: Product
    quantity: int
    net: int


@dataclass(frozen=True, slots=True)
class Order:
    """One order; the session is None where the person refused the cookies."""

    number: int
    visit: Visit
    customer: int
    at: datetime
    is_first: bool
    has_session: bool
    lines: tuple[Line, ...]

    @property
    def net(self) -> int:
        """Return the order's amount in öre."""
        return sum(line.net for line in self.lines)


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer; ``orders_before`` counts orders before the first day of the data."""

    number: int
    country: str
    first_order: date
    orders_before: int
    newsletter: bool


@dataclass(frozen=True, slots=True)
class Refund:
    """Money paid back, in öre, on a day of its own."""

    number: int
    order: int
    on: date
    amount: int
    reason: str


@dataclass(slots=True)
class Shop:
    """What the simulation has sold so far."""

    customers: list[Customer] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    buyers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


def assortment(rng: Random) -> tuple[Product, ...]:
    """Return 150 articles; prices have a heavy tail and end on 9 kronor."""
    products: list[Product] = []
    for place in range(150):
        kind = place % len(CATEGORIES)
        price = TYPICAL_PRICE[kind] * rng.lognormvariate(0.0, 0.55)
        if rng.random() < 0.06:
            price *= rng.paretovariate(1.6) + 1.0
        kronor = max(29, 10 * round(price / 10) - 1)
        products.append(Product(f"NV-{place + 1:03d}", CATEGORIES[kind], 100 * kronor))
    return tuple(products)


def sell(rng: Random, days: Sequence[Day], visits: Sequence[Visit], scale: float) -> Shop:
    """Turn the buying visits, in order of time, into orders of new and returning customers."""
    shop = Shop()
    add_earlier_customers(shop, rng, scale)
    products = assortment(rng)
    popularity = [1.0 / (1.0 + 0.05 * place) for place in range(len(products))]
    end = midnight(LAST + timedelta(days=1)) - 1
    again = {channel.name: channel.again for channel in CHANNELS}
    for number, visit in enumerate(visits, start=1):
        at = datetime.fromtimestamp(min(visit.started + rng.randrange(150, 1500), end), UTC)
        buyers = shop.buyers[visit.country]
        is_first = not buyers or rng.random() >= again[visit.channel]
        if is_first:
            customer = len(shop.customers) + 1
            local = at.astimezone(ZONE).date()
            shop.customers.append(Customer(customer, visit.country, local, 0, rng.random() < 0.55))
        else:
            # Who bought often or lately is likelier to buy again.
            customer = buyers[len(buyers) - 1 - int(len(buyers) * rng.random() ** 1.5)]
        buyers.append(customer)
        day = days[visit.day]
        lines = basket(rng, products, popularity, day)
        has_session = rng.random() >= NO_SESSION
        shop.orders.append(Order(number, visit, customer, at, is_first, has_session, lines))
    return shop


def add_earlier_customers(shop: Shop, rng: Random, scale: float) -> None:
    """Add the customers of the years before."""
    names, shares = list(COUNTRIES), list(COUNTRIES.values())
    for number in range(1, round(CUSTOMERS_BEFORE * scale) + 1):
        country = rng.choices(names, shares)[0]
        orders = 1 + int(rng.expovariate(1.1))
        first = FIRST - timedelta(days=1 + int(1100 * rng.random() ** 1.4))
        shop.customers.append(Customer(number, country, first, orders, rng.random() < 0.7))
        shop.buyers[country].extend([number] * orders)


def basket(
    rng: Random, products: Sequence[Product], popularity: Sequence[float], day: Day
) -> tuple[Line, ...]:
    """Return the lines of one order: mostly one to three articles, cheaper in the first days of a season."""
    count = 1 + min(9, int(math.log(1.0 - rng.random()) / math.log(0.48)))
    discount = 0.85 if day.season is not None and day.season < 11 else 1.0
    prices = 1.03 ** (day.index / 365.25)
    lines: dict[str, Line] = {}
    for product in rng.choices(products, popularity, k=count):
        quantity = 1 if rng.random() < 0.88 else rng.randrange(2, 7)
        net = round(product.price * quantity * discount * prices)
        lines.setdefault(product.sku, Line(product, quantity, net))
    return tuple(lines.values())


def give_back(rng: Random, days: Sequence[Day], orders: Sequence[Order]) -> list[Refund]:
    """Return the refunds up to the last day, by their own day: whole orders or single lines."""
    refunds: list[tuple[date, Order, int, str]] = []
    for order in orders:
        in_season = days[order.visit.day].season is not None
        if rng.random() >= (RETURNED_IN_SEASON if in_season else RETURNED):
            continue
        on = order.at.astimezone(ZONE).date() + timedelta(days=4 + int(rng.expovariate(1 / 11)))
        amount = order.net if rng.random() < 0.55 else rng.choice(order.lines).net
        reason = rng.choices(REASONS, (40, 30, 12, 8, 10))[0]
        if on <= LAST:
            refunds.append((on, order, amount, reason))
    refunds.sort(key=lambda refund: (refund[0], refund[1].number))
    return [
        Refund(place, order.number, on, amount, reason)
        for place, (on, order, amount, reason) in enumerate(refunds, start=1)
    ]
