"""Visits to the web shop: how many a day and channel, then one row each."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from simulation.year import (
    INCIDENT_COUNTRY,
    INCIDENT_DEVICE,
    INCIDENT_ORDERS,
    is_incident,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    import duckdb
    from simulation.year import Day

VISITS_A_DAY = 1075.0


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: its share of visits, of those that buy, on phones, engaged; of buyers who come again."""

    name: str
    share: float
    buying: float
    mobile: float
    engaged: float
    known: float
    again: float


CHANNELS = (
    Channel("organic_search", 0.25, 0.0310, 0.60, 0.64, 0.08, 0.34),
    Channel("direct", 0.17, 0.0370, 0.52, 0.66, 0.20, 0.52),
    Channel("paid_search", 0.15, 0.0340, 0.64, 0.60, 0.05, 0.26),
    Channel("paid_social", 0.16, 0.0072, 0.86, 0.40, 0.02, 0.12),
    Channel("email", 0.00, 0.0420, 0.62, 0.69, 0.60, 0.76),  # visits follow from the clicks in e-mails
    Channel("affiliate", 0.07, 0.0270, 0.66, 0.55, 0.03, 0.22),
    Channel("referral", 0.06, 0.0250, 0.55, 0.58, 0.04, 0.28),
    Channel("organic_social", 0.05, 0.0200, 0.84, 0.46, 0.03, 0.24),
)
# The last season: three times the paid social, partly paid for by search; less demand from elsewhere than the
# trend would give; and a better shop, which sells more in every channel.
LAST_SEASON_VISITS = {"paid_social": 3.0, "paid_search": 0.87, "organic_search": 0.94, "direct": 0.94}
LAST_SEASON_BUYING = 1.09
TABLET = 0.05
DEVICE_BUYING = {"mobile": 0.80, "desktop": 1.45, "tablet": 1.05}
COUNTRIES = {"SE": 0.40, "NO": 0.18, "DK": 0.13, "FI": 0.10, "DE": 0.08, "NL": 0.05, "PL": 0.03, "GB": 0.03}
COUNTRY_BUYING = {"SE": 1.1, "NO": 1.1, "DK": 1.0, "FI": 0.9, "DE": 0.8, "NL": 0.8, "PL": 0.7, "GB": 0.7}
HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 11, 12, 12, 13, 14, 12, 11, 11, 12, 13, 15, 19, 23, 24, 20, 12)  # of 256

DRAWS = (
    "device",
    "country",
    "hour",
    "second",
    "buy",
    "engaged",
    "views",
    "landing",
    "known",
    "who",
    "back",
    "lag",
)


def visits_by_day(rng: Random, days: Sequence[Day], clicks: Sequence[int], scale: float) -> list[list[int]]:
    """Return the visits of each day by channel, in the order of ``CHANNELS``."""
    table: list[list[int]] = []
    for day, clicked in zip(days, clicks, strict=True):
        row: list[int] = []
        for channel in CHANNELS:
            expected = VISITS_A_DAY * scale * day.visits * channel.share * rng.lognormvariate(0.0, 0.05)
            if channel.name == "email":
                expected = 0.94 * clicked
            if day.last_season:
                expected *= LAST_SEASON_VISITS.get(channel.name, 1.0)
            row.append(max(0, round(rng.gauss(expected, expected**0.5))))
        table.append(row)
    return table


def make_visits(
    connection: duckdb.DuckDBPyConnection, rng: Random, days: Sequence[Day], table: Sequence[Sequence[int]]
) -> int:
    """Fill the DuckDB table ``visits``, one row a session; return how many.

    All chance comes from ``rng``, so that the rows are the same on every machine: four bytes a draw.
    """
    cells = [
        (day, channel, count)
        for day, row in zip(days, table, strict=True)
        for channel, count in zip(CHANNELS, row, strict=True)
    ]
    total = sum(count for *_, count in cells)
    places = b"".join(struct.pack("<H", place) * count for place, (*_, count) in enumerate(cells))
    columns = {"session": pa.array(range(total), pa.int32()), "cell": column_of(pa.uint16(), total, places)}
    columns |= {name: column_of(pa.uint32(), total, rng.randbytes(4 * total)) for name in DRAWS}
    connection.register("draws", pa.table(columns))
    connection.register("cells", cells_of(cells))
    connection.register("device_of", weights_of("device", DEVICE_BUYING))
    connection.register("country_of", countries_of())
    hours = [hour for hour, weight in enumerate(HOURS) for _ in range(weight)]
    connection.execute(VISITS_SQL, {"hours": hours})
    return total


def column_of(kind: pa.DataType, length: int, content: bytes) -> pa.Array:
    """Return ``content`` as a column of little-endian numbers without nulls."""
    return pa.Array.from_buffers(kind, length, [None, pa.py_buffer(content)])


def cells_of(cells: Sequence[tuple[Day, Channel, int]]) -> pa.Table:
    """Return what the visits of one day and channel have in common."""
    return pa.Table.from_pylist(
        [
            {
                "cell": place,
                "day": day.index,
                "midnight": day.midnight,
                "seconds": day.seconds,
                "channel": channel.name,
                "mobile": channel.mobile,
                "engaging": channel.engaged,
                "recognised": channel.known,
                "buying": channel.buying * day.buying * (LAST_SEASON_BUYING if day.last_season else 1.0),
                "broken": is_incident(day.date),
                "in_season": day.season is not None,
            }
            for place, (day, channel, _) in enumerate(cells)
        ]
    ).cast(CELL_SCHEMA)


CELL_SCHEMA = pa.schema(
    {
        "cell": pa.uint16(),
        "day": pa.int32(),
        "midnight": pa.int64(),
        "seconds": pa.int32(),
        "channel": pa.string(),
        "mobile": pa.float64(),
        "engaging": pa.float64(),
        "recognised": pa.float64(),
        "buying": pa.float64(),
        "broken": pa.bool_(),
        "in_season": pa.bool_(),
    }
)


def weights_of(name: str, weights: Mapping[str, float]) -> pa.Table:
    """Return ``weights`` as a table of two columns."""
    return pa.table({name: list(weights), "factor": list(weights.values())})


def countries_of() -> pa.Table:
    """Return the countries with the stretch of [0, 1) that each takes."""
    edges = [0.0]
    for share in COUNTRIES.values():
        edges.append(round(edges[-1] + share, 6))
    factors = [COUNTRY_BUYING[country] for country in COUNTRIES]
    return pa.table({"country": list(COUNTRIES), "low": edges[:-1], "high": edges[1:], "factor": factors})


VISITS_SQL = f"""
create table visits as
with drawn as (
  select session, channel, day, midnight, seconds, mobile, engaging, recognised, buying, broken, in_season,
    draws.device / 4294967296.0 as u_device, draws.country / 4294967296.0 as u_country,
    ($hours)[1 + draws.hour % 256] as hour, draws.second % 3600 as second,
    buy / 4294967296.0 as u_buy, engaged / 4294967296.0 as u_engaged, views / 4294967296.0 as u_views,
    landing % 100 as landing, known / 4294967296.0 as u_known, who / 4294967296.0 as u_who,
    back / 4294967296.0 as u_back, lag / 4294967296.0 as u_lag
  from draws join cells using (cell)
), placed as (
  select *,
    case when u_device < {TABLET} then 'tablet' when u_device < {TABLET} + mobile then 'mobile'
      else 'desktop' end as device
  from drawn
), weighed as (
  select placed.*, country_of.country, country_of.factor * device_of.factor * buying as ready
  from placed join device_of using (device)
    join country_of on u_country >= country_of.low and u_country < country_of.high
), decided as (
  select *,
    u_buy < ready * case when broken and device = '{INCIDENT_DEVICE}' and country = '{INCIDENT_COUNTRY}'
      then {INCIDENT_ORDERS} else 1 end as bought,
    u_buy < ready * 1.7 as checkout, u_buy < ready * 3.2 as cart
  from weighed
)
select session, day, channel, device, country, bought, checkout, cart,
  midnight + (hour * 3600 + second) * seconds // 86400 as started,
  cart or u_engaged < engaging as engaged,
  case when checkout then 5 when cart then 3 when u_engaged < engaging then 2 else 1 end
    + case when cart or u_engaged < engaging then floor(ln(1 - u_views) / ln(0.70))::int else 0 end as views,
  case when channel = 'paid_social' and in_season and landing < 70 then '/holiday-gifts'
    when landing < 30 then '/' when landing < 55 then '/c/outdoor' when landing < 72 then '/c/home'
    when landing < 84 then '/c/knitwear' when landing < 96 then '/p/product' else '/guides' end as landing,
  u_known < recognised as recognised, u_who, u_back, u_lag
from decided
"""
