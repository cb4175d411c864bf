"""Status over time: a reading of a past day is what only that day's data and decisions give."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.evaluate.reading import Reading, Status, Turn, Turning
from kurs.evaluate.timeline import is_as_bad, turn
from kurs.project import read
from kurs.workflows import measure
from kurs.workflows.decide import standing
from kurs.workflows.load import load
from kurs.workflows.opening import open_project
from kurs.workflows.past import readings_before

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2026, 1, 5)
DAYS = 24
PLAN = """\
project: {name: Past, timezone: UTC}
sources:
  till: {files: orders.csv, into: orders, window: day,
         columns: {day: date, id: int, who: text, amount: "decimal(9,2)"}}
  web: {files: visits.csv, into: visits, columns: {day: date, n: int}, window: day}
  depot: {files: stock.csv, into: stock, columns: {day: date, units: int}, window: day}
  crm: {files: deals.csv, into: deals, columns: {day: date, id: int, worth: int}, window: day}
tables:
  orders: {time: day}
  visits: {time: day}
  stock: {time: day}
  deals: {time: day, key: id, latest_by: day}
metrics:
  revenue: {expr: sum(orders.amount), good: up}
  buyers: {expr: count(distinct orders.who), good: up}
  rate: {expr: count(orders) / sum(visits.n), unit: ratio, good: up}
  week: {expr: sum(orders.amount), window: 7 days, good: up}
  units: {expr: sum(stock.units), at: last, good: up}
  usual: {expr: median(orders.amount), good: down}
  pipeline: {expr: sum(deals.worth), good: up}
  paid:
    expr: count(orders)
    good: up
    revisions: [{since: 2026-01-18, where: orders.amount > 4}]
  growth: {expr: "revenue / offset(revenue, '7 days')", unit: ratio, good: up}
segments:
  large: {of: orders, where: orders.amount > 4}
kpis:
  k_revenue: {metric: revenue, period: {from: 2026-01-12, to: 2026-01-25},
              target: {reach: 300, segments: {large: 30}}}
  k_more: {metric: revenue, where: "orders.amount > 3", period: {from: 2026-01-12, to: 2026-01-31},
           baseline: {from: 2026-01-05, to: 2026-01-11}, target: {change: +10%}}
  k_buyers: {metric: buyers, every: week, target: {reach: 6}}
  k_rate: {metric: rate, every: month, baseline: previous, target: {keep_above: 0.5}}
  k_week: {metric: week, period: {from: 2026-01-08, to: 2026-01-28}, baseline: previous, target: {reach: 120}}
  k_units: {metric: units, every: week, target: {keep_above: 10}}
  k_usual: {metric: usual, every: month, target: {keep_below: 6}}
  k_pipeline: {metric: pipeline, every: month, target: {reach: 50}}
  k_revised:
    metric: revenue
    period: {from: 2026-01-12, to: 2026-01-31}
    target: {reach: 300}
    revisions:
      - {since: 2026-01-17, target: {reach: 200, milestones: {2026-01-20: 40%}}}
      - {since: 2026-01-21, where: "orders.amount > 3", target: {of: {from: 2026-01-05, to: 2026-01-11}}}
  k_paid: {metric: paid, every: month, target: {reach: 40, at_least: 30}}
  k_more_than_buyers: {metric: revenue, every: week, target: {metric: buyers, of: previous, change: +900%}}
  k_by_a_date:
    {metric: rate, every: week, baseline: 0.2, target: {reach: 0.8, from: 2026-01-04, by: 2026-02-01}}
  k_growth: {metric: growth, every: week, target: {keep_above: 1}}
"""

Rows = list[tuple[date, tuple[int, ...]]]


def write(folder: Path, rows: dict[str, Rows], until: date) -> None:
    """Make a project whose data end with a day."""
    folder.mkdir(exist_ok=True)
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    heads = {"orders": "day,id,who,amount", "visits": "day,n", "stock": "day,units", "deals": "day,id,worth"}
    for name, head in heads.items():
        lines = [f"{day},{','.join(map(str, cells))}" for day, cells in rows[name] if day <= until]
        (folder / f"{name}.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
    load(read(folder).required())


def as_read(reading: Reading) -> tuple[object, ...]:
    return (
        *(reading.status, reading.value, reading.numerator, reading.denominator, reading.baseline),
        *(reading.target, reading.gap, reading.progress, reading.expected_by_now, reading.pace),
        *(reading.period, reading.data_to, reading.provisional),
    )


def past_of(folder: Path, day: date) -> dict[tuple[str, date], tuple[object, ...]]:
    with open_project(folder, day) as opened:
        decided = standing(opened.project, day)
        kpis = opened.project.kpis.values()
        subjects = measure.subjects(opened, [measure.need_of(opened, kpi, decided) for kpi in kpis])
        past = readings_before(opened, subjects, decided, 60)
    return {(one.kpi.key, one.as_of): as_read(one) for readings in past for one in readings}


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Rows]:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]

    def some(least: int, *cells: st.SearchStrategy[int]) -> Rows:
        found: Rows = []
        for day in days:
            count = draw(st.integers(least, 3)) if day not in (days[0], days[-1]) else 1
            found += [(day, tuple(draw(cell) for cell in cells)) for _ in range(count)]
        return found

    few = st.integers(1, 9)
    orders = [(day, (at, *cells)) for at, (day, cells) in enumerate(some(1, few, few))]
    deals = draw(st.lists(st.tuples(st.integers(0, DAYS - 1), few, few), max_size=12))
    by_key = {(days[at], key): worth for at, key, worth in deals}
    every_day = {(day, 100 + at): 1 for at, day in enumerate(days)}
    return {
        "orders": [(day, (cells[0], *cells[1:])) for day, cells in orders],
        "visits": [(day, (draw(st.integers(0, 6)),)) for day in days],
        "stock": [(day, (draw(st.integers(5, 15)),)) for day in days],
        "deals": [(day, (key, worth)) for (day, key), worth in sorted((by_key | every_day).items())],
    }


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=histories(), at=st.integers(4, DAYS - 2))
def test_a_past_day_is_read_as_with_that_days_data_alone(
    tmp_path_factory: pytest.TempPathFactory, rows: dict[str, Rows], at: int
) -> None:
    folder = tmp_path_factory.mktemp("past")
    last, day = FIRST + timedelta(days=DAYS - 1), FIRST + timedelta(days=at)
    write(folder / "all", rows, last)
    write(folder / "then", rows, day)
    past = past_of(folder / "all", last)
    with open_project(folder / "then", day) as opened:
        then = {(one.kpi.key, one.as_of): as_read(one) for one in measure.status(opened)}
    common = {key: then[key] for key in then if key in past}
    assert common == {key: past[key] for key in common}
    one_by_one = last - day <= timedelta(days=14)
    always = {"k_revenue", "k_more", "k_rate", "k_week"} | (
        {"k_usual", "k_pipeline"} if one_by_one else set()
    )
    assert {key for key, _ in common} >= {key for key in always if read_on(key, day)}


@pytest.mark.parametrize("segment", [None, "large"])
def test_a_turn_within_a_segment_is_that_of_its_own_target(tmp_path: Path, segment: str | None) -> None:
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    orders = [(day, (at, 1, 9 if at > 13 else 2)) for at, day in enumerate(days)]
    once = [(day, (1,)) for day in days]
    deals = [(day, (at, 1)) for at, day in enumerate(days)]
    write(tmp_path / "p", {"orders": orders, "visits": once, "stock": once, "deals": deals}, days[-1])
    alone: list[tuple[date, Status | None]] = []
    for day in days[7:21]:
        with open_project(tmp_path / "p", day) as opened:
            (found,) = measure.status(opened, ["k_revenue"], segment)
        expected = turn(found.status, alone[::-1], day, days[7]) if found.status is not None else None
        assert found.turn == expected
        alone.append((day, found.status))


def read_on(kpi: str, day: date) -> bool:
    """Say whether a day lies in the period that the KPI has on the last day."""
    first = {"k_revenue": date(2026, 1, 12), "k_more": date(2026, 1, 12), "k_week": date(2026, 1, 8)}
    until = date(2026, 1, 25) if kpi == "k_revenue" else date(2026, 1, 31)
    return first.get(kpi, date(2026, 1, 1)) <= day <= until


OF = date(2026, 3, 10)
ON, RISK, OFF = Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK


def before(*statuses: Status | None) -> list[tuple[date, Status | None]]:
    return [(OF - timedelta(days=n), status) for n, status in enumerate(statuses, 1)]


@pytest.mark.parametrize(
    ("now", "past", "turned"),
    [
        (RISK, before(RISK, ON), Turn(date(2026, 3, 9), ON, date(2026, 3, 8), Turning.SLIPPING)),
        (RISK, before(OFF), Turn(OF, OFF, date(2026, 3, 9), Turning.RECOVERING)),
        (Status.MET, before(ON), Turn(OF, ON, date(2026, 3, 9), Turning.CHANGED)),
        (OFF, before(Status.NO_DATA), Turn(OF, Status.NO_DATA, date(2026, 3, 9), Turning.CHANGED)),
        (OFF, before(OFF, OFF), Turn(date(2026, 3, 8))),  # since the period began
        (OFF, before(OFF), Turn(None)),  # nobody looked further back
    ],
)
def test_a_turn(now: Status, past: list[tuple[date, Status | None]], turned: Turn) -> None:
    assert turn(now, past, OF, date(2026, 3, 8)) == turned


def test_worse_is_as_bad_too_and_better_is_not() -> None:
    assert [is_as_bad(one, RISK) for one in (ON, RISK, OFF, Status.MISSED, None, Status.NO_DATA)] == [
        False, True, True, True, False, False,
    ]  # fmt: skip
    assert is_as_bad(Status.NO_DATA, Status.NO_DATA)
    assert is_as_bad(Status.MET, Status.MET)
    assert not is_as_bad(ON, Status.MET)
