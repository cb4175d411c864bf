"""Sidemantic's side of ``peers.py``, in an environment of its own: it compiles, then DuckDB runs its SQL."""

from __future__ import annotations

import json
import sys
import time

import duckdb
from sidemantic import Dimension, Metric, Model, SemanticLayer

CHANNELS = ("direct", "email", "affiliate", "display", "paid_search", "paid_social", "organic", "referral")


def layer() -> SemanticLayer:
    """Make the model: measures, those of one channel, those made of others."""
    found = SemanticLayer(auto_register=False)
    measures = [
        Metric(name="sessions", agg="count"),
        Metric(name="revenue", agg="sum", sql="amount"),
        Metric(name="orders", agg="count", filters=["ordered"]),
        Metric(name="pages_seen", agg="sum", sql="pages"),
        Metric(name="buyers", agg="count_distinct", sql="buyer"),
    ]
    for channel in CHANNELS:
        where = [f"channel = '{channel}'"]
        measures.append(Metric(name=f"sessions_{channel}", agg="count", filters=where))
        measures.append(Metric(name=f"revenue_{channel}", agg="sum", sql="amount", filters=where))
    found.add_model(
        Model(
            name="sessions",
            table="sessions",
            primary_key="session_id",
            dimensions=[
                Dimension(name="day", type="time", sql="day", granularity="day"),
                Dimension(name="channel", type="categorical", sql="channel"),
            ],
            metrics=measures,
        )
    )
    for metric in (
        Metric(
            name="conversion_rate", type="ratio", numerator="sessions.orders", denominator="sessions.sessions"
        ),
        Metric(name="aov", type="ratio", numerator="sessions.revenue", denominator="sessions.orders"),
        Metric(name="aov_growth", type="time_comparison", base_metric="aov", comparison_type="yoy"),
        Metric(name="revenue_7d", type="cumulative", sql="sessions.revenue", window="6 days"),
        Metric(name="buyers_28d", type="cumulative", sql="sessions.buyers", window="27 days"),
    ):
        found.add_metric(metric)
    return found


def main() -> None:
    """Read the setup, then a question a line; answer each with what it took."""
    told = json.loads(sys.stdin.readline())
    connection = duckdb.connect()
    for statement in told["setup"]:
        connection.execute(statement)
    semantic = layer()
    twenty = [f"sessions.{'pages_seen' if name == 'pages' else name}" for name in told["twenty"]]
    asked = {
        "a": (["sessions.revenue"], ["sessions.day__day"], None),
        "b": (["conversion_rate"], ["sessions.day__week", "sessions.channel"], None),
        "c": (["aov_growth"], ["sessions.day__month"], None),
        "d": (["revenue_7d"], ["sessions.day__day"], None),
        "e": (twenty, None, [f"sessions.day >= '{told['recent']}'"]),
        "g": (["buyers_28d"], ["sessions.day__day"], None),
    }
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        metrics, by, where = asked[line.strip()]
        start = time.process_time()
        try:
            sql = semantic.compile(metrics=metrics, dimensions=by, filters=where)
            planned = time.process_time()
            rows = connection.execute(sql).fetchall()
        except Exception as error:  # noqa: BLE001 - what it cannot express is told in the table
            print(json.dumps({"failed": str(error).partition("\n")[0]}), flush=True)
            continue
        took = time.process_time()
        total = sum(float(row[-1]) for row in rows if row[-1] is not None)
        total /= 100 if line.strip() == "c" else 1  # its growth is in percent
        print(json.dumps({"plan": planned - start, "run": took - planned, "total": total}), flush=True)


if __name__ == "__main__":
    main()
