"""Both plans read without a word of complaint, and show what a plan can say."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kurs.ledger.standing import Signature, Signed
from kurs.model.metric import Direction
from kurs.model.strategy import Stage
from kurs.model.target import Target, TargetKind, TargetTable
from kurs.project import read
from kurs.workflows.decide import standing
from kurs.workflows.verify import verify

if TYPE_CHECKING:
    from kurs.model.project import Project

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SEASONS = 3


def plan(name: str) -> Project:
    """Return the plan of an example."""
    return read(EXAMPLES / name).required()


@pytest.mark.parametrize("name", ["records", "shop"])
def test_the_plan_has_no_problems(name: str) -> None:
    assert read(EXAMPLES / name).problems == ()


@pytest.mark.parametrize("name", ["records", "shop"])
def test_every_kpi_has_an_owner_a_goal_and_a_target_and_all_stages_are_served(name: str) -> None:
    project = plan(name)
    assert 10 <= len(project.kpis) <= 14
    for kpi in project.kpis.values():
        assert kpi.owner, kpi.key
        assert kpi.goal, kpi.key
        assert kpi.target, kpi.key
    stages = {project.goals[kpi.goal].stage for kpi in project.kpis.values() if kpi.goal}
    assert stages == set(Stage)


@pytest.mark.parametrize("name", ["records", "shop"])
def test_the_kpis_recur_and_are_dated_go_up_and_down_and_stay_in_a_band(name: str) -> None:
    project = plan(name)
    kpis = project.kpis.values()
    periods = Counter("every" if kpi.period.every else "dated" for kpi in kpis)
    assert min(periods["every"], periods["dated"]) >= 3
    assert {kpi.good or project.metrics[kpi.metric].good for kpi in kpis} == set(Direction)
    kinds = {kpi.target.kind for kpi in kpis if kpi.target}
    assert kinds >= {TargetKind.REACH, TargetKind.CHANGE, TargetKind.BETWEEN}
    assert kinds >= {TargetKind.KEEP_ABOVE, TargetKind.KEEP_BELOW}


@pytest.mark.parametrize("name", ["records", "shop"])
def test_every_column_has_a_type(name: str) -> None:
    for source in plan(name).sources.values():
        assert source.columns, source.key
        assert all(column.type for column in source.columns), source.key


def test_the_season_of_today_has_two_before_it() -> None:
    project = plan("shop")
    event = project.calendar.event("holiday_season")
    assert event is not None
    assert len(event.occurrences) == SEASONS
    today = project.settings.as_of
    assert today is not None
    season = event.at(today)
    assert today in season
    before = event.before(season)
    assert before == event.occurrences[1]


def test_money_of_the_ads_is_converted() -> None:
    project = plan("shop")
    assert project.fx is not None
    assert set(project.tables["ads"].amounts) == {"cost", "conversion_value"}


def test_the_targets_are_put_in_every_way() -> None:
    shop, records = ([kpi.target for kpi in plan(name).kpis.values()] for name in ("shop", "records"))
    for project in (shop, records):
        assert any(isinstance(one, TargetTable) for one in project)
        plain = [one for one in project if isinstance(one, Target)]
        assert any(one.milestones for one in plain)
    tables = [one for one in (*shop, *records) if isinstance(one, TargetTable)]
    assert {one.kind for one in tables} == {TargetKind.BETWEEN, TargetKind.REACH}
    assert any(row.target.stretch for one in tables for row in one.rows)
    plain = [one for one in shop if isinstance(one, Target)]
    assert {part.dimension for one in plain for part in one.parts} == {"channel", None}  # None: segments
    assert any(one.basis for one in plain)
    assert any(one.provenance and one.provenance.why for one in plain)
    assert any(one.at_least and one.stretch for one in plain)
    assert any(one.by for one in records if isinstance(one, Target))
    assert all(any(len(kpi.versions) > 1 for kpi in plan(name).kpis.values()) for name in ("shop", "records"))


def test_the_decisions_of_the_shop_stand() -> None:
    project = plan("shop")
    assert verify(project) == ()
    decided = standing(project, date(2026, 12, 13))
    signed = {key for key, kpi in project.kpis.items() if decided.approval(kpi).state is Signed.APPROVED}
    assert signed == {"season_visits", "holiday_orders", "holiday_conversion", "revenue_2026"}
    by_key = {key for key in signed if decided.approval(project.kpis[key]).signature is Signature.SIGNED}
    assert by_key == {"holiday_conversion", "revenue_2026"}
    assert decided.approval(project.kpis["returning_revenue"]).state is Signed.LAPSED
    (mended,) = decided.actions(project.kpis["norway_phone_orders"])
    assert (mended.opened, mended.done) == (date(2026, 9, 12), date(2026, 9, 13))
    conversion = project.kpis["holiday_conversion"].in_force(date(2026, 12, 13))
    (frozen,) = decided.frozen(conversion)
    assert frozen.same_definition
    assert {one.action for one in decided.actions(conversion) if one.is_overdue(date(2026, 12, 13))} == {
        "checkout_review",
        "social_budget",
    }
    assert decided.reported() is not None
