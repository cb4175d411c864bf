"""Achievable: what is asked for beside all that was there before, worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kurs.audit.past import past_asked
from kurs.audit.rule import Letter, Mark
from kurs.cli.main import run
from kurs.evaluate.freshness import freshness
from kurs.model.days import Days
from kurs.workflows.audit import audit
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Evidence

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 30)
PLAN = """\
project: {name: Past, timezone: UTC}
sources:
  shop: {files: "shop.csv", into: shop, window: day, columns: {day: date, sold: int, visits: int}}
tables: {shop: {time: day}}
calendar: {events: {sale: [{from: 2025-05-01, to: 2025-05-07}, {from: 2026-05-04, to: 2026-05-10}]}}
metrics:
  sold: {expr: sum(shop.sold), good: up}
  lost: {expr: sum(shop.sold), good: down}
  visits: {expr: sum(shop.visits), good: up}
  rate: {expr: sum(shop.sold) / sum(shop.visits), unit: percent, good: up}
kpis:
"""
# What each month sold, on its first day alone: 29 months before June 2026, of which 28 have one before them.
SOLD = (
    100, 110, 121, 100, 90, 99, 100, 110, 100, 120, 100, 80,
    100, 110, 100, 110, 100, 110, 100, 110, 100, 110, 100, 110,
    100, 110, 100, 110, 100, 105,
)  # fmt: skip


def month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    sold = {month(number): value for number, value in enumerate(SOLD)}
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    rows = "".join(f"{day},{sold.get(day, 0)},10\n" for day in days)
    (folder / "shop.csv").write_text(f"day,sold,visits\n{rows}", "utf-8")
    (folder / "kurs.yaml").write_text(PLAN + monthly("{change: +5%}"), "utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


def monthly(target: str, metric: str = "sold", baseline: str = "baseline: previous, ") -> str:
    return f"  k: {{metric: {metric}, period: {{every: month}}, {baseline}target: {target}}}\n"


def achievable(folder: Path, kpi: str, as_of: date = LAST) -> tuple[Mark, dict[str, Evidence]]:
    (folder / "kurs.yaml").write_text(PLAN + kpi, "utf-8")
    with open_project(folder, as_of) as opened:
        (one,) = audit(opened).kpis
    found = {fault.code: fault.evidence for fault in one.findings if fault.letter is Letter.ACHIEVABLE}
    return one.mark(Letter.ACHIEVABLE), found


def test_what_happened_often_is_achievable(folder: Path) -> None:
    """In the season (begun from 17 April to 16 July): 5 May, June, July of 2024 and 2025, May 2026: 7 cases.

    That is one too few, so all 28 changes count, of which 13 are +10 % or more.
    """
    assert achievable(folder, monthly("{change: +10%}")) == (Mark.PASS, {})


def test_a_change_that_was_rare_by_hand(folder: Path) -> None:
    """The changes above +20 %: 80 to 100 is +25 %; 100 to 120 is exactly +20 %."""
    mark, found = achievable(folder, monthly("{change: +20%}"))
    assert mark is Mark.WARN
    evidence = found["rarely_changed_so"]
    assert evidence["cases"] == 28
    assert evidence["as_good"] == 2
    assert evidence["asked"] == pytest.approx(0.2)
    assert evidence["best"] == pytest.approx(0.25)
    assert evidence["percentile"] == pytest.approx(26 / 28)
    assert evidence["in_season"] is False
    assert evidence["best_value"] == 121


def test_what_is_twice_as_much_as_ever_is_hopeless(folder: Path) -> None:
    mark, found = achievable(folder, monthly("{change: +51%}"))
    assert (mark, list(found)) == (Mark.FAIL, ["hopeless"])
    assert found["hopeless"]["as_good"] == 0
    mark, found = achievable(folder, monthly("{change: +50%}"))
    assert (mark, list(found)) == (Mark.WARN, ["rarely_changed_so"])


def test_down_is_good_for_what_is_lost(folder: Path) -> None:
    """The largest fall is from 120 to 100 (one sixth), then 121 to 100 (17.4 %) and 100 to 80 (20 %)."""
    mark, found = achievable(folder, monthly("{change: -17%}", "lost"))
    evidence = found["rarely_changed_so"]
    assert (mark, evidence["cases"], evidence["as_good"]) == (Mark.WARN, 28, 2)
    assert (evidence["asked"], evidence["best"]) == (pytest.approx(-0.17), pytest.approx(-0.2))
    assert evidence["best_value"] == 80


def test_changes_from_a_year_before(folder: Path) -> None:
    """The months of 2025 and the five of 2026 have a year before: 17; only December 2025 was +37.5 %."""
    mark, found = achievable(folder, monthly("{change: +22%}", baseline="baseline: last_year, "))
    evidence = found["rarely_changed_so"]
    assert (mark, evidence["cases"], evidence["as_good"]) == (Mark.WARN, 17, 1)
    assert evidence["best"] == pytest.approx(110 / 80 - 1)


def test_the_same_season_alone_where_there_are_eight_cases(folder: Path) -> None:
    """Before the week of 29 June those of the last 42 days (6), and 13 around it in each of two years."""
    weekly = "  k: {metric: visits, period: {every: week}, baseline: previous, target: {change: +5%}}\n"
    _, found = achievable(folder, weekly)
    (evidence,) = found.values()
    assert (evidence["in_season"], evidence["cases"], evidence["best"]) == (True, 32, 0)


def test_reached_already(folder: Path) -> None:
    mark, found = achievable(folder, monthly("{reach: 100}"))
    assert (mark, found["already_reached"]) == (Mark.WARN, {"wanted": 100, "before": 100})
    mark, found = achievable(folder, monthly("{reach: 90}", baseline=""))  # 28 of 29 months had as much
    assert (mark, found["already_reached"]) == (Mark.WARN, {"wanted": 90, "before": 100})
    assert achievable(folder, monthly("{reach: 105}", baseline="")) == (Mark.PASS, {})  # 14 of 29


def test_a_limit_that_was_never_kept(folder: Path) -> None:
    mark, found = achievable(folder, monthly("{keep_above: 120}", baseline=""))  # 120 and 121
    assert (mark, found) == (
        Mark.WARN,
        {"rarely_so_good": {"cases": 29, "as_good": 2, "best_value": 121}},
    )
    assert achievable(folder, monthly("{between: [95, 112]}", baseline="")) == (Mark.PASS, {})


def test_dates_of_its_own_are_moved_back_by_weeks(folder: Path) -> None:
    """Ten visits a day on each of twelve places before: what never moved does not move by 5 %."""
    dated = "  k: {metric: visits, period: {from: 2026-06-01, to: 2026-06-30}, baseline: %s, target: %s}\n"
    for baseline in ("previous", "last_year", "last_year_weekday", "{from: 2026-03-01, to: 2026-03-30}"):
        mark, found = achievable(folder, dated % (baseline, "{change: +5%}"))
        assert (mark, list(found)) == (Mark.FAIL, ["hopeless"]), baseline
        assert (found["hopeless"]["cases"], found["hopeless"]["best_value"]) == (12, 300), baseline
        assert achievable(folder, dated % (baseline, "{change: -1%}"))[0] is Mark.WARN  # reached already
    assert achievable(folder, dated % ("{value: 200}", "{change: +50%}")) == (Mark.PASS, {})  # 300 of 300


def test_too_little_past_is_not_known(folder: Path) -> None:
    event = "  k: {metric: sold, period: {event: sale}, baseline: same_event, target: {change: +5%}}\n"
    _, found = achievable(folder, event)
    assert set(found) <= {"too_little_past", "target_not_known"}
    mark, found = achievable(folder, monthly("{change: +5%}"), as_of=date(2024, 9, 30))
    assert (mark, found["too_little_past"]) == (Mark.UNKNOWN, {"cases": 7, "least": 8})


def test_a_target_that_nobody_knows(folder: Path) -> None:
    old = monthly("{change: +5%}", baseline="baseline: {from: 2020-01-01, to: 2020-01-31}, ")
    mark, found = achievable(folder, old)
    assert (mark, found) == (Mark.UNKNOWN, {"target_not_known": {}})


def test_an_event_is_compared_with_the_one_that_the_baseline_names(folder: Path) -> None:
    fair = "fair: [{from: 2024-04-20, to: 2024-05-20}, {from: 2025-04-20, to: 2025-05-20}]"
    kpi = "  k: {metric: sold, period: {event: sale}, baseline: {same_event: fair}, target: {change: +5%}}\n"
    (folder / "kurs.yaml").write_text(PLAN.replace("events: {sale", f"events: {{{fair}, sale") + kpi, "utf-8")
    with open_project(folder, LAST) as opened:
        project = opened.project
        fresh = freshness(project, opened.facts["shop"].covered, LAST)
        asked = past_asked(project, project.kpis["k"], Days(date(2026, 5, 4), date(2026, 5, 10)), fresh)
    earlier, base = (Days(date(year, 5, 1), date(year, 5, 7)) for year in (2025, 2024))
    assert asked.pairs == ((earlier, base),)
