"""What could be written into a plan: a value at a place, and what its writer must still decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """What a person must say of a value that was only guessed; it stands beside it as a comment."""

    WHO = "who"
    WHICH = "which"
    HOW_MUCH = "how_much"
    IS_IT_SO = "is_it_so"
    IN_WORDS = "in_words"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of the plan: ``value`` is YAML on one line.

    ``path`` are the keys from the top to it, and the places in lists. What stands there
    already is replaced. Without a ``doubt`` nothing is left to decide.
    """

    path: tuple[str | int, ...]
    value: str
    doubt: Doubt | None = None
