"""Questions that were understood once, below ``.kurs/questions``: a JSON page each, named by its key.

The key holds all that the answer depends on, so a page is never wrong, only of no more use. It is replaced
in one step; whoever is killed leaves at most a draft that nobody reads.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from shutil import rmtree
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from kurs.lake.hits import count_hit, hits_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_PAGES = 500  # those that served longest ago go first
MOST_BYTES = 16 << 20
_ABANDONED_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class PagesUse:
    """What all pages take and give: how many, bytes on disk, times that one served."""

    pages: int
    bytes: int
    hits: int


@dataclass(frozen=True, slots=True)
class Questions:
    """All pages below ``root``. What cannot be read is not there: everything can be made again."""

    root: Path

    def find(self, key: str) -> Mapping[str, Any] | None:
        """Return the page under ``key``."""
        try:
            page: Any = json.loads(self._path(key).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return None
        return cast("dict[str, Any]", page) if isinstance(page, dict) else None

    def keep(self, key: str, page: Mapping[str, object]) -> None:
        """Write a page, in one step; where the disk refuses, there is none."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            draft = self.root / f"{uuid4().hex}.draft"
            draft.write_text(json.dumps(page), encoding="utf-8")
            draft.replace(self._path(key))
        except OSError:
            return
        self.tidy()

    def count_hit(self, key: str) -> None:
        """Note that a page served."""
        try:
            os.utime(self._path(key))
        except OSError:  # a read-only folder, or one that was cleared: serving is what counts
            return
        count_hit(self.root)

    def use(self) -> PagesUse:
        """Say what the pages take and give."""
        sizes = [size for size, _, _ in self._pages()]
        return PagesUse(len(sizes), sum(sizes), hits_of(self.root))

    def clear(self) -> int:
        """Remove all pages; returns how many bytes were freed."""
        freed = sum(size for size, _, _ in self._pages())
        rmtree(self.root, ignore_errors=True)
        return freed

    def tidy(self, most_pages: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        """Remove what served longest ago, above ``most_pages`` or ``most_bytes``, and abandoned drafts."""
        total = 0
        for count, (size, _, path) in enumerate(sorted(self._pages(), key=lambda page: -page[1]), 1):
            total += size
            if count > most_pages or total > most_bytes:
                path.unlink(missing_ok=True)
        oldest = time.time() - _ABANDONED_SECONDS
        for draft in self.root.glob("*.draft"):
            try:
                if draft.stat().st_mtime < oldest:
                    draft.unlink()
            except OSError:  # another writer has put it in its place meanwhile
                continue

    def _path(self, key: str) -> Path:
        return self.root / f"{key}.json"

    def _pages(self) -> list[tuple[int, float, Path]]:
        """Return the size, the time of last use and the path of each page."""
        found: list[tuple[int, float, Path]] = []
        for path in self.root.glob("*.json"):
            try:
                told = path.stat()
            except OSError:  # removed meanwhile
                continue
            found.append((told.st_size, told.st_mtime, path))
        return found
