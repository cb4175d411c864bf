"""Is it more than chance: from a series by day to a verdict, without looking at the change itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from kurs.explain.fair import Wanted
from kurs.explain.finding import EffectKind, Part, Significance
from kurs.explain.inquiry import Inquiry, inquire
from kurs.explain.real import Daily, marked, question, significance, verdicts
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
project: {name: Test, timezone: UTC, engine: "duckdb:///w.duckdb", as_of: 2026-06-28}
tables:
  days: {time: day, dimensions: [channel]}
metrics:
  visits: sum(days.visits)
  orders: sum(days.orders)
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent}
  visitors: count(distinct days.visits)
  visits_28d: {expr: visits, window: 28 days}
"""
FIRST, LAST = date(2025, 7, 1), date(2026, 6, 28)
LENGTH = (LAST - FIRST).days + 1
FOUR_WEEKS = Days(date(2026, 6, 1), LAST)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two channels of steady noise; the orders of "mail" double in the last four weeks."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    rng = np.random.default_rng(11)
    rows: list[tuple[date, str, int, int]] = []
    for day in (FIRST + timedelta(days=n) for n in range(LENGTH)):
        for channel, lift in (("mail", 2.0), ("search", 1.0)):
            visits = int(rng.poisson(1000))
            rate = 0.1 * (lift if day in FOUR_WEEKS else 1.0)
            rows.append((day, channel, visits, int(rng.binomial(visits, rate))))
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute("CREATE TABLE days (day DATE, channel TEXT, visits INT, orders INT)")
        made.executemany("INSERT INTO days VALUES (?, ?, ?, ?)", rows)
    return folder


def inquiry_of(folder: Path, metric: str, days: Days = FOUR_WEEKS, against: Days | None = None) -> Inquiry:
    comparison = Comparison(Against.RANGE, against) if against else None
    with open_project(folder) as opened:
        wanted = Wanted(metric, None, days, comparison)
        return inquire(opened.project, opened.facts, wanted, opened.as_of)


def test_a_true_change_is_told_from_chance_and_the_members_that_made_it(shop: Path) -> None:
    with open_project(shop) as opened:
        found = explain(opened, Request("conversion", FOUR_WEEKS, by=("channel",)))
        calm = explain(opened, Request("visits", FOUR_WEEKS, by=("channel",)))
    assert found.significance is not None
    assert found.significance.method == "placebo"
    assert found.significance.p_value < 0.05
    assert 0 < found.significance.low95 < found.change < found.significance.high95
    q_values = {part.members[0]: part.q_value for part in found.parts}
    assert (q_values["mail"] or 1) <= 0.1
    assert (q_values["mail"] or 1) < (q_values["search"] or 0)
    assert calm.significance is not None
    is_usual = calm.significance.low95 < 0 < calm.significance.high95
    assert is_usual == (calm.significance.p_value > 0.05)


def test_too_little_history_gives_no_number(shop: Path) -> None:
    early = Days(date(2025, 10, 6), date(2025, 11, 2))
    with open_project(shop) as opened:
        found = explain(opened, Request("conversion", early))
    assert found.significance is None
    assert found.caveats[-1].code == "not_enough_history"


def test_long_periods_without_history_are_tested_by_blocks(shop: Path) -> None:
    then, now = Days(FIRST, FIRST + timedelta(days=167)), Days(date(2025, 12, 16), date(2026, 6, 1))
    inquiry = inquiry_of(shop, "visits", now, then)
    rng = np.random.default_rng(1)
    leaves = rng.poisson(100, (1, LENGTH)).astype(float)
    tested = significance(inquiry, Daily(FIRST, leaves))
    assert tested is not None
    assert tested.method == "paired_blocks"
    lifted = leaves.copy()
    lifted[:, (now.first - FIRST).days :] *= 1.2
    higher = significance(inquiry, Daily(FIRST, lifted))
    assert higher is not None
    change = float(Daily(FIRST, lifted).over(now).sum() - leaves[:, : len(then)].sum())
    assert higher.low95 < change < higher.high95
    assert (higher.low95 + higher.high95) / 2 == pytest.approx(change)
    assert higher.p_value < 0.001 < tested.p_value


@pytest.mark.parametrize("metric", ["visitors", "visits_28d"])
def test_what_days_do_not_make_is_not_tested(shop: Path, metric: str) -> None:
    assert question(inquiry_of(shop, metric)) is None
    with open_project(shop) as opened:
        assert explain(opened, Request(metric, FOUR_WEEKS)).significance is None


def test_the_history_ends_with_the_period_and_begins_with_the_data(shop: Path) -> None:
    asked = question(inquiry_of(shop, "visits"))
    assert asked is not None
    assert asked.days == Days(FIRST, LAST)


def test_the_long_tail_has_no_verdict_of_its_own(shop: Path) -> None:
    inquiry = inquiry_of(shop, "visits")
    series = {("a",): Daily(FIRST, np.random.default_rng(3).poisson(50, (1, LENGTH)).astype(float))}
    parts = [
        Part(EffectKind.VOLUME, 1.0, dimensions=("channel",), members=("a",)),
        Part(EffectKind.VOLUME, 1.0, dimensions=("channel",), merged=3),
    ]
    named, tail = marked(parts, [verdicts(inquiry, series)])
    assert named.p_value is not None
    assert named.q_value == named.p_value
    assert (tail.p_value, tail.q_value) == (None, None)
    assert isinstance(significance(inquiry, series["a",]), Significance)


def test_q_values_allow_for_every_split_that_was_looked_at() -> None:
    def found(p_value: float) -> Significance:
        return Significance(p_value, -1.0, 1.0, "placebo")

    part = Part(EffectKind.VOLUME, 1.0, dimensions=("channel",), members=("a",))
    own = {("a",): found(0.01), ("b",): found(0.5)}
    (alone,) = marked([part], [own])
    (among,) = marked([part], [own, {(n,): found(0.9) for n in range(8)}])
    assert alone.q_value == pytest.approx(0.02)
    assert among.q_value == pytest.approx(0.1)
    assert among.p_value == alone.p_value == 0.01
