"""The JSON API: what the commands print with ``--format json``, by the same functions.

FastAPI reads the annotations of the routes when they are made, so they are not postponed here.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from kurs.report import as_json
from kurs.web import answers
from kurs.web.reader import PARAMETER
from kurs.web.site import JSON, Asked, Site
from kurs.workflows.asking import QuestionWords, RequestWords
from kurs.workflows.history import newest_commit

Names = Annotated[list[str] | None, Query(max_length=50)]
Conditions = Annotated[list[str] | None, Query(max_length=20)]
Word = Annotated[str | None, Query(max_length=200)]
Name = Annotated[str, Path(max_length=200)]
Flag = Annotated[bool, Query()]
Since = Annotated[str | None, Query(alias="from", max_length=200)]

_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "A wrong question: its problems, each with code, message and hint."},
    404: {"description": "The plan has no such name."},
    422: {"description": "A parameter of another kind, or data that would give a wrong answer."},
    503: {"description": "The engine could not answer, or not in time."},
}
_LIST: dict[int | str, dict[str, Any]] = {200: {"content": {JSON: {"schema": {"type": "array"}}}}}
_OBJECT: dict[int | str, dict[str, Any]] = {200: {"content": {JSON: {"schema": {"type": "object"}}}}}

Said = Callable[[Request, Callable[[Asked], object]], Response]


def api(site: Site) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter(prefix="/api/v1", responses=_REFUSALS, dependencies=[Depends(_only_known)])

    def said(request: Request, found: Callable[[Asked], object], also: str = "") -> Response:
        return site.answer(request, JSON, lambda asked: as_json.document(found(asked)) + "\n", also)

    @router.get("/history/{name}", responses=_LIST, summary="What became of a KPI: kurs history")
    def history(request: Request, name: Name) -> Response:
        commit = newest_commit(site.showing.folder)
        return said(request, lambda asked: answers.history_json(asked, name), commit)

    _add_questions(router, said)
    _add_records(router, said, site)
    return router


def _only_known(request: Request) -> None:
    """Refuse a parameter that the route does not have: passed over, it would answer another question."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = {PARAMETER, *(parameter.alias for parameter in route.dependant.query_params)}
    if unknown := [name for name in dict.fromkeys(request.query_params) if name not in known]:
        raise RequestValidationError([{"loc": ("query", name), "msg": "unknown"} for name in unknown])


def _add_questions(router: APIRouter, said: Said) -> None:
    """Add what is computed from the data."""

    @router.get("/status", responses=_LIST, summary="Where every KPI stands: kurs status")
    def status(request: Request, kpi: Names = None, segment: Word = None, stage: Word = None) -> Response:
        return said(request, lambda asked: answers.status_json(asked, kpi, segment, stage))

    @router.get("/query", responses=_OBJECT, summary="Metrics by dimensions and over time: kurs query")
    def query(
        request: Request,
        metric: Names = None,
        by: Names = None,
        grain: Word = None,
        first: Since = None,
        to: Word = None,
        where: Conditions = None,
        segment: Names = None,
        order: Names = None,
        limit: Word = None,
        compare: Word = None,
    ) -> Response:
        words = QuestionWords(metric, by, grain, first, to, where, segment, order, limit, compare)
        return said(request, lambda asked: answers.query_json(asked, words))

    @router.get("/explain/{name}", responses=_OBJECT, summary="Why a metric or a KPI moved: kurs explain")
    def explain(
        request: Request,
        name: Name,
        period: Word = None,
        against: Word = None,
        by: Names = None,
        drivers: Flag = False,
        search: Flag = False,
        where: Conditions = None,
        top: Word = None,
        users: Word = None,
    ) -> Response:
        words = RequestWords(name, period, against, by, drivers, search, where, top, users)
        return said(request, lambda asked: answers.explain_json(asked, words))


def _add_records(router: APIRouter, said: Said, site: Site) -> None:
    """Add what is written down: the plan's problems, loads, decisions."""

    @router.get("/check", responses=_OBJECT, summary="Problems of the plan, and its audit: kurs check")
    def check(request: Request) -> Response:
        return said(request, lambda asked: answers.check_json(asked, site.showing))

    @router.get("/plan", responses=_OBJECT, summary="From the strategies to the actions: kurs plan")
    def plan(request: Request) -> Response:
        return said(request, answers.plan_json)

    @router.get("/data", responses=_OBJECT, summary="Sources, loads and tables: kurs data")
    def data(request: Request) -> Response:
        return said(request, answers.data_json)

    @router.get("/actions", responses=_LIST, summary="What is to be done: kurs actions")
    def actions(
        request: Request, open_only: Annotated[bool, Query(alias="open")] = False, effect: Flag = False
    ) -> Response:
        return said(request, lambda asked: answers.actions_json(asked, only_open=open_only, effect=effect))

    @router.get("/approvals", responses=_LIST, summary="Who approved what: kurs approvals")
    def approvals(request: Request) -> Response:
        return said(request, answers.approvals_json)

    @router.get("/journal", responses=_LIST, summary="What was decided, entry by entry: kurs journal")
    def journal(request: Request) -> Response:
        return said(request, answers.journal_json)

    @router.get("/metrics", responses=_LIST, summary="The metrics of the plan, and how each is computed")
    def metrics(request: Request) -> Response:
        return said(request, answers.metrics_json)

    @router.get("/catalog", responses=_LIST, summary="Standard KPIs: kurs catalog")
    def catalog(request: Request, words: Names = None) -> Response:
        return said(request, lambda asked: answers.catalog_json(asked, words))
