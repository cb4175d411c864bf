"""Axes whose labels are written beforehand, in the reader's language and calendar."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.model.metric import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from kurs.model.days import Days
    from kurs.report.charts.chart import Spec
    from kurs.words import Language

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_FROM_RIGHT, _END = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
_FEW_DAYS, _WEEKS, _FORTNIGHTS = 9, 64, 120


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the values of one chart are written: the unit of its metric, and the project's currency."""

    unit: Unit
    currency: str | None
    language: Language

    def full(self, value: float | None) -> str:
        """Write a value as a reading writes it."""
        return self.language.quantity(value, self.unit, self.currency)

    def short(self, value: float) -> str:
        """Write a value for an axis."""
        if self.unit in (Unit.NUMBER, Unit.CURRENCY):
            return self.language.compact(value, self.currency if self.unit is Unit.CURRENCY else None)
        return self.full(value)

    def change(self, value: float | None) -> str:
        """Write a difference with its sign."""
        return self.language.difference(value, self.unit, self.currency)


def drawn(text: str, language: Language) -> str:
    """Return a text as it is put into a picture: SVG takes every text to run from the left."""
    return f"{_FROM_RIGHT}{text}{_END}" if language.direction == "rtl" and text else text


def labelled(ticks: Sequence[float], labels: Sequence[str], **more: object) -> Spec:
    """Return an axis that has these ticks and labels, and no others."""
    texts, places = json.dumps(list(labels), ensure_ascii=True), json.dumps(list(ticks))
    said = f"{texts}[indexof({places}, datum.value)]"
    return {"values": list(ticks), "labelExpr": said, "labelOverlap": True, **more}


def nice_ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Return round numbers from ``low`` down to ``high`` up, about ``most`` of them; all are finite."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"no axis from {low} to {high}")
    if high - low <= abs(high) * 1e-9:
        low, high = (min(low, 0.0), max(high, 0.0)) if high or low else (0.0, 1.0)
    # Halved first: the distance of two huge numbers would not be finite.
    rough = (high / 2 - low / 2) / most * 2
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in _STEPS if size * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    # A multiple of a decimal step is rounded to the digits that it has.
    digits = max(0, 1 - math.floor(math.log10(step)))
    return tuple(round(place * step, digits) for place in range(first, last + 1))


def amount_axis(
    values: Iterable[float | None],
    amounts: Amounts,
    *,
    from_zero: bool,
    most: int = 5,
    write: Callable[[float], str] | None = None,
) -> tuple[Spec, Spec]:
    """Return the axis and the scale of amounts that take in all ``values``; ``write`` says a tick."""
    known = [value for value in values if value is not None and math.isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high, most)
    labels = [drawn((write or amounts.short)(tick), amounts.language) for tick in ticks]
    axis = labelled(ticks, labels, title=None)
    return axis, {"domain": [ticks[0], ticks[-1]], "nice": False, "zero": False}


def day_axis(period: Days, language: Language) -> tuple[Spec, Spec]:
    """Return the axis and the scale of the days of a period, counted from 0.

    Time runs from left to right in every language (docs/decisions, 0021).
    """
    marked = _marked_days(period)
    ticks = [float((day - period.first).days) for day in marked]
    labels = [drawn(language.day_month(day), language) for day in marked]
    axis = labelled(ticks, labels, title=None, labelFlush=True)
    return axis, {"domain": [0, max(len(period) - 1, 1)], "nice": False, "zero": False}


def _marked_days(period: Days) -> list[date]:
    length = len(period)
    if length <= _FEW_DAYS:
        return list(period)
    if length <= _FORTNIGHTS:
        step = 7 if length <= _WEEKS else 14
        return [period.first + timedelta(days=n) for n in range(0, length, step)]
    firsts = [day for day in period if day.day == 1]
    every = math.ceil(len(firsts) / 12)
    return firsts[::every]
