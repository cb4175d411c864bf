"""Why it moved, from a DuckDB file to the finding: against plain Python over the same rows."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from math import isclose
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.explain.finding import EffectKind, Finding, Method
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.problems import UsageError
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
project: {name: Test, timezone: UTC, currency: SEK, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  visits: {time: day, dimensions: [channel, device, paid]}
  orders: {time: day, dimensions: [channel, device, paid]}
metrics:
  visits: {expr: sum(visits.n), good: up}
  orders: {expr: count(orders), good: up}
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  profit: {expr: revenue - sum(orders.cost), unit: currency, good: up}
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up}
  margin: {expr: "profit / nullif(revenue, 0)", unit: percent, good: up}
  aov: {expr: avg(orders.amount), unit: currency, good: up}
  order_value: {expr: "revenue / nullif(orders, 0)", unit: currency}
  two_rates: {expr: "orders / nullif(visits, 0) - 0.5 * sum(orders.cost) / nullif(revenue, 0)"}
  squared: {expr: orders * orders}
  rounded: {expr: "round(orders / nullif(visits, 0), 2)"}
  buyers: {expr: count(distinct orders.buyer)}
  regulars: {per: orders.buyer, expr: count(*) filter (where orders > 1)}
  middle: {expr: median(orders.amount), unit: currency}
  revenue_7d: {expr: revenue, window: 7 days}
  per_nothing: {expr: "orders / nullif(sum(visits.nothing), 0)"}
kpis:
  march_conversion: {metric: conversion, where: device = 'phone', period: {from: 2026-03-02, to: 2026-04-05},
    baseline: previous}
  all_buyers: {metric: buyers, period: {every: month}, nature: leading, leads: revenue}
"""
NOW, THEN = Days(date(2026, 3, 16), date(2026, 3, 29)), Days(date(2026, 3, 2), date(2026, 3, 15))
# nobody came by "old" lately, "new" is new, None is a channel like others, "ghost" has orders without visits
CHANNELS = ("search", "mail", "social", None, "old", "new", "ghost")
Visit = tuple[date, str | None, str, bool, int]
Order = tuple[date, str | None, str, bool, float, float, int]


def world(seed: int) -> tuple[list[Visit], list[Order]]:
    """Make rows of 28 days; amounts of refunds are negative."""
    chance = random.Random(seed)
    visits: list[Visit] = []
    orders: list[Order] = []
    for day in (THEN.first + timedelta(days=n) for n in range(28)):
        for channel in CHANNELS:
            if (channel == "old" and day in NOW) or (channel == "new" and day in THEN):
                continue
            device, paid = chance.choice(("phone", "desktop")), chance.random() < 0.5
            if channel != "ghost":
                visits.append((day, channel, device, paid, chance.randint(0, 9)))
            for _ in range(chance.randint(0, 3)):
                amount = chance.choice((10.25, 99.5, 1234.75, -50.0))
                orders.append((day, channel, device, paid, amount, amount / 4, chance.randint(1, 30)))
    return visits, orders


def build(folder: Path, seed: int) -> tuple[list[Visit], list[Order]]:
    visits, orders = world(seed)
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute(
            "CREATE TABLE visits (day DATE, channel TEXT, device TEXT, paid BOOLEAN, n INT, nothing INT)"
        )
        made.execute(
            "CREATE TABLE orders (day DATE, channel TEXT, device TEXT, paid BOOLEAN, "
            "amount DOUBLE, cost DOUBLE, buyer INT)"
        )
        made.executemany("INSERT INTO visits VALUES (?, ?, ?, ?, ?, 0)", visits)
        made.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", orders)
    return visits, orders


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    build(folder, 1)
    return folder


def ask(folder: Path, name: str, *by: str, top: int = 50, where: tuple[str, ...] = ()) -> Finding:
    with open_project(folder) as opened:
        return explain(opened, Request(name, NOW, Comparison(Against.PREVIOUS), by, where, top))


def adds_up(found: Finding) -> bool:
    scale = max(abs(found.value), abs(found.against_value), abs(found.change))
    made = sum(part.effect for part in found.parts)
    return isclose(made + found.residual, found.change, rel_tol=1e-9, abs_tol=1e-12 * scale)


EXACT = ("visits", "orders", "revenue", "profit", "conversion", "aov", "two_rates", "squared", "revenue_7d")


@pytest.mark.parametrize("seed", range(2))
def test_parts_add_up_by_any_dimension(tmp_path: Path, seed: int) -> None:
    build(tmp_path, seed)
    with open_project(tmp_path) as opened:
        for name in EXACT:
            for by in (("device", "channel"), ("paid",)):
                found = explain(opened, Request(name, NOW, None, by, (), 4))
                scale = max(abs(found.value), abs(found.against_value))
                assert adds_up(found), (name, by)
                assert abs(found.residual) <= 1e-9 * scale, (name, by)
                for side in found.sides:
                    assert abs(side.residual) <= 1e-9 * scale, (name, by, side.dimensions)


def by_channel(rows: list[Visit] | list[Order], days: Days, place: int | None) -> dict[str | None, float]:
    sums: dict[str | None, float] = defaultdict(float)
    for row in rows:
        if row[0] in days:
            sums[row[1]] += 1 if place is None else float(row[place])  # type: ignore[arg-type]
    return sums


@pytest.mark.parametrize("seed", range(2))
def test_rate_and_mix_are_those_of_the_definition(tmp_path: Path, seed: int) -> None:
    visits, orders = build(tmp_path, seed)
    n0, n1 = (by_channel(orders, days, None) for days in (THEN, NOW))
    d0, d1 = (by_channel(visits, days, 4) for days in (THEN, NOW))
    total0, total1 = sum(d0.values()), sum(d1.values())
    mean = (sum(n0.values()) / total0 + sum(n1.values()) / total1) / 2
    expected: dict[tuple[str | None, EffectKind], float] = {}
    for channel in CHANNELS:
        w0, w1 = d0.get(channel, 0) / total0, d1.get(channel, 0) / total1
        if w0 and w1:
            r0, r1 = n0[channel] / d0[channel], n1[channel] / d1[channel]
            expected[channel, EffectKind.RATE] = (w0 + w1) / 2 * (r1 - r0)
            expected[channel, EffectKind.MIX] = (w1 - w0) * ((r0 + r1) / 2 - mean)
        elif w1:
            expected[channel, EffectKind.NEW] = w1 * (n1[channel] / d1[channel] - mean)
        elif w0:
            expected[channel, EffectKind.GONE] = -w0 * (n0[channel] / d0[channel] - mean)
        else:
            expected[channel, EffectKind.ORPHAN] = n1[channel] / total1 - n0[channel] / total0
    found = ask(tmp_path, "conversion", "channel")
    made = {(part.members[0], part.kind): part.effect for part in found.parts}
    assert found.method is Method.RATE_MIX
    assert made == {key: pytest.approx(effect, rel=1e-9) for key, effect in expected.items() if effect}


def test_a_flow_has_contributions_and_names_what_is_new_and_gone(shop: Path) -> None:
    found = ask(shop, "visits", "channel")
    kinds = {part.members[0]: part.kind for part in found.parts}
    assert found.method is Method.CONTRIBUTION
    assert (kinds["old"], kinds["new"], kinds["mail"]) == (EffectKind.GONE, EffectKind.NEW, EffectKind.VOLUME)
    assert "ghost" not in kinds
    assert sum(part.excess or 0 for part in found.parts) == pytest.approx(0, abs=1e-9)


def test_a_negative_denominator_gets_contributions_and_no_shares(shop: Path) -> None:
    found = ask(shop, "margin", "orders.buyer")
    assert found.method is Method.WEIGHTED
    assert {part.driver for part in found.parts} == {"numerator", "denominator"}
    assert adds_up(found)
    assert abs(found.residual) < 1e-9


def test_the_long_tail_keeps_the_sum(shop: Path) -> None:
    found = ask(shop, "revenue", "orders.buyer", top=5)
    tail = [part for part in found.parts if part.merged > 1]
    assert len({part.cell for part in found.parts}) == 6
    assert sum({part.cell: part.merged for part in tail}.values()) >= 10
    assert abs(found.residual) <= 1e-9 * abs(found.value)


def test_crossed_dimensions_come_with_each_of_them(shop: Path) -> None:
    found = ask(shop, "conversion", "channel", "device")
    assert [side.dimensions for side in found.sides] == [("channel", "device"), ("channel",), ("device",)]
    assert found.parts == found.sides[0].parts
    alone = ask(shop, "conversion", "channel")
    assert {(p.members, p.kind): pytest.approx(p.effect) for p in found.sides[1].parts} == {
        (p.members, p.kind): p.effect for p in alone.parts
    }


def test_without_a_dimension_all_that_tables_share_are_tried(shop: Path) -> None:
    found = ask(shop, "conversion")
    assert {side.dimensions[0] for side in found.sides} == {"channel", "device", "paid"}
    assert [side.unevenness for side in found.sides] == sorted(
        (side.unevenness for side in found.sides), reverse=True
    )
    assert found.parts == found.sides[0].parts


def test_what_members_share_is_the_residual_of_a_distinct_count(shop: Path) -> None:
    found = ask(shop, "buyers", "channel", "device")
    assert found.method is Method.OVERLAPPING
    with duckdb.connect(str(shop / "w.duckdb"), read_only=True) as read:
        sums = [
            dict(
                read.execute(
                    "SELECT device, count(DISTINCT buyer) FROM orders WHERE day BETWEEN ? AND ? GROUP BY 1",
                    [days.first, days.last],
                ).fetchall()
            )
            for days in (THEN, NOW)
        ]
    device = found.sides[2]
    assert {p.members[0]: p.effect for p in device.parts} == {
        name: sums[1][name] - sums[0][name] for name in sums[0]
    }
    assert device.residual == pytest.approx(found.change - sum(p.effect for p in device.parts))


@pytest.mark.parametrize("name", ["middle", "rounded", "regulars"])
def test_what_has_no_exact_split_is_refused_when_asked_and_told_otherwise(shop: Path, name: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(shop, name, "channel")
    assert refused.value.problems[0].code == "no_exact_split"
    found = ask(shop, name)
    assert (found.parts, found.method, found.residual) == ((), None, found.change)
    assert [caveat.code for caveat in found.caveats] == ["parts_do_not_add_up", "not_enough_history"][
        : len(found.caveats)
    ]


def test_where_nothing_changed_there_is_nothing_to_split(shop: Path) -> None:
    found = ask(shop, "orders", where=("channel = 'nobody'",))
    assert (found.value, found.change, found.residual, found.parts) == (0, 0, 0, ())
    assert "nothing_to_split_by" not in [caveat.code for caveat in found.caveats]


@pytest.mark.parametrize("name", ["visits", "conversion"])
def test_dimensions_of_one_member_are_named_as_the_reason(shop: Path, name: str) -> None:
    found = ask(shop, name, where=("channel = 'search'", "device = 'phone'", "paid"))
    (caveat,) = (one for one in found.caveats if one.code != "not_enough_history")
    assert caveat.code == "one_member_or_many"
    assert caveat.values["dimensions"] == ["channel", "device", "paid"]
    assert found.residual == found.change


def test_a_filter_holds_for_the_whole_and_for_the_parts(shop: Path) -> None:
    found = ask(shop, "orders", "device", where=("device = 'phone'",))
    assert {part.members for part in found.parts} == {("phone",)}
    assert found.parts[0].value == found.value


def test_a_kpi_is_explained_as_it_is_read(shop: Path) -> None:
    with open_project(shop) as opened, pytest.raises(UsageError) as refused:
        explain(opened, Request("march_conversion"))
    assert refused.value.problems[0].code == "compared_not_covered"
    with open_project(shop) as opened:
        found = explain(opened, Request("march_conversion", NOW, by=("device",)))
    assert found.kpi is not None
    assert {part.members for part in found.parts} == {("phone",)}


@pytest.mark.parametrize(
    ("name", "by", "code"),
    [
        ("conversoin", (), "unknown_metric"),
        ("conversion", ("chanel",), "unknown_dimension"),
        ("per_nothing", ("channel",), "zero_denominator"),
    ],
)
def test_what_cannot_be_asked_is_refused(shop: Path, name: str, by: tuple[str, ...], code: str) -> None:
    with pytest.raises(UsageError) as refused:
        ask(shop, name, *by)
    assert refused.value.problems[0].code == code


def test_drivers_are_those_of_the_plan_and_add_up(shop: Path) -> None:
    with open_project(shop) as opened:
        found = explain(opened, Request("conversion", NOW, drivers=True))
        crossed = explain(opened, Request("revenue", NOW, by=("channel",), drivers=True))
    assert [part.driver for part in found.parts] == ["orders", "visits"]
    assert found.tree is not None
    assert found.tree.effect == pytest.approx(found.change)
    assert abs(found.residual) <= 1e-9
    assert crossed.method in (Method.SHAPLEY, Method.LMDI)
    assert adds_up(crossed)
    assert abs(crossed.residual) <= 1e-9 * abs(crossed.value)
    assert {part.driver for part in crossed.parts} >= {"visits", "conversion", "order_value"}


@pytest.mark.parametrize(
    ("name", "by", "code"), [("visits", (), "no_drivers"), ("conversion", ("channel",), "drivers_by_cells")]
)
def test_without_drivers_there_is_nothing_to_split(
    shop: Path, name: str, by: tuple[str, ...], code: str
) -> None:
    with open_project(shop) as opened, pytest.raises(UsageError) as refused:
        explain(opened, Request(name, NOW, by=by, drivers=True))
    assert refused.value.problems[0].code == code


def test_what_leads_a_metric_stands_beside_its_drivers_and_is_never_counted(tmp_path: Path) -> None:
    _, orders = build(tmp_path, 3)
    with open_project(tmp_path) as opened:
        found = explain(
            opened, Request("revenue", NOW, drivers=True, against=Comparison(Against.RANGE, THEN))
        )
        inside = explain(
            opened, Request("orders", NOW, drivers=True, against=Comparison(Against.RANGE, THEN))
        )
    (link,) = found.linked
    assert (link.metric, link.leads) == ("buyers", "revenue")
    assert link.value == len({row[6] for row in orders if row[0] in NOW})
    assert link.against_value == len({row[6] for row in orders if row[0] in THEN})
    assert isclose(sum(part.effect for part in found.parts), found.change, rel_tol=1e-9)
    assert inside.linked == ()
