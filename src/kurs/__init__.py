"""kurs keeps marketing on course: a plan as text, every KPI computed, judged and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.release import __version__

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kurs.workflows.notebook import Asked

__all__ = ["__version__", "open"]


def open(  # noqa: A001 - kurs.open(path), as other libraries open theirs
    folder: str | Path = ".", *, as_of: date | None = None, language: str | None = None
) -> Asked:
    """Open the project in ``folder``, or the nearest one above it, to ask it in code. Raises KursError."""
    from kurs.workflows.notebook import open_for_asking

    return open_for_asking(folder, as_of=as_of, language=language)
