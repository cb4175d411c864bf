"""The columns into which effects are split, and how effects are written beside each other in a table."""

from __future__ import annotations

from math import floor, fsum, log10
from typing import TYPE_CHECKING

from kurs.explain.finding import EffectKind, Method
from kurs.model.metric import Unit
from kurs.report.explain_sentence import driver_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kurs.explain.finding import Finding, Part
    from kurs.model.project import Project
    from kurs.words import Language

_ORDER = tuple(EffectKind)  # the columns of a table
Key = tuple[EffectKind, "str | None"]


def split_keys(method: Method | None, parts: Iterable[Part]) -> list[Key]:
    """Return the columns into which an effect is split: none where all of it is of one kind."""
    if method is Method.CONTRIBUTION:
        return []
    keys = list(dict.fromkeys((part.kind, part.driver) for part in parts if part.effect))
    return sorted(keys, key=lambda key: _ORDER.index(key[0])) if len(keys) > 1 else []


def effect_of_key(parts: Iterable[Part], key: Key) -> float | None:
    """Add up the effects of one column; None where these parts have none."""
    effects = [part.effect for part in parts if (part.kind, part.driver) == key]
    return fsum(effects) if effects else None


def key_heading(key: Key, project: Project, language: Language) -> str:
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


def aligned_effects(found: Finding, project: Project, language: Language) -> Callable[[float], str]:
    """Return what writes the effects of a table, all with the same decimals."""
    unit, currency, decimals = found.metric.unit, project.settings.currency, _decimals(found)
    if unit is Unit.PERCENT:
        return lambda effect: language.points(effect, decimals)
    return lambda effect: language.difference(effect, unit, currency)


def _decimals(found: Finding) -> int:
    """Return with how many decimals percentage points are written: the change gets two digits at least."""
    largest = max((abs(part.effect) for part in found.parts), default=0.0)
    scale = min(abs(found.change) or largest, largest or abs(found.change)) * 100
    return min(max(1 - floor(log10(scale)), 1), 4) if scale else 1
