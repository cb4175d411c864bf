"""How often something that is kept has served: a byte each time, so that nothing has to be read to count."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HITS = "hits"


def count_hit(folder: Path) -> None:
    """Note that what lies in ``folder`` served."""
    try:
        with (folder / HITS).open("ab") as hits:
            hits.write(b".")
    except OSError:  # a read-only folder, or one that was cleared: serving is what counts
        return


def hits_of(folder: Path) -> int:
    """Return how often what lies in ``folder`` served."""
    hits = folder / HITS
    return hits.stat().st_size if hits.is_file() else 0
