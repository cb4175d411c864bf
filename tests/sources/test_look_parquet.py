"""A large Parquet file is looked at in pieces from all over it, in bounded time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kurs.sources import look_parquet
from kurs.sources.look import look

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, rows: int, group: int) -> Path:
    table = pa.table(
        {
            "day": [date(2026, 1, 1) + timedelta(days=n // 1000) for n in range(rows)],
            "code": [f"{n:06}" if n < rows - group else "last" for n in range(rows)],
            "more": [{"n": n} for n in range(rows)],
        }
    )
    pq.write_table(table, folder / "a.parquet", row_group_size=group)
    return folder / "a.parquet"


@pytest.mark.parametrize(("rows", "group"), [(100_000, 1000), (100_000, 30_000), (100_000, 100_000)])
def test_a_large_one_is_sampled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, group: int
) -> None:
    monkeypatch.setattr(look_parquet, "_MOST_CELLS", 60_000)
    seen = look(written(tmp_path, rows, group))
    assert seen.sampled
    assert 0 < seen.rows <= 20_000
    assert [(column.name, column.type) for column in seen.columns] == [
        ("day", "date"),
        ("code", "text"),
        ("more_n", "int"),
    ]


def test_a_small_or_broken_one_is_looked_at_as_it_is(tmp_path: Path) -> None:
    seen = look(written(tmp_path, 5_000, 1_000))
    assert (seen.sampled, seen.rows) == (False, 5_000)
