"""Taking somebody out of a table: the log survives it, and so do the versions that never held them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kurs.lake.forgetting import Wanted, find, remove
from kurs.lake.lake import Lake
from kurs.model.days import Days
from kurs.model.table import ColumnType
from kurs.problems import SourceError
from lake.filling import asked, put

if TYPE_CHECKING:
    from pathlib import Path

ANN = Wanted(lambda name, kind: f"{name} = 'ann'" if kind is ColumnType.TEXT else None, lambda _: None)


def test_versions_that_never_held_them_can_still_be_opened(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for number in range(1, 24):  # past the first checkpoint
        days = Days(date(2026, 1, number), date(2026, 1, number))
        put(lake, "a", f"a{number}", days, who=f"text: '{'ann' if number == 10 else 'bob'}'")
    version = lake.facts("t").version
    held = find(lake, "t", ANN)
    assert (held.rows, held.values, held.sources, held.versions) == (1, {"who": ("ann",)}, ("a",), 13)
    assert remove(lake, "t", ANN) == held
    assert find(lake, "t", ANN).files == ()
    assert asked(lake, "SELECT count(*) FROM TABLE") == [(22,)]
    assert asked(lake, "SELECT count(*) FROM TABLE", 8) == [(9,)]
    with pytest.raises(SourceError):
        lake.open("t", 12)
    assert lake.facts("t").version != version
    log = "".join(path.read_text("utf-8") for path in (lake.root / "t" / "_delta_log").glob("*.json"))
    assert ("'ann'" in log, '\\"bob\\"' in log) == (False, False)
    put(lake, "a", "a10", Days(date(2026, 1, 10), date(2026, 1, 12)))
    assert asked(lake, "SELECT count(*) FROM TABLE") == [(23,)]
    snapshot = lake.open("t")
    assert snapshot is not None
    assert len(snapshot.loads) == 24
