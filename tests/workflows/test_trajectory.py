"""The way of KPIs through their periods, held against brute force over the rows and against readings."""

import math
import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from kurs.evaluate.trajectory import MarkKind, Shape, Trajectory
from kurs.model.days import Days, Grain
from kurs.workflows.decide import note
from kurs.workflows.measure import status
from kurs.workflows.opening import Opened, open_project
from kurs.workflows.trajectory import trajectories

FIRST, LAST = date(2025, 1, 1), date(2026, 3, 20)
MARCH = Days(date(2026, 3, 1), date(2026, 3, 31))
SALE_THEN = Days(date(2026, 1, 10), date(2026, 1, 29))  # as long as the one of March
PLAN = """
project:
  {name: Test, timezone: Europe/Stockholm, currency: SEK, engine: "duckdb:///shop.duckdb", as_of: 2026-03-20}
tables:
  orders: {time: day, key: id, dimensions: [channel]}
  stock: {time: day}
calendar:
  events:
    sale: [{from: 2026-01-10, to: 2026-01-19}, {from: 2026-03-05, to: 2026-03-24}]
metrics:
  orders: {expr: count(orders), good: up}
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  weight: {expr: sum(orders.weight), good: up}
  buyers: {expr: count(distinct orders.customer), good: up}
  aov: {expr: revenue / orders, unit: currency, good: up}
  mean_weight: {expr: avg(orders.weight), good: up}
  typical: {expr: median(orders.amount), good: up}
  growth: {expr: "orders / offset(orders, '1 year') - 1", unit: percent, good: up}
  orders_7d: {expr: orders, window: 7 days, good: up}
  units: {expr: sum(stock.units), at: last, good: up}
  mean_units: {expr: sum(stock.units), at: average, good: up}
people: {web: {name: Head of web}}
kpis:
  a_orders: {metric: orders, every: month, baseline: previous, target: {change: +10%}}
  b_revenue: {metric: revenue, period: {from: 2026-03-01, to: 2026-03-31}, target: {reach: 4000}}
  c_weight: {metric: weight, every: month}
  d_buyers: {metric: buyers, every: month, baseline: last_year, target: {change: +5%}}
  e_aov: {metric: aov, every: month, baseline: last_year, target: {change: +5%}}
  f_mean_weight: {metric: mean_weight, every: quarter}
  g_typical: {metric: typical, every: month}
  h_growth: {metric: growth, period: {from: 2026-03-01, to: 2026-03-31}}
  i_orders_7d: {metric: orders_7d, every: month, baseline: previous, target: {change: +10%}}
  j_units: {metric: units, every: month, baseline: previous, target: {change: +10%}}
  k_mean_units: {metric: mean_units, every: month}
  l_sale: {metric: orders, where: channel = 'ads', period: {event: sale}, baseline: {same_event: previous}}
  m_year: {metric: orders, every: year, target: {keep_below: 3000}}
  o_milestones:
    metric: orders
    period: {from: 2026-01-01, to: 2026-12-31}
    target: {reach: 2400, milestones: {2026-02: 30%, 2026-06-30: 1500}}
  p_by:
    metric: aov
    every: month
    baseline: {value: 400}
    target: {reach: 500, by: 2026-12-31, from: 2025-12-31}
  r_revised:
    metric: orders
    every: month
    target: {reach: 200}
    revisions:
      - {since: 2026-02-10, target: {reach: 150}}
      - {since: 2026-03-15, where: channel = 'ads'}
  q_basis:
    metric: orders
    every: month
    baseline: last_year
    target: {change: +10%}
  n_later: {metric: orders, period: {from: 2026-06-01, to: 2026-06-30}, target: {reach: 10}}
"""


class Order(NamedTuple):
    id: int
    day: date
    customer: int
    channel: str
    amount: Decimal
    weight: float


def _orders() -> Iterator[Order]:
    rng = random.Random(7)
    for number in range(2600):
        day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1))
        amount = Decimal(rng.randrange(100, 90_000)) / 100
        yield Order(number, day, rng.randrange(90), rng.choice(["ads", "mail"]), amount, rng.random() * 3)


ORDERS = list(_orders())
# The stock is written down on some days only.
STOCK = {FIRST + timedelta(days=n): 500 + 7 * (n % 31) for n in range(0, (LAST - FIRST).days, 3)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shop")
    with duckdb.connect(str(made / "shop.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE orders (id INT, day DATE, customer INT, channel TEXT,"
            " amount DECIMAL(18,2), weight DOUBLE)"
        )
        rows = ", ".join(
            f"({o.id}, '{o.day}', {o.customer}, '{o.channel}', {o.amount}, {o.weight!r}::DOUBLE)"
            for o in ORDERS
        )
        connection.execute(f"INSERT INTO orders VALUES {rows}")
        connection.execute("CREATE TABLE stock (day DATE, units INT)")
        connection.executemany("INSERT INTO stock VALUES (?, ?)", list(STOCK.items()))
    (made / "kurs.yaml").write_text(PLAN)
    return made


@pytest.fixture(scope="module")
def opened(folder: Path) -> Iterator[Opened]:
    with open_project(folder) as at:
        yield at


@pytest.fixture(scope="module")
def found(opened: Opened) -> dict[str, Trajectory]:
    return {way.reading.kpi.key: way for way in trajectories(opened, status(opened))}


def _within(first: date, last: date) -> list[Order]:
    return [order for order in ORDERS if first <= order.day <= last]


def _brute(kpi: str, first: date, last: date) -> float | None:
    """Compute a KPI over some days in plain Python."""
    rows = _within(first, last)
    match kpi:
        case "b_revenue":
            return float(sum(order.amount for order in rows))
        case "c_weight":
            return math.fsum(order.weight for order in rows)
        case "d_buyers":
            return len({order.customer for order in rows})
        case "e_aov" | "p_by":
            return float(sum(order.amount for order in rows)) / len(rows) if rows else None
        case "f_mean_weight":
            return math.fsum(order.weight for order in rows) / len(rows) if rows else None
        case "g_typical":
            amounts = sorted(float(order.amount) for order in rows)
            middle = len(amounts) // 2
            return amounts[middle] if len(amounts) % 2 else (amounts[middle - 1] + amounts[middle]) / 2
        case "h_growth":
            then = _within(first.replace(year=first.year - 1), last.replace(year=last.year - 1))
            return len(rows) / len(then) - 1
        case "i_orders_7d":
            return len(_within(last - timedelta(days=6), last))
        case "j_units":
            days = [day for day in STOCK if first <= day <= last]
            return STOCK[max(days)] if days else None
        case "k_mean_units":
            units = [level for day, level in STOCK.items() if first <= day <= last]
            return sum(units) / len(units) if units else None
        case "l_sale" | "r_revised":
            return sum(order.channel == "ads" for order in rows)
        case _:
            return len(rows)


def test_the_reading_is_that_of_status_and_ends_the_line(
    opened: Opened, found: dict[str, Trajectory]
) -> None:
    for reading in status(opened):
        way = found[reading.kpi.key]
        assert way.reading == reading
        if reading.value is not None:
            assert (way.points[-1].day, way.points[-1].value) == (reading.data_to, reading.value)
            assert way.reading.value == pytest.approx(_brute(reading.kpi.key, reading.period.first, LAST))


def test_every_point_is_the_value_of_the_days_so_far(found: dict[str, Trajectory]) -> None:
    for key, way in found.items():
        for point in way.points:
            expected = _brute(key, way.reading.period.first, point.day)
            assert point.value == _near(expected), (key, point)


def test_a_point_of_exact_numbers_is_exact(found: dict[str, Trajectory]) -> None:
    for key in ("a_orders", "b_revenue", "d_buyers"):
        points = found[key].points
        assert [point.value for point in points] == [_brute(key, MARCH.first, p.day) for p in points]


def test_each_kind_of_number_has_its_shape(found: dict[str, Trajectory]) -> None:
    shapes = {key: way.shape for key, way in found.items()}
    assert {key for key, shape in shapes.items() if shape is Shape.LEVEL} == {
        "i_orders_7d",
        "j_units",
        "k_mean_units",
    }
    assert {key for key, shape in shapes.items() if shape is Shape.TO_DATE} == {
        "e_aov",
        "f_mean_weight",
        "g_typical",
        "h_growth",
        "p_by",
    }


def test_a_line_has_no_more_than_some_hundred_points(found: dict[str, Trajectory]) -> None:
    assert [point.day for point in found["a_orders"].points] == list(Days(MARCH.first, LAST))
    assert found["m_year"].grain is Grain.DAY
    assert found["g_typical"].grain is Grain.WEEK  # asked for point by point
    assert [point.day.day for point in found["g_typical"].points] == [1, 8, 15, 20]


def test_the_expected_line_passes_through_what_is_expected_by_now(found: dict[str, Trajectory]) -> None:
    for way in found.values():
        due = {point.day: point.value for point in way.expected}
        if way.reading.expected_by_now is not None:
            assert due[way.reading.data_to] == way.reading.expected_by_now
            assert due[way.reading.period.last] == pytest.approx(way.reading.target)
    assert len(found["a_orders"].expected) == len(MARCH)
    milestones = {point.day: point.value for point in found["o_milestones"].expected}
    assert milestones[date(2026, 2, 28)] == pytest.approx(0.3 * 2400)
    assert milestones[date(2026, 6, 30)] == pytest.approx(1500)
    assert found["c_weight"].expected == ()


def test_the_comparison_stands_day_by_day(found: dict[str, Trajectory]) -> None:
    february = [len(_within(date(2026, 2, 1), date(2026, 2, day))) for day in range(1, 29)]
    way = found["a_orders"]
    assert way.compared == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert [(point.day.day, point.value) for point in way.comparison] == list(enumerate(february, 1))
    assert way.comparison[-1].value == way.reading.baseline
    sale = found["l_sale"]
    assert sale.compared == SALE_THEN
    assert [point.day for point in sale.comparison] == list(sale.reading.period)
    assert sale.comparison[-1].value == sale.reading.baseline == _brute("l_sale", *_ends(SALE_THEN))


def test_days_by_themselves_stand_beside_a_ratio(found: dict[str, Trajectory]) -> None:
    way = found["e_aov"]
    assert way.apart_grain is Grain.DAY
    assert [stretch.value for stretch in way.apart] == [
        pytest.approx(_brute("e_aov", day, day)) for day in Days(MARCH.first, LAST)
    ]
    weeks = found["f_mean_weight"]
    assert weeks.apart_grain is Grain.WEEK
    assert weeks.apart[0].days == Days(date(2026, 1, 1), date(2026, 1, 4))
    for stretch in weeks.apart:
        assert stretch.value == pytest.approx(_brute("f_mean_weight", *_ends(stretch.days)))
    assert found["a_orders"].apart == ()


def test_history_is_what_status_said_at_the_end_of_each_period(
    folder: Path, found: dict[str, Trajectory]
) -> None:
    for key in ("a_orders", "d_buyers", "e_aov", "j_units", "l_sale"):
        history = found[key].history
        assert len(history) == (1 if key == "l_sale" else 12)
        with open_project(folder, history[-1].period.last) as then:
            (reading,) = status(then, [key])
        past = history[-1]
        assert (past.period, past.status) == (reading.period, reading.status)
        for ours, theirs in ((past.value, reading.value), (past.baseline, reading.baseline)):
            assert ours == _near(theirs)


def test_a_period_to_come_has_an_expected_line_alone(found: dict[str, Trajectory]) -> None:
    way = found["n_later"]
    assert (way.points, way.history, way.apart) == ((), (), ())
    assert way.expected[-1].value == 10


def test_marks_are_events_and_what_was_decided(folder: Path, found: dict[str, Trajectory]) -> None:
    assert [(mark.kind, mark.name, mark.days) for mark in found["a_orders"].marks] == [
        (MarkKind.EVENT, "sale", Days(date(2026, 3, 5), date(2026, 3, 24)))
    ]
    assert found["l_sale"].marks == ()  # the sale is its own period
    with open_project(folder) as opened:
        note(opened.project, date(2026, 3, 7), "b_revenue", "The shop was closed", None)
        (way,) = trajectories(opened, status(opened, ["b_revenue"]))
        (earlier,) = trajectories(opened, status(opened, ["a_orders"]))
    assert (MarkKind.NOTE, "The shop was closed") in [(mark.kind, mark.name) for mark in way.marks]
    assert [mark.kind for mark in earlier.marks] == [MarkKind.EVENT]


def test_earlier_periods_are_judged_by_the_plan_of_their_day(
    folder: Path, found: dict[str, Trajectory]
) -> None:
    way = found["r_revised"]
    assert [(mark.kind, mark.days.first) for mark in way.marks if mark.kind is MarkKind.REVISED] == [
        (MarkKind.REVISED, date(2026, 3, 15))
    ]
    for past in way.history[-3:]:
        with open_project(folder, past.period.last) as then:
            (reading,) = status(then, ["r_revised"])
        assert (past.period, past.value, past.target) == (reading.period, reading.value, reading.target)


def test_a_target_of_an_earlier_period_needs_all_days_of_the_metric_it_is_measured_from(
    tmp_path: Path,
) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as connection:
        days = "(DATE '{}' + INTERVAL (i) DAY)::DATE AS day FROM range({}) t(i)"
        connection.execute("CREATE TABLE orders AS SELECT " + days.format("2026-01-01", 100))
        connection.execute("CREATE TABLE visits AS SELECT " + days.format("2026-02-15", 55))
    (tmp_path / "kurs.yaml").write_text("""
project: {name: Test, engine: "duckdb:///shop.duckdb", as_of: 2026-04-10}
tables: {orders: {time: day}, visits: {time: day}}
metrics: {orders: {expr: count(orders), good: up}, visits: {expr: count(visits), good: up}}
kpis: {k: {metric: orders, every: month, target: {change: +10%, metric: visits, of: previous}}}
""")
    with open_project(tmp_path) as opened:
        (way,) = trajectories(opened, status(opened))
    with open_project(tmp_path, date(2026, 3, 31)) as then:
        (reading,) = status(then)
    assert way.reading.target == pytest.approx(31 * 1.1)  # the visits of March are all there
    march = way.history[-1]
    assert (march.period, march.target, reading.target) == (MARCH, None, None)  # half of February's are not


def test_a_broken_metric_hides_no_other(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "shop.duckdb").write_bytes((folder / "shop.duckdb").read_bytes())
    (tmp_path / "kurs.yaml").write_text(
        PLAN.replace("sum(stock.units), at: last", "sum(stock.gone), at: last")
    )
    with open_project(tmp_path) as opened:
        units, orders = trajectories(opened, status(opened, ["j_units", "a_orders"]))
    assert (units.reading.value, units.points, units.history) == (None, (), ())
    assert orders.points[-1].value == orders.reading.value == len(_within(MARCH.first, LAST))


def _near(number: float | None) -> object:
    return number if number is None else pytest.approx(number, rel=1e-12)


def _ends(days: Days) -> tuple[date, date]:
    return days.first, days.last
