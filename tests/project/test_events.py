"""Events as a plan writes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.model.days import Days
from kurs.model.events import Event
from kurs.model.feasts import Feast, Rule
from kurs.model.text import Text
from kurs.project import read

if TYPE_CHECKING:
    from pathlib import Path

SALE = Days(date(2026, 4, 7), date(2026, 4, 13))
LABEL = Text((("en", "Sale"), ("sv", "Rea")))


@pytest.mark.parametrize(
    ("written", "event"),
    [
        ("{from: 2026-04-07, to: 2026-04-13}", Event("e", (SALE,))),
        ("{from: 2026-04-07, to: 2026-04-13, label: {en: Sale, sv: Rea}}", Event("e", (SALE,), LABEL)),
        (
            "{days: [2026-05-01, {from: 2026-04-07, to: 2026-04-13}], label: Sale}",
            Event("e", (SALE, Days(date(2026, 5, 1), date(2026, 5, 1))), Text.plain("Sale")),
        ),
        ("{rule: black_week}", Event("e", rule=Rule(Feast.BLACK_WEEK))),
        (
            "{rule: easter, days_before: 7, days_after: 1, label: {en: Sale, sv: Rea}}",
            Event("e", label=LABEL, rule=Rule(Feast.EASTER, 7, 1)),
        ),
    ],
)
def test_events(tmp_path: Path, written: str, event: Event) -> None:
    assert read_event(tmp_path, written) == (event, [])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{rule: blackweek}", "unknown_choice"),
        ("{rule: easter, days_before: 300}", "bad_whole_number"),
        ("{rule: easter, days: [2026-04-01]}", "several_forms"),
        ("{label: Sale}", "missing_key"),
        ("{rule: easter, weeks: 2}", "unknown_key"),
        ("{days: [2026-04-01, 2026-04-01]}", "events_overlap"),
    ],
)
def test_what_is_wrong(tmp_path: Path, written: str, code: str) -> None:
    assert code in read_event(tmp_path, written)[1]


@pytest.mark.parametrize("country", ["SE", "DE-BY", "US-CA", "NO"])
def test_countries_and_their_parts(tmp_path: Path, country: str) -> None:
    (tmp_path / "kurs.yaml").write_text(
        f"project: {{name: T}}\ncalendar: {{countries: [{country}]}}\n", "utf-8"
    )
    draft = read(tmp_path)
    assert draft.problems == ()
    assert draft.required().calendar.countries == (country,)


@pytest.mark.parametrize("country", ["XX", "de", "DE-", "DE-BY-X"])
def test_what_is_no_country(tmp_path: Path, country: str) -> None:
    (tmp_path / "kurs.yaml").write_text(
        f"project: {{name: T}}\ncalendar: {{countries: [{country}]}}\n", "utf-8"
    )
    assert [problem.code for problem in read(tmp_path).problems] == ["unknown_country"]


def read_event(folder: Path, written: str) -> tuple[Event | None, list[str]]:
    (folder / "kurs.yaml").write_text(
        f"project: {{name: T}}\ncalendar: {{events: {{e: {written}}}}}\n", "utf-8"
    )
    draft = read(folder)
    found = draft.project.calendar.event("e") if draft.project is not None else None
    return found, [problem.code for problem in draft.problems]
