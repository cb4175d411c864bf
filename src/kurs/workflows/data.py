"""What data there is: read from the store's records alone, so that it is quick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.data_state import Data, data_state
from kurs.workflows.opening import day_of, open_lake

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.project import Project


def data(project: Project, as_of: date | None = None) -> Data:
    """Say which sources and tables there are, as of a day, and what the last loads did."""
    from kurs.lake.inventory import inventory

    return data_state(project, inventory(open_lake(project)), day_of(project, as_of))
