"""The columns into which effects are split, and how effects are written beside each other in a table."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from kurs.explain.finding import EffectKind, Method
from kurs.model.metric import Unit
from kurs.report.explain_sentence import driver_name

if TYPE_CHECKING:
    from kurs.explain.finding import Finding, Part
    from kurs.model.project import Project
    from kurs.words import Language

_ORDER = tuple(EffectKind)  # the columns of a table
Key = tuple[EffectKind, "str | None"]


def split_keys(found: Finding) -> list[Key]:
    """Return the columns into which an effect is split: none where all of it is of one kind."""
    if found.method is Method.CONTRIBUTION:
        return []
    keys = list(dict.fromkeys((part.kind, part.driver) for part in found.parts if part.effect))
    return sorted(keys, key=lambda key: _ORDER.index(key[0])) if len(keys) > 1 else []


def split_heading_of(key: Key, project: Project, language: Language) -> str:
    """Name such a column."""
    kind, driver = key
    if driver is None or kind is EffectKind.MIX:
        return language.term(f"column.effect_{kind}")
    return driver_name(driver, project, language)


def shares_of(found: Finding, part: Part) -> tuple[float, float] | None:
    """Return which share of the denominator a part's cell had, and has; None where there is none."""
    below = found.denominator
    if below is None:
        return None
    return (part.against_denominator or 0.0) / below[0], (part.denominator or 0.0) / below[1]


def aligned_effect(found: Finding, effect: float, project: Project, language: Language) -> str:
    """Write an effect with as many decimals as its neighbours."""
    unit = found.metric.unit
    if unit is Unit.PERCENT:
        return language.points(effect, _decimals(found))
    return language.difference(effect, unit, project.settings.currency)


def _decimals(found: Finding) -> int:
    """Return with how many decimals percentage points are written: the change gets two digits at least."""
    largest = max((abs(part.effect) for part in found.parts), default=0.0)
    scale = min(abs(found.change) or largest, largest or abs(found.change)) * 100
    return min(max(1 - floor(log10(scale)), 1), 4) if scale else 1
