"""Nothing that is explained is NaN or infinite, and parts add up, whatever the rows are."""

from __future__ import annotations

import json
from datetime import date, timedelta
from math import isclose
from typing import TYPE_CHECKING

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.model.days import Days
from kurs.problems import KursError
from kurs.report import explain_json
from kurs.report.charts.effects import parts_bars, waterfall
from kurs.report.charts.theme import LIGHT
from kurs.report.explain_table import explain_table
from kurs.report.pages.explained import explained
from kurs.report.reason import reason
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kurs.explain.finding import Finding
    from kurs.model.project import Project

PLAN = """
project: {name: Test, timezone: UTC, currency: SEK, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  days: {time: day, dimensions: [channel, device]}
metrics:
  visits: {expr: sum(days.visits), good: up}
  orders: {expr: sum(days.orders), good: up}
  revenue: {expr: sum(days.revenue), unit: currency, good: up}
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up}
  aov: {expr: "revenue / nullif(orders, 0)", unit: currency}
  margin: {expr: "(revenue - sum(days.cost)) / nullif(revenue, 0)", unit: percent}
  gain: {expr: "revenue - sum(days.cost)", unit: currency}
  mean: avg(days.revenue)
  squared: {expr: orders * visits}
"""
METRICS = ("visits", "revenue", "conversion", "aov", "margin", "gain", "mean", "squared")
NOW = Days(date(2026, 3, 16), date(2026, 3, 29))
FIRST = date(2026, 3, 2)
LENGTH = 28

AMOUNTS = st.one_of(st.none(), st.sampled_from((0.0, -50.0, 99.5, 1e12, 1e-9)))
ROW = st.tuples(
    st.sampled_from((0, 1, 13, 14, 27)),
    st.sampled_from((None, "a", "b")),
    st.sampled_from((None, "x")),
    st.one_of(st.none(), st.integers(-2, 6)),
    st.one_of(st.none(), st.integers(-2, 3)),
    AMOUNTS,
    AMOUNTS,
)
REQUESTS = (
    {},
    {"by": ("channel",)},
    {"by": ("channel", "device"), "top": 1},
    {"by": ("channel", "device"), "search": True},
    {"drivers": True},
    {"drivers": True, "by": ("channel",)},
)


def check(found: Finding, project: Project) -> None:
    """Write it in every way; a NaN would be no JSON."""
    said = language("en")
    json.dumps(explain_json.finding(found, project, said), allow_nan=False)
    scale = max(
        abs(found.value), abs(found.against_value), *(abs(part.effect) for part in found.parts), 1e-12
    )
    made = sum(part.effect for part in found.parts) + found.residual
    assert isclose(made, found.change, rel_tol=1e-9, abs_tol=1e-9 * scale)
    if found.search is not None:
        located = sum(cause.effect for cause in found.search.causes) + found.search.rest
        assert isclose(located, found.change, rel_tol=1e-9, abs_tol=1e-9 * scale)
    texts = [reason(found, project, said), str(explained(found, project, said))]
    explain_table(found, project, said, 100)
    if found.parts:
        charts = [draw(found, project, said, LIGHT) for draw in (waterfall, parts_bars)]
        texts += [json.dumps(chart.spec, allow_nan=False) for chart in charts]
    for text in texts:
        assert "nan" not in text.lower().replace("finance", "")
        assert "inf" not in text.lower()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROW, max_size=12))
def test_nothing_is_nan_or_infinite(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]
) -> None:
    folder = tmp_path_factory.mktemp("finite")
    write(folder, rows)
    with open_project(folder) as opened:
        for name in METRICS:
            for words in REQUESTS:
                try:
                    found = explain(opened, Request(name, NOW, **words))  # type: ignore[arg-type]
                except KursError:  # a comparison that would be wrong is refused
                    continue
                check(found, opened.project)


def write(folder: Path, rows: list[tuple[object, ...]]) -> None:
    """Write the plan, and the rows beside some that are there on every day."""
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute(
            "CREATE TABLE days (day DATE, channel TEXT, device TEXT, visits INT, orders INT, "
            "revenue DOUBLE, cost DOUBLE)"
        )
        frame = [(FIRST + timedelta(days=n), None, None, None, None, None, None) for n in (0, LENGTH - 1)]
        made.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?)", frame)
        for row in rows:
            day = FIRST + timedelta(days=int(str(row[0])))
            made.execute("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?, ?)", [day, *row[1:]])


def test_one_day_of_data_is_compared_with_the_day_before(tmp_path: Path) -> None:
    write(tmp_path, [(26, "a", "x", 10, 2, 20.0, 1.0), (27, "a", "x", 20, 1, 10.0, 1.0)])
    day = FIRST + timedelta(days=LENGTH - 1)
    with open_project(tmp_path) as opened:
        for name in METRICS:
            found = explain(opened, Request(name, Days(day, day), by=("channel", "device")))
            check(found, opened.project)
            assert found.significance is None
