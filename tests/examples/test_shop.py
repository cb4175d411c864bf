"""The simulated shop: the same every time, whole, and with the story that its README tells."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
import yaml

from examples.shops import EXAMPLE, Full, one, opened, simulate

if TYPE_CHECKING:
    import duckdb

SMALL = 0.05
CHANNELS = 8
SEASON, BEFORE = ("2026-11-20", "2026-12-13"), ("2025-11-21", "2025-12-14")
# The whole shop, for the seed in simulate.py.
ROWS = {
    "sessions": 988_228,
    "orders": 30_077,
    "order_items": 57_458,
    "refunds": 2_267,
    "customers": 23_709,
    "search_ads": 3_164,
    "social_ads": 2_373,
}
SESSION_SUMS = (3_241_571, 698_625, 156_719)
ORDER_SUMS = (Decimal("30918232.19"), 78_138, 29_187)
ORDERS_SHA256 = "c56046746a2014e225520a5b37b8d4c775546f13a1d45c67373218d676ff8230"

INCIDENT = "day between '2026-09-08' and '2026-09-13'"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop of a twentieth of the size."""
    return simulate(tmp_path_factory.mktemp("small"), SMALL)


def test_the_same_files_come_out_again(small: Path, tmp_path: Path) -> None:
    again = simulate(tmp_path, SMALL)
    assert {path.name for path in again.iterdir()} == {path.name for path in small.iterdir()}
    for path in small.iterdir():
        if path.suffix == ".parquet":
            assert pq.read_table(path).equals(pq.read_table(again / path.name))
        else:
            assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_the_files_fit_together(small: Path) -> None:
    shop = opened(small)
    keys = {
        "sessions": "session_id",
        "orders": "order_id",
        "refunds": "refund_id",
        "customers": "customer_id",
    }
    for table, key in keys.items():
        assert one(shop, f"select count(*) - count(distinct {key}) from {table}") == (0,), table
    loose = {
        "orders without their customer": "from orders anti join customers using (customer_id)",
        "orders of an unknown session": "from (from orders where session_id is not null) "
        "anti join sessions using (session_id)",
        "refunds of no order": "from refunds anti join orders using (order_id)",
        "known sessions of nobody": "from (from sessions where customer_id is not null) "
        "anti join customers using (customer_id)",
        "orders that their session knows otherwise": "from orders as o join sessions as s using (session_id) "
        "where (o.channel, o.device, o.country, o.customer_id) != "
        "(s.channel, s.device, s.country, s.customer_id) or o.ordered_at < s.started_at::timestamp",
        "amounts that their lines do not sum to": "from orders join (select order_id, "
        "sum(net_amount) as lines, sum(quantity) as pieces from order_items group by 1) using (order_id) "
        "where lines != net_amount or pieces != items",
        "refunds of more than the order": "from refunds join orders using (order_id) "
        "where amount > net_amount",
        "refunds before the order": "from refunds join orders using (order_id) where refunded_on <= day",
    }
    for what, rows in loose.items():
        assert one(shop, f"select count(*) {rows}") == (0,), what


def test_a_first_order_is_a_customers_first(small: Path) -> None:
    shop = opened(small)
    wrong = """select count(*) from (
      select customer_id, orders_before, count(*) filter (where is_first) as firsts,
        arg_min(is_first, ordered_at) as earliest
      from orders join customers using (customer_id) group by all
    ) where firsts != (orders_before = 0)::int or earliest != (orders_before = 0)"""
    assert one(shop, wrong) == (0,)


def test_days_are_whole_and_rates_rest_at_weekends(small: Path) -> None:
    shop = opened(small)
    whole = (791, date(2024, 10, 14), date(2026, 12, 13))
    for table, day in (
        *(("sessions", "day"), ("search_ads", "day"), ("social_ads", "day"), ("email_campaigns", "date")),
    ):
        assert one(shop, f"select count(distinct {day}), min({day}), max({day}) from {table}") == whole, table
    for table, day in (("orders", "day"), ("refunds", "refunded_on")):
        assert one(shop, f"select max({day}) <= date '2026-12-13' from {table}") == (True,), table
    assert one(shop, "select count(*) from fx_rates where isodow(date) > 5") == (0,)
    assert one(shop, "select min(date), max(date) from fx_rates") == (date(2024, 10, 11), date(2026, 12, 11))
    assert one(shop, "select list(distinct currency) from search_ads") == (["SEK"],)
    assert one(shop, "select list(distinct currency) from social_ads") == (["EUR"],)


def test_the_plan_types_every_column_of_the_files(small: Path) -> None:
    sources = yaml.safe_load((EXAMPLE / "sources.yaml").read_text(encoding="utf-8"))["sources"]
    assert {Path(source["files"]).name for source in sources.values()} == {p.name for p in small.iterdir()}
    for key, source in sources.items():
        path = small / Path(source["files"]).name
        if path.suffix == ".parquet":
            header = pq.read_schema(path).names
        elif path.suffix == ".jsonl":
            header = list(yaml.safe_load(path.read_text(encoding="utf-8").splitlines()[0]))
        else:
            delimiter = source["format"]["delimiter"]
            header = path.read_text(encoding="utf-8").splitlines()[0].split(delimiter)
        assert list(source["columns"]) == header, key


def test_full_scale_is_made_in_seconds_and_known_to_the_row(full: Full) -> None:
    shop, folder, seconds = full
    assert seconds < 30  # 4 s on two idle cores; the machine may be busy
    rows = {table: one(shop, f"select count(*) from {table}")[0] for table in ROWS}
    assert rows == ROWS
    sums = one(shop, "select sum(page_views), count(distinct visitor_id), count(customer_id) from sessions")
    assert sums == SESSION_SUMS
    assert one(shop, "select sum(net_amount), sum(items), count(session_id) from orders") == ORDER_SUMS
    assert hashlib.sha256((folder / "orders.jsonl").read_bytes()).hexdigest() == ORDERS_SHA256


def season(shop: duckdb.DuckDBPyConnection, days: tuple[str, str]) -> dict[str | None, tuple[int, int]]:
    """Return the visits and orders of each channel on ``days``; None holds orders without a session."""
    between = f"day between '{days[0]}' and '{days[1]}'"
    visits = dict(
        shop.execute(f"select channel, count(*) from sessions where {between} group by 1").fetchall()
    )
    orders = dict(shop.execute(f"select channel, count(*) from orders where {between} group by 1").fetchall())
    return {channel: (visits.get(channel, 0), orders[channel]) for channel in orders}


def test_orders_rise_and_conversion_falls_though_it_rises_in_every_channel(full: Full) -> None:
    now, then = season(full[0], SEASON), season(full[0], BEFORE)
    visits, orders = (sum(pair[place] for pair in now.values()) for place in (0, 1))
    visits_then, orders_then = (sum(pair[place] for pair in then.values()) for place in (0, 1))
    assert orders / orders_then > 1.12
    assert (orders / visits) / (orders_then / visits_then) < 0.95
    channels = [channel for channel in now if channel is not None]
    assert len(channels) == CHANNELS
    for channel in channels:
        rate, rate_then = now[channel][1] / now[channel][0], then[channel][1] / then[channel][0]
        assert rate > 1.02 * rate_then, channel
    assert 2.7 < now["paid_social"][0] / then["paid_social"][0] < 3.5
    others = sum(now[channel][0] / then[channel][0] for channel in channels if channel != "paid_social") / 7
    assert 0.9 < others < 1.15


def test_the_checkout_breaks_on_phones_in_norway_for_six_days_and_nowhere_else(full: Full) -> None:
    shop = full[0]
    here = "device = 'mobile' and country = 'NO'"
    around = "day between '2026-08-11' and '2026-09-07' or day between '2026-09-14' and '2026-10-11'"

    def share(where: str, days: str) -> float:
        """Orders with a session of all checkouts begun."""
        orders = one(
            shop, f"select count(*) from orders where session_id is not null and ({where}) and ({days})"
        )
        checkouts = one(
            shop, f"select count(*) from sessions where began_checkout and ({where}) and ({days})"
        )
        return float(str(orders[0])) / float(str(checkouts[0]))

    assert share(here, around) > 0.5
    assert share(here, INCIDENT) < 0.05
    assert share(f"not ({here})", INCIDENT) > 0.5
    begun = "select count(*) from sessions where began_checkout and"
    usual = float(str(one(shop, f"{begun} {here} and ({around})")[0])) / 56
    assert 0.7 < float(str(one(shop, f"{begun} {here} and {INCIDENT}")[0])) / 6 / usual < 1.4


def test_amounts_have_a_heavy_tail_and_the_week_a_shape(full: Full) -> None:
    shop = full[0]
    mean, median, largest = (
        float(str(value))
        for value in one(shop, "select avg(net_amount), median(net_amount), max(net_amount) from orders")
    )
    assert mean > 1.7 * median
    assert largest > 12 * mean
    week = dict(
        shop.execute(
            "select isodow(day), count(*) from sessions where month(day) between 2 and 10 group by 1"
        ).fetchall()
    )
    assert week[7] > 1.1 * week[6]
    assert week[1] > 1.1 * week[5]


def test_the_last_season_has_more_unsubscribes_and_cheaper_social_clicks(full: Full) -> None:
    shop = full[0]

    def ratio(sql: str, column: str, days: tuple[str, str]) -> float:
        row = one(shop, f"select {sql} where {column} between '{days[0]}' and '{days[1]}'")
        return float(Decimal(str(row[0])))

    left = "sum(unsubscribes) / sum(delivered) from email_campaigns"
    assert ratio(left, "date", SEASON) > 1.6 * ratio(left, "date", BEFORE)
    price = "sum(cost) / sum(clicks) from social_ads"
    assert ratio(price, "day", SEASON) < 0.9 * ratio(price, "day", BEFORE)
