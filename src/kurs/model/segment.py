"""A group of customers (or sessions, or orders) that the plan speaks of by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Segment:
    """The rows of table ``of`` for which ``where`` holds."""

    key: str
    of: str
    where: str
    label: Text | None = None
