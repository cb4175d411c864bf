"""Where it happened, from a DuckDB file to the causes: known ones, and their sums against SQL."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from kurs.model.days import Days
from kurs.problems import UsageError
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.explain.finding import Finding

PLAN = """
project: {name: Test, timezone: UTC, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  days: {time: day, dimensions: [channel, device, country]}
metrics:
  visits: sum(days.visits)
  orders: sum(days.orders)
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent}
  squared: {expr: orders * orders}
  calm: sum(days.calm)
  flat: sum(days.flat)
  middle: median(days.visits)
"""
NOW, THEN = Days(date(2026, 3, 16), date(2026, 3, 29)), Days(date(2026, 3, 2), date(2026, 3, 15))
CHANNELS, DEVICES = ("mail", "search", "social", "direct", None), ("phone", "tablet", "desktop")
COUNTRIES = ("SE", "PL", "DE", "IR", "NO", "FI")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Checkout breaks on phones in PL, and social brings three times as many visits."""
    folder = tmp_path_factory.mktemp("where")
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    rng = np.random.default_rng(7)
    rows = [
        (day, *cell, *numbers(rng, cell, is_now=day in NOW))
        for day in (THEN.first, THEN.last, NOW.first, NOW.last)
        for cell in product(CHANNELS, DEVICES, COUNTRIES)
    ]
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute(
            "CREATE TABLE days (day DATE, channel TEXT, device TEXT, country TEXT, "
            "visits INT, orders INT, calm INT, flat INT)"
        )
        made.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    return folder


def numbers(rng: np.random.Generator, cell: tuple[str | None, ...], *, is_now: bool) -> tuple[int, ...]:
    size = 2800 * (1 + CHANNELS.index(cell[0])) * (1 + DEVICES.index(str(cell[1])))
    broken = is_now and cell[1:] == ("phone", "PL")
    visits = int(rng.poisson(size * (3 if is_now and cell[0] == "social" else 1)))
    orders = int(rng.binomial(visits, 0.1 * (0.3 if broken else 1)))
    return visits, orders, int(rng.poisson(size)), 5


def ask(folder: Path, name: str, *by: str, where: tuple[str, ...] = ()) -> Finding:
    with open_project(folder) as opened:
        return explain(opened, Request(name, NOW, by=by, where=where, search=True))


def causes(found: Finding) -> list[dict[str, object]]:
    assert found.search is not None
    return [dict(zip(c.dimensions, c.members, strict=True)) for c in found.search.causes]


@pytest.mark.parametrize("by", [("channel", "device", "country"), ()])
def test_the_incident_is_named_and_growth_at_the_same_rate_is_no_cause_of_a_ratio(
    shop: Path, by: tuple[str, ...]
) -> None:
    found = ask(shop, "conversion", *by)
    assert found.search is not None
    assert causes(found) == [{"device": "phone", "country": "PL"}]
    assert found.search.is_localised
    only = found.search.causes[0]
    assert only.effect + found.search.rest == pytest.approx(found.change)
    assert only.effect < 0
    with duckdb.connect(str(shop / "w.duckdb"), read_only=True) as read:
        value = read.execute(
            "SELECT sum(orders) / sum(visits) FROM days "
            "WHERE device = 'phone' AND country = 'PL' AND day >= ?",
            [NOW.first],
        ).fetchall()
    assert only.value == pytest.approx(value[0][0])


def test_effects_of_a_flow_are_the_sums_of_sql_and_no_row_is_counted_twice(shop: Path) -> None:
    found = ask(shop, "orders", "channel", "device", "country")
    assert found.search is not None
    assert causes(found) == [{"channel": "social"}, {"device": "phone", "country": "PL"}]
    assert sum(c.effect for c in found.search.causes) + found.search.rest == pytest.approx(found.change)
    with duckdb.connect(str(shop / "w.duckdb"), read_only=True) as read:
        rows = read.execute(
            "SELECT sum(CASE WHEN day >= ? THEN orders ELSE -orders END) FROM days "
            "WHERE channel = 'social' OR (device = 'phone' AND country = 'PL')",
            [NOW.first],
        ).fetchall()
    assert sum(c.effect for c in found.search.causes) == pytest.approx(rows[0][0])


@pytest.mark.parametrize("name", ["calm", "flat"])
def test_what_moved_nowhere_in_particular_is_not_localised(shop: Path, name: str) -> None:
    found = ask(shop, name, "channel", "device", "country")
    assert found.search is not None
    assert (found.search.is_localised, found.search.causes, found.search.rest) == (False, (), found.change)


def test_a_product_is_searched_by_its_exact_weights(shop: Path) -> None:
    found = ask(shop, "squared", "channel", "device", "country")
    assert found.search is not None
    assert causes(found)[0] == {"channel": "social"}
    assert sum(c.effect for c in found.search.causes) + found.search.rest == pytest.approx(found.change)


def test_a_filter_holds_for_the_search(shop: Path) -> None:
    found = ask(shop, "conversion", "channel", "device", where=("country = 'SE'",))
    assert causes(found) == []


def test_parts_stand_beside_it_and_add_up(shop: Path) -> None:
    found = ask(shop, "conversion", "channel", "device", "country")
    assert sorted(side.dimensions[0] for side in found.sides) == ["channel", "country", "device"]
    assert found.parts == found.sides[0].parts
    assert sum(part.effect for part in found.parts) == pytest.approx(found.change)


def test_what_cannot_be_searched_is_refused(shop: Path) -> None:
    with pytest.raises(UsageError) as refused:
        ask(shop, "middle", "channel")
    assert refused.value.problems[0].code == "no_exact_split"
    with pytest.raises(UsageError) as refused:
        ask(shop, "orders", *("channel",) * 7)
    assert refused.value.problems[0].code == "too_many_dimensions"
    with open_project(shop) as opened, pytest.raises(UsageError) as refused:
        explain(opened, Request("orders", NOW, drivers=True, search=True))
    assert refused.value.problems[0].code == "search_or_drivers"
