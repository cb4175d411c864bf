"""A simulated shop as DuckDB views, written without any code of the simulation or of kurs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "shop"
# The whole shop: opened, its folder, and the seconds that it took.
Full = tuple[duckdb.DuckDBPyConnection, Path, float]
ORDER_COLUMNS = {
    **dict.fromkeys(("order_id", "session_id", "customer_id", "channel", "device", "country"), "varchar"),
    "ordered_at": "timestamp",
    "net_amount": "decimal(18,2)",
    "items": "int",
    "is_first": "boolean",
    "currency": "varchar",
}


def simulate(out: Path, scale: float) -> Path:
    """Run the script as a person would; return the folder."""
    command = [sys.executable, str(EXAMPLE / "simulate.py"), "--out", str(out), "--scale", str(scale)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def opened(data: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection with one view a file; ``day`` is the day in Stockholm."""
    connection = duckdb.connect()
    day = "(timezone('Europe/Stockholm', timezone('UTC', {0})))::date as day"
    connection.execute("set timezone = 'UTC'")
    connection.execute(
        f"create view sessions as select *, upper(country_code) as country, "
        f"{day.format('started_at::timestamp')} from '{data}/web_sessions.parquet'"
    )
    connection.execute(
        f"create view orders as select *, {day.format('ordered_at')} "
        f"from read_json('{data}/orders.jsonl', columns = {ORDER_COLUMNS})"
    )
    for name in ("order_items", "refunds", "customers", "email_campaigns", "fx_rates"):
        wanted = {"order_items": "net_amount", "refunds": "amount", "fx_rates": "rate"}.get(name)
        of_file = f", types = {{'{wanted}': 'decimal(18,6)'}}" if wanted else ""
        connection.execute(f"create view {name} as from read_csv('{data}/{name}.csv'{of_file})")
    connection.execute(
        f"""create view search_ads as select "Day" as day, "Campaign" as campaign, "Clicks" as clicks,
        "Cost"::decimal(18,2) as cost, "Currency" as currency from read_csv('{data}/ads_search_sek.csv')"""
    )
    connection.execute(
        f"""create view social_ads as select strptime("Reporting day", '%d.%m.%Y')::date as day,
        "Campaign name" as campaign, "Link clicks"::int as clicks,
        replace("Amount spent (EUR)", ',', '.')::decimal(18,2) as cost, "Account currency" as currency
        from read_csv('{data}/ads_social_eur.csv', delim = ';', all_varchar = true)"""
    )
    return connection


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[object, ...]:
    """Return the one row of a query."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return row
