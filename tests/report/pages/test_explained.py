"""Why something moved, on a page: columns that add up, in the units of what they show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import fsum
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.explain.finding import Significance
from kurs.model.days import Days
from kurs.report.explain_sentence import sentences
from kurs.report.pages.explained import Explained, explained
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.report.pages.tables import Table

PLAN = """
project: {name: Test, timezone: UTC, currency: SEK, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  days: {time: day, dimensions: [channel, device]}
metrics:
  visits: {expr: sum(days.visits), good: up}
  orders: {expr: sum(days.orders), good: up}
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up}
  revenue: {expr: sum(days.revenue), unit: currency, good: up}
  aov: {expr: "revenue / nullif(orders, 0)", unit: currency}
"""
NOW = Days(date(2026, 3, 16), date(2026, 3, 29))
# day, channel, device, visits, orders, revenue
ROWS = [
    ("2026-03-02", "social", "phone", 4000, 200, 9000),
    ("2026-03-02", "direct", "phone", 1000, 150, 7000),
    ("2026-03-02", "direct", "desktop", 1000, 200, 9500),
    ("2026-03-16", "social", "phone", 1000, 30, 1500),
    ("2026-03-16", "direct", "phone", 4000, 2, 100),
    ("2026-03-16", "direct", "desktop", 4000, 720, 30000),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explained")
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute(
            "CREATE TABLE days (day DATE, channel TEXT, device TEXT, visits INT, orders INT, revenue DOUBLE)"
        )
        made.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    return folder


def ask(folder: Path, request: Request, lang: str = "en") -> Explained:
    with open_project(folder) as opened:
        return explained(explain(opened, request), opened.project, language(lang))


def column(table: Table, title: str) -> list[float | None]:
    at = [heading.title for heading in table.columns].index(title)
    return [row[at].raw for row in table.rows]


@pytest.mark.parametrize("lang", ["en", "pl", "sv", "fa"])
def test_rate_and_mix_stand_beside_each_other_and_make_the_effect(shop: Path, lang: str) -> None:
    shown = ask(shop, Request("conversion", NOW, by=("channel",)), lang)
    said = language(lang)
    assert shown.waterfall is not None
    rate, mix, effect = (
        column(shown.waterfall, said.term(f"column.{name}"))
        for name in ("effect_rate", "effect_mix", "effect")
    )
    for row in zip(rate, mix, effect, strict=True):
        assert (row[0] or 0) + (row[1] or 0) == pytest.approx(row[2])
    assert fsum(one or 0.0 for one in effect[:-1]) == pytest.approx(effect[-1])
    shares = column(shown.waterfall, said.term("column.share_before"))
    assert fsum(share for share in shares if share is not None) == pytest.approx(1)


def test_a_driver_is_written_in_its_own_unit(shop: Path) -> None:
    shown = ask(shop, Request("revenue", NOW, drivers=True))
    assert shown.waterfall is not None
    values = {row[0].text: row[1].text for row in shown.waterfall.rows}
    assert values["Visits"] == "6,000"
    assert values["Conversion"].endswith("%")
    assert values["Aov"].startswith("SEK")


def test_what_stands_out_and_all_else_are_the_change(shop: Path) -> None:
    shown = ask(shop, Request("orders", NOW, by=("channel", "device"), search=True))
    assert shown.places is not None
    *effects, whole = column(shown.places, "Effect")
    assert fsum(effect for effect in effects if effect is not None) == whole == 202
    assert [cell.text for cell in shown.places.rows[-2]][1:3] == ["", ""]


@pytest.mark.parametrize("lang", ["en", "pl", "sv", "fa"])
def test_what_did_not_move_is_not_said_to_be_chance(shop: Path, lang: str) -> None:
    with open_project(shop) as opened:
        found = explain(opened, Request("visits", NOW, where=("channel = 'nobody'",)))
        tested = replace(found, significance=Significance(1.0, -5.0, 5.0, "placebo"))
        said = language(lang)
        assert len(sentences(tested, opened.project, said)) == 1


def test_every_row_has_a_cell_for_every_column(shop: Path) -> None:
    for name in ("conversion", "visits", "revenue", "aov"):
        for request in (
            Request(name, NOW),
            Request(name, NOW, by=("channel", "device")),
            Request(name, NOW, by=("channel", "device"), search=True),
        ):
            shown = ask(shop, request)
            for table in (shown.waterfall, shown.places, *shown.sides):
                assert table is None or {len(row) for row in table.rows} == {len(table.columns)}
