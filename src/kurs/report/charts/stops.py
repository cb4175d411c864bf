"""The places of a chart at which a reader halts, with a pointer or with keys, and what is said there.

They are layers of the specification: invisible until a place is chosen, and the nearest one is. A picture on
paper goes without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.report.charts.chart import Spec

NEAR = "near"  # the selection, and the layer that chooses it; static/charts.js knows both by this name


@dataclass(frozen=True, slots=True)
class Stops:
    """What is said at each place of the x axis.

    A row has its place as ``field``, the ``value`` where a dot is drawn, if any, and a text for each key of
    ``titles``: the first is the place's own name, an empty text is left out.
    """

    field: str
    titles: Mapping[str, str]
    rows: tuple[Spec, ...]

    def added_to(self, spec: Spec) -> Spec:
        """Return a layered specification in which these places can be reached."""
        layers = cast("list[Spec]", spec["layer"])
        return {**spec, "datasets": {NEAR: list(self.rows)}, "layer": [*layers, *self._layers()]}

    def _layers(self) -> list[Spec]:
        chosen = [{"filter": {"param": NEAR, "empty": False}}]
        select = {
            "type": "point",
            "fields": [self.field],
            "nearest": True,
            "on": "pointerover",
            "clear": "pointerout",
        }
        said = [{"field": key, "type": "nominal", "title": title} for key, title in self.titles.items()]
        data: Spec = {"data": {"name": NEAR}}
        return [
            {
                **data,
                "transform": chosen,
                "layer": [
                    {"mark": {"type": "rule", "style": "near"}, "encoding": {"y": None}},
                    {"mark": {"type": "point", "style": "end"}},
                ],
            },
            {
                **data,
                "name": NEAR,
                "params": [{"name": NEAR, "select": select}],
                "mark": {"type": "rule", "opacity": 0, "strokeWidth": 8},
                "encoding": {"y": None, "tooltip": said},
            },
        ]
