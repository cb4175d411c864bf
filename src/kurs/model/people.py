"""Who owns and approves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.text import Text


@dataclass(frozen=True, slots=True)
class Person:
    """A person or a role that can own or approve a KPI; ``key_text`` is the public ssh key that signs."""

    key: str
    name: Text
    email: str | None = None
    department: str | None = None
    key_text: str | None = None
