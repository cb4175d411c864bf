"""The application: pages, API, static files and news, behind the guard of ``safety``."""

from __future__ import annotations

import hashlib
import logging
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from kurs.problems import KursError, Problem
from kurs.release import __version__
from kurs.report import as_json
from kurs.report.pages.environment import environment, stylesheet
from kurs.report.problems import render_json
from kurs.web import live
from kurs.web.api import api
from kurs.web.library import Library, library_path
from kurs.web.page import TEMPLATES
from kurs.web.pages import pages
from kurs.web.reader import reader_of
from kurs.web.safety import HEALTH, Door, Safety
from kurs.web.site import HTML, JSON, Site, status_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from starlette.requests import Request

    from kurs.web.showing import Showing

STATIC = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_LOG = logging.getLogger("kurs.web")


def create_app(
    showing: Showing, door: Door | None = None, stops: Callable[[], bool] = lambda: False
) -> FastAPI:
    """Make the application that serves a project. Nothing outside the package and the project is read.

    ``stops`` says whether the server is about to end.
    """
    site = Site(showing)

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncGenerator[None]:
        yield
        showing.close()

    app = FastAPI(
        title="kurs",
        version=__version__,
        summary="Where every KPI stands, why, and what is done about it. Read-only.",
        docs_url=None,  # its page would load scripts of another site
        redoc_url=None,
        lifespan=life,
    )
    app.include_router(api(site))
    app.include_router(pages(site))
    _add_plain_routes(app, site, stops)
    _add_refusals(app, site)
    app.add_middleware(Safety, door=door or Door())
    return app


def _add_plain_routes(app: FastAPI, site: Site, stops: Callable[[], bool]) -> None:
    def health(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers={"cache-control": "no-store"})

    def events(request: Request) -> Response:
        return live.events(request, site.showing, stops)

    app.add_route(HEALTH, health, include_in_schema=False)
    app.add_route("/events", events, include_in_schema=False)
    # Only these names are known: no address reaches the disk.
    files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in _KINDS}
    files["style.css"] = stylesheet().encode() + b"\n" + files["dashboard.css"]
    shared = Library()

    def charts(request: Request) -> Response:
        return shared.answer(request.headers.get("accept-encoding", ""))

    app.add_route(library_path(), charts, include_in_schema=False)
    for name, content in files.items():
        app.add_route(f"/static/{name}", _file(name, content), include_in_schema=False)


def _file(name: str, content: bytes) -> Callable[[Request], Response]:
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"etag": tag, "cache-control": "public, no-cache"}

    def handler(request: Request) -> Response:
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=_KINDS[Path(name).suffix], headers=headers)

    return handler


def _add_refusals(app: FastAPI, site: Site) -> None:
    """Say what is wrong in the reader's language: a page to a person, JSON to a program."""

    def refused(request: Request, problems: Sequence[Problem], status: int) -> Response:
        of_project: Sequence[str] = ()
        with suppress(KursError):
            of_project = site.showing.edition().project.settings.languages
        reader = reader_of(request, of_project)
        said = [render_json(_without_dashes(problem), reader) for problem in problems]
        headers = {"cache-control": "no-store"}
        if request.url.path.startswith("/api/"):
            body = as_json.document({"problems": said}) + "\n"
            return Response(body, status, media_type=JSON, headers=headers)
        page = environment(reader, (TEMPLATES,)).get_template("refused.html")
        return Response(page.render(problems=said, status=status), status, media_type=HTML, headers=headers)

    def of_kurs(request: Request, error: Exception) -> Response:
        if not isinstance(error, KursError):
            raise error
        return refused(request, error.problems, status_of(error))

    def of_address(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return refused(request, [Problem("no_such_page", {"path": request.url.path})], status)

    def of_parameter(request: Request, error: Exception) -> Response:
        found: list[dict[str, Any]] = (
            list(error.errors()) if isinstance(error, RequestValidationError) else []
        )
        problems = [
            Problem("bad_parameter", {"name": str(one["loc"][-1]), "reason": str(one["msg"])})
            for one in found
        ]
        return refused(request, problems, 422)

    def unexpected(request: Request, error: Exception) -> Response:
        _LOG.error("kurs failed", exc_info=error)
        return refused(request, [Problem("unexpected", {"error": type(error).__name__})], 500)

    app.add_exception_handler(KursError, of_kurs)
    app.add_exception_handler(HTTPException, of_address)
    app.add_exception_handler(RequestValidationError, of_parameter)
    app.add_exception_handler(Exception, unexpected)


def _without_dashes(problem: Problem) -> Problem:
    """Name a parameter as the address does: ``from``, not ``--from``."""
    values = {
        name: value.removeprefix("--") if name in ("option", "key") and isinstance(value, str) else value
        for name, value in problem.values.items()
    }
    return replace(problem, values=values)
