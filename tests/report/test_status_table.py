"""Readings on a screen: what stands beside the numbers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from kurs.evaluate.reading import Band, Reading, Status
from kurs.model.days import Days, Grain
from kurs.model.kpi import Kpi, KpiPeriod
from kurs.model.metric import Unit
from kurs.model.target import Target, TargetKind
from kurs.problems import Problem, Severity
from kurs.project import read
from kurs.report.status_table import status_table
from kurs.report.status_word import SIGNS
from kurs.words import language
from report import readings

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.project import Project

EN = language("en")
DAY = date(2026, 3, 20)
KPI = Kpi("conversion", "conversion", KpiPeriod(every=Grain.MONTH), target=Target(TargetKind.REACH, 0.05))
READING = replace(
    readings.READING,
    kpi=KPI,
    unit=Unit.PERCENT,
    period=Days(date(2026, 3, 1), date(2026, 3, 31)),
    as_of=DAY,
    data_to=DAY,
    value=0.046,
    numerator=46,
    denominator=1000,
    baseline=None,
    target=0.05,
    gap=-0.004,
    progress=None,
    expected_by_now=0.05,
    pace=0.92,
    status=Status.AT_RISK,
    recent=(0.04, 0.05, 0.046),
)
LATE = Problem("late_source", {"source": "ads", "to": DAY, "account": "a"}, Severity.WARNING)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "kurs.yaml").write_text("project: {name: Test, timezone: UTC, currency: EUR}", "utf-8")
    return read(tmp_path).required()


def drawn(project: Project, *readings: Reading) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=120, color_system=None)
    console.print(status_table(readings, project, EN, DAY, 120))
    return stream.getvalue()


def test_a_gap_of_percentages_is_in_points(project: Project) -> None:
    assert "−0.4\N{NO-BREAK SPACE}pp" in drawn(project, READING)
    money = replace(READING, unit=Unit.CURRENCY, value=120.0, target=100.0, gap=20.0)
    assert "+€20" in drawn(project, money)


def test_a_band_and_its_inside(project: Project) -> None:
    inside = drawn(project, replace(READING, target=Band(0.04, 0.06), gap=0.0))
    assert "4% – 6%" in inside
    assert "inside" in inside


def test_edges_are_told_from_what_is_to_be_reached(project: Project) -> None:
    for kind, edge in ((TargetKind.KEEP_ABOVE, "≥ 5%"), (TargetKind.KEEP_BELOW, "≤ 5%")):
        assert edge in drawn(project, replace(READING, kpi=replace(KPI, target=Target(kind, 0.05))))
    assert "≥" not in drawn(project, READING)


def test_a_pace_just_below_one_is_not_rounded_up(project: Project) -> None:
    assert "99.7%" in drawn(project, replace(READING, pace=0.997))
    assert " 100%" in drawn(project, replace(READING, pace=1.0))


def test_a_running_period_is_marked_in_its_trend(project: Project) -> None:
    assert "▁█▅…" in drawn(project, READING)
    assert "▁█▅…" not in drawn(project, replace(READING, data_to=date(2026, 3, 31)))


def test_without_a_value_there_is_a_reason(project: Project) -> None:
    reason = Problem("not_loaded", {"table": "orders"}, Severity.WARNING)
    nothing = replace(
        READING, value=None, gap=None, pace=None, status=Status.NO_DATA, reason=reason, data_to=None
    )
    said = drawn(project, nothing)
    assert "No data" in said
    assert "Conversion: There is no data for orders yet" in said


def test_what_holds_for_all_is_said_once(project: Project) -> None:
    other = replace(READING, kpi=replace(KPI, key="other"), caveats=(LATE,), provisional=True)
    both = drawn(project, replace(READING, caveats=(LATE,)), other)
    assert both.count("ads has data only until") == 1
    assert "All KPIs: ads" in both
    one = drawn(project, READING, other)
    assert "Other: ads" in one
    assert "4.6%*" in one
    assert "* provisional" in one


def test_data_of_different_ends_promise_the_earliest(project: Project) -> None:
    late = replace(READING, data_to=date(2026, 3, 18))
    assert "data to 18 Mar 2026 at least" in drawn(project, READING, late)
    over = replace(READING, period=Days(date(2025, 3, 1), date(2025, 3, 31)), data_to=date(2025, 3, 31))
    assert "data to 20 Mar 2026" in drawn(project, READING, over)


def test_every_status_has_its_own_sign(project: Project) -> None:
    assert set(SIGNS) == {*Status, None}
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS)
    assert "– No target" in drawn(project, replace(READING, status=None, target=None))


def test_no_readings_are_no_table(project: Project) -> None:
    assert "0 KPIs" in drawn(project)
