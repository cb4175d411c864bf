"""Strategy -> goals, along the customer journey."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.text import Text


class Stage(StrEnum):
    """The four steps of the customer journey REAL."""

    REACH = "reach"
    ENGAGE = "engage"
    ACTIVATE = "activate"
    LOYALTY = "loyalty"


@dataclass(frozen=True, slots=True)
class Strategy:
    """What the company wants, and by when."""

    key: str
    says: Text
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What serves a strategy at one stage of the journey."""

    key: str
    says: Text
    strategy: str | None = None
    stage: Stage | None = None
