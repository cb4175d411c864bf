"""What is kept to answer faster: it can all be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.lake.rollups import Rollups
from kurs.lake.state import ROLLUPS
from kurs.workflows.opening import open_lake

if TYPE_CHECKING:
    from kurs.model.project import Project


def rollups_of(project: Project) -> Rollups:
    """Return the project's rollups on disk."""
    return Rollups(open_lake(project).root / ROLLUPS)
