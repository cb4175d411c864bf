"""What was reported, as the journal keeps it: the readings of a day to the digit, and what they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from kurs.ledger.entry import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from kurs.ledger.entry import Entry


@dataclass(frozen=True, slots=True)
class Reported:
    """The readings of ``day`` as ``kurs status --format json`` said them, and when that was.

    ``definitions`` are the hashes of the KPIs' definitions then in force, ``versions`` those of the lake's
    tables.
    """

    day: date
    time: datetime
    person: str | None
    readings: tuple[Mapping[str, object], ...]
    definitions: Mapping[str, str]
    versions: Mapping[str, int]


def reported(entry: Entry) -> Reported | None:
    """Read what an entry says was reported; None for any other entry."""
    decision = entry.decision
    readings, plan, versions = (decision.content.get(key) for key in ("readings", "definitions", "versions"))
    if decision.kind is not Kind.SNAPSHOT or not isinstance(readings, list):
        return None
    if not isinstance(plan, dict) or not isinstance(versions, dict):
        return None
    rows = [cast("dict[str, object]", one) for one in cast("list[object]", readings) if isinstance(one, dict)]
    numbers = cast("dict[str, object]", versions).items()
    return Reported(
        day=decision.day,
        time=decision.time,
        person=decision.person,
        readings=tuple(rows),
        definitions={name: str(one) for name, one in cast("dict[str, object]", plan).items()},
        versions={name: version for name, version in numbers if isinstance(version, int)},
    )
