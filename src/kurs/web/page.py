"""The frame of every page: navigation, languages, problems of the plan, and where the same is as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from kurs.report.pages.environment import environment
from kurs.report.problems import render_json
from kurs.web.reader import PARAMETER, offered
from kurs.web.views import NAVIGATION
from kurs.words import language as language_of

if TYPE_CHECKING:
    from kurs.web.site import Asked

TEMPLATES = Path(__file__).parent / "templates"
_NO_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"}


def page(asked: Asked, template: str, path: str, same: str, **values: object) -> str:
    """Write a page: ``path`` is its place in the navigation, ``same`` the address of the same as JSON."""
    language, project = asked.language, asked.edition.project
    query = [(name, value) for name, value in asked.request.query_params.multi_items() if name != PARAMETER]
    return (
        environment(language, (TEMPLATES,))
        .get_template(template)
        .render(
            project=project,
            edition=asked.edition.version,
            as_of=asked.opened.as_of,
            navigation=[entry for entry in NAVIGATION if _has_something(entry[0], asked)],
            here=path,
            json_address=same,
            path=asked.request.url.path,
            query=query,
            languages=[(tag, language_of(tag).name) for tag in offered(project.settings.languages)],
            problems=[render_json(problem, language) for problem in asked.problems],
            kpi_link=kpi_link,
            **values,
        )
    )


def kpi_link(key: str) -> str:
    """Return the address of a KPI's page."""
    return f"/kpi/{key}"


def _has_something(path: str, asked: Asked) -> bool:
    """Say whether a page has anything to show: an empty one is not offered."""
    project = asked.edition.project
    shows = {
        "/metrics": project.metrics,
        "/plan": project.goals or project.strategy,
        "/actions": any(asked.edition.decided.actions(kpi) for kpi in project.kpis.values()),
        "/audit": project.kpis,
        "/data": project.sources or asked.opened.rollups.snapshots,
    }
    return bool(shows.get(path, True))


def embedded(value: object) -> Markup:
    """Write a value as JSON inside a page: no text of it can end the element that holds it."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(written.translate(_NO_MARKUP))
