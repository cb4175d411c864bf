"""The frame of every page: navigation, languages, problems of the plan, and where the same is as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from kurs.report.pages.environment import environment
from kurs.report.problems import render_json
from kurs.web.reader import PARAMETER, offered
from kurs.web.views import FILTERS, NAVIGATION, address
from kurs.words import language as language_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.web.site import Asked

TEMPLATES = Path(__file__).parent / "templates"
_NO_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"}


def page(asked: Asked, template: str, path: str, same: str, **values: object) -> str:
    """Write a page: ``path`` is its place in the navigation, ``same`` the address of the same as JSON."""
    language, project = asked.language, asked.edition.project
    kept = _kept(asked)

    def link(path: str) -> str:
        return address(path, **_heard(path, kept))

    def kpi_link(key: str) -> str:
        return link(f"/kpi/{key}")

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
            link=link,
            kpi_link=kpi_link,
            **values,
        )
    )


def _kept(asked: Asked) -> dict[str, str]:
    """Return the filters of the overview that a reader has set: they go along from page to page."""
    params = asked.request.query_params
    return _heard(asked.request.url.path, {name: params[name] for name in FILTERS if params.get(name)})


def _heard(path: str, kept: Mapping[str, str]) -> dict[str, str]:
    """Leave out what means something else on a page: the days of an explanation are no filter."""
    return {name: value for name, value in kept.items() if name != "period" or "/explain/" not in path}


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
