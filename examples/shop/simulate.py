"""Make the data of Nordvik, a SIMULATED shop: nothing here was ever sold to anybody.

About a million sessions, 14 October 2024 to 13 December 2026, the same on every machine. README.md says what
was planted in them.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from itertools import groupby
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
from simulation.marketing import AdDay, Mailing, ads_of, mailings_of, rates_of
from simulation.orders import Order, Shop, Visit, give_back, sell
from simulation.visits import make_visits, visits_by_day
from simulation.year import days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from simulation.orders import Customer, Refund

# Chosen among 80: chance alone often turns the smallest channels around, and in this one every channel's
# conversion rate rises in the last season, as the simulation intends.
SEED = 48
HERE = Path(__file__).resolve().parent


def main(arguments: list[str] | None = None) -> int:
    """Make all files; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE / "data", help="the folder for the files")
    parser.add_argument("--scale", type=float, default=1.0, help="1 is about a million sessions")
    options = parser.parse_args(arguments)
    if not 0.01 <= options.scale <= 2.0:
        parser.error("--scale lies between 0.01 and 2")
    started = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    sessions, orders = simulate(options.out, options.scale)
    seconds = time.monotonic() - started
    print(f"Simulated shop: {sessions:,} sessions, {orders:,} orders in {options.out} ({seconds:.1f} s)")
    return 0


def simulate(out: Path, scale: float) -> tuple[int, int]:
    """Write all files into ``out``; return how many sessions and orders there are.

    Every part has a source of chance of its own, so that a change to one leaves the others as they are.
    """
    days = days_of(chance("days"))
    mailings = mailings_of(chance("mailings"), days, scale)
    clicks = {
        day: sum(mailing.clicks for mailing in group) for day, group in groupby(mailings, lambda m: m.on)
    }
    table = visits_by_day(chance("visits"), days, [clicks[day.date] for day in days], scale)
    connection = duckdb.connect(config={"threads": 2})
    sessions = make_visits(connection, chance("sessions"), days, table)
    bought = (
        "select session, day, channel, device, country, started from visits where bought order by started, 1"
    )
    visits = [Visit(*row) for row in connection.execute(bought).fetchall()]
    shop = sell(chance("orders"), days, visits, scale)
    write_sessions(connection, shop, out / "web_sessions.parquet")
    write_orders(shop.orders, out)
    write_refunds(give_back(chance("refunds"), days, shop.orders), out / "refunds.csv")
    write_customers(shop.customers, out / "customers.csv")
    search = ads_of(chance("search"), days, table, shop.orders, "paid_search")
    social = ads_of(chance("social"), days, table, shop.orders, "paid_social")
    write_search_ads(search, out / "ads_search_sek.csv")
    write_social_ads(social, out / "ads_social_eur.csv")
    write_mailings(mailings, out / "email_campaigns.csv")
    rates = rates_of(chance("rates"))
    write_csv(out / "fx_rates.csv", ["date", "from", "to", "rate"], rates)
    return sessions, len(shop.orders)


def chance(part: str) -> Random:
    """Return the source of chance for one part of the simulation."""
    return Random(f"nordvik {SEED} {part}")


def write_sessions(connection: duckdb.DuckDBPyConnection, shop: Shop, path: Path) -> None:
    """Write the sessions as Parquet, in order of time, times in UTC.

    A session is known to be a customer's when it ended in an order or the person was logged in.
    """
    buyers = [order for order in shop.orders if order.has_session]
    sessions, customers = [order.visit.session for order in buyers], [order.customer for order in buyers]
    connection.register("bought_by", pa.table({"session": sessions, "customer": customers}))
    connection.register("known_customers", ranks_of(shop.customers))
    connection.execute(f"copy ({SESSIONS_SQL}) to '{quoted(path)}' (format parquet, compression zstd)")


def ranks_of(customers: Sequence[Customer]) -> pa.Table:
    """Return each customer's place among those of the country, oldest first, and the first day."""
    seen: dict[str, int] = {}
    ranks: list[int] = []
    for customer in customers:
        seen[customer.country] = seen.get(customer.country, 0) + 1
        ranks.append(seen[customer.country])
    return pa.table(
        {
            "number": [customer.number for customer in customers],
            "country": [customer.country for customer in customers],
            "since": [customer.first_order for customer in customers],
            "place": ranks,
        }
    )


SESSIONS_SQL = """
with sizes as (
  select days.day, countries.country,
    (select count(*) from known_customers as k where k.country = countries.country
      and k.since < date '2024-10-14' + days.day) as known
  from (select distinct day from visits) as days, (select distinct country from visits) as countries
), named as (
  select visits.*,
    coalesce(bought_by.customer, case when recognised and not bought then k.number end) as customer,
    row_number() over (partition by visits.country, visits.device order by session) as place,
    dense_rank() over (order by visits.country, visits.device) as kind
  from visits
    left join bought_by using (session)
    left join sizes using (day, country)
    left join known_customers as k on k.country = visits.country
      and k.place = 1 + floor(u_who * sizes.known)::int
)
select 's' || lpad((session + 1)::varchar, 7, '0') as session_id,
  case when customer is not null then 'w' || lpad(customer::varchar, 6, '0') || left(device, 1)
    when u_back < 0.36 then 'v' || (kind * 1000000 + greatest(1, place - 1 - floor(700 * u_lag * u_lag)::int))
    else 'v' || (kind * 1000000 + place) end as visitor_id,
  to_timestamp(started) as started_at,
  channel, device, lower(country) as country_code, landing as landing_page,
  views::int as page_views, engaged, cart as added_to_cart, checkout as began_checkout,
  case when customer is not null then 'C' || lpad(customer::varchar, 6, '0') end as customer_id
from named order by started, session
"""


def write_orders(orders: Sequence[Order], out: Path) -> None:
    """Write the orders as JSON lines, amounts as text as shops' interfaces give them, and their lines."""
    lines: list[tuple[object, ...]] = []
    with (out / "orders.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for order in orders:
            visit, key = order.visit, order_id(order.number)
            session = f'"s{visit.session + 1:07d}"' if order.has_session else "null"
            channel = f'"{visit.channel}"' if order.has_session else "null"
            items = sum(line.quantity for line in order.lines)
            file.write(
                f'{{"order_id":"{key}","session_id":{session},"customer_id":"{customer_id(order.customer)}",'
                f'"ordered_at":"{order.at:%Y-%m-%dT%H:%M:%SZ}","net_amount":"{money(order.net)}",'
                f'"items":{items},"is_first":{"true" if order.is_first else "false"},"channel":{channel},'
                f'"device":"{visit.device}","country":"{visit.country}","currency":"SEK"}}\n'
            )
            for place, line in enumerate(order.lines, start=1):
                product = line.product
                article = (product.sku, product.category, line.quantity, money(line.net))
                lines.append((key, place, f"{order.at:%Y-%m-%dT%H:%M:%SZ}", *article))
    header = ["order_id", "line", "ordered_at", "sku", "category", "quantity", "net_amount"]
    write_csv(out / "order_items.csv", header, lines)


def write_refunds(refunds: Sequence[Refund], path: Path) -> None:
    """Write the refunds, by their own day."""
    rows = [(f"R{r.number:05d}", order_id(r.order), r.on, money(r.amount), r.reason) for r in refunds]
    write_csv(path, ["refund_id", "order_id", "refunded_on", "amount", "reason"], rows)


def write_customers(customers: Sequence[Customer], path: Path) -> None:
    """Write the customers; the addresses lead nowhere."""
    header = ["customer_id", "email", "country", "first_order_on", "orders_before", "newsletter"]
    rows = [
        (
            customer_id(customer.number),
            f"c{customer.number:06d}@example.com",
            customer.country,
            customer.first_order,
            customer.orders_before,
            str(customer.newsletter).lower(),
        )
        for customer in customers
    ]
    write_csv(path, header, rows)


def write_search_ads(rows: Sequence[AdDay], path: Path) -> None:
    """Write the search account as it exports: commas, ISO days, points, kronor."""
    header = ["Day", "Campaign", "Impressions", "Clicks", "Cost", "Currency", "Conversions", "Conv. value"]
    write_csv(
        path,
        header,
        [
            (r.on, r.campaign, r.impressions, r.clicks, money(r.cost), "SEK", r.conversions, money(r.value))
            for r in rows
        ],
    )


def write_social_ads(rows: Sequence[AdDay], path: Path) -> None:
    """Write the social account as it exports: semicolons, German days, decimal commas, euro."""
    header = ["Reporting day", "Campaign name", "Impressions", "Link clicks", "Amount spent (EUR)"]
    header += ["Account currency", "Purchases", "Purchase value"]
    content = [
        (
            *(f"{r.on:%d.%m.%Y}", r.campaign, r.impressions, r.clicks, money(r.cost).replace(".", ",")),
            *("EUR", r.conversions, money(r.value).replace(".", ",")),
        )
        for r in rows
    ]
    write_csv(path, header, content, delimiter=";")


def write_mailings(mailings: Sequence[Mailing], path: Path) -> None:
    """Write the e-mail campaigns by day."""
    header = ["date", "campaign", "sends", "delivered", "opens", "clicks", "unsubscribes"]
    rows = [(m.on, m.campaign, m.sends, m.delivered, m.opens, m.clicks, m.unsubscribes) for m in mailings]
    write_csv(path, header, rows)


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ","
) -> None:
    """Write one file, UTF-8, lines ended the same on every system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def money(hundredths: int) -> str:
    """Return an amount as text with two places."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def order_id(number: int) -> str:
    """Return an order's key."""
    return f"N{100_000 + number}"


def customer_id(number: int) -> str:
    """Return a customer's key."""
    return f"C{number:06d}"


def quoted(path: Path) -> str:
    """Return the path for use inside a SQL string."""
    return str(path).replace("'", "''")


if __name__ == "__main__":
    sys.exit(main())
