"""How the loads of a source went: by days, since who mends a file tries often on one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from audit.plans import audited
from kurs.audit.cost import Loads, loads_of
from kurs.audit.measurable import loads_rare
from kurs.audit.subject import Measured, Subject
from kurs.lake.attempts import Attempt
from kurs.lake.record import LoadRecord
from kurs.model.days import Days
from kurs.project import read

if TYPE_CHECKING:
    from pathlib import Path

MONDAY = date(2026, 1, 5)


def tried(outcomes: str, source: str = "ads") -> list[Attempt]:
    """One load a day: ``x`` failed, ``.`` did not."""
    return [
        Attempt(source, f"{MONDAY + timedelta(days=n)}T08:00:00+00:00", "no_rows" if how == "x" else None)
        for n, how in enumerate(outcomes)
    ]


def loaded(*days: int, until: int | None = None) -> list[LoadRecord]:
    """Loads on these days after the first Monday, each with data until that day."""
    return [
        LoadRecord(
            str(n), "ads", "", f"{MONDAY + timedelta(days=n)}T08:00:00+00:00", "",
            covered=(Days(MONDAY, MONDAY + timedelta(days=n if until is None else until)),),
        )
        for n in days
    ]  # fmt: skip


def test_the_last_ten_days_with_loads_count() -> None:
    assert loads_of("ads", (), ()) == Loads("ads")
    assert loads_of("ads", (), tried("xxx..........")) == Loads("ads", 10, 0, False)
    assert loads_of("ads", (), tried("x..x.x..")) == Loads("ads", 8, 3, False)
    assert loads_of("ads", (), tried("...x")) == Loads("ads", 4, 1, True)
    assert loads_of("ads", (), tried("xxx", "mail")) == Loads("ads")


def test_of_a_day_the_last_load_counts() -> None:
    again = [*tried("x"), Attempt("ads", f"{MONDAY}T09:00:00+00:00")]
    assert loads_of("ads", (), again) == Loads("ads", 1, 0, False)


def test_who_looks_more_often_than_new_days_come(tmp_path: Path) -> None:
    audited(tmp_path)
    project = read(tmp_path).required()
    nothing = cast("Any", None)
    measured = Measured(nothing, nothing, loads=(Loads("ads", every=30.0), Loads("mail", every=7.0)))

    def found(kpi: str) -> object:
        subject = Subject(project, project.kpis[kpi], Days(MONDAY, MONDAY), MONDAY, measured)
        return loads_rare.judge(subject)

    assert found("kept") == {"sources": ["ads"], "every": 30.0, "review": 7}  # reviewed every week
    assert found("sold") is None  # every month


def test_how_often_new_days_come() -> None:
    assert loads_of("ads", loaded(0, 7, 14, 28), ()).every == 7
    assert loads_of("ads", loaded(0, 7, 14), ()).every is None  # of two steps nothing is told
    assert loads_of("ads", [*loaded(0, 30, 61, 91), *loaded(92, 93, until=91)], ()).every == 30
