"""The command line in this process: what it says, where, and its exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kurs.cli.main import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DECIDING = ("KURS_LANG", "KURS_DEBUG", "LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR", "FORCE_COLOR", "TERM")


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has run."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - a document of any shape
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 110 characters, whose environment says nothing else."""
    for name in DECIDING:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "110")


@pytest.fixture
def kurs(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run one command."""

    def ran(*words: object) -> Ran:
        capsys.readouterr()
        code = run([str(word) for word in words])
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], Path]:
    """Write a plan of one file."""

    def write(text: str) -> Path:
        (tmp_path / "kurs.yaml").write_text(text, "utf-8")
        return tmp_path

    return write
