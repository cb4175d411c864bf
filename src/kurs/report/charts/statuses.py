"""How a KPI ended in each period: a bar for the value, a line for its target, a shape for the status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.report.amounts import target_amount, target_kind
from kurs.report.charts.axis import Amounts, amount_axis, drawn
from kurs.report.charts.chart import Chart, Table
from kurs.report.charts.stops import Stops
from kurs.report.charts.theme import STATUSES, config
from kurs.report.labels import bucket_label, kpi_label
from kurs.report.pages.tone import tone_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.evaluate.reading import Reading
    from kurs.model.project import Project
    from kurs.report.charts.chart import Spec
    from kurs.report.charts.theme import Theme
    from kurs.words import Language

_WIDTH, _WIDEST_STEP, _HEIGHT = 640, 88, 150
_SHAPES = ("circle", "triangle-up", "diamond", "stroke")


def status_history(
    readings: Sequence[Reading], project: Project, language: Language, theme: Theme
) -> Chart | None:
    """Draw the readings of some periods of one KPI, oldest first; None where there are none."""
    if not readings:
        return None
    amounts = Amounts(readings[0].unit, project.settings.currency, language)
    names = [period_name(reading, project, language) for reading in readings]
    rows = [_row(reading, name, amounts) for reading, name in zip(readings, names, strict=True)]
    values = [value for reading in readings for value in (reading.value, *_edges(reading))]
    axis, scale = amount_axis(values, amounts, from_zero=True)
    tone: Spec = {"field": "tone", "type": "nominal", "legend": None}
    x_axis = {"title": None, "labelAngle": 0, "labelLimit": _WIDEST_STEP, "labelOverlap": True}
    spec: Spec = {
        "width": {"step": min(_WIDEST_STEP, _WIDTH // len(rows))},
        "height": _HEIGHT,
        "data": {"values": rows},
        "encoding": {
            "x": {
                "field": "period",
                "type": "nominal",
                "sort": [row["period"] for row in rows],
                "axis": x_axis,
            },
        },
        "layer": [
            {
                "mark": {"type": "bar", "style": "ground", "width": {"band": 0.7}},
                "encoding": {"y": {"field": "value", "type": "quantitative", "axis": axis, "scale": scale}},
            },
            {
                "mark": {"type": "tick", "style": "target", "thickness": 2},
                "transform": [{"filter": "datum.target !== null"}],
                "encoding": {"y": {"field": "target", "type": "quantitative"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "transform": [{"filter": "datum.value !== null"}],
                "encoding": {
                    "y": {"field": "value", "type": "quantitative"},
                    "color": {**tone, "scale": {"domain": list(STATUSES), "range": "statuses"}},
                    "shape": {**tone, "scale": {"domain": list(STATUSES), "range": list(_SHAPES)}},
                },
            },
        ],
    }
    title = kpi_label(project, readings[0].kpi, language)
    term = language.term
    titles = {
        "name": term("column.window"),
        "text": term("column.value"),
        "aim": term("column.target"),
        "word": term("column.status"),
    }
    lines = tuple(tuple(str(row[key]) for key in titles) for row in rows)
    said = language.say("{title}, period by period.", title=title)
    table, stops = Table(tuple(titles.values()), lines), Stops("period", titles, tuple(rows))
    return Chart(title, said, table, spec, config(theme, language), stops=stops)


def period_name(reading: Reading, project: Project, language: Language) -> str:
    """Name the period of a reading: by its grain where it recurs, else by its days."""
    every = reading.kpi.period.every
    if every is not None:
        return bucket_label(project, reading.period.first, every, language)
    return language.days_range(reading.period.first, reading.period.last)


def _row(reading: Reading, name: str, amounts: Amounts) -> Spec:
    target = reading.target
    return {
        "period": drawn(name, amounts.language),
        "name": name,
        "value": reading.value,
        "target": None if isinstance(target, Band) else target,
        "text": amounts.full(reading.value),
        "aim": target_amount(target, target_kind(reading.kpi), amounts.full),
        "tone": tone_of(reading.status),
        "word": amounts.language.term(f"status.{reading.status or 'none'}"),
    }


def _edges(reading: Reading) -> tuple[float, ...]:
    target = reading.target
    if target is None:
        return ()
    return (target.low, target.high) if isinstance(target, Band) else (target,)
