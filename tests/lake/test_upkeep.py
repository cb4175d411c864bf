"""Upkeep: what is merged and removed, and that every version that is needed reads as it did."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.lake.lake import Lake
from kurs.lake.log import read_log
from kurs.lake.upkeep import Needed, keep_up, merge, vacuum
from kurs.model.days import Days
from kurs.problems import SourceError
from lake.filling import JANUARY, asked, put

if TYPE_CHECKING:
    from pathlib import Path

ALL = "SELECT date, n, cost, _source, _load FROM TABLE ORDER BY ALL"
NONE = timedelta()
LATER = datetime.now(UTC) + timedelta(days=400)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def day(number: int) -> Days:
    return Days(date(2026, 1, number), date(2026, 1, number))


def files(lake: Lake) -> set[str]:
    return {path.name for path in (lake.root / "t").glob("*.parquet")}


def test_many_small_files_become_one_and_old_ones_go(lake: Lake) -> None:
    for number in range(1, 29):
        put(lake, "a", f"a{number}", day(number))
    before, version = asked(lake, ALL), lake.facts("t").version
    assert keep_up(lake, "t", Needed()).merged_files == 0
    size = sum(path.stat().st_size for path in (lake.root / "t").glob("*.parquet"))
    assert merge(lake, "t", many=28) == 28
    snapshot = lake.open("t")
    assert snapshot is not None
    assert len(snapshot.files) == 1
    assert asked(lake, ALL) == before
    assert len(snapshot.loads) == 28
    assert lake.facts("t").version == version  # the rows are the same: what was computed of them holds
    assert vacuum(lake, "t", Needed(), LATER) == (28, size)
    assert files(lake) == {snapshot.files[0].rpartition("/")[2]}
    assert asked(lake, ALL) == before
    with pytest.raises(SourceError) as failed:
        lake.open("t", 3)
    assert failed.value.problems[0].code == "version_gone"
    assert put(lake, "a", "more", day(30)) == 29


def test_what_is_young_or_named_stays(lake: Lake) -> None:
    for number in range(5):
        put(lake, "a", f"a{number}")
    log = read_log(lake.root / "t")
    assert vacuum(lake, "t", Needed(), datetime.now(UTC), NONE)[0] == 0
    needed = Needed(0, {"t": frozenset({1, 99})}, (log.times[3],))
    assert lake.version_at("t", log.times[3]) == 3
    assert lake.version_at("t", log.times[0] - timedelta(days=1)) is None
    assert lake.version_at("other", LATER) is None
    assert vacuum(lake, "t", needed, LATER)[0] == 2
    assert [asked(lake, "SELECT DISTINCT _load FROM TABLE", n) for n in (1, 3)] == [[("a1",)], [("a3",)]]
    for gone in (0, 2, 99, -1):
        with pytest.raises(SourceError):
            lake.open("t", gone)


def test_a_reader_has_time_to_read_what_it_opened(lake: Lake) -> None:
    put(lake, "a", "a1")
    snapshot = lake.open("t")
    assert snapshot is not None
    put(lake, "a", "a2")
    vacuum(lake, "t", Needed(0), datetime.now(UTC))
    assert snapshot.totals("TRUE").rows == 31
    assert vacuum(lake, "t", Needed(0), datetime.now(UTC) + timedelta(hours=2))[0] == 1


def test_what_a_killed_writer_left_goes_once_it_is_old(lake: Lake) -> None:
    put(lake, "a", "a1")
    (orphan, young) = (
        lake.root / "t" / name for name in ("part-0-left.snappy.parquet", "part-1-new.parquet")
    )
    half = lake.root / "t" / "_delta_log" / "_commit_1.json.tmp"
    for path in (orphan, young, half):
        path.write_bytes(b"PAR1")
    for path in (orphan, half):
        os.utime(path, (0, 0))
    assert vacuum(lake, "t", Needed(), datetime.now(UTC)) == (2, 8)
    assert (orphan.exists(), half.exists(), young.exists()) == (False, False, True)
    assert len(asked(lake, ALL)) == 31


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["load", "load", "load", "merge", "vacuum"]),
        st.integers(1, 27),
        st.integers(0, 4),
        st.sampled_from(["a", "b"]),
    ),
    min_size=3,
    max_size=10,
)


@settings(max_examples=5)
@given(STEPS, st.sets(st.integers(0, 12), max_size=3))
def test_every_needed_version_reads_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, str]], named: set[int]
) -> None:
    lake = Lake(tmp_path_factory.mktemp("lake"))
    was: dict[int, list[tuple[object, ...]]] = {}
    gone: set[int] = set()
    put(lake, "a", "start", JANUARY)
    for number, (what, first, more, source) in enumerate(steps):
        if what == "load":
            days = Days(date(2026, 1, first), date(2026, 1, first + more))
            put(lake, source, f"{number}", days, whole=more == 4 and source == "b", extra="int: 1::BIGINT")
        elif what == "merge":
            merge(lake, "t", many=2)
        else:
            vacuum(lake, "t", Needed(0, {"t": frozenset(named)}), LATER)
            gone = {version for version in was if version not in named}
        newest = lake.open("t")
        assert newest is not None
        was.setdefault(newest.version, asked(lake, ALL))
        gone.discard(newest.version)
        assert asked(lake, ALL) == was[newest.version]
    for version in was.keys() - gone:
        assert asked(lake, ALL, version) == was[version]
