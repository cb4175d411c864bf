"""Amounts of a reading in words: its target with the sign of a limit, its pace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.model.target import TargetKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.model.kpi import Kpi
    from kurs.words import Language

_LIMITS = {TargetKind.KEEP_ABOVE: "≥ ", TargetKind.KEEP_BELOW: "≤ "}


def target_kind(kpi: Kpi | None) -> TargetKind | None:
    """Return how the target of a KPI is put."""
    return kpi.target.kind if kpi is not None and kpi.target is not None else None


def target_amount(target: float | Band | None, kind: TargetKind | None, write: Callable[[float], str]) -> str:
    """Write a target by ``write``: a number, both ends of a band, or a limit with its sign."""
    if target is None:
        return ""
    if isinstance(target, Band):
        return f"{write(target.low)} – {write(target.high)}"
    return _LIMITS.get(kind, "") + write(target) if kind is not None else write(target)


def pace_said(pace: float, language: Language) -> str:
    """Write a pace without decimals; not as 100 % what is a little less or more, and judged so."""
    is_near = pace != 1 and 0.99 < pace < 1.01
    return language.percent(pace, 1 if is_near else 0)
