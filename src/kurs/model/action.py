"""What is done when a KPI falls short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Action:
    """A planned action; ``when``, ``due`` and ``expect`` are kept as the plan words them."""

    key: str
    says: Text
    owner: str | None = None
    when: str | None = None
    due: str | None = None
    expect: str | None = None
