"""Which language a reader gets: the one chosen by the switch, else the browser's, else the project's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.words import language, languages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from kurs.words import Language

COOKIE = "kurs_lang"
PARAMETER = "lang"
YEAR_SECONDS = 365 * 24 * 3600


def offered(of_project: Sequence[str]) -> tuple[str, ...]:
    """Return the languages of the switch: those of the project, then those that have texts."""
    return tuple(dict.fromkeys((*of_project, *languages())))


def reader_of(request: Request, of_project: Sequence[str]) -> Language:
    """Return the language of a request."""
    tags = offered(of_project)
    chosen = (request.query_params.get(PARAMETER), request.cookies.get(COOKIE))
    wanted = [tag for tag in chosen if tag in tags]
    if not wanted:
        wanted = _accepted(request.headers.get("accept-language", ""), tags)
    return language((wanted or of_project or ("en",))[0])


def _accepted(header: str, tags: Sequence[str]) -> list[str]:
    """Return the offered languages that a browser accepts, the best first; none where it takes any."""
    wishes: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.partition("=")[2]) if quality else 1.0
        except ValueError:
            continue
        if weight > 0:
            wishes.append((-weight, tag.strip().lower()))
    found: list[str] = []
    for _, wish in sorted(wishes, key=lambda one: one[0]):
        short = wish.partition("-")[0]
        found += [tag for tag in tags if tag.lower() in (wish, short)]
    return found
