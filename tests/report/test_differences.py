"""What changed since a KPI was signed, said as people say it and not by the paths of the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kurs.ledger.definition import definition
from kurs.project import read
from kurs.report.differences import differences
from kurs.words import language

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """\
project: {{name: Said, timezone: UTC, currency: SEK}}
sources:
  s: {{files: s.csv, into: orders, columns: {{day: date, channel: text, amount: decimal}}, window: day}}
tables:
  orders: {{time: day, dimensions: [channel]}}
metrics:
  spent: {{expr: sum(orders.amount), unit: currency, good: up}}
  other: {{expr: count(orders), unit: currency, good: up}}
calendar: {{events: {{fair: {{days: [2025-03-01, 2026-03-02], label: Spring fair}}}}}}
kpis:
  k:
    metric: spent
    {kpi}
"""
MONTHLY = "period: {every: month}"
YEAR = "period: {from: 2026-01-01, to: 2026-12-31}"
MEMBERS = ("members: {channel: {a: +1%}}", "members: {channel: {a: +2%}}")
JANUARY = "baseline: {from: 2026-01-01, to: 2026-01-31}"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            f"{YEAR}\n    target: {{reach: 900, milestones: {{2026-06: 40%, 2026-09: 700}}, at_least: 800}}",
            f"{YEAR}\n    target: {{reach: 950, milestones: {{2026-06: 45%}}, stretch: 1000}}",
            [
                "Target: reach SEK 900 → reach SEK 950",
                "At least: SEK 800 → –",
                "Milestone of 30 Jun 2026: 40% of the target → 45% of the target",
                "Milestone of 30 Sept 2026: SEK 700 → –",
                "Stretch: – → SEK 1,000",
            ],
        ),
        (
            f"{MONTHLY}\n    baseline: last_year\n    target: {{change: +5%, {MEMBERS[0]}}}",
            f"{MONTHLY}\n    {JANUARY}\n    target: {{change: +5%, by: 2026-12-31, {MEMBERS[1]}}}",
            [
                "Baseline: last year → 1–31 Jan 2026",
                "Target (a): change of +1% → change of +2%",
                "Way ends: – → 31 Dec 2026",
            ],
        ),
        (
            f"{MONTHLY}\n    target: {{of: last_year, change: +5%}}",
            f"{MONTHLY}\n    target: {{of: previous, metric: other, change: +5%}}",
            ["Target: change of +5% (last year) → change of +5% (Other, previous period)"],
        ),
        (
            f"{YEAR}\n    target: {{between: [1, 2]}}",
            "period: {event: fair}\n    baseline: {same_event: previous}\n    target: {keep_below: 3}",
            [
                "Baseline: – → the same event before",
                "Period: 1 Jan – 31 Dec 2026 → Spring fair",
                "Target: between SEK 1 – SEK 2 → keep below SEK 3",
            ],
        ),
        (
            f"{MONTHLY}\n    target: {{reach: 1}}",
            "period: {event: fair}\n    baseline: {same_event: fair}\n    target: {reach: 1}",
            ["Baseline: – → the same event before (Spring fair)", "Period: month → Spring fair"],
        ),
    ],
)
def test_a_change_is_said_piece_by_piece(tmp_path: Path, before: str, after: str, said: list[str]) -> None:
    found: list[dict[str, str | int | float | bool | None]] = []
    for kpi in (before, after):
        (tmp_path / "kurs.yaml").write_text(PLAN.format(kpi=kpi), "utf-8")
        project = read(tmp_path).required()
        found.append(definition(project, project.kpis["k"]))
    told = differences("k", found[0], found[1], project, language("en"))
    lines = [re.sub(r"\s", " ", line) for line in told]
    assert [line for line in lines if not line.startswith(("calendar", "project", "Direction"))] == said


def test_a_definition_of_another_version_is_said_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text(PLAN.format(kpi=f"{YEAR}\n    target: {{reach: 1}}"), "utf-8")
    project = read(tmp_path).required()
    path = "kpis.k.target"
    then = {f"{path}.kind": "reach", f"{path}.value": 3, f"{path}.milestones.1.day": "soon"}
    (said,) = differences("k", then, {}, project, language("en"))
    assert said == "Target: kind reach, value 3, milestones.1.day soon → –"
