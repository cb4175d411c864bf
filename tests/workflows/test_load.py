"""Loading end to end: real files, a real lake, read back by DuckDB."""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.model.days import Days
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import Account, FilesAre, Keep, Rejects, Source, SourceColumn
from kurs.model.table import Table
from kurs.problems import Problem, SourceError, UsageError
from kurs.workflows.load import Loaded, load
from kurs.workflows.opening import open_lake

if TYPE_CHECKING:
    from pathlib import Path

ADS = Source(
    key="ads",
    into="ads",
    files=("ads_*.csv",),
    unique_key=("date", "campaign"),
    window="date",
    files_are=FilesAre.RESTATEMENTS,
    account=Account("123", "Europe/Stockholm", "SEK"),
    restates_days=30,
)


def project(folder: Path, *sources: Source, **tables: Table) -> Project:
    return Project(
        folder=folder,
        settings=Settings("Test", timezone="Europe/Stockholm"),
        tables=tables,
        metrics={},
        people={},
        strategy={},
        goals={},
        segments={},
        sources={source.key: source for source in sources},
        actions={},
        kpis={},
        calendar=Calendar(),
    )


def rows(folder: Path, sql: str, table: str = "ads") -> list[tuple[object, ...]]:
    snapshot = open_lake(project(folder)).open(table)
    assert snapshot is not None
    return duckdb.sql(sql.replace("TABLE", f"({snapshot.sql()})")).fetchall()


def one(folder: Path, source: Source, days: Days | None = None, *, full: bool = False) -> Loaded:
    (loaded,) = load(project(folder, source), days=days, full=full)
    return loaded


def problems(folder: Path, *sources: Source, days: Days | None = None) -> list[Problem]:
    with pytest.raises(SourceError) as failed:
        load(project(folder, *sources), days=days)
    return list(failed.value.problems)


def codes(folder: Path, *sources: Source, days: Days | None = None) -> list[str]:
    return [problem.code for problem in problems(folder, *sources, days=days)]


def write(folder: Path, name: str, *lines: str, encoding: str = "utf-8") -> None:
    (folder / name).write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))


ALL = "SELECT date::text, campaign, cost FROM TABLE ORDER BY ALL"
HEADER = "date,campaign,cost"


def test_a_restated_window_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10", "2026-01-02,a,2.20", "2026-01-02,gone,5.00")
    first = one(tmp_path, ADS)
    assert (first.rows_loaded, first.before.rows, first.after.sums["cost"]) == (3, 0, Decimal("8.30"))
    assert first.window == Days(date(2026, 1, 1), date(2026, 1, 2))
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,2.50", "2026-01-03,a,3.00")
    second = one(tmp_path, ADS)
    assert (second.files, second.skipped_files) == (("ads_2.csv",), ("ads_1.csv",))
    assert second.before.sums["cost"] == Decimal("7.20")
    assert rows(tmp_path, ALL) == [
        ("2026-01-01", "a", Decimal("1.10")),
        ("2026-01-02", "a", Decimal("2.50")),
        ("2026-01-03", "a", Decimal("3.00")),
    ]
    (covered,) = open_lake(project(tmp_path)).facts("ads").covered
    assert covered.days == (Days(date(2026, 1, 1), date(2026, 1, 3)),)
    assert (covered.account, covered.restates_days) == ("123", 30)


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10")
    first = one(tmp_path, ADS)
    facts = open_lake(project(tmp_path)).facts("ads")
    again = one(tmp_path, ADS)
    assert (again.files, again.skipped_files) == ((), ("ads_1.csv",))
    assert again.version == first.version
    assert open_lake(project(tmp_path)).facts("ads") == facts


def test_an_earlier_file_that_changed_does_not_beat_a_later_one(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1", "2026-01-02,a,2")
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,20", "2026-01-03,a,30")
    one(tmp_path, ADS)
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,7", "2026-01-02,a,8", "2026-01-03,a,9")
    assert one(tmp_path, ADS).files == ("ads_1.csv", "ads_2.csv")
    assert [row[2] for row in rows(tmp_path, ALL)] == [7, 20, 30]


def test_a_file_that_left_the_folder_leaves_its_rows_until_a_full_load(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, ADS)
    (tmp_path / "ads_1.csv").unlink()
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,2")
    one(tmp_path, ADS)
    assert len(rows(tmp_path, ALL)) == 2
    assert one(tmp_path, ADS, full=True).before.rows == 2
    assert len(rows(tmp_path, ALL)) == 1
    (covered,) = open_lake(project(tmp_path)).facts("ads").covered
    assert covered.days == (Days(date(2026, 1, 2), date(2026, 1, 2)),)


def test_overlapping_files_need_a_word_about_them(tmp_path: Path) -> None:
    unsaid = replace(ADS, files_are=None)
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1", "2026-01-02,a,2")
    one(tmp_path, unsaid)
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,20", "2026-01-03,a,30")
    (problem,) = problems(tmp_path, unsaid)  # one of the two is in the lake already
    assert problem.code == "overlapping_files"
    assert problem.values["files"] == ("ads_1.csv", "ads_2.csv")
    assert problem.values["total"] == ("cost 2",)
    assert problem.values["other_total"] == ("cost 20",)
    assert len(rows(tmp_path, ALL)) == 2


def test_new_days_need_no_word(tmp_path: Path) -> None:
    unsaid = replace(ADS, files_are=None)
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, unsaid)
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,2")
    assert one(tmp_path, unsaid).files == ("ads_2.csv",)
    assert len(rows(tmp_path, ALL)) == 2


def test_parts_are_read_as_one(tmp_path: Path) -> None:
    parts = replace(ADS, files_are=FilesAre.PARTS)
    write(tmp_path, "ads_a.csv", HEADER, "2026-01-01,a,1", "2026-01-02,a,2")
    write(tmp_path, "ads_b.csv", HEADER, "2026-01-02,b,20")
    one(tmp_path, parts)
    assert len(rows(tmp_path, ALL)) == 3
    write(tmp_path, "ads_b.csv", HEADER, "2026-01-02,a,20")
    (problem,) = problems(tmp_path, parts)
    assert problem.code == "key_not_unique"
    write(tmp_path, "ads_b.csv", HEADER, "2026-01-02,c,20")
    assert one(tmp_path, parts).files == ("ads_a.csv", "ads_b.csv")
    (tmp_path / "ads_b.csv").unlink()
    one(tmp_path, parts)
    assert [row[1] for row in rows(tmp_path, ALL)] == ["a", "a"]
    assert one(tmp_path, parts).files == ()


def test_the_same_day_may_not_hold_a_key_twice(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1", "2026-01-02,b,1", "2026-01-01,a,5")
    (problem,) = problems(tmp_path, ADS)
    assert problem.code == "key_not_unique"
    assert problem.values["examples"] == ("2026-01-01 · a (2: ads_1.csv:2, ads_1.csv:4)",)


def test_a_key_has_no_nulls(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1", "2026-01-02,,1")
    (problem,) = problems(tmp_path, ADS)
    assert (problem.code, problem.values["row"]) == ("key_is_null", 3)


def test_a_row_that_cannot_be_typed_leaves_the_lake_as_it_was(tmp_path: Path) -> None:
    source = replace(ADS, columns=(SourceColumn("cost", "cost", "decimal"),))
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10")
    version = one(tmp_path, source).version
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,2", '2026-01-03,"x', 'y",1', "2026-01-04,a,n/a")
    (problem,) = problems(tmp_path, source)
    expected = {"file": "ads_2.csv", "row": 4, "column": "cost", "value": "n/a", "type": "decimal(18,6)"}
    assert problem.code == "untypable"
    assert {name: problem.values[name] for name in expected} == expected
    snapshot = open_lake(project(tmp_path)).open("ads")
    assert snapshot is not None
    assert snapshot.version == version


def test_rejects_that_are_allowed_are_kept_and_counted(tmp_path: Path) -> None:
    source = replace(ADS, columns=(SourceColumn("cost", "cost", "decimal"),), max_rejects=Rejects(share=0.5))
    write(
        tmp_path,
        "ads_1.csv",
        HEADER,
        "2026-01-01,a,1.10",
        "2026-01-02,a,oops",
        "2026-01-03,a",
        "2026-01-04,a,4",
    )
    loaded = one(tmp_path, source)
    assert (loaded.rows_read, loaded.rows_loaded, loaded.rows_rejected) == (4, 2, 2)
    assert open_lake(project(tmp_path)).facts("ads").covered[0].rejected_rows == 2
    kept = (tmp_path / ".kurs" / "rejects" / "ads.csv").read_text("utf-8")
    assert "ads_1.csv,3,cost,oops" in kept
    assert "ads_1.csv,4," in kept
    more = replace(source, max_rejects=Rejects(count=1))
    assert codes(tmp_path, more) == ["ragged_row", "untypable"]


def test_the_good_sources_stay_loaded_when_one_fails(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10")
    write(tmp_path, "crm.csv", "id", "1", "1")
    crm = Source("crm", "leads", ("crm.csv",), unique_key=("id",))
    found = problems(tmp_path, crm, ADS)
    assert [problem.code for problem in found] == ["key_not_unique", "sources_loaded"]
    assert found[1].values["sources"] == ("ads",)
    assert len(rows(tmp_path, ALL)) == 1


def test_a_back_fill_replaces_its_days_and_no_others(tmp_path: Path) -> None:
    write(
        tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1", "2026-01-02,a,2", "2026-01-02,b,2", "2026-01-03,a,3"
    )
    one(tmp_path, ADS)
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,100", "2026-01-02,a,200", "2026-01-03,a,300")
    day = Days(date(2026, 1, 2), date(2026, 1, 2))
    loaded = one(tmp_path, ADS, days=day)
    assert (loaded.window, loaded.before.rows, loaded.after.rows) == (day, 2, 1)
    assert [row[2] for row in rows(tmp_path, ALL)] == [1, 200, 3]
    assert one(tmp_path, ADS).files == ("ads_1.csv",)  # the rest of the changed file is still to come
    assert [row[2] for row in rows(tmp_path, ALL)] == [100, 200, 300]


def test_a_back_fill_needs_a_window(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    day = Days(date(2026, 1, 1), date(2026, 1, 1))
    assert codes(tmp_path, replace(ADS, window=None), days=day) == ["window_needed"]


def test_without_a_window_the_whole_content_is_replaced(tmp_path: Path) -> None:
    source = Source("crm", "leads", ("crm.csv",), unique_key=("id",))
    plan = {"leads": Table("leads", relation="leads", time="created")}
    write(tmp_path, "crm.csv", "id,created", "1,2026-01-01", "2,2026-01-05")
    load(project(tmp_path, source, **plan))
    (covered,) = open_lake(project(tmp_path)).facts("leads").covered
    assert covered.days == (Days(date(2026, 1, 1), date(2026, 1, 5)),)
    write(tmp_path, "crm.csv", "id,created", "2,2026-01-05")
    (loaded,) = load(project(tmp_path, source, **plan))
    assert (loaded.window, loaded.before.rows, loaded.after.rows) == (None, 2, 1)
    assert rows(tmp_path, "SELECT id FROM TABLE", "leads") == [(2,)]
    write(tmp_path, "crm.csv", "id,created")
    assert codes(tmp_path, source) == ["no_rows"]


def test_an_empty_export_of_a_window_is_taken_note_of(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, ADS)
    write(tmp_path, "ads_2.csv", HEADER)
    assert one(tmp_path, ADS).files == ("ads_2.csv",)
    assert one(tmp_path, ADS).files == ()
    assert len(rows(tmp_path, ALL)) == 1


def test_several_sources_share_a_table(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.5")
    write(tmp_path, "social.csv", "date,campaign,cost,reach", "2026-01-01,b,2,17")
    social = Source("social", "ads", ("social.csv",), window="date", account=Account("9"))
    first, second = load(project(tmp_path, ADS, social))
    assert (first.version, second.version) == (0, 1)
    assert rows(tmp_path, "SELECT _source, cost, reach FROM TABLE ORDER BY 1") == [
        ("ads", Decimal("1.5"), None),
        ("social", Decimal(2), 17),
    ]
    assert {c.account for c in open_lake(project(tmp_path)).facts("ads").covered} == {"123", "9"}


def test_a_column_keeps_its_type_or_the_load_fails(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, ADS)
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-02,a,1.50")
    (problem,) = problems(tmp_path, ADS)
    assert (problem.code, problem.values["was"], problem.values["row"]) == ("type_changed", "int", 2)
    stated = replace(ADS, columns=(SourceColumn("cost", "cost", "decimal"),))
    (problem,) = problems(tmp_path, stated)
    assert (problem.values["was"], problem.values["now"]) == ("int", "decimal(18,6)")
    one(tmp_path, stated, full=True)
    assert [row[2] for row in rows(tmp_path, ALL)] == [Decimal(1), Decimal("1.5")]


def test_a_column_without_a_value_has_no_type_yet(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", "date,campaign,cost,bonus", "2026-01-01,a,1,")
    one(tmp_path, ADS)
    assert open_lake(project(tmp_path)).facts("ads").columns["bonus"] == "text"
    assert rows(tmp_path, "SELECT bonus FROM TABLE") == [(None,)]
    write(tmp_path, "ads_2.csv", "date,campaign,cost,bonus", "2026-01-02,a,1,2.50")
    one(tmp_path, ADS)
    assert open_lake(project(tmp_path)).facts("ads").columns["bonus"] == "decimal"
    assert rows(tmp_path, "SELECT bonus FROM TABLE ORDER BY date") == [(None,), (Decimal("2.5"),)]


def test_another_account_under_the_same_name_would_count_twice(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, ADS)
    renamed = replace(ADS, account=Account("456"))
    assert codes(tmp_path, renamed) == ["account_changed"]
    one(tmp_path, renamed, full=True)
    assert rows(tmp_path, "SELECT _account FROM TABLE") == [("456",)]
    assert [c.account for c in open_lake(project(tmp_path)).facts("ads").covered] == ["456"]
    assert one(tmp_path, renamed).files == ()


def test_a_lost_lake_is_loaded_again(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    one(tmp_path, ADS)
    version = open_lake(project(tmp_path)).facts("ads").version
    shutil.rmtree(tmp_path / ".kurs")
    assert one(tmp_path, ADS).files == ("ads_1.csv",)
    assert open_lake(project(tmp_path)).facts("ads").version != version


def test_the_window_of_moments_is_days_of_the_accounts_zone(tmp_path: Path) -> None:
    source = Source("web", "web", ("web_*.csv",), window="at", files_are=FilesAre.RESTATEMENTS)
    write(tmp_path, "web_1.csv", "at,n", "2026-06-01T21:59:00Z,1", "2026-06-01T22:01:00Z,2")
    loaded = one(tmp_path, source)
    assert loaded.window == Days(date(2026, 6, 1), date(2026, 6, 2))  # 22:00 UTC is midnight in Stockholm
    write(tmp_path, "web_2.csv", "at,n", "2026-06-01T22:30:00Z,20")
    one(tmp_path, source)
    assert rows(tmp_path, "SELECT n FROM TABLE ORDER BY 1", "web") == [(1,), (20,)]


def test_personal_data_is_hashed_or_dropped(tmp_path: Path) -> None:
    columns = (
        SourceColumn("Mail", "mail", keep=Keep.HASHED),
        SourceColumn("Phone", "phone", keep=Keep.DROPPED),
    )
    write(tmp_path, "crm.csv", "id,Mail,Phone", "1, Ann@Example.com ,555", "2,,556", "3,ann@example.com,557")
    one(tmp_path, Source("crm", "crm", ("crm.csv",), columns=columns))
    key = (tmp_path / ".kurs-private" / "hash-key").read_bytes().strip()
    digest = hmac.new(key, b"ann@example.com", hashlib.sha256).hexdigest()
    assert rows(tmp_path, "SELECT mail FROM TABLE ORDER BY id", "crm") == [(digest,), (None,), (digest,)]
    assert (tmp_path / ".kurs-private" / ".gitignore").read_text("utf-8") == "*\n"
    assert "phone" not in open_lake(project(tmp_path)).facts("crm").columns
    assert not any(b"555" in p.read_bytes() for p in (tmp_path / ".kurs").rglob("*.parquet"))


def test_an_unknown_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as failed:
        load(project(tmp_path, ADS), only=["adds"])
    assert failed.value.problems[0].values["suggestion"] == ("ads",)


def test_a_missing_file_names_its_neighbour(tmp_path: Path) -> None:
    write(tmp_path, "ad_1.csv", HEADER, "2026-01-01,a,1")
    (problem,) = problems(tmp_path, replace(ADS, files=("ads_1.csv",)))
    assert (problem.code, problem.values["suggestion"]) == ("source_file_missing", ("ad_1.csv",))


def test_a_link_may_not_lead_out_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, "secret.csv", HEADER, "2026-01-01,a,1")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "ads_1.csv").symlink_to(tmp_path / "secret.csv")
    assert codes(inside, ADS) == ["outside_project"]
    assert codes(inside, replace(ADS, files=("../secret.csv",))) == ["outside_project"]


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, object]] = []

    class Watcher:
        def started(self, source: str, total_bytes: int) -> None:
            told.append((source, total_bytes))

        def advanced(self, read_bytes: int) -> None:
            told.append(("read", read_bytes))

        def finished(self) -> None:
            told.append(("finished", None))

    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1")
    size = (tmp_path / "ads_1.csv").stat().st_size
    load(project(tmp_path, ADS), progress=Watcher())
    assert told[0] == ("ads", size)
    assert sum(n for what, n in told if what == "read" and isinstance(n, int)) == size
    assert told[-1] == ("finished", None)


def test_rejects_are_those_of_loads_that_are_in(tmp_path: Path) -> None:
    source = replace(ADS, columns=(SourceColumn("cost", "cost", "decimal"),), max_rejects=Rejects(count=1))
    kept = tmp_path / ".kurs" / "rejects" / "ads.csv"
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10", "2026-01-02,a,oops")
    one(tmp_path, source)
    assert "oops" in kept.read_text("utf-8")
    write(tmp_path, "ads_2.csv", HEADER, "2026-01-03,a,1", "2026-01-03,a,2", "2026-01-04,a,other")
    assert codes(tmp_path, source) == ["key_not_unique"]
    assert "oops" in kept.read_text("utf-8")
    assert "other" not in kept.read_text("utf-8")
    assert list((tmp_path / ".kurs" / "scratch").glob("*")) == []
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10")
    (tmp_path / "ads_2.csv").unlink()
    one(tmp_path, source, full=True)
    assert not kept.exists()


def test_what_a_killed_load_left_goes_after_a_day(tmp_path: Path) -> None:
    left, at_work = (tmp_path / ".kurs" / "scratch" / name for name in ("left", "at_work"))
    for room in (left, at_work):
        room.mkdir(parents=True)
        (room / "spilled").write_text("ann@example.com", "utf-8")
    for path in (left, left / "spilled", at_work):
        os.utime(path, (0, 0))
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.10")
    one(tmp_path, ADS)
    assert (left.exists(), at_work.exists()) == (False, True)


def test_many_loads_leave_few_files_and_old_versions_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(project(tmp_path))
    for number in range(1, 33):
        days = (f"2026-{1 + number // 29:02d}-{1 + number % 28:02d}",)
        write(tmp_path, f"ads_{number:02d}.csv", HEADER, *(f"{day},a,{number}" for day in days))
        one(tmp_path, ADS)
    snapshot = lake.open("ads")
    assert snapshot is not None
    assert len(snapshot.files) < 5
    assert len(rows(tmp_path, ALL)) == 32
    assert one(tmp_path, ADS).files == ()  # the log still tells what is in
    assert len(list((lake.root / "ads").glob("*.parquet"))) > 30  # young versions can be read
    refuse = OSError(30, "Read-only file system")
    monkeypatch.setattr("kurs.lake.upkeep.vacuum", lambda *_: (_ for _ in ()).throw(refuse))
    loaded = one(tmp_path, ADS, full=True)
    assert [(w.code, w.values["reason"]) for w in loaded.warnings if w.code == "not_tidied"] == [
        ("not_tidied", "Read-only file system")
    ]


CRM = Source("crm", "crm", ("crm.csv",), columns=(SourceColumn("mail", "mail", keep=Keep.HASHED),))
SHOP = Source("shop", "shop", ("shop.csv",), columns=(SourceColumn("who", "who", keep=Keep.HASHED),))


def test_one_person_has_one_hash_in_all_sources_and_after_a_rebuild(tmp_path: Path) -> None:
    write(tmp_path, "crm.csv", "id,mail", "1,ann@example.com")
    write(tmp_path, "shop.csv", "day,who", "2026-01-01, ANN@example.com")
    load(project(tmp_path, CRM, SHOP))
    (crm,) = rows(tmp_path, "SELECT mail FROM TABLE", "crm")
    assert rows(tmp_path, "SELECT who FROM TABLE", "shop") == [crm]
    shutil.rmtree(tmp_path / ".kurs")
    one(tmp_path, CRM)
    assert rows(tmp_path, "SELECT mail FROM TABLE", "crm") == [crm]


def test_another_key_is_refused_until_all_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "crm.csv", "id,mail", "1,ann@example.com")
    one(tmp_path, CRM)
    before = rows(tmp_path, "SELECT mail FROM TABLE", "crm")
    monkeypatch.setenv("KURS_HASH_KEY", "too short")
    assert codes(tmp_path, CRM) == ["bad_hash_key"]
    monkeypatch.setenv("KURS_HASH_KEY", "a key of sixteen characters or more")
    write(tmp_path, "crm.csv", "id,mail", "1,ann@example.com", "2,")
    assert codes(tmp_path, CRM) == ["hash_key_changed"]
    one(tmp_path, CRM, full=True)
    assert rows(tmp_path, "SELECT mail FROM TABLE WHERE id = 1", "crm") != before
    write(tmp_path, "crm.csv", "id,mail", "1,ann@example.com")
    assert one(tmp_path, CRM).files == ("crm.csv",)


@pytest.mark.parametrize("keep", [Keep.HASHED, Keep.DROPPED])
def test_what_came_in_plain_does_not_stay_beside_what_is_protected(tmp_path: Path, keep: Keep) -> None:
    source = replace(ADS, columns=(SourceColumn("mail", "mail"),))
    write(tmp_path, "ads_1.csv", f"{HEADER},mail", "2026-01-01,a,1,ann@example.com")
    one(tmp_path, source)
    (tmp_path / "ads_1.csv").unlink()
    write(tmp_path, "ads_2.csv", f"{HEADER},mail", "2026-01-02,a,1,bob@example.com")
    protected = replace(ADS, columns=(SourceColumn("mail", "mail", keep=keep),))
    assert codes(tmp_path, protected) == ["keep_changed"]
    one(tmp_path, protected, full=True)
    assert one(tmp_path, protected).files == ()
    assert len(rows(tmp_path, ALL)) == 1


def test_rejects_hold_nothing_that_is_to_be_protected(tmp_path: Path) -> None:
    source = replace(CRM, max_rejects=Rejects(count=1))
    write(tmp_path, "crm.csv", "id,mail", "1,ann@example.com", "2,bob@example.com,3")
    assert one(tmp_path, source).rows_rejected == 1
    left = [path for path in (tmp_path / ".kurs").rglob("*") if path.is_file()]
    assert any("rejects" in path.parts for path in left)
    assert not any(b"@example.com" in path.read_bytes() for path in left)


def test_a_source_that_left_the_plan_is_told_and_pruned_when_asked(tmp_path: Path) -> None:
    write(tmp_path, "ads_1.csv", HEADER, "2026-01-01,a,1.5", "2026-01-02,a,2")
    one(tmp_path, ADS)
    renamed = replace(ADS, key="google")
    (first,) = load(project(tmp_path, renamed))
    assert [(w.code, w.values["source"]) for w in first.warnings] == [("source_gone", "ads")]
    assert len(rows(tmp_path, ALL)) == 4
    again, pruned = load(project(tmp_path, renamed), pruning=True)
    assert (again.warnings, pruned.source) == ((), "ads")
    assert (pruned.before.rows, pruned.before.sums, pruned.after.rows) == (2, {"cost": Decimal("3.5")}, 0)
    assert rows(tmp_path, "SELECT DISTINCT _source FROM TABLE") == [("google",)]
    assert [c.source for c in open_lake(project(tmp_path)).facts("ads").covered] == ["google"]
    assert len(load(project(tmp_path, renamed), pruning=True)) == 1
    elsewhere = replace(renamed, into="campaigns")
    (moved,) = load(project(tmp_path, elsewhere))
    assert [(w.code, w.values["table"]) for w in moved.warnings] == [("source_gone", "ads")]
    one(tmp_path, ADS)  # it may come back
    assert len(rows(tmp_path, "SELECT * FROM TABLE WHERE _source = 'ads'")) == 2


def test_what_looks_personal_is_doubted_until_it_is_decided(tmp_path: Path) -> None:
    write(
        tmp_path,
        "crm.csv",
        "id,contact,Phone,last_name",
        "1,ann@example.com,070 1,Ek",
        "2,bob@b.se,070 2,Alm",
    )
    source = Source("crm", "crm", ("crm.csv",))
    warned = [(w.code, w.values["column"], w.values["keep"]) for w in one(tmp_path, source).warnings]
    assert warned == [
        ("personal_data", "contact", "hashed"),
        ("personal_data", "Phone", "hashed"),
        ("personal_data", "last_name", "dropped"),
    ]
    columns = tuple(
        SourceColumn(name, name.lower(), decided=True) for name in ("contact", "Phone", "last_name")
    )
    assert one(tmp_path, replace(source, columns=columns)).warnings == ()


def test_currencies_that_the_plan_converts_are_no_doubt(tmp_path: Path) -> None:
    lines = ("day,currency,amount,tax", "2026-01-01,SEK,10.50,1.5", "2026-01-02,EUR,2.5,0.5")
    (tmp_path / "it.csv").write_text("\n".join(lines) + "\n", "utf-8")
    source = Source(key="it", into="it", files=("it.csv",), window="day")

    def told(*amounts: str, currency: str | None = None) -> list[object]:
        table = Table("it", relation="it", amounts=amounts, currency=currency)
        (loaded,) = load(project(tmp_path, source, it=table), full=True)
        doubts = [said for said in loaded.warnings if said.code == "mixed_currencies"]
        return [said.values["amounts"] for said in doubts]

    assert told() == [("amount", "tax")]
    assert told("amount", currency="currency") == [("tax",)]
    assert told("amount", "tax", currency="currency") == []
    assert told("amount", "tax", currency="EUR") == [("amount", "tax")]
    assert told("amount", "tax") == [("amount", "tax")]
