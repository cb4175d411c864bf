"""The audit of a plan with data: what can be measured, and what cannot be told from noise."""

from __future__ import annotations

from datetime import date, timedelta
from math import log, sqrt
from statistics import median
from typing import TYPE_CHECKING

import pytest

from kurs.audit.rule import Letter, Mark
from kurs.cli.main import run
from kurs.workflows.audit import audit
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Evidence

FIRST, LAST, GAP = date(2025, 1, 6), date(2026, 6, 14), date(2025, 3, 3)  # whole weeks
PLAN = """\
project: {name: Data, timezone: UTC}
sources:
  visits: {files: "visits_*.csv", into: visits, window: day, columns: {day: date, visits: int}}
tables: {visits: {time: day}}
metrics:
  visits: {expr: sum(visits.visits), good: up}
  rate: {expr: sum(visits.visits) / (visits - visits), good: up}
kpis:
"""
KPI = "  k: {metric: visits, period: {every: month}, baseline: previous, target: {change: +3%}}\n"


def visits(day: date) -> int:
    """Weeks of 700, 770, 700, 707, 770 and so on."""
    return (100, 110, 100, 101)[(day - FIRST).days // 7 % 4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with its data loaded: two files, with a day between them that neither has."""
    folder = tmp_path_factory.mktemp("data")
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for number, part in enumerate(([d for d in days if d < GAP], [d for d in days if d > GAP])):
        rows = "".join(f"{day},{visits(day)}\n" for day in part)
        (folder / f"visits_{number}.csv").write_text(f"day,visits\n{rows}", "utf-8")
    (folder / "kurs.yaml").write_text(PLAN + KPI, "utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


def measured(folder: Path, kpi: str = KPI, as_of: date = LAST) -> tuple[Mark, dict[str, Evidence]]:
    """Return how the letter came out for the plan's only KPI, and what was found."""
    (folder / "kurs.yaml").write_text(PLAN + kpi, "utf-8")
    with open_project(folder, as_of) as opened:
        (one,) = audit(opened).kpis
    found = {fault.code: fault.evidence for fault in one.findings if fault.letter is Letter.MEASURABLE}
    return one.mark(Letter.MEASURABLE), found


def test_a_change_below_the_noise_by_brute_force(folder: Path) -> None:
    mark, found = measured(folder)
    assert mark is Mark.WARN
    weeks = [sum(visits(LAST - timedelta(days=7 * n + d)) for d in range(7)) for n in range(53)]
    steps = [log(b / a) for a, b in zip(weeks[1:], weeks, strict=False)]
    noise = 1.4826 * median(abs(step - median(steps)) for step in steps)
    wanted = found["below_noise"]
    assert wanted["noise"] == pytest.approx(noise)
    assert wanted["asked"] == pytest.approx(0.03)
    assert wanted["least"] == pytest.approx(2.802 * noise / sqrt(30 / 7))


def test_a_large_change_and_a_limit_are_not_below_the_noise(folder: Path) -> None:
    for target in ("{change: +80%}", "{keep_above: 2000}"):
        assert "below_noise" not in measured(folder, KPI.replace("{change: +3%}", target))[1]


def test_gaps_late_data_and_a_short_history(folder: Path) -> None:
    _, found = measured(folder, as_of=LAST + timedelta(days=8))
    assert found["data_late"] == {"to": LAST, "days": 8}
    assert found["days_not_covered"] == {"days": 1, "from": FIRST, "to": LAST}
    assert "short_history" not in found
    assert "data_late" not in measured(folder, as_of=LAST + timedelta(days=7))[1]
    year = KPI.replace("{every: month}", "{from: 2026-01-01, to: 2026-12-31}")
    assert measured(folder, year)[1]["short_history"] == {"from": FIRST, "needed": date(2024, 1, 2)}


def test_what_cannot_be_computed_fails(folder: Path) -> None:
    mark, found = measured(folder, "  k: {metric: rate, period: {every: month}, target: {reach: 5}}\n")
    assert mark is Mark.FAIL
    assert found["not_computed"] == {"kpi": "k", "reason": "zero_denominator"}


def test_a_period_that_has_only_begun_does_not_fail(folder: Path) -> None:
    mark, found = measured(folder, as_of=date(2026, 7, 1))
    assert (mark, "not_computed" in found) == (Mark.WARN, False)


def test_a_baseline_before_the_data(folder: Path) -> None:
    old = KPI.replace("previous", "{from: 2020-01-01, to: 2020-01-31}")
    assert measured(folder, old)[1]["baseline_not_computed"] == {"kpi": "k"}


def test_without_data_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "visits_0.csv").write_text("day,visits\n2026-01-01,5\n", "utf-8")
    mark, found = measured(tmp_path)
    assert (mark, list(found)) == (Mark.UNKNOWN, ["not_held_against_data"])
