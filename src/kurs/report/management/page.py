"""A management report as one file for a browser: it needs nothing beside itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kurs.audit.rule import LETTERS
from kurs.report.charts.drawing import svg
from kurs.report.charts.theme import OF_PAGE
from kurs.report.management.content import content
from kurs.report.pages.environment import environment, stylesheet

if TYPE_CHECKING:
    from kurs.report.charts.chart import Chart
    from kurs.report.management.review import Review
    from kurs.report.pages.card import Card
    from kurs.words import Language

TEMPLATES = Path(__file__).parent / "templates"
_NAMED = re.compile(r'(id="|url\(#)(?=\w)')


@dataclass(frozen=True, slots=True)
class _Picture:
    chart: Chart
    svg: object  # markup, which the template does not escape


@dataclass(frozen=True, slots=True)
class _Story:
    card: Card
    says: str
    pictures: tuple[_Picture, ...]


def report_page(review: Review, language: Language) -> str:
    """Lay out a review as HTML, with its style and its pictures inside."""
    from markupsafe import Markup

    said = content(review, language, OF_PAGE)
    numbers = iter(range(1, 1 + sum(len(story.charts) for story in said.stories)))
    stories = [
        _Story(
            story.card,
            story.says,
            tuple(_Picture(chart, Markup(_inlined(svg(chart), next(numbers)))) for chart in story.charts),
        )
        for story in said.stories
    ]
    template = environment(language, (TEMPLATES,)).get_template("report.html")
    return template.render(
        content=said,
        stories=stories,
        letters=[str(letter) for letter in LETTERS],
        stylesheet=Markup(stylesheet()),
        own_style=Markup((TEMPLATES / "report.css").read_text("utf-8")),
    )


def _inlined(picture: str, number: int) -> str:
    """Give the names within a picture its number: several pictures stand in one document."""
    return _NAMED.sub(rf"\1p{number}-", picture)
