"""Writing a starter project."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from kurs.problems import UsageError
from kurs.workflows.scaffold import scaffold, templates

if TYPE_CHECKING:
    from pathlib import Path


def test_each_template_is_named() -> None:
    there = {entry.name for entry in (files("kurs") / "templates").iterdir() if entry.is_dir()}
    assert set(templates()) == there


def test_an_own_gitignore_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("secret", "utf-8")
    written = scaffold(tmp_path, "shop")
    assert ".gitignore" in written
    assert (tmp_path / ".gitignore").read_text("utf-8") == "secret\n.kurs/\n"


def test_a_gitignore_that_says_it_already_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("/.venv\n.kurs\n", "utf-8")
    assert ".gitignore" not in scaffold(tmp_path, "shop")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    with pytest.raises(UsageError) as refused:
        scaffold(tmp_path / "taken", "shop")
    assert [problem.code for problem in refused.value.problems] == ["not_writable"]


@pytest.mark.parametrize("template", templates())
def test_it_can_be_read_in_five_minutes(tmp_path: Path, template: str) -> None:
    scaffold(tmp_path, template)
    lines = [line for path in tmp_path.glob("*.yaml") for line in path.read_text("utf-8").splitlines()]
    assert len(lines) < 200
    assert max(map(len, lines)) <= 120
    assert any("GENERATED" in line for line in lines)
