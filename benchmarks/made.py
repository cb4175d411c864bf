"""Data for the benchmarks: an ads report, day by campaign by ad by device, the same for the same seed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

FIRST = date(2024, 1, 1)
ADS_A_DAY = 1_000
DEVICES = ("desktop", "mobile", "tablet")
_DAYS_AT_ONCE = 50
ROWS_A_DAY = ADS_A_DAY * len(DEVICES)

PLAN = """project: {{name: Benchmark, timezone: Europe/Stockholm, currency: SEK}}
sources:
  ads:
    files: {files}
    into: ads
    columns:
      day: date
      campaign: text
      ad_id: text
      device: text
      impressions: int
      clicks: int
      cost: decimal
      conversions: "decimal(18,2)"
      synced_at: timestamp
      is_brand: bool
    key: [day, ad_id, device]
    window: day
    files_are: restatements
    account: {{id: "123-456", currency: SEK}}
tables:
  ads: {{from: ads, time: day, dimensions: [campaign, device]}}
metrics:
  cost: {{expr: sum(ads.cost), unit: currency}}
"""


def report(days: int, seed: int = 1, first: date = FIRST) -> pa.Table:
    """Make the rows of some days; decimals are exact, keys are unique."""
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(seed)
    count = days * ROWS_A_DAY
    n = np.arange(count)
    ads = n // len(DEVICES) % ADS_A_DAY
    impressions = chance.poisson(400, count)
    clicks = chance.binomial(impressions, 0.02)
    day = np.datetime64(first, "D") + n // ROWS_A_DAY
    cost = pa.array(clicks * 137 + chance.integers(0, 100, count))
    conversions = pa.array(chance.integers(0, 500, count))
    seconds = n // ROWS_A_DAY * 86_400 + chance.integers(0, 86_400, count)
    synced = (np.datetime64(first, "s") + seconds).astype("datetime64[us]")
    campaigns = pa.array([f"Campaign {c:03} · brand & generic" for c in range(100)])
    names = pa.array([f"ad-{ad:08}" for ad in range(ADS_A_DAY)])
    return pa.table(
        {
            "day": pa.array(day),
            "campaign": campaigns.take(pa.array(ads % 100)),
            "ad_id": names.take(pa.array(ads)),
            "device": pa.array(DEVICES).take(pa.array(n % len(DEVICES))),
            "impressions": pa.array(impressions),
            "clicks": pa.array(clicks),
            "cost": _hundredths(cost),
            "conversions": _hundredths(conversions),
            "synced_at": pa.array(synced),
            "is_brand": pa.array(ads % 7 == 0),
        }
    )


def _hundredths(cents: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    exact = pc.multiply(cents.cast(pa.decimal128(19, 0)), pa.scalar(Decimal("0.01"), pa.decimal128(3, 2)))
    return exact.cast(pa.decimal128(18, 2))


def write_project(folder: Path, ending: str, days: int) -> None:
    """Write a project whose one file ``ads.csv`` or ``ads.parquet`` holds so many days."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kurs.yaml").write_text(PLAN.format(files=f"ads*.{ending}"), "utf-8")
    write_file(folder / f"ads.{ending}", days)


def write_file(path: Path, days: int, seed: int = 1, first: date = FIRST) -> None:
    """Write some days as CSV or Parquet, in pieces, so that memory stays small."""
    from pyarrow import csv, parquet

    schema = report(1).schema
    if path.suffix == ".csv":
        writer = csv.CSVWriter(path, schema, write_options=csv.WriteOptions(quoting_style="needed"))
    else:
        writer = parquet.ParquetWriter(path, schema)
    with writer as file:
        for start in range(0, days, _DAYS_AT_ONCE):
            size = min(_DAYS_AT_ONCE, days - start)
            file.write_table(report(size, seed + start, first + timedelta(start)))
