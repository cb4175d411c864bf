"""Search the catalogue of standard KPIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kurs.model.standard import StandardKpi


def search(words: Iterable[str] = (), say: Callable[[str], str] = str) -> tuple[StandardKpi, ...]:
    """Return the standard KPIs of which all words speak, in the order of the journey; all without words.

    ``say`` puts their texts into the reader's language; words of that language and English ones are found.
    """
    from kurs.project.read_catalogue import catalogue

    parts = [part for word in words for part in word.split()]
    known = ((kpi, kpi.said(say)) for kpi in catalogue())
    return tuple(
        said for kpi, said in known if all(kpi.speaks_of(part) or said.speaks_of(part) for part in parts)
    )
