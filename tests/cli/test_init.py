"""kurs init: a starter project that works at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Ran

    Run = Callable[..., Ran]


@pytest.mark.parametrize("template", ["shop", "leads"])
def test_it_can_be_checked_loaded_and_read(
    kurs: Run, tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "my-plan"
    assert kurs("init", folder, "--template", template).code == 0
    monkeypatch.chdir(folder)
    checked = kurs("check", "--format", "json").json()
    assert [problem for problem in checked["problems"] if problem["severity"] != "info"] == []
    assert all(checked["coverage"].values())
    assert kurs("load").code == 0
    assert kurs("check", "--strict").code == 0
    readings = kurs("status", "--format", "json").json()
    assert [reading["kpi"] for reading in readings if reading["value"] is None] == []
    assert [reading["kpi"] for reading in readings if reading["caveats"]] == []
    assert len({reading["status"] for reading in readings}) > 1  # there is something to see


def test_it_names_the_files_and_the_next_commands(
    kurs: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = kurs("init", "plan")
    assert [line.strip() for line in ran.out.splitlines()[1:]] == [
        str(Path("plan", name))
        for name in (
            "kpis.yaml",
            "kurs.yaml",
            "metrics.yaml",
            "data/orders.csv",
            "data/sessions.csv",
            ".gitignore",
        )
    ]
    assert [line.strip() for line in ran.err.split("Next:")[1].split("\n") if line] == [
        "cd plan",
        "kurs check",
        "kurs load",
        "kurs status",
    ]
    assert kurs("init", "other", "--quiet").err == ""


def test_nothing_is_overwritten(kurs: Run, tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text("mine", "utf-8")
    ran = kurs("init", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "kurs.yaml" in ran.err
    assert (tmp_path / "kurs.yaml").read_text("utf-8") == "mine"
    assert not (tmp_path / "data").exists()


def test_an_unknown_template_and_what_comes_later(kurs: Run, tmp_path: Path) -> None:
    assert "Did you mean shop?" in kurs("init", tmp_path, "--template", "shoop").err
    later = kurs("init", tmp_path, "--from", "export.csv")
    assert (later.code, later.out) == (2, "")
    assert "--from" in later.err


def test_from_takes_what_a_shell_makes_of_a_pattern(kurs: Run, tmp_path: Path) -> None:
    for day in ("2026-03-01", "2026-03-02"):
        (tmp_path / f"clicks_{day}.csv").write_text(f"day,clicks\n{day},5\n")
    files = [str(path) for path in sorted(tmp_path.glob("*.csv"))]
    folder = tmp_path / "plan"
    assert kurs("init", folder, "--from", *files, "--quiet").code == 0
    assert (folder / "sources.yaml").read_text("utf-8").count("files:") == 1
    assert kurs("--project", folder, "check", "--quiet").code == 0


def test_the_json_of_a_draft_has_the_first_and_the_last_day_of_a_file(kurs: Run, tmp_path: Path) -> None:
    (tmp_path / "sums.csv").write_text("day,amount\n2026-01-01,1\n2026-01-02,2\n2026-01-05,3\n", "utf-8")
    (tmp_path / "names.csv").write_text("name,amount\nx,1\ny,2\n", "utf-8")
    files = ("--from", tmp_path / "sums.csv", "--from", tmp_path / "names.csv")
    found = kurs("init", tmp_path / "plan", *files, "--format", "json").json()["sources"]
    assert {one["source"]: one["period"] for one in found} == {
        "sums": {"from": "2026-01-01", "to": "2026-01-05"},
        "names": None,
    }
