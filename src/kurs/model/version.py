"""A plan that changes: what stood in it since which day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import date

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class Version(Generic[Noun]):
    """What an entry of the plan says ``since`` a day, until the next version; None: from the beginning.

    ``changed`` are the keys that are new in it.
    """

    since: date | None
    noun: Noun
    changed: tuple[str, ...] = ()


def in_force(versions: tuple[Version[Noun], ...], day: date) -> Version[Noun] | None:
    """Return the version that holds on ``day``; None where there are no versions."""
    held = [one for one in versions if one.since is None or one.since <= day]
    return held[-1] if held else None
