"""Metrics over entities are what brute force finds, on rows that nobody chose."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.model.frame import Frame, FrameKind, Span
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, question, table

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = date(2026, 1, 26)
COVERED = (days("2025-12-01..2026-03-31"),)
ORDER = {"day": "date", "who": "text", "channel": "text", "amount": "int"}
VISIT = {"day": "date", "who": "text", "channel": "text"}
Row = dict[str, object]
Values = dict[str, int]

# What is asked of the entities, and the same in Python: over the values of each, None for no answer.
ASKED: dict[str, Callable[[list[Values]], object]] = {
    "count(*) filter (where orders >= 2) / count(*)": lambda them: (
        Fraction(sum(one["orders"] >= 2 for one in them), len(them)) if them else None
    ),
    "avg(orders)": lambda them: Fraction(sum(one["orders"] for one in them), len(them)) if them else None,
    "median(revenue)": lambda them: Fraction(median(one["revenue"] for one in them)) if them else None,
    "sum(revenue) filter (where visits > 0)": lambda them: sum(
        one["revenue"] for one in them if one["visits"] > 0
    ),
    "count(*) filter (where visits > 0 and orders = 0)": lambda them: sum(
        one["visits"] > 0 and one["orders"] == 0 for one in them
    ),
    "count(*) filter (where orders > 0 and offset(orders, '7 days') > 0)": lambda them: sum(
        one["orders"] > 0 and one["orders before"] > 0 for one in them
    ),
    "count(distinct revenue)": lambda them: len({one["revenue"] for one in them}),
    "max(revenue / orders)": lambda them: max(
        (Fraction(one["revenue"], one["orders"]) for one in them if one["orders"]), default=None
    ),
}


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Row], list[Row], Row]:
    """Rows of both tables, and what is asked."""
    day = st.builds(lambda after: FIRST + timedelta(days=after), st.integers(0, 20))
    who, channel = st.sampled_from(["x", "x", "y", "z", None]), st.sampled_from(["m", "s", None])
    order = st.fixed_dictionaries({"day": day, "who": who, "channel": channel, "amount": st.integers(-2, 9)})
    visit = st.fixed_dictionaries({"day": day, "who": who, "channel": channel})
    wanted: Row = {
        "expr": draw(st.sampled_from(list(ASKED))),
        "by": draw(st.sampled_from(["", "channel"])),
        "grain": draw(st.sampled_from([None, "day", "week", "month"])),
        "filtered": draw(st.booleans()),
        "window": draw(st.sampled_from([None, None, 5])),
    }
    return draw(st.lists(order, max_size=9)), draw(st.lists(visit, max_size=6)), wanted


@settings(
    max_examples=2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_a_metric_over_entities_is_what_brute_force_finds(case: tuple[list[Row], list[Row], Row]) -> None:
    orders, visits, wanted = case
    rows = {
        "orders": Rows(ORDER, [tuple(row[name] for name in ORDER) for row in orders], COVERED),
        "visits": Rows(VISIT, [tuple(row[name] for name in VISIT) for row in visits], COVERED),
    }
    frame = Frame(FrameKind.ROLLING, span=Span(days=5)) if wanted["window"] else None
    project = plan(
        [
            table("orders", {"channel": "channel", "who": "who"}, time="day"),
            table("visits", {"channel": "channel", "who": "who"}, time="day"),
        ],
        {"orders": "count(orders)", "revenue": "sum(orders.amount)", "visits": "count(visits)"},
    )
    expr = str(wanted["expr"])
    project = replace(project, metrics={**project.metrics, "m": Metric("m", expr, per="who", frame=frame)})
    start, end = date(2026, 1, 28), date(2026, 2, 12)
    by = str(wanted["by"]).split()
    where = ["channel = 'm'"] if wanted["filtered"] else []
    asked = question("m", " ".join(by), wanted["grain"], f"{start}..{end}", where=where)  # type: ignore[arg-type]
    found = ask(project, rows, asked)
    used = [name for name in ("orders", "revenue", "visits") if name in expr]
    tables = {"orders" if name == "revenue" else name for name in used}
    told = {"orders": orders if "orders" in tables else [], "visits": visits if "visits" in tables else []}
    for row in found:
        bucket = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        bucket = [day for day in bucket if "time" not in row or _bucket(day, wanted["grain"]) == row["time"]]
        if wanted["window"]:
            bucket = [bucket[-1] - timedelta(days=n) for n in range(5)]
        before = {day - timedelta(days=7) for day in bucket} if "offset" in expr else set[date]()
        them: dict[object, Values] = {}
        for name, some in told.items():
            for each in some:
                if each["who"] is None or (wanted["filtered"] and each["channel"] != "m"):
                    continue
                if by and each["channel"] != row["channel"]:
                    continue
                for label, taken in ((name, set(bucket)), (f"{name} before", before)):
                    if each["day"] in taken:
                        one = them.setdefault(
                            each["who"], dict.fromkeys(["orders", "orders before", "revenue", "visits"], 0)
                        )
                        one[label] = one.get(label, 0) + 1
                        one["revenue"] += int(str(each["amount"])) if label == "orders" else 0
        expected = ASKED[expr](list(them.values()))
        value = row["m"]
        assert (value is None) == (expected is None), (row, them)
        if value is not None:
            assert abs(Fraction(value) - Fraction(expected)) < Fraction(1, 10**9), (row, them)  # type: ignore[arg-type]


def _bucket(day: date, grain: object) -> date:
    if grain == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain == "month" else day
