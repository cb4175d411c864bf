"""Both examples are good plans by kurs's own audit: without their data, as in CI, and with them."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from examples.shops import EXAMPLE, Full
from kurs.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = EXAMPLE.parent
IGNORED = shutil.ignore_patterns("data", ".kurs", "simulation", "*.py")


@pytest.mark.parametrize("name", ["records", "shop"])
def test_a_plan_passes_strictly_without_its_data(name: str, tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / name, tmp_path / name, ignore=IGNORED)
    assert run(["--project", str(folder), "check", "--strict", "--quiet"]) == 0


def test_the_shop_passes_strictly_with_its_data(
    full: Full, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shutil.copytree(EXAMPLES / "shop", tmp_path / "shop", ignore=IGNORED)
    shutil.copytree(full[1], folder / "data")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    capsys.readouterr()
    assert run(["--project", str(folder), "check", "--strict", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert "fail" not in {mark for one in found["audit"] for mark in one.values() if isinstance(mark, str)}
    assert "not_held_against_data" not in {
        fault["code"] for one in found["audit"] for fault in one["findings"]
    }
