"""Forgetting a person: nothing that kurs has stored tells of them, and the next load brings nobody back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.lake import forgetting
from kurs.model.events import Calendar
from kurs.model.project import Project, Settings
from kurs.model.source import FilesAre, Keep, Rejects, Source, SourceColumn
from kurs.problems import UsageError
from kurs.workflows import private
from kurs.workflows.forget import forget
from kurs.workflows.load import load
from kurs.workflows.opening import ROLLUPS, open_lake

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "day,mail,customer,amount"
ANN = "ann@example.com"
HASHED = (SourceColumn("mail", "mail", keep=Keep.HASHED),)


def project(folder: Path) -> Project:
    plain = (SourceColumn("mail", "mail", decided=True),)
    shop = Source("shop", "orders", ("shop_*.csv",), FilesAre.RESTATEMENTS, columns=plain, window="day")
    sources = {
        "shop": shop,
        "news": Source("news", "readers", ("news.csv",), columns=HASHED),
        "calls": Source("calls", "calls", ("calls.csv",), max_rejects=Rejects(count=5)),
    }
    empty: dict[str, object] = {
        key: {} for key in ("tables", "metrics", "people", "strategy", "goals", "segments", "actions", "kpis")
    }
    return Project(folder, Settings("Test"), calendar=Calendar(), sources=sources, **empty)  # type: ignore[arg-type]


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def rows(folder: Path, table: str, sql: str = "SELECT * EXCLUDE (_source, _account, _load, _file)") -> object:
    snapshot = open_lake(project(folder)).open(table)
    assert snapshot is not None
    return duckdb.sql(f"{sql} FROM ({snapshot.sql()}) ORDER BY ALL").fetchall()


def traces(folder: Path, *words: bytes) -> list[str]:
    """Name the files below .kurs that tell of somebody; Parquet is read, not searched."""
    found: list[str] = []
    for path in (folder / ".kurs").rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            if path.suffix == ".parquet":
                text = str(duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchall()).encode()
            if any(word in text for word in words):
                found.append(path.name)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "shop_1.csv",
        "day,mail,customer,amount",
        f"2026-01-01,{ANN},17,10",
        "2026-01-02,bob@b.se,18,5",
    )
    write(tmp_path, "news.csv", "id,mail", "1, Ann@Example.com", "2,eve@e.se")
    write(tmp_path, "calls.csv", "id,who", "1,eve@e.se", f"2,{ANN},what", "3,bob@b.se,else")
    load(project(tmp_path))
    write(
        tmp_path,
        "shop_2.csv",
        "day,mail,customer,amount",
        "2026-01-02,bob@b.se,18,6",
        "2026-01-03,Ann@example.com,17,7",
    )
    load(project(tmp_path), ["shop"])
    return tmp_path


def test_a_person_is_gone_from_tables_versions_log_and_rejects(folder: Path) -> None:
    assert traces(folder, b"ann@", b"Ann@")
    seen = forget(project(folder), ANN, dry_run=True)
    assert [(t.table, t.columns, t.rows) for t in seen.tables] == [
        ("orders", ("mail",), 2),
        ("readers", ("mail",), 1),
    ]
    assert (seen.files, seen.sources) == (((".kurs/rejects/calls.csv", 1),), ("shop", "news"))
    assert traces(folder, b"ann@", b"Ann@")
    caches = [open_lake(project(folder)).root / ROLLUPS, folder / ".kurs" / "other"]
    for cache in caches:
        cache.mkdir(exist_ok=True)
        (cache / "part").write_text(ANN, "utf-8")
    done = forget(project(folder), ANN)
    assert [cache.exists() for cache in caches] == [False, False]
    assert (done.tables, done.remembered) == (seen.tables, True)
    assert traces(folder, b"ann@", b"Ann@") == []
    (person,) = private.forgotten(folder)
    assert traces(folder, person.hash.encode()) == []
    assert rows(folder, "orders", "SELECT mail, amount") == [("bob@b.se", 6)]
    assert rows(folder, "readers", "SELECT id") == [(2,)]
    assert b"bob@b.se" in (folder / ".kurs" / "rejects" / "calls.csv").read_bytes()
    assert forget(project(folder), ANN).found is False


def test_the_next_load_brings_nobody_back_and_says_so(folder: Path) -> None:
    forget(project(folder), "ANN@example.com ")
    shop, news, calls = load(project(folder), full=True)
    codes = [[(w.code, w.values["count"]) for w in one.warnings] for one in (shop, news)]
    assert codes == [[("forgotten_left_out", 2)], [("forgotten_left_out", 1)]]
    assert rows(folder, "orders", "SELECT mail, amount") == [("bob@b.se", 6)]
    assert rows(folder, "readers", "SELECT id") == [(2,)]
    assert calls.rows_loaded == 1
    (covered,) = open_lake(project(folder)).facts("orders").covered
    assert covered.days[0].last.isoformat() == "2026-01-03"  # the files speak of that day all the same


def test_numbers_are_looked_at_in_a_named_column_only(folder: Path) -> None:
    assert not forget(project(folder), "17", dry_run=True).found
    done = forget(project(folder), "17", "customer")
    assert [(t.table, t.columns, t.rows) for t in done.tables] == [("orders", ("customer",), 2)]
    assert rows(folder, "orders", "SELECT customer") == [(18,)]
    load(project(folder), ["shop"], full=True)
    assert rows(folder, "orders", "SELECT customer") == [(18,)]


@pytest.mark.parametrize("step", ["_delete", "_scrub"])
def test_interrupted_and_run_again_it_ends_right(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(forgetting, step, killed)
        with pytest.raises(KeyboardInterrupt):
            forget(project(folder), ANN)
    assert [w.code for w in load(project(folder))[0].warnings] == ["forget_unfinished"]
    forget(project(folder), ANN)
    assert traces(folder, b"ann@", b"Ann@") == []
    assert load(project(folder))[0].warnings == ()


def test_nobody_is_nobody(folder: Path) -> None:
    with pytest.raises(UsageError):
        forget(project(folder), "  ")
    assert not forget(project(folder), "nobody@example.com").found
    assert private.forgotten(folder) == ()


def test_a_source_of_nobody_else_is_loaded_empty(folder: Path) -> None:
    write(folder, "news.csv", "id,mail", "1,ann@example.com")
    forget(project(folder), ANN)
    (news,) = load(project(folder), ["news"])
    assert (news.rows_loaded, news.after.rows) == (0, 0)
    assert rows(folder, "readers") == []
