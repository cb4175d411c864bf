"""Targets as a plan writes them, and what is wrong with some."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.model.target import (
    Basis,
    Milestone,
    PartTarget,
    PeriodTarget,
    Provenance,
    Stands,
    Target,
    TargetKind,
    TargetTable,
)
from kurs.model.text import Text
from kurs.project import read
from kurs.project.amounts import stretch_of

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """
project: {{name: Test}}
tables: {{orders: {{time: day, dimensions: [channel]}}}}
metrics:
  orders: {{expr: count(orders), good: up}}
  rate: {{expr: orders / orders, unit: percent, good: up}}
people: {{cmo: CMO}}
segments: {{large: {{of: orders, where: orders.amount > 100}}}}
kpis:
  k:
    metric: {metric}
    {period}
    {baseline}
    target: {target}
"""
YEAR = "period: {from: 2026-01-01, to: 2026-12-31}"
REACH, CHANGE, CHANGE_BY = TargetKind.REACH, TargetKind.CHANGE, TargetKind.CHANGE_BY


def target_of(
    folder: Path,
    target: str,
    metric: str = "orders",
    period: str = YEAR,
    baseline: str = "baseline: last_year",
    **files: str,
) -> tuple[Target | TargetTable | None, list[str]]:
    text = PLAN.format(target=target, metric=metric, period=period, baseline=baseline)
    (folder / "kurs.yaml").write_text(text, "utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, "utf-8")
    draft = read(folder)
    project = draft.project
    assert project is not None
    return project.kpis["k"].target, [problem.code for problem in draft.problems]


@pytest.mark.parametrize(
    ("target", "metric", "expected"),
    [
        ("{reach: 1200, at_least: 900, stretch: 1500}", "orders", Target(REACH, 1200, None, 900, 1500)),
        ("{change: +20%, at_least: +10%}", "orders", Target(CHANGE, 0.2, at_least=0.1)),
        (
            "{reach: 1200, milestones: {2026-09: 40%, 2026-Q1: 100, 2026-10-15: 900}}",
            "orders",
            Target(
                REACH,
                1200,
                milestones=(
                    Milestone(date(2026, 3, 31), 100),
                    Milestone(date(2026, 9, 30), 0.4, Stands.SHARE),
                    Milestone(date(2026, 10, 15), 900),
                ),
            ),
        ),
        (
            "{reach: 4%, milestones: {2026-09: 3.5%, 2026-10: +0.2pp}}",
            "rate",
            Target(
                REACH,
                0.04,
                milestones=(
                    Milestone(date(2026, 9, 30), 0.035),
                    Milestone(date(2026, 10, 31), 0.002, Stands.CHANGE_BY),
                ),
            ),
        ),
        (
            "{change: +20%, milestones: {2026-06: +5%, 2026-07: 40%}}",
            "orders",
            Target(
                CHANGE,
                0.2,
                milestones=(
                    Milestone(date(2026, 6, 30), 0.05, Stands.CHANGE),
                    Milestone(date(2026, 7, 31), 0.4, Stands.SHARE),
                ),
            ),
        ),
        (
            "{reach: 10, members: {channel: {email: 4, search: 6}}, segments: {large: 3}}",
            "orders",
            Target(
                REACH,
                10,
                parts=(
                    PartTarget("channel", "email", 4),
                    PartTarget("channel", "search", 6),
                    PartTarget(None, "large", 3),
                ),
            ),
        ),
        (
            "{of: last_year, metric: rate, change: +5%}",
            "orders",
            Target(CHANGE, 0.05, basis=Basis(Comparison(Against.LAST_YEAR), "rate")),
        ),
        (
            "{of: {from: 2025-01-01, to: 2025-03-31}}",
            "orders",
            Target(
                CHANGE,
                0,
                basis=Basis(Comparison(Against.RANGE, Days(date(2025, 1, 1), date(2025, 3, 31)))),
            ),
        ),
        (
            "{reach: 5, set: {by: cmo, on: 2026-01-02, why: New shelf}}",
            "orders",
            Target(REACH, 5, provenance=Provenance("cmo", date(2026, 1, 2), Text.plain("New shelf"))),
        ),
    ],
)
def test_targets(tmp_path: Path, target: str, metric: str, expected: Target) -> None:
    assert target_of(tmp_path, target, metric) == (expected, [])


def test_a_value_by_a_date(tmp_path: Path) -> None:
    found = target_of(
        tmp_path,
        "{reach: 40, by: 2026-12-31, from: 2025-12-31}",
        period="every: month",
        baseline="baseline: {value: 30}",
    )
    assert found == (Target(REACH, 40, since=date(2025, 12, 31), by=date(2026, 12, 31)), [])


@pytest.mark.parametrize(
    ("target", "period", "baseline", "code"),
    [
        ("{reach: 4, milestones: {2026-09: 3, 2026-Q3: 2}}", YEAR, "", "milestones_same_day"),
        ("{reach: 4, milestones: {2026-09: +2pp}}", YEAR, "", "points_of_what"),
        ("{reach: 4, at_least: 5}", YEAR, "", "thresholds_out_of_order"),
        ("{reach: 4, stretch: 3}", YEAR, "", "thresholds_out_of_order"),
        ("{keep_below: 4, at_least: 3}", YEAR, "", "thresholds_out_of_order"),
        ("{reach: 4, by: 2026-12-31}", "every: month", "baseline: {value: 3}", "way_without_start"),
        ("{reach: 4, by: 2026-01-31, from: 2026-02-28}", "every: month", "baseline: 3", "period_backwards"),
        ("{reach: 4, milestone: {2026-09: 3}}", YEAR, "", "unknown_key"),
        ("{at_least: 4}", YEAR, "", "bad_target"),
        ("{reach: 4, of: last_year}", YEAR, "", "not_of_this_target"),
        ("{of: last_yeer}", YEAR, "", "unknown_choice"),
        ("{reach: 4, members: {chanel: {email: 2}}}", YEAR, "", None),  # metrics knows dimensions
        ("{reach: 4, members: {channel: {email: two}}}", YEAR, "", "bad_number"),
        ("{change: +4%, members: {channel: {email: 200}}}", YEAR, "baseline: last_year", "mixed_changes"),
        ("{reach: 4, set: {by: cfo}}", YEAR, "", "unknown_person"),
    ],
)
def test_what_is_wrong(tmp_path: Path, target: str, period: str, baseline: str, code: str | None) -> None:
    _, codes = target_of(tmp_path, target, period=period, baseline=baseline)
    assert (code in codes) if code is not None else codes == []


def test_a_file_of_targets(tmp_path: Path) -> None:
    rows = 'period,channel,reach\r\n2026-01,,10\r\n2026-01,"a ""b"", c",4\r\n\r\n2026-02-02, ,12\r\n'
    found, codes = target_of(tmp_path, "{file: t.csv, set: {by: cmo}}", t=rows)
    january = Target(REACH, 10, parts=(PartTarget("channel", 'a "b", c', 4),))
    assert codes == []
    assert found == TargetTable(
        REACH,
        (
            PeriodTarget(Days(date(2026, 1, 1), date(2026, 1, 31)), january),
            PeriodTarget(Days(date(2026, 2, 2), date(2026, 2, 2)), Target(REACH, 12)),
        ),
        Provenance("cmo"),
    )
    assert isinstance(found, TargetTable)
    held = found.during(Days(date(2026, 1, 1), date(2026, 1, 31)))
    assert held is not None
    assert (held.value, held.provenance) == (10, Provenance("cmo"))
    assert found.during(Days(date(2026, 2, 2), date(2026, 2, 8))) is not None  # the week that begins then
    assert found.during(Days(date(2026, 3, 1), date(2026, 3, 31))) is None


def test_a_file_of_targets_with_marks(tmp_path: Path) -> None:
    rows = "period,at_least,reach,stretch,channel\n2026-01,8,10,12,\n2026-01,,4,,email\n2026-02,,11,13,\n"
    found, codes = target_of(tmp_path, "{file: t.csv}", t=rows)
    assert codes == []
    assert isinstance(found, TargetTable)
    january, february = (row.target for row in found.rows)
    assert january == Target(REACH, 10, None, 8, 12, parts=(PartTarget("channel", "email", 4),))
    assert february == Target(REACH, 11, stretch=13)


def test_a_file_of_bands(tmp_path: Path) -> None:
    rows = "period,channel,low,high\n2026-01,,2%,3%\n2026-01,email,1%,4%\n2026-02,,2.5%,3%\n"
    found, codes = target_of(tmp_path, "{file: t.csv}", metric="rate", t=rows)
    assert codes == []
    assert isinstance(found, TargetTable)
    assert found.kind is TargetKind.BETWEEN
    january, february = (row.target for row in found.rows)
    email = PartTarget("channel", "email", 0.01, 0.04)
    assert january == Target(TargetKind.BETWEEN, 0.02, 0.03, parts=(email,))
    assert february == Target(TargetKind.BETWEEN, 0.025, 0.03)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty_value"),
        ("period,reach\n", "empty_value"),
        ("period,reach\n2026-01,ten\n", "bad_number"),
        ('period,reach\n2026-01,"10\n', "bad_number"),
        ('period,reach\n"2026-01"x,10\n', "bad_stretch"),
    ],
)
def test_broken_files(tmp_path: Path, content: str, code: str) -> None:
    found, codes = target_of(tmp_path, "{file: t.csv}", t=content)
    assert found is None
    assert codes == [code]


def test_a_file_outside_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("period,reach\n2026,1\n", "utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert target_of(inner, "{file: ../secret.csv}") == (None, ["outside_project"])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-Q3", "2026-07-01", "2026-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-09-14", "2026-09-14", "2026-09-14"),
    ],
)
def test_stretches(text: str, first: str, last: str) -> None:
    assert stretch_of(text) == Days(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-02-30", "26-01", "2026-Q5", "0000", "Sept", ""])
def test_what_is_no_stretch(text: str) -> None:
    assert stretch_of(text) is None
