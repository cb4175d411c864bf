"""The look of charts: colours and lines by theme, signs of numbers and the side of labels by language.

The colours are those of the pages' style sheet. No two lines differ in colour alone: dash and width tell
them apart on grey paper, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from kurs.report.charts.locale import number_locale, time_locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.report.charts.chart import Spec
    from kurs.words import Language

FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", Vazirmatn, "DejaVu Sans", sans-serif'


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme, by what they are for."""

    ink: str
    soft: str
    faint: str
    line: str
    ground: str
    accent: str
    good: str
    warn: str
    bad: str
    none: str


LIGHT = Theme(
    ink="#16202a",
    soft="#4d5965",
    faint="#66727e",
    line="#e2e6ea",
    ground="#e8ecf0",
    accent="#1f5f8b",
    good="#2f8f6b",
    warn="#c07a10",
    bad="#c2452f",
    none="#8290a0",
)
DARK = Theme(
    ink="#e8edf2",
    soft="#aeb9c4",
    faint="#94a0ac",
    line="#2a343e",
    ground="#2a343f",
    accent="#85bde3",
    good="#46a680",
    warn="#cf952f",
    bad="#de6a55",
    none="#7b8794",
)
# For a picture inside a page: the colours are the page's own, whichever theme it has.
OF_PAGE = Theme(
    ink="var(--ink)",
    soft="var(--soft)",
    faint="var(--faint)",
    line="var(--line)",
    ground="var(--ground)",
    accent="var(--accent)",
    good="var(--good-bar)",
    warn="var(--warn-bar)",
    bad="var(--bad-bar)",
    none="var(--none-bar)",
)

# The order of what a colour or a dash is looked up by.
LINES: tuple[str, ...] = ("value", "provisional", "expected", "comparison")
DASHES = ([1, 0], [4, 2.5], [2, 3], [1, 0])
WIDTHS = (2.6, 2.6, 1.4, 1.4)
STATUSES = ("good", "warn", "bad", "none")


def range_of(places: Sequence[int]) -> str:
    """Name the colours of some of the lines, which the config of every theme has."""
    return f"lines-{''.join(map(str, places))}"


def _lines(theme: Theme) -> Spec:
    colours = (theme.accent, theme.accent, theme.soft, theme.faint)
    some = (places for count in range(1, 5) for places in combinations(range(4), count))
    return {range_of(places): [colours[place] for place in places] for places in some}


def config(theme: Theme, language: Language) -> Spec:
    """Return the Vega-Lite config of a theme for a reader's language."""
    axis_side = "right" if language.direction == "rtl" else "left"
    axis = {
        "labelColor": theme.soft,
        "titleColor": theme.soft,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "domainColor": theme.line,
        "tickColor": theme.line,
        "gridColor": theme.line,
        "labelPadding": 5,
    }
    return {
        "font": FONT,
        "background": None,
        "padding": 4,
        "view": {"stroke": None},
        "locale": {"number": number_locale(language), "time": time_locale(language)},
        "axis": axis,
        "axisX": {"grid": False, "tickSize": 4},
        "axisY": {"orient": axis_side, "domain": False, "ticks": False},
        "header": {"labelColor": theme.ink, "labelFontSize": 12, "titleColor": theme.soft},
        "legend": {"labelColor": theme.soft, "labelFontSize": 11, "title": None, "orient": "top"},
        "title": {"color": theme.ink, "fontSize": 13, "anchor": "end" if axis_side == "right" else "start"},
        "text": {"color": theme.ink, "fontSize": 11},
        "range": {
            **_lines(theme),
            "statuses": [theme.good, theme.warn, theme.bad, theme.none],
            "effects": [theme.accent, theme.warn, theme.soft, theme.faint, theme.none, theme.ink, theme.good],
        },
        "style": {
            "ground": {"color": theme.ground},
            "event": {"color": theme.faint, "opacity": 0.55},
            "band": {"color": theme.accent, "opacity": 0.14},
            "target": {"color": theme.ink, "strokeWidth": 1.6},
            "target-label": {"color": theme.ink, "fontWeight": 600},
            "apart": {"color": theme.accent, "opacity": 0.4, "filled": True, "size": 18},
            "end": {"color": theme.accent, "filled": True, "size": 55, "opacity": 1},
            "end-label": {"color": theme.ink, "fontWeight": 600, "fontSize": 12},
            "mark": {"color": theme.soft, "strokeWidth": 1},
            "near": {"color": theme.faint, "strokeWidth": 1},
            "mark-label": {"color": theme.soft, "fontSize": 10},
            "trend": {"color": theme.accent, "strokeWidth": 1.5},
            "zero": {"color": theme.soft, "strokeWidth": 1},
            "whole": {"color": theme.ink, "thickness": 3},
        },
    }
