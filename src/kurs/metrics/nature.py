"""What is known of a metric before it is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.coverage import Covered


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """How a metric behaves in time, and which days its data covers.

    ``accumulates``: a flow: sums and counts and their linear combinations, which grow with the days and
    are 0 where nothing happened; else a ratio, an average, an extreme.
    ``has_parts``: a numerator and a denominator can be asked for.
    ``covered``: the coverage of the relations whose rows are aggregated, reaching as far as it does;
    empty where nothing was recorded, as in an existing warehouse.
    ``loaded``: False while one of these relations is not there yet; then nothing can be asked.
    """

    accumulates: bool
    has_parts: bool
    covered: tuple[Covered, ...] = ()
    loaded: bool = True
