"""What git knows of a project, by its own command."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SECONDS = 60


def git(folder: Path, *words: str, given: bytes = b"") -> bytes | None:
    """Run git in the project; None where it is not there, or refuses."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "--no-pager", "-c", "core.quotepath=off", *words],
            input=given,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
