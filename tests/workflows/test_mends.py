"""What a finding of the data gives to write is pasted into the plan, and the data are asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.world import PLAN, WEAK, found, kpi, loaded
from kurs.project import read
from kurs.project.insert import insert

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loaded(tmp_path_factory.mktemp("mends"))


@pytest.mark.parametrize(("code", "kpi"), WEAK, ids=[f"{code}-{n}" for n, (code, _) in enumerate(WEAK)])
def test_what_the_data_find_is_mended(folder: Path, code: str, kpi: str) -> None:
    fault = found(folder, PLAN + kpi)[code]
    before = [one.code for one in read(folder).problems]
    assert fault.entries
    written = insert(read(folder).marks, fault.entries, str)
    assert written.left == ()
    text = written.texts["kurs.yaml"]
    after = found(folder, text)
    assert code not in after, text
    assert "already_reached" not in after.keys() - {code}, text
    assert [one.code for one in read(folder).problems if one.code not in before] == [], text


def test_a_fall_that_is_accepted_is_not_turned_into_a_rise(folder: Path) -> None:
    assert found(folder, PLAN + kpi("{change: +3%}", "visits"))["below_noise"].entries
    for fall in ("{change: -3%}", "{reach: 310}"):
        assert found(folder, PLAN + kpi(fall, "visits"))["below_noise"].entries == ()
