"""Search the catalogue of standard KPIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.model.standard import StandardKpi


def search(words: Iterable[str] = ()) -> tuple[StandardKpi, ...]:
    """Return the standard KPIs of which all words speak, in the order of the journey; all without words."""
    from kurs.project.read_catalogue import catalogue

    parts = [part for word in words for part in word.split()]
    return tuple(kpi for kpi in catalogue() if all(kpi.speaks_of(part) for part in parts))
