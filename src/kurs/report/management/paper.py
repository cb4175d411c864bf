"""A management report on paper: the same words as the page, set by typst.

The template reads all texts as data, so that nothing a plan says can be markup. The one font, which has
Latin and Persian letters, comes as a package; no font of the machine is looked at.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.audit.rule import LETTERS
from kurs.report.charts.drawing import svg
from kurs.report.charts.theme import LIGHT
from kurs.report.management.content import content
from kurs.report.pages.environment import environment
from kurs.report.pages.tone import tone_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kurs.report.as_json import Plain
    from kurs.report.charts.chart import Chart
    from kurs.report.management.content import Content, Story, Work
    from kurs.report.management.review import Review
    from kurs.report.pages.card import Card
    from kurs.report.pages.overview import Step
    from kurs.words import Language

FONT = "Noto Sans Arabic"  # its Latin letters are those of Noto Sans
_FONT_PACKAGE = "fontpkg_noto_sans_arabic"
_TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
_PERSIAN_PAGES = "۱"
_BULLET_HEIGHT = 24


def report_paper(review: Review, language: Language) -> bytes:
    """Return a review as a PDF."""
    from importlib.resources import files

    import typst

    document = sheet(content(review, language, LIGHT), language)
    return typst.compile(
        _TEMPLATE.read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(files(_FONT_PACKAGE) / "files")]),
        format="pdf",
        sys_inputs={"report": json.dumps(document, ensure_ascii=False)},
    )


def sheet(said: Content, language: Language) -> Plain:
    """Return a report as the plain values that the template lays out."""
    return _Sheet(said, language).document()


class _Sheet:
    """One report as the plain values that the template lays out."""

    def __init__(self, said: Content, language: Language) -> None:
        self.said = said
        self.language = language
        macros = environment(language).get_template("parts.html").module
        self.shape_of: Callable[[str | None], str] = macros.shape  # type: ignore[attr-defined]

    def document(self) -> Plain:
        said, language = self.said, self.language
        term = language.term
        return {
            "tag": said.tag,
            "direction": said.direction,
            "font": FONT,
            "numbering": _PERSIAN_PAGES if said.direction == "rtl" else "1",
            "colours": {name: getattr(LIGHT, name) for name in LIGHT.__slots__},
            "name": said.name,
            "period": said.period,
            "known": said.known,
            "headline": said.headline,
            "strategies": " · ".join(said.strategies),
            "counts": [{"text": f"{one.number} {one.word}", **self._look(one.status)} for one in said.counts],
            "steps": [self._step(step) for step in said.steps],
            "turned": [{"who": one.who, "says": one.says} for one in said.turned],
            "stories": [self._story(one) for one in said.stories],
            "work": {
                "heads": [
                    language.say("Action"),
                    term("column.kpi"),
                    term("column.owner"),
                    language.say("State"),
                    language.say("Due"),
                    language.say("Effect"),
                ],
                "rows": [_row(one) for one in said.work],
            },
            "judged": {
                "heads": [
                    term("column.kpi"),
                    *(term(f"audit.{letter}") for letter in LETTERS),
                    term("column.score"),
                ],
                "rows": [
                    [one.kpi, *({"text": word, "tone": tone_of(look)} for look, word in one.marks), one.score]
                    for one in said.judged
                ],
            },
            "found": [{"who": one.who, "says": one.says} for one in said.found],
            "notes": [{"who": one.who, "says": one.says} for one in said.notes],
            "origins": {
                "heads": [
                    *map(term, ("column.source", "column.covered_to", "column.days_late", "column.gap_days")),
                    language.say("Provisional from"),
                ],
                "rows": [[one.name, one.to, one.late, one.missing, one.provisional] for one in said.origins],
            },
            "words": {
                "changed": language.say("What changed"),
                "work": language.say("Actions and their effects"),
                "judged": language.say("Are they good KPIs?"),
                "data": language.say("What to know of the data"),
                "nothing": language.say("Nothing stands out."),
            },
        }

    def _step(self, step: Step) -> Plain:
        say = self.language.say
        title = (
            self.language.term(f"stage.{step.stage}")
            if step.stage is not None
            else say("Without a step of the journey")
        )
        aims = [
            {"says": aim.says or say("Without a goal"), "cards": [self._card(one) for one in aim.cards]}
            for aim in step.aims
        ]
        return {"title": title, "aims": aims}

    def _card(self, card: Card) -> Plain:
        return {
            "label": " ".join(filter(None, (card.label, card.segments))),
            **self._look(card.status),
            "status": card.status_word,
            "since": self._since(card),
            "figure": card.figure,
            "provisional": card.is_provisional,
            "target": card.target,
            "bullet": self._bullet(card),
            "trend": self._trend(card),
            "facts": [{"label": fact.label, "value": fact.value} for fact in card.facts],
            "why": card.reason or card.why,
            "foot": card.owner,
        }

    def _story(self, story: Story) -> Plain:
        card = story.card
        return {
            "label": card.label,
            **self._look(card.status),
            "status": card.status_word,
            "since": self._since(card),
            "says": story.says,
            "charts": [self._chart(chart) for chart in story.charts],
        }

    def _since(self, card: Card) -> str:
        return self.language.say("since {day}", day=card.since) if card.since else ""

    def _chart(self, chart: Chart) -> Plain:
        return {"svg": svg(chart, FONT), "says": chart.description, "note": chart.note}

    # Small pictures: the same shapes as on the page, in colours of their own

    def _look(self, status: str | None) -> Plain:
        tone = tone_of(status)
        colour = getattr(LIGHT, tone)
        style = f".cut,.line{{fill:none;stroke-width:1.5}}.cut{{stroke:#fff}}.line{{stroke:{colour}}}"
        drawn = str(self.shape_of(status)).strip()
        drawn = drawn.replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" fill="{colour}" ', 1)
        head, _, body = drawn.partition(">")
        return {"shape": f"{head}><style>{style}</style>{body}", "tone": tone}

    def _bullet(self, card: Card) -> str | None:
        found = card.bullet
        if found is None:
            return None
        start, width = found.bar
        parts = [_rect(0, 1000, 8, 8, LIGHT.ground)]
        if found.band is not None:
            low, high = found.band
            parts.append(_rect(low, high - low, 4, 16, LIGHT.accent, 0.25))
        parts.append(_rect(start, width, 8, 8, getattr(LIGHT, found.tone)))
        if found.expected is not None:
            parts.append(_rect(found.expected - 2, 4, 3, 18, LIGHT.soft))
        if found.target is not None:
            parts.append(_rect(found.target - 3, 6, 1, 22, LIGHT.ink))
        flip = ' transform="translate(1000 0) scale(-1 1)"' if self.said.direction == "rtl" else ""
        return _svg(1000, _BULLET_HEIGHT, [f"<g{flip}>", *parts, "</g>"], stretch=True)

    def _trend(self, card: Card) -> str | None:
        if card.trend is None:
            return None
        x, y = card.trend.last
        line = f'<path d="{card.trend.path}" fill="none" stroke="{LIGHT.faint}" stroke-width="1.4"/>'
        dot = f'<circle cx="{x}" cy="{y}" r="2.6" fill="{getattr(LIGHT, card.tone)}"/>'
        return _svg(96, 28, [line, dot])


def _svg(width: int, height: int, parts: Iterable[str], *, stretch: bool = False) -> str:
    how = ' preserveAspectRatio="none"' if stretch else ""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
    return f'{head} viewBox="0 0 {width} {height}"{how}>{"".join(parts)}</svg>'


def _rect(x: float, width: float, y: float, height: float, colour: str, opacity: float = 1) -> str:
    shape = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {shape} fill="{colour}" opacity="{opacity}"/>'


def _row(work: Work) -> list[object]:
    """Lay out an action; what it brought and what was written of it stand in one cell."""
    state = {"text": work.state, "tone": work.tone}
    brought = " · ".join(filter(None, (work.effect, work.remark)))
    return [work.says, work.kpi, work.owner, state, work.due, brought]
