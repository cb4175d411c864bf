"""Where a KPI says something: in its entry, or in the revision by which it says so now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.project.entry import Doubt, Entry

if TYPE_CHECKING:
    from kurs.model.kpi import Kpi

REVISIONS = "revisions"


def of_kpi(kpi: Kpi, key: str, value: str, doubt: Doubt | None = None, below: str | None = None) -> Entry:
    """Write a key of a KPI, or one ``below`` it, where the version stands that holds now."""
    path = (*where(kpi, key), key)
    return Entry((*path, below) if below is not None else path, value, doubt)


def where(kpi: Kpi, key: str) -> tuple[str | int, ...]:
    """Return the path of the mapping in which a key of the KPI stands, or would have to."""
    current = replace(kpi, versions=())
    held = next((place for place, one in enumerate(kpi.versions) if one.noun == current), 0)
    revised = [place for place, one in enumerate(kpi.versions[: held + 1]) if key in one.changed]
    entry: tuple[str | int, ...] = ("kpis", kpi.key)
    return (*entry, REVISIONS, revised[-1] - 1) if revised else entry
