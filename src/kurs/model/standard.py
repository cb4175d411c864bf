"""A standard KPI of the catalogue: what the field means by a name, and what it hides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.model.kpi import Level, Nature
    from kurs.model.metric import Direction, Unit
    from kurs.model.strategy import Stage


@dataclass(frozen=True, slots=True)
class StandardKpi:
    """One entry; ``formula`` is a metric's expression over the tables that the catalogue names.

    ``dialects`` are the ways in which people count it differently, ``caveats`` what it hides. ``source`` says
    who defines it so; None where nobody is named.
    """

    name: str
    label: str
    definition: str
    formula: str
    unit: Unit
    good: Direction
    stage: Stage
    nature: Nature
    level: Level
    dialects: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    source: str | None = None

    def speaks_of(self, word: str) -> bool:
        """Say whether a word stands in its name, label or definition, in large or small letters."""
        sought = word.casefold()
        return any(sought in text.casefold() for text in (self.name, self.label, self.definition))

    def said(self, say: Callable[[str], str]) -> StandardKpi:
        """Return it with its texts in the language that ``say`` puts them into."""
        return replace(
            self,
            label=say(self.label),
            definition=say(self.definition),
            dialects=tuple(map(say, self.dialects)),
            caveats=tuple(map(say, self.caveats)),
        )
