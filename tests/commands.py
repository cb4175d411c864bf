"""What a command answers a program, asked in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kurs.cli.main import run

if TYPE_CHECKING:
    import pytest


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:  # noqa: ANN401 - any shape
    """Run a command, and read the JSON that it prints."""
    capsys.readouterr()
    assert run([*words, "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)
