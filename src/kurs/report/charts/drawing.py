"""Draw charts without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.report.charts.chart import Chart


def svg(chart: Chart, font: str | None = None) -> str:
    """Return the chart as an SVG picture, in a ``font`` if not in that of the page.

    The first one of a process takes a second or two longer.
    """
    import vl_convert

    spec = chart.styled
    if font is not None:
        spec["config"] = {**chart.config, "font": font}
    return vl_convert.vegalite_to_svg(spec)
