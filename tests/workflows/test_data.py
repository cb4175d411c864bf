"""What data there is: after real loads of real files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.model.days import Days
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import Account, FilesAre, Rejects, Source, SourceColumn
from kurs.workflows.data import data
from kurs.workflows.load import load

if TYPE_CHECKING:
    from pathlib import Path

ADS = Source(
    "ads",
    "ads",
    ("ads_*.csv",),
    window="date",
    files_are=FilesAre.RESTATEMENTS,
    columns=(SourceColumn("cost", "cost", "decimal"),),
    account=Account("123"),
    restates_days=3,
    max_rejects=Rejects(count=5),
)
CRM = Source("crm", "leads", ("crm.csv",))
TODAY = date(2026, 1, 10)


def project(folder: Path, *sources: Source) -> Project:
    empty: dict[str, object] = {
        key: {} for key in ("tables", "metrics", "people", "strategy", "goals", "segments", "actions", "kpis")
    }
    named = {source.key: source for source in sources}
    return Project(folder, Settings("Test"), calendar=Calendar(), sources=named, **empty)  # type: ignore[arg-type]


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("date,cost\n" + "".join(f"{line}\n" for line in lines), "utf-8")


def test_nothing_is_loaded_yet(tmp_path: Path) -> None:
    found = data(project(tmp_path, ADS, CRM), TODAY)
    assert [(s.source, s.table, s.account, s.last, s.days_late) for s in found.sources] == [
        ("ads", "ads", "123", None, None),
        ("crm", "leads", "", None, None),
    ]
    assert (found.tables, found.loads) == ((), ())


def test_gaps_lateness_and_what_may_change(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", "2026-01-01,1", "2026-01-02,2")
    write(tmp_path, "ads_2.csv", "2026-01-05,5", "2026-01-06,oops", "2026-01-07,7")
    plan = project(tmp_path, ADS)
    load(plan)
    (source,) = data(plan, TODAY).sources
    assert source.covered == (
        Days(date(2026, 1, 1), date(2026, 1, 2)),
        Days(date(2026, 1, 5), date(2026, 1, 7)),
    )
    assert source.gaps == (Days(date(2026, 1, 3), date(2026, 1, 4)),)
    assert (source.days_late, source.provisional_from) == (3, date(2026, 1, 5))
    assert (source.rows_rejected, source.loads) == (1, 1)
    assert data(plan, date(2026, 1, 6)).sources[0].days_late == 0
    write(tmp_path, "ads_3.csv", "2026-01-03,3", "2026-01-04,4")
    load(plan)
    assert data(plan, TODAY).sources[0].gaps == ()


def test_the_last_loads_come_first_with_what_they_restated(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", "2026-01-01,1", "2026-01-02,2")
    write(tmp_path, "crm.csv", "2026-01-01,1")
    plan = project(tmp_path, ADS, CRM)
    load(plan)
    write(tmp_path, "ads_2.csv", "2026-01-02,20")
    load(plan)
    found = data(plan, TODAY)
    assert [(done.table, done.version) for done in found.loads][-3:].count(("ads", 1)) == 1
    last = next(source for source in found.sources if source.source == "ads").last
    assert last is not None
    assert (last.version, last.record.before.sums["cost"], last.record.after.sums["cost"]) == (1, 2, 20)
    ads, leads = found.tables
    assert (ads.table, ads.rows, ads.version, ads.versions, ads.columns) == ("ads", 2, 1, 2, 2)
    assert (leads.table, leads.rows, leads.versions) == ("leads", 1, 1)
    assert 0 < ads.bytes < ads.bytes_on_disk


def test_a_source_that_left_the_plan_is_still_told(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", "2026-01-01,1")
    load(project(tmp_path, ADS))
    found = data(project(tmp_path, CRM), TODAY)
    assert [(source.source, source.in_plan) for source in found.sources] == [("crm", True), ("ads", False)]


@pytest.mark.parametrize("account", ["456", "123"])
def test_two_sources_in_one_table(tmp_path: Path, account: str) -> None:
    write(tmp_path, "ads_1.csv", "2026-01-01,1")
    write(tmp_path, "more.csv", "2026-01-03,1")
    more = replace(ADS, key="more", files=("more.csv",), account=Account(account))
    plan = project(tmp_path, ADS, more)
    load(plan)
    found = data(plan, TODAY)
    assert [(s.source, s.account, s.days_late) for s in found.sources] == [
        ("ads", "123", 9),
        ("more", account, 7),
    ]
    assert found.tables[0].rows == 2
