"""Draw charts without a browser, and get what a browser needs to draw them itself."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.report.charts.chart import Chart

_SNIPPET = "window.vegaEmbed = vegaEmbed;"


def svg(chart: Chart, font: str | None = None) -> str:
    """Return the chart as an SVG picture, in a ``font`` if not in that of the page.

    The first one of a process takes a second or two longer.
    """
    import vl_convert

    spec = chart.styled
    if font is not None:
        spec["config"] = {**chart.config, "font": font}
    return vl_convert.vegalite_to_svg(spec)


def library() -> str:
    """Return Vega-Lite and all that it needs as one script for browsers, which sets ``vegaEmbed``.

    It is bundled anew at each call, in two or three seconds.
    """
    import vl_convert

    return vl_convert.javascript_bundle(_SNIPPET)


def library_name() -> str:
    """Name the library by all that it is made of: another release has another name."""
    made_of = f"{version('vl-convert-python')}\0{_SNIPPET}"
    return f"vega-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}.js"
