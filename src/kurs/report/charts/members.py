"""The members of a dimension as small charts of one scale, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.report.charts.axis import amount_axis, drawn, labelled
from kurs.report.charts.chart import Chart, Table
from kurs.report.charts.theme import config

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.report.charts.axis import Amounts
    from kurs.report.charts.chart import Spec
    from kurs.report.charts.theme import Theme

MOST_MEMBERS = 12
_WIDTH, _HEIGHT, _COLUMNS = 150, 70, 4


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a dimension by its name, and its value in each bucket; None where it has none."""

    name: str
    values: tuple[float | None, ...]


def small_multiples(
    members: Sequence[Member], buckets: Sequence[str], title: str, amounts: Amounts, theme: Theme
) -> Chart:
    """Draw the first members, all on one scale; the table has every one. ``buckets`` name the values."""
    language = amounts.language
    first = members[:MOST_MEMBERS]
    rows: list[Spec] = [
        {
            "name": drawn(one.name, language),
            "at": at,
            "value": value,
            "bucket": bucket,
            "text": amounts.full(value),
        }
        for one in first
        for at, (bucket, value) in enumerate(zip(buckets, one.values, strict=True))
    ]
    every = [value for one in first for value in one.values]
    axis, scale = amount_axis(every, amounts, from_zero=True)
    ends = (0, len(buckets) - 1) if len(buckets) > 1 else (0,)
    time = labelled(
        [float(end) for end in ends],
        [drawn(buckets[end], language) for end in ends],
        title=None,
        labelFlush=True,
    )
    names = [drawn(one.name, language) for one in first]
    tooltip = [{"field": name, "type": "nominal"} for name in ("name", "bucket", "text")]
    spec: Spec = {
        "data": {"values": rows},
        "columns": _COLUMNS,
        "facet": {"field": "name", "type": "nominal", "sort": names, "title": None},
        "spec": {
            "width": _WIDTH,
            "height": _HEIGHT,
            "mark": {"type": "line", "style": "trend", "point": {"size": 12}},
            "encoding": {
                "x": {"field": "at", "type": "quantitative", "axis": time, "scale": {"nice": False}},
                "y": {"field": "value", "type": "quantitative", "axis": axis, "scale": scale},
                "tooltip": tooltip,
            },
        },
    }
    columns = (language.term("column.name"), *buckets)
    lines = tuple((one.name, *map(amounts.full, one.values)) for one in members)
    said = language.say("{title}: {members}.", title=title, members=[one.name for one in first])
    return Chart(title, said, Table(columns, lines), spec, config(theme, language))
