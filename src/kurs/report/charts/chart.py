"""A chart: what is drawn, what it says in words, and the same values as a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.report.charts.stops import Stops

Spec: TypeAlias = "dict[str, object]"

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
MEDIA_TYPE = "application/vnd.vegalite.v6+json"


@dataclass(frozen=True, slots=True)
class Table:
    """The values of a chart as texts: what a reader who does not see it reads."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing without colours: those come with a theme (``kurs.report.charts.theme``).

    ``spec`` is Vega-Lite; its marks name styles and colour ranges of the theme's config. ``config`` is that
    of the theme it is shown in. ``description`` says in a sentence what is to be seen,
    ``note`` how the picture is meant, where that needs a word. ``stops`` are the places at which a reader
    of a screen can halt; its ``spec`` is layered then.
    """

    title: str
    description: str
    table: Table
    spec: Spec = field(repr=False)
    config: Mapping[str, object] = field(repr=False)
    note: str = ""
    stops: Stops | None = field(default=None, repr=False)

    @property
    def styled(self) -> Spec:
        """The whole specification, which any Vega-Lite can draw."""
        return self._whole(self.spec)

    @property
    def reachable(self) -> Spec:
        """The whole specification for a screen: a pointer finds the values."""
        return self._whole(self.stops.added_to(self.spec) if self.stops is not None else self.spec)

    def _whole(self, spec: Spec) -> Spec:
        return {"$schema": SCHEMA, "description": self.description, **spec, "config": dict(self.config)}

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Show the chart in a notebook; where it cannot draw, its description."""
        return {MEDIA_TYPE: self.reachable, "text/plain": f"{self.title}\n{self.description}"}
