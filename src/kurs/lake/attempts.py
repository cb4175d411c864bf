"""The log of all loads, also of those that failed and left nothing in the lake: a line for each source."""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kurs.problems import KursError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_NAME = "loads.jsonl"
_MOST_BYTES = 1_000_000  # beyond which the older half goes


@dataclass(frozen=True, slots=True)
class Attempt:
    """One load of one source, at a moment in ISO form; ``problem`` is the code of why it failed, if so."""

    source: str
    at: str
    problem: str | None = None


@contextmanager
def noted(folder: Path, source: str) -> Generator[None]:
    """Write down how the load within ended, in ``folder``, a project's ``.kurs``."""
    try:
        yield
    except KursError as error:
        _note(folder, source, error.problems[0].code)
        raise
    _note(folder, source, None)


def _note(folder: Path, source: str, problem: str | None) -> None:
    """Write down a load of now; it does not fail for it."""
    attempt = Attempt(source, datetime.now(UTC).isoformat(timespec="seconds"), problem)
    line = "\n" + json.dumps(asdict(attempt), separators=(",", ":"))  # whole even behind one that is cut off
    path = folder / _NAME
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _MOST_BYTES:
            lines = path.read_text("utf-8").splitlines(keepends=True)
            path.write_text("".join(lines[len(lines) // 2 :]), "utf-8")
        with path.open("a", encoding="utf-8") as file:
            file.write(line)


def attempts(folder: Path) -> tuple[Attempt, ...]:
    """Return what was written down in ``folder``, the oldest first; a line that is none is passed over."""
    found: list[Attempt] = []
    with suppress(OSError, UnicodeDecodeError):
        for line in (folder / _NAME).read_text("utf-8").splitlines():
            with suppress(ValueError, TypeError):
                attempt = Attempt(**json.loads(line))
                datetime.fromisoformat(attempt.at)
                found.append(attempt)
    return tuple(found)
