"""Cohorts are what brute force finds, on rows that nobody chose."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.model.days import Grain
from kurs.model.entity import Age, Cohort
from kurs.model.frame import Span
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, question, table

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 20)
COVERED = (days(f"{FIRST}..{LAST}"),)
ORDER = {"id": "int", "day": "date", "who": "text", "channel": "text", "amount": "int"}
Row = dict[str, object]
COUNTS = {Grain.DAY: 1, Grain.WEEK: 7}


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Row], Row]:
    """Orders, and what is asked of their customers."""
    row = st.fixed_dictionaries(
        {
            "day": st.builds(lambda after: FIRST + timedelta(days=after), st.integers(0, 78)),
            "who": st.sampled_from(["x", "y", "z", None]),
            "channel": st.sampled_from(["m", "s", None]),
            "amount": st.integers(1, 9),
        }
    )
    wanted: Row = {
        "what": draw(st.sampled_from(["new", "within", "after", "age"])),
        "days": draw(st.integers(1, 40)),
        "unit": draw(st.sampled_from([Grain.DAY, Grain.WEEK, Grain.MONTH])),
        "count": draw(st.integers(0, 3)),
        "week_starts": draw(st.sampled_from([0, 6])),
        "grain": draw(st.sampled_from([None, "day", "week", "month"])),
        "by": draw(st.sampled_from(["", "channel"])),
        "filtered": draw(st.booleans()),
        "first": draw(st.sampled_from(["orders", "orders.amount > 3"])),
    }
    return draw(st.lists(row, max_size=10)), wanted


def start(day: date, unit: Grain, week_starts: int) -> date:
    """The first day of the unit."""
    if unit is Grain.WEEK:
        while day.weekday() != week_starts:
            day -= timedelta(days=1)
    return day.replace(day=1) if unit is Grain.MONTH else day


def later(day: date, unit: Grain, count: int, week_starts: int) -> date:
    """The first day of the unit that comes so many units later."""
    day = start(day, unit, week_starts)
    for _ in range(count):
        day = start(day + timedelta(days={Grain.MONTH: 32}.get(unit) or COUNTS[unit]), unit, week_starts)
    return day


def each_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


@settings(
    max_examples=2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 80,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_a_cohort_is_what_brute_force_finds(case: tuple[list[Row], Row]) -> None:
    orders, wanted = case
    orders = [{**row, "id": number} for number, row in enumerate(orders)]
    what, unit, count = str(wanted["what"]), Grain(str(wanted["unit"])), int(str(wanted["count"]))
    week_starts, span = int(str(wanted["week_starts"])), int(str(wanted["days"]))
    cohort = Cohort(
        str(wanted["first"]),
        Span(days=span) if what == "within" else None,
        Age(count, unit) if what in ("after", "age") else None,
    )
    expr = {"new": "count(*)", "within": "sum(revenue) / count(*)"}.get(
        what, "count(*) filter (where revenue > 0) / count(*)"
    )
    project = plan(
        [table("orders", {"channel": "channel", "who": "who"}, time="day", unique_key="id")],
        {"revenue": "sum(orders.amount)"},
        week_starts=week_starts,
    )
    project = replace(project, metrics={**project.metrics, "m": Metric("m", expr, per="who", cohort=cohort)})
    rows = {"orders": Rows(ORDER, [tuple(row[name] for name in ORDER) for row in orders], COVERED)}
    by = [*str(wanted["by"]).split(), *(["age"] if what == "age" else [])]
    begins, ends = date(2026, 1, 10), date(2026, 3, 5)
    where = ["channel = 'm'"] if wanted["filtered"] else []
    asked = question("m", " ".join(by), wanted["grain"], f"{begins}..{ends}", where=where)  # type: ignore[arg-type]
    answer = ask(project, rows, asked, LAST)
    ordered = sorted(orders, key=lambda row: (row["day"], row["id"]))  # type: ignore[arg-type, return-value]
    firsts: dict[object, Row] = {}
    for row in ordered:
        if row["who"] is not None and (wanted["first"] == "orders" or int(str(row["amount"])) > 3):
            firsts.setdefault(row["who"], row)
    seen: set[object] = set()
    for row in answer:
        bucket = [
            day
            for day in each_day(begins, ends)
            if "time" not in row or start(day, Grain(str(wanted["grain"])), week_starts) == row["time"]
        ]
        them = [
            first
            for first in firsts.values()
            if first["day"] in bucket
            and (not wanted["filtered"] or first["channel"] == "m")
            and ("channel" not in row or first["channel"] == row["channel"])
        ]
        seen |= {first["who"] for first in them}
        age = int(str(row.get("age", count)))

        def own(day: date, age: int = age) -> tuple[date, date]:
            """The days that count for somebody first seen on ``day``: until before the second one."""
            if what == "within":
                return day, day + timedelta(days=span)
            return later(day, unit, age, week_starts), later(day, unit, age + 1, week_starts)

        expected: Fraction | int | None
        values = []
        for first in them:
            begin, end = own(first["day"])  # type: ignore[arg-type]
            mine = [each for each in orders if each["who"] == first["who"] and begin <= each["day"] < end]  # type: ignore[operator]
            values.append(sum(int(str(each["amount"])) for each in mine))
        if what == "new":
            expected = len(them)
        elif not them or own(bucket[-1])[1] > LAST + timedelta(days=1):
            expected = None
        elif what == "within":
            expected = Fraction(sum(values), len(them))
        else:
            expected = Fraction(sum(value > 0 for value in values), len(them))
        found = row["m"]
        assert (found is None) == (expected is None), (row, them)
        assert found is None or abs(Fraction(found) - Fraction(expected or 0)) < 1e-9, (row, them)  # type: ignore[arg-type]
    asked_for = [each for each in firsts.values() if begins <= each["day"] <= ends]  # type: ignore[operator]
    assert seen == {each["who"] for each in asked_for if not wanted["filtered"] or each["channel"] == "m"}
