"""Users as the units of a test, from a DuckDB file to the verdict: against the formula in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.model.days import Days
from kurs.problems import UsageError
from kurs.report import explain_json
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
project: {name: Test, timezone: UTC, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  visits: {time: day, key: visit_id, dimensions: [channel]}
  orders: {time: day, dimensions: [channel], joins: {visits: visit_id}}
metrics:
  visits: {expr: count(visits), good: up}
  orders: {expr: count(orders), good: up}
  visitors: count(distinct visits.visitor_id)
  baskets: count(distinct orders.order_no)
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up}
"""
FIRST = date(2026, 2, 2)
THEN, NOW = Days(FIRST, date(2026, 3, 1)), Days(date(2026, 3, 2), date(2026, 3, 29))
Visit = tuple[int, date, str | None, bool]


def rows(unknown: float = 0.0) -> list[Visit]:
    """Visits of 600 people over eight weeks: number, day, who, and whether there was an order."""
    chance = random.Random(5)
    found: list[Visit] = []
    for day in (FIRST + timedelta(days=n) for n in range(56)):
        for _ in range(120):
            who = f"v{chance.randint(1, 600)}" if chance.random() >= unknown else None
            found.append((len(found), day, who, chance.random() < 0.1))
    return found


def build(folder: Path, visits: list[Visit]) -> Path:
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute("CREATE TABLE visits (visit_id INT, day DATE, visitor_id TEXT, channel TEXT)")
        made.execute("CREATE TABLE orders (order_no INT, day DATE, visit_id INT, channel TEXT)")
        made.executemany("INSERT INTO visits VALUES (?, ?, ?, 'x')", [row[:3] for row in visits])
        bought = [(number, day, number) for number, day, _, did in visits if did]
        made.executemany("INSERT INTO orders VALUES (?, ?, ?, 'x')", bought)
    return folder


def by_hand(visits: list[Visit]) -> float:
    """Return the standard error of the change of the conversion, clustered by visitor."""
    sums: dict[str | None, list[float]] = defaultdict(lambda: [0.0] * 4)
    for _, day, who, did in visits:
        place = 2 if day in NOW else 0
        sums[who][place] += did
        sums[who][place + 1] += 1
    y0, x0, y1, x1 = (sum(one[at] for one in sums.values()) for at in range(4))
    errors = [(one[2] - y1 / x1 * one[3]) / x1 - (one[0] - y0 / x0 * one[1]) / x0 for one in sums.values()]
    count = len(errors)
    return (sum(error**2 for error in errors) * count / (count - 1)) ** 0.5


def test_without_a_past_the_users_of_the_plan_judge(tmp_path: Path) -> None:
    visits = rows()
    with open_project(build(tmp_path, visits)) as opened:
        found = explain(opened, Request("conversion", NOW))
        said = explain_json.finding(found, opened.project, language("en"))
    tested = found.significance
    assert tested is not None
    assert (tested.method, tested.key, tested.users) == ("users", "visits.visitor_id", 600)
    t = 2.447  # of six degrees of freedom: four weeks on each side
    assert (tested.high95 - tested.low95) / 2 >= t * by_hand(visits) * 0.999
    assert tested.low95 < found.change < tested.high95
    assert "600 users" in str(said["sentence"])
    assert said["significance"]["users"] == 600  # type: ignore[index]
    assert "not_enough_history" not in [caveat.code for caveat in found.caveats]


def test_a_column_can_be_named_and_a_strange_one_is_refused(tmp_path: Path) -> None:
    with open_project(build(tmp_path, rows())) as opened:
        found = explain(opened, Request("orders", NOW, users="visits.visitor_id"))
        assert found.significance is not None
        assert found.significance.key == "visits.visitor_id"
        with pytest.raises(UsageError):
            explain(opened, Request("orders", NOW, users="visits.nobody"))
        with pytest.raises(UsageError) as refused:
            explain(opened, Request("orders", Days(NOW.first, NOW.first), users="visits.visitor_id"))
        assert refused.value.problems[0].code == "too_few_users"
        with pytest.raises(UsageError) as refused:  # a count of its users is no sum over days
            explain(opened, Request("visitors", NOW, users="visits.visitor_id"))
        assert refused.value.problems[0].code == "too_few_users"


def test_where_many_rows_have_no_user_nobody_judges(tmp_path: Path) -> None:
    with open_project(build(tmp_path, rows(unknown=0.3))) as opened:
        found = explain(opened, Request("conversion", NOW))
    assert found.significance is None
    assert "not_enough_history" in [caveat.code for caveat in found.caveats]
