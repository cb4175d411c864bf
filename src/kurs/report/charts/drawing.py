"""Draw charts without a browser, and hand the browser what it draws them with."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.report.charts.chart import Chart

# Loaded as a module, once a page: `vegaEmbed(element, specification, {ast: true})` interprets expressions, so
# that no policy has to allow `eval`.
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


def browser_bundle(folder: Path) -> Path:
    """Return the file with the script that draws charts in a browser, made once in ``folder``.

    It is a cache: its name carries the versions that it is made of.
    """
    from importlib.metadata import version

    import vl_convert

    mark = hashlib.sha256(f"{version('vl-convert-python')} {_SNIPPET}".encode()).hexdigest()[:12]
    path = folder / f"charts-{mark}.js"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(vl_convert.javascript_bundle(_SNIPPET), "utf-8")
        new.replace(path)
    return path
