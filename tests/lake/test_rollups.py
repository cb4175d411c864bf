"""Rollups on disk: what holds is what the page says, and nothing that was abandoned stays."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.lake.hits import count_hit
from kurs.lake.rollups import Kept, Part, Rollups
from kurs.metrics.rollup import Rollup
from kurs.model.days import Days

if TYPE_CHECKING:
    from pathlib import Path

ROLLUP = Rollup("orders", "base", ("orders.channel",), ("SUM(orders.amount)",))
TYPES = {"day": "DATE", "key_1": "VARCHAR", "state_1": "HUGEINT"}
VERSIONS = {"orders": "id:1"}
LONG_AGO = 1_000_000_000


def part(rollups: Rollups, *rows: tuple[str, str, int], rollup: Rollup = ROLLUP) -> Part:
    """Write a part as the engine does: the widest integer as a decimal."""
    path = rollups.new_part(rollup)
    values = ", ".join(f"(DATE '{day}', '{key}', {value}::DECIMAL(38, 0))" for day, key, value in rows)
    duckdb.sql(f"SELECT * FROM (VALUES {values}) v(day, key_1, state_1)").write_parquet(str(path))
    return Part(path.name, len(rows))


def rows_of(kept: Kept) -> list[tuple[object, ...]]:
    """Read what a kept rollup holds."""
    return duckdb.sql(f"SELECT * FROM ({kept.sql()}) ORDER BY ALL").fetchall()


@pytest.fixture
def rollups(tmp_path: Path) -> Rollups:
    return Rollups(tmp_path / "it's")


def test_what_is_kept_is_found_by_its_id_whatever_its_states(rollups: Rollups) -> None:
    kept = rollups.keep(ROLLUP, VERSIONS, TYPES, (part(rollups, ("2026-01-01", "mail", 10**20)),))
    assert rollups.find(replace(ROLLUP, states=("COUNT(*)",))) == kept
    assert rollups.all() == (kept,)
    assert rows_of(kept) == [(date(2026, 1, 1), "mail", 10**20)]


def test_a_later_part_speaks_for_its_days_alone(rollups: Rollups) -> None:
    first = part(rollups, ("2026-01-01", "mail", 1), ("2026-01-02", "mail", 2), ("2026-01-03", "mail", 3))
    kept = rollups.keep(ROLLUP, VERSIONS, TYPES, (first,))
    second = part(rollups, ("2026-01-02", "paid", 5))
    day = Days(date(2026, 1, 2), date(2026, 1, 2))
    fresh = rollups.with_part(kept, {"orders": "id:2"}, second, (day,))
    assert rollups.find(ROLLUP) == fresh
    assert [row[2] for row in rows_of(fresh)] == [1, 5, 3]
    # The reader of the older page still reads what it says.
    assert [row[2] for row in rows_of(kept)] == [1, 2, 3]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        '{"format": 99}',
        json.dumps({"format": 1, "home": "orders"}),
    ],
)
def test_a_page_that_nobody_can_read_is_not_there(rollups: Rollups, broken: str) -> None:
    kept = rollups.keep(ROLLUP, VERSIONS, TYPES, (part(rollups, ("2026-01-01", "mail", 1)),))
    (kept.folder / "rollup.json").write_text(broken, encoding="utf-8")
    assert rollups.all() == ()


def test_a_page_cannot_smuggle_sql_in_as_a_type(rollups: Rollups) -> None:
    types = {**TYPES, "state_1": "BIGINT) AS x, (SELECT 1"}
    rollups.keep(ROLLUP, VERSIONS, types, (part(rollups, ("2026-01-01", "mail", 1)),))
    assert rollups.all() == ()


def test_a_page_cannot_name_a_file_elsewhere(rollups: Rollups, tmp_path: Path) -> None:
    (tmp_path / "secret.parquet").write_bytes(b"")
    rollups.keep(ROLLUP, VERSIONS, TYPES, (Part("../../secret.parquet", 1),))
    assert rollups.all() == ()


def test_each_time_that_it_serves_counts(rollups: Rollups) -> None:
    kept = rollups.keep(ROLLUP, VERSIONS, TYPES, (part(rollups, ("2026-01-01", "mail", 1)),))
    for _ in range(3):
        count_hit(kept.folder)
    (use,) = rollups.uses()
    assert use.hits == 3
    assert use.bytes > 0


def test_above_the_bound_what_served_longest_ago_goes(rollups: Rollups) -> None:
    kept: list[Kept] = []
    for name in ("old", "new"):
        rollup = Rollup(name, "base", ROLLUP.keys, ROLLUP.states)
        held = part(rollups, ("2026-01-01", "mail", 1), rollup=rollup)
        kept.append(rollups.keep(rollup, VERSIONS, TYPES, (held,)))
    os.utime(kept[0].folder / "rollup.json", (LONG_AGO, LONG_AGO))
    rollups.tidy(most_bytes=rollups.uses()[0].bytes)
    assert [one.rollup.home for one in rollups.all()] == ["new"]


def test_the_part_of_a_killed_writer_goes_once_it_is_old(rollups: Rollups) -> None:
    kept = rollups.keep(ROLLUP, VERSIONS, TYPES, (part(rollups, ("2026-01-01", "mail", 1)),))
    abandoned = rollups.new_part(ROLLUP)
    abandoned.write_bytes(b"PAR1")
    rollups.tidy()
    assert abandoned.exists()  # its writer may be about to name it
    os.utime(abandoned, (LONG_AGO, LONG_AGO))
    rollups.tidy()
    assert not abandoned.exists()
    assert rollups.all() == (kept,)


def test_clearing_says_how_much_it_freed(rollups: Rollups) -> None:
    rollups.keep(ROLLUP, VERSIONS, TYPES, (part(rollups, ("2026-01-01", "mail", 1)),))
    size = rollups.uses()[0].bytes
    assert rollups.clear() == size
    assert rollups.all() == ()
    assert rollups.clear() == 0
