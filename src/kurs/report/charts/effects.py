"""Why something moved: its parts as steps from the old value to the new, and as bars side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kurs.explain.finding import EffectKind, by_cell
from kurs.report.charts.axis import Amounts, amount_axis, drawn
from kurs.report.charts.chart import Chart, Table
from kurs.report.charts.theme import config
from kurs.report.explain_sentence import label_of, part_name, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.explain.finding import Finding
    from kurs.model.project import Project
    from kurs.report.charts.chart import Spec
    from kurs.report.charts.theme import Theme
    from kurs.words import Language

MOST_CELLS = 8
WIDTH, _ROW = 520, 26


def waterfall(
    found: Finding, project: Project, language: Language, theme: Theme, width: int = WIDTH
) -> Chart:
    """Draw the way from the value before to the value now, a step for each part, the largest first.

    The steps end exactly at the value now: what is not shown by itself is one step, the residual in it.
    """
    amounts = Amounts(found.metric.unit, project.settings.currency, language)
    steps = _steps(found, project, language)
    rows: list[Spec] = []
    lines: list[tuple[str, str]] = []
    level = found.against_value

    def add(name: str, start: float, end: float, text: str, kind: str) -> None:
        said: Spec = {"name": drawn(name, language), "text": drawn(text, language)}
        rows.append(said | {"start": start, "end": end, "kind": kind})
        lines.append((name, text))

    before, now = language.term("column.before"), language.term("column.after")
    add(before, found.against_value, found.against_value, amounts.full(found.against_value), "whole")
    for name, effect in steps:
        add(name, level, level + effect, amounts.change(effect), "up" if effect >= 0 else "down")
        level += effect
    add(now, found.value, found.value, amounts.full(found.value), "whole")
    ends = [value for row in rows[1:-1] for value in (row["start"], row["end"]) if isinstance(value, float)]
    axis, scale = amount_axis([found.against_value, found.value, *ends], amounts, from_zero=not steps)
    scale = _with_room(scale)
    spec: Spec = {
        "width": width,
        "height": {"step": _ROW},
        "data": {"values": rows},
        "encoding": {"y": _names(rows), "tooltip": _tooltip("name", "text")},
        "layer": [
            {
                "transform": [{"filter": "datum.kind !== 'whole'"}],
                "mark": {"type": "bar", "height": {"band": 0.62}},
                "encoding": {
                    "x": {"field": "start", "type": "quantitative", "axis": axis, "scale": scale},
                    "x2": {"field": "end"},
                    "color": _colour(("up", "down")),
                },
            },
            {
                "transform": [{"filter": "datum.kind === 'whole'"}],
                "mark": {"type": "tick", "style": "whole", "size": 16},
                "encoding": {"x": {"field": "end", "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "transform": [{"calculate": "max(datum.start, datum.end)", "as": "edge"}],
                "encoding": {"x": {"field": "edge", "type": "quantitative"}, "text": {"field": "text"}},
            },
        ],
    }
    table = Table(
        (language.term("column.name"), language.term("column.effect")),
        tuple(lines),
    )
    title = label_of(found, project, language)
    return Chart(title, sentence(found, project, language), table, spec, config(theme, language))


def parts_bars(
    found: Finding, project: Project, language: Language, theme: Theme, width: int = WIDTH
) -> Chart:
    """Draw what each member made: the effect of its rate and that of its share beside each other."""
    amounts = Amounts(found.metric.unit, project.settings.currency, language)
    kinds = _kinds(found)
    names = [language.term(f"column.effect_{kind}") for kind in kinds]
    drawn_names = [drawn(name, language) for name in names]
    rows: list[Spec] = []
    lines: list[tuple[str, ...]] = []
    for at, parts in enumerate(by_cell(found.parts)):
        member = part_name(parts[0], project, language)
        effects = [sum(part.effect for part in parts if part.kind is kind) for kind in kinds]
        lines.append((member, *map(amounts.change, effects), amounts.change(sum(effects))))
        for name, effect in zip(names, effects, strict=True) if at < MOST_CELLS else ():
            said: Spec = {"name": drawn(member, language), "kind": drawn(name, language)}
            rows.append(said | {"effect": effect, "text": amounts.change(effect)})
    axis, scale = amount_axis(
        [_number(row["effect"]) for row in rows], amounts, from_zero=True, most=3, write=amounts.change
    )
    spec: Spec = {
        "data": {"values": rows},
        "facet": {"column": {"field": "kind", "type": "nominal", "sort": drawn_names, "title": None}},
        "spec": {
            "width": width // max(len(kinds), 1),
            "height": {"step": _ROW},
            "encoding": {"y": _names(rows), "tooltip": _tooltip("name", "kind", "text")},
            "layer": [
                {
                    "mark": {"type": "bar", "height": {"band": 0.6}},
                    "encoding": {
                        "x": {"field": "effect", "type": "quantitative", "axis": axis, "scale": scale},
                        "color": _colour(drawn_names),
                    },
                },
                {"mark": {"type": "rule", "style": "zero"}, "encoding": {"x": {"datum": 0}, "y": None}},
            ],
        },
    }
    columns = (language.term("column.name"), *names, language.term("column.effect"))
    title = label_of(found, project, language)
    return Chart(
        title, sentence(found, project, language), Table(columns, tuple(lines)), spec, config(theme, language)
    )


def _steps(found: Finding, project: Project, language: Language) -> list[tuple[str, float]]:
    """Return the cells' effects, the largest first; together they make the change to the last digit."""
    named = [
        (part_name(cell[0], project, language), sum(part.effect for part in cell))
        for cell in by_cell(found.parts)
    ]
    kept = sorted(named, key=lambda step: -abs(step[1]))[:MOST_CELLS]
    rest = found.change - sum(effect for _, effect in kept)
    scale = max((abs(effect) for _, effect in kept), default=abs(found.change))
    if abs(rest) > 1e-9 * scale:
        kept.append((language.say("All else"), rest))
    return kept


def _with_room(scale: Spec) -> Spec:
    """Leave room for the text behind a bar that ends at the edge."""
    low, high = (_number(end) or 0.0 for end in cast("list[object]", scale["domain"]))
    return {**scale, "domain": [low, high + 0.2 * (high - low)]}


def _kinds(found: Finding) -> list[EffectKind]:
    """Return the kinds of effect that can be seen beside the largest; the table has every one."""
    totals = {kind: sum(abs(p.effect) for p in found.parts if p.kind is kind) for kind in EffectKind}
    largest = max(totals.values())
    return [kind for kind, total in totals.items() if total > 0.02 * largest] or [EffectKind.VOLUME]


def _names(rows: Sequence[Spec]) -> Spec:
    """Return the axis of names, in the order of the rows."""
    order = list(dict.fromkeys(str(row["name"]) for row in rows))
    axis = {"title": None, "labelLimit": 180, "grid": False}
    return {"field": "name", "type": "nominal", "sort": order, "axis": axis}


def _colour(domain: Sequence[str]) -> Spec:
    scale = {"domain": list(domain), "range": "effects"}
    return {"field": "kind", "type": "nominal", "scale": scale, "legend": None}


def _tooltip(*fields: str) -> list[Spec]:
    return [{"field": name, "type": "nominal"} for name in fields]


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) else None
