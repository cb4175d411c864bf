"""The lake: windows replaced in one commit, its records, its history, many processes at once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kurs.lake.lake import Lake, Rows, Scope
from kurs.lake.record import FileRecord, LoadRecord, Totals, covered_by, files_in
from kurs.model.days import Days
from kurs.model.table import ColumnType
from kurs.problems import SourceError
from lake.filling import JANUARY, TYPES, asked, data, put

FILLING = Path(__file__).with_name("filling.py")
SECOND_HALF = Days(date(2026, 1, 16), date(2026, 1, 31))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_an_empty_lake_knows_nothing(lake: Lake) -> None:
    assert lake.tables() == ()
    assert lake.open("t") is None
    assert lake.facts("t").columns == {}


def test_only_the_window_of_the_source_and_account_is_replaced(lake: Lake) -> None:
    put(lake, "a", "a1")
    put(lake, "a", "a2", account="it's")
    put(lake, "b", "b1")
    assert put(lake, "a", "a3", SECOND_HALF) == 3
    assert asked(lake, "SELECT _load, count(*), min(date) FROM TABLE GROUP BY 1 ORDER BY 1") == [
        ("a1", 15, date(2026, 1, 1)),
        ("a2", 31, date(2026, 1, 1)),
        ("a3", 16, date(2026, 1, 16)),
        ("b1", 31, date(2026, 1, 1)),
    ]
    assert lake.tables() == ("t",)


def test_days_without_a_window_replace_nothing(lake: Lake) -> None:
    put(lake, "a", "a1")
    assert Scope("a", "", None, ()).condition().endswith("FALSE")
    assert Scope("a", "", None, (JANUARY,)).condition().endswith("FALSE")


def test_a_record_lies_in_the_commit_of_its_rows(lake: Lake) -> None:
    put(lake, "a", "a1", per_day=2)
    put(lake, "a", "a2", SECOND_HALF)
    snapshot = lake.open("t")
    assert snapshot is not None
    first, second = snapshot.loads
    assert (first.load, first.before, first.after.rows) == ("a1", Totals(), 62)
    assert second.before == Totals(32, {"n": sum(range(30, 62))})
    assert LoadRecord.from_json(second.to_json()) == second


def test_new_columns_join_and_old_rows_have_none(lake: Lake) -> None:
    put(lake, "a", "a1")
    wall = "timestamp: TIMESTAMP '2026-01-01 11:00:00'"
    put(lake, "b", "b1", at="timestamptz: TIMESTAMPTZ '2026-01-01 10:00:00+00'", wall=wall)
    assert lake.facts("t").columns == {
        "date": ColumnType.DATE,
        "n": ColumnType.INT,
        "cost": ColumnType.DECIMAL,
        "at": ColumnType.TIMESTAMPTZ,
        "wall": ColumnType.TIMESTAMP,
    }
    assert asked(lake, 'SELECT count(*), count("at"), count(wall) FROM TABLE') == [(62, 31, 31)]


def test_a_type_never_changes_in_silence(lake: Lake) -> None:
    put(lake, "a", "a1", x="int: 1::BIGINT")
    with pytest.raises(SourceError) as failed:
        put(lake, "b", "b1", x="text: '1'")
    assert failed.value.problems[0].code == "type_changed_meanwhile"
    assert asked(lake, "SELECT count(*) FROM TABLE") == [(31,)]


def test_sums_are_exact(lake: Lake) -> None:
    put(lake, "a", "a1", per_day=1000)
    assert asked(lake, "SELECT sum(cost) FROM TABLE") == [(Decimal("3100.000000"),)]


def test_a_table_that_lost_all_rows_can_still_be_asked(lake: Lake) -> None:
    put(lake, "a", "a1")
    types = {pair.split()[0]: data(pair.split()[1]) for pair in TYPES}
    with duckdb.connect() as connection:
        none = connection.sql(
            "SELECT NULL::DATE AS date, 1::BIGINT AS n, 0::DECIMAL(18,6) AS cost, 'a' AS _source, "
            "'' AS _account, 'l' AS _load, 'f' AS _file WHERE FALSE"
        )
        record = LoadRecord("a2", "a", "", "", "p")
        lake.replace("t", Rows(types, lambda: none), Scope("a", ""), record)
    assert asked(lake, "SELECT count(*), sum(cost) FROM TABLE") == [(0, None)]
    assert lake.facts("t").covered == ()


def test_a_store_that_cannot_be_written_is_told(lake: Lake) -> None:
    lake.root.write_text("in the way", "utf-8")
    with pytest.raises(SourceError) as failed:
        put(lake, "a", "a1")
    assert failed.value.problems[0].code == "lake_not_written"


def test_the_history_survives_checkpoints(lake: Lake) -> None:
    day = Days(date(2026, 1, 1), date(2026, 1, 1))
    for number in range(22):  # a checkpoint is written at every 20th
        put(lake, "a", f"a{number}", day)
    snapshot = lake.open("t")
    assert snapshot is not None
    assert [load.load for load in snapshot.loads] == [f"a{number}" for number in range(22)]
    log = lake.root / "t" / "_delta_log"
    assert list(log.glob("*.checkpoint.parquet"))
    assert len(list(log.glob("*.json"))) == 22


def test_a_version_is_told_from_another_tables(lake: Lake, tmp_path: Path) -> None:
    other = Lake(tmp_path / "other")
    put(lake, "a", "a1")
    put(other, "a", "a1")
    assert lake.facts("t").version != other.facts("t").version


def fill(lake: Lake, source: str, loads: int, per_day: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(FILLING), str(lake.root), source, str(loads), str(per_day)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(*processes: subprocess.Popen[str]) -> list[int]:
    """Wait for processes; return their exit codes."""
    for process in processes:
        process.communicate(timeout=120)
    return [process.returncode for process in processes]


def test_two_processes_both_land(lake: Lake) -> None:
    both = [fill(lake, source, 6, 10) for source in ("a", "b")]
    assert finished(*both) == [0, 0]
    assert asked(lake, "SELECT _source, _load, count(*) FROM TABLE GROUP BY ALL ORDER BY 1") == [
        ("a", "a-5", 310),
        ("b", "b-5", 310),
    ]
    snapshot = lake.open("t")
    assert snapshot is not None
    assert len(snapshot.loads) == 12
    for source in ("a", "b"):
        before = [load.before.rows for load in snapshot.loads if load.source == source]
        assert before == [0, *[310] * 5]


def test_two_processes_with_the_same_source_leave_one_load(lake: Lake) -> None:
    both = [fill(lake, "a", 4, 10) for _ in range(2)]
    assert finished(*both) == [0, 0]
    assert asked(lake, "SELECT count(*), count(DISTINCT _load) FROM TABLE") == [(310, 1)]


def test_a_reader_is_never_locked_out_and_never_sees_half_a_load(lake: Lake) -> None:
    put(lake, "a", "a-start", per_day=2000)
    writer = fill(lake, "a", 4, 2000)
    snapshot = lake.open("t")
    assert snapshot is not None
    answers = 0
    while writer.poll() is None:
        assert asked(lake, "SELECT count(*), count(DISTINCT _load) FROM TABLE") == [(62_000, 1)]
        answers += 1
    assert finished(writer) == [0]
    assert answers > 3
    with duckdb.connect() as connection:  # what was opened before the writer came still answers
        assert connection.sql(f"SELECT DISTINCT _load FROM ({snapshot.sql()})").fetchall() == [("a-start",)]


def test_a_killed_load_leaves_the_lake_as_it_was(lake: Lake) -> None:
    chance = random.Random(7)
    put(lake, "a", "a-start", per_day=3000)
    for _ in range(5):
        writer = fill(lake, "a", 50, 3000)
        assert writer.stdout is not None
        writer.stdout.readline()  # it is at work
        time.sleep(chance.uniform(0, 0.4))
        writer.send_signal(signal.SIGKILL)
        finished(writer)
        assert asked(lake, "SELECT count(*), count(DISTINCT _load) FROM TABLE") == [(93_000, 1)]
        snapshot = lake.open("t")
        assert snapshot is not None
        assert asked(lake, "SELECT DISTINCT _load FROM TABLE") == [(snapshot.loads[-1].load,)]
    put(lake, "a", "a-end", per_day=1)
    assert asked(lake, "SELECT _load, count(*) FROM TABLE GROUP BY 1") == [("a-end", 31)]


def record(load: str, first: int, last: int, **said: object) -> LoadRecord:
    days = Days(date(2026, 1, first), date(2026, 1, last))
    values: dict[str, object] = {"replaced": (days,), "covered": (days,), **said}
    return LoadRecord(load, "a", "1", "", "p", **values)  # type: ignore[arg-type]


def test_coverage_grows_window_by_window_and_starts_anew_with_a_whole_load() -> None:
    loads = [record("1", 1, 10, rows_rejected=3), record("2", 8, 12, restates_days=7, rows_rejected=1)]
    (covered,) = covered_by(loads)
    assert covered.days == (Days(date(2026, 1, 1), date(2026, 1, 12)),)
    assert (covered.restates_days, covered.rejected_rows) == (7, 4)
    (covered,) = covered_by([*loads, record("3", 1, 11)])
    assert covered.rejected_rows == 1  # the days of the first are new, one of the second's is not
    (covered,) = covered_by([*loads, record("3", 20, 21, replaced=None)])
    assert covered.days == (Days(date(2026, 1, 20), date(2026, 1, 21)),)
    assert covered.rejected_rows == 0


def test_files_that_are_in_are_known_by_their_content() -> None:
    first = record("1", 1, 10, files=(FileRecord("f", "old", 1),), complete=False)
    back_fill = record("2", 2, 3, files=(FileRecord("f", "new", 1),), only=JANUARY, complete=False)
    assert files_in([first], "a", "1")["f"][1].sha256 == "old"
    assert files_in([first, back_fill], "a", "1") == {}
    assert files_in([first], "a", "another account") == {}
    whole = record("3", 1, 10, files=(FileRecord("g", "g", 1),))
    assert list(files_in([first, whole], "a", "1")) == ["g"]
