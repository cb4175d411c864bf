"""What is known of a metric before it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.coverage import Covered


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """How a metric behaves in time, and which days its data covers.

    ``accumulates``: a flow, that is a linear combination of sums and counts, which grows with the days
    and is 0 where nothing happened; else a ratio, an average, a distinct count, an extreme.
    ``has_parts``: a numerator and a denominator can be asked for.
    ``covered``: the coverage of all relations behind it, joined ones included; empty where nothing was
    recorded, as in an existing warehouse.
    """

    accumulates: bool
    has_parts: bool
    covered: tuple[Covered, ...] = ()
