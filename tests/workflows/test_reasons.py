"""Reasons of all KPIs at once are those that explain gives of each, and add up."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import fsum, isclose
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.explain.finding import EffectKind
from kurs.model.days import Days
from kurs.report.reason import reason
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.measure import status
from kurs.workflows.opening import open_project
from kurs.workflows.reasons import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kurs.explain.finding import Finding
    from kurs.workflows.opening import Opened

PLAN = """
project: {name: Test, timezone: UTC, currency: SEK, engine: "duckdb:///w.duckdb", as_of: 2026-03-20}
tables:
  visits: {time: day, dimensions: [channel, device]}
  orders: {time: day, dimensions: [channel, device, item]}
metrics:
  visits: {expr: sum(visits.n), good: up}
  orders: {expr: count(orders), good: up}
  revenue: {expr: sum(orders.amount), unit: currency, good: up}
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up}
  buyers: {expr: count(distinct orders.buyer), good: up}
  middle: {expr: median(orders.amount), unit: currency, good: up}
  nothing: {expr: "orders / nullif(sum(visits.nothing), 0)", good: up}
segments: {}
kpis:
  conversion_in_march: {metric: conversion, period: {every: month}}
  conversion_on_phones: {metric: conversion, where: device = 'phone', period: {every: month},
    baseline: previous}
  conversion_on_desktops: {metric: conversion, where: "device = 'desktop'", period: {every: month},
    baseline: previous}
  orders_by_mail: {metric: orders, where: "device = 'phone' and channel = 'mail'", period: {every: month},
    baseline: previous}
  orders_elsewhere: {metric: orders, where: "device = 'phone' or channel = 'mail'", period: {every: month},
    baseline: previous}
  orders_shouted: {metric: orders, where: "upper(channel) = 'MAIL'", period: {every: month},
    baseline: previous}
  orders_of_nobody: {metric: orders, where: "channel = 'nobody'", period: {every: month}, baseline: previous}
  revenue_in_march: {metric: revenue, period: {every: month}, baseline: previous, target: {reach: 999999}}
  orders_of_two_weeks: {metric: orders, period: {from: 2026-03-09, to: 2026-03-22}, baseline: previous}
  buyers_in_march: {metric: buyers, period: {every: month}}
  middle_in_march: {metric: middle, period: {every: month}}
  never: {metric: nothing, period: {every: month}}
  first_of_all: {metric: orders, period: {from: 2026-01-05, to: 2026-01-11}, baseline: previous}
"""
SPLIT = (
    "conversion_in_march",
    "conversion_on_phones",
    "conversion_on_desktops",
    "orders_by_mail",
    "orders_elsewhere",
    "orders_shouted",
    "revenue_in_march",
    "orders_of_two_weeks",
)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    tmp_path = tmp_path_factory.mktemp("reasons")
    chance = random.Random(7)
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(tmp_path / "w.duckdb")) as made:
        made.execute("CREATE TABLE visits (day DATE, channel TEXT, device TEXT, n INT, nothing INT)")
        made.execute(
            "CREATE TABLE orders (day DATE, channel TEXT, device TEXT, item TEXT, amount DOUBLE, buyer INT)"
        )
        for n in range(75):
            day = date(2026, 1, 5) + timedelta(days=n)
            for channel, visits in (("search", 40), ("mail", 20), ("social", 90 if n > 55 else 30)):
                device = chance.choice(("phone", "desktop"))
                made.execute("INSERT INTO visits VALUES (?, ?, ?, ?, 0)", [day, channel, device, visits])
                for _ in range(chance.randint(0, 4)):
                    row = [
                        day,
                        channel,
                        device,
                        chance.choice("abc"),
                        chance.randint(1, 99),
                        chance.randint(1, 9),
                    ]
                    made.execute("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", row)
    with open_project(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def found(opened: Opened) -> dict[str, Finding]:
    return reasons(opened, status(opened))


def test_they_are_those_that_explain_gives_of_each(opened: Opened, found: dict[str, Finding]) -> None:
    for key in SPLIT:
        alone = explain(opened, Request(key))
        assert (found[key].days, found[key].against, found[key].change) == (
            alone.days,
            alone.against,
            alone.change,
        )
        assert found[key].sides[0].dimensions == alone.sides[0].dimensions
        effects = [(part.kind, part.members, part.effect) for part in alone.parts]
        assert [(part.kind, part.members, part.effect) for part in found[key].parts] == effects


def test_their_parts_add_up(found: dict[str, Finding]) -> None:
    for finding in found.values():
        if finding.parts:
            assert isclose(fsum(part.effect for part in finding.parts), finding.change, abs_tol=1e-9)


def test_what_cannot_be_split_has_its_change_alone(opened: Opened, found: dict[str, Finding]) -> None:
    assert found["middle_in_march"].parts == ()
    assert found["middle_in_march"].change == explain(opened, Request("middle_in_march")).change
    assert found["buyers_in_march"].parts == ()


def test_what_cannot_be_compared_has_no_reason(found: dict[str, Finding]) -> None:
    assert set(found).isdisjoint({"never", "first_of_all"})


def test_the_month_before_is_a_month(found: dict[str, Finding]) -> None:
    march = found["conversion_in_march"]
    assert march.days == Days(date(2026, 3, 1), date(2026, 3, 20))
    assert march.against == Days(date(2026, 2, 1), date(2026, 2, 20))


def test_the_sentence_has_the_numbers_of_the_finding(opened: Opened, found: dict[str, Finding]) -> None:
    english = language("en")
    march = found["conversion_in_march"]
    mix = sum(part.effect for part in march.parts if part.kind is EffectKind.MIX)
    rate = sum(part.effect for part in march.parts if part.kind is EffectKind.RATE)
    said = reason(march, opened.project, english)
    assert said.startswith(english.points(march.change))
    assert english.points(mix) in said
    assert english.points(rate) in said
    assert "1–20 Feb 2026" in said


def test_a_channel_that_is_new_is_told_where_it_made_the_change(tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(tmp_path / "w.duckdb")) as made:
        made.execute(
            "CREATE TABLE visits AS "
            "SELECT day::DATE AS day, channel, 'phone' AS device, 100 AS n, 0 AS nothing "
            "FROM range(DATE '2026-01-01', DATE '2026-03-21', INTERVAL 1 DAY) days(day), "
            "(VALUES ('search'), ('mail'), ('app')) channels(channel) "
            "WHERE channel <> 'app' OR day >= '2026-03-01'"
        )
        made.execute(
            "CREATE TABLE orders AS SELECT day, channel, device, 'a' AS item, 1.0 AS amount, 1 AS buyer "
            "FROM visits WHERE channel <> 'app'"
        )
    with open_project(tmp_path) as opened:
        march = reasons(opened, status(opened))["conversion_in_march"]
        said = reason(march, opened.project, language("en"))
    (new,) = [part for part in march.parts if part.kind is EffectKind.NEW]
    assert new.members == ("app",)
    assert f"app is new and made {language('en').points(new.effect)}" in said
