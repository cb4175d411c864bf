"""The last values of a KPI as a line the size of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.report.charts.chart import Chart, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.report.charts.axis import Amounts
    from kurs.report.charts.chart import Spec

WIDTH, HEIGHT = 96, 26


def sparkline(
    values: Sequence[float | None], labels: Sequence[str], title: str, amounts: Amounts, config: Spec
) -> Chart:
    """Draw ``values``, oldest first; ``labels`` name their days. A gap for None."""
    rows = [{"at": at, "value": value} for at, value in enumerate(values)]
    last = max((at for at, value in enumerate(values) if value is not None), default=0)
    x: Spec = {"field": "at", "type": "quantitative", "axis": None, "scale": {"zero": False, "nice": False}}
    y: Spec = {"field": "value", "type": "quantitative", "axis": None, "scale": {"zero": False}}
    spec: Spec = {
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": rows},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "style": "trend"}},
            {"transform": [{"filter": f"datum.at === {last}"}], "mark": {"type": "point", "style": "end"}},
        ],
    }
    known = [value for value in values if value is not None]
    language = amounts.language
    said = language.say("{title}: no values yet.", title=title)
    if known:
        ends = {"first": amounts.full(known[0]), "last": amounts.full(known[-1])}
        said = language.say("{title}: from {first} to {last}.", title=title, **ends)
    table = Table(
        (language.term("column.window"), language.term("column.value")),
        tuple((label, amounts.full(value)) for label, value in zip(labels, values, strict=True)),
    )
    return Chart(title, said, table, spec, config)
