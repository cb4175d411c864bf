"""What the lake holds, as one word that changes with every commit: told without the library that reads it."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROLLUPS = "_rollups"  # within the lake's folder, where the engine may read; no table is named so


def state(root: Path) -> str:
    """Return a word for the newest version of every table below ``root``.

    A commit says which files hold the rows, by names that are given once, so its text is its version.
    """
    found = sha256()
    for log in sorted(root.glob("*/_delta_log")):
        commits = sorted(path for path in log.iterdir() if path.suffix == ".json")
        if commits:
            found.update(f"{log.parent.name}/{commits[0].name}-{commits[-1].name}\n".encode())
            found.update(sha256(commits[-1].read_bytes()).digest())
    return found.hexdigest()
