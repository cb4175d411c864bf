"""A plan that changes: which version is in force on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.model.target import Target, TargetKind
from kurs.project import read

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.project import Project

PLAN = """
project: {name: Test}
tables: {orders: {time: day}}
people: {cmo: CMO, coo: COO}
metrics:
  orders:
    expr: count(orders)
    good: up
    unit: number
    revisions:
      - {since: 2026-07-01, where: orders.amount > 0}
  per_day: {expr: orders, window: 7 days}
kpis:
  k:
    metric: orders
    label: Orders
    owner: cmo
    period: {from: 2026-01-01, to: 2026-12-31}
    target: {reach: 1200, set: {by: cmo}}
    revisions:
      - {since: 2026-04-01, owner: coo}
      - since: 2026-07-01
        target: {reach: 1500}
        where: orders.amount > 10
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    draft = read(tmp_path)
    assert draft.problems == ()
    return draft.required()


@pytest.mark.parametrize(
    ("day", "owner", "target", "where"),
    [
        ("2025-01-01", "cmo", 1200, None),
        ("2026-03-31", "cmo", 1200, None),
        ("2026-04-01", "coo", 1200, None),
        ("2026-06-30", "coo", 1200, None),
        ("2026-07-01", "coo", 1500, "orders.amount > 10"),
        ("2030-01-01", "coo", 1500, "orders.amount > 10"),
    ],
)
def test_what_is_in_force(project: Project, day: str, owner: str, target: float, where: str | None) -> None:
    on = date.fromisoformat(day)
    for kpi in (project.kpis["k"].in_force(on), project.in_force(on).kpis["k"]):
        assert isinstance(kpi.target, Target)
        assert (kpi.owner, kpi.target.kind, kpi.target.value, kpi.where) == (
            owner,
            TargetKind.REACH,
            target,
            where,
        )


def test_from_any_version_every_other_one_is_found(project: Project) -> None:
    days = [date(2026, month, 1) for month in range(1, 13)]
    kpi = project.kpis["k"]
    for one in days:
        for other in days:
            assert kpi.in_force(one).in_force(other) == kpi.in_force(other)
    assert [version.changed for version in kpi.versions] == [(), ("owner",), ("target", "where")]


def test_a_metric_is_counted_in_another_way_since_a_day(project: Project) -> None:
    metric = project.metrics["orders"]
    assert metric.in_force(date(2026, 6, 30)).where is None
    since = metric.in_force(date(2026, 7, 1))
    assert (since.where, since.good, since.unit) == ("orders.amount > 0", metric.good, metric.unit)


def test_a_plan_without_revisions_is_itself(tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text(
        "project: {name: Test}\nmetrics: {m: count(t)}\ntables: {t: }\n", "utf-8"
    )
    bare = read(tmp_path).required()
    assert bare.in_force(date(2026, 1, 1)) is bare
