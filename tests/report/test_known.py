"""What was known on a day, as it is laid out."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console

from kurs.ledger.known import Known
from kurs.ledger.reported import Reported
from kurs.model.days import Grain
from kurs.model.events import Calendar
from kurs.model.kpi import Kpi, KpiPeriod
from kurs.model.project import Project, Settings
from kurs.model.target import Target, TargetKind
from kurs.report.known import known_page
from kurs.words import language

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = date(2026, 11, 20)
ENGLISH = language("en")
RETURNS = Kpi("returns", "returns", KpiPeriod(every=Grain.MONTH), target=Target(TargetKind.KEEP_BELOW, 0.2))
PROJECT = Project(
    folder=Path(),
    settings=Settings("Test", timezone="Europe/Warsaw"),
    tables={},
    metrics={},
    people={},
    strategy={},
    goals={},
    segments={},
    sources={},
    actions={},
    kpis={"returns": RETURNS},
    calendar=Calendar(),
)


def drawn(*rows: Mapping[str, object], changed: frozenset[str] = frozenset()) -> str:
    kept = Reported(DAY, datetime(2026, 11, 22, 23, 53, tzinfo=UTC), None, rows, {}, {})
    screen = Console(file=io.StringIO(), width=100, record=True)
    known = Known(DAY, kept, None, changed)
    screen.print(known_page(known, PROJECT, ZoneInfo("Europe/Warsaw"), ENGLISH, 100))
    return screen.export_text()


def row(kpi: str, target: object) -> dict[str, object]:
    return {"kpi": kpi, "label": kpi, "unit": "percent", "value": 0.1, "target": target, "status": "met"}


def test_the_moment_is_one_of_the_projects_zone() -> None:
    assert "kept in the journal on 23 Nov 2026, 00:53" in drawn()


def test_a_limit_has_its_sign_where_the_plan_still_says_which_it_is() -> None:
    assert "≤ 20%" in drawn(row("returns", 0.2))
    assert "≤" not in drawn(row("returns", 0.2), changed=frozenset({"returns"}))
    assert "≤" not in drawn(row("gone", 0.2))
    assert "10% – 20%" in drawn(row("returns", {"low": 0.1, "high": 0.2}))


def test_a_limit_keeps_its_sign_though_the_plan_is_another_by_now() -> None:
    kept = {**row("returns", 0.2), "target_kind": "keep_below"}
    assert "≤ 20%" in drawn(kept, changed=frozenset({"returns"}))
    other = {**row("gone", 0.6), "target_kind": "keep_above"}
    assert "≥ 60%" in drawn(other)
    assert "≤" not in drawn({**row("returns", 0.2), "target_kind": "of another release"})
