"""What was known on a day, as it is laid out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from kurs.ledger.known import Known
from kurs.ledger.reported import Reported
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.report.known import known_page
from kurs.words import language


def test_the_moment_is_one_of_the_projects_zone() -> None:
    kept = Reported(date(2026, 11, 20), datetime(2026, 11, 22, 23, 53, tzinfo=UTC), None, (), {}, {})
    project = Project(
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
        kpis={},
        calendar=Calendar(),
    )
    english, screen = language("en"), Console(width=100, record=True)
    known = Known(date(2026, 11, 20), kept, None)
    screen.print(known_page(known, project, ZoneInfo("Europe/Warsaw"), english, 100))
    assert "kept in the journal on 23 Nov 2026, 00:53" in screen.export_text()
