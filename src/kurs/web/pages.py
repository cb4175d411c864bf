"""The addresses of the pages. FastAPI reads their annotations when they are made: they are not postponed."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from kurs.web import content
from kurs.web.site import HTML, Site
from kurs.workflows.asking import QuestionWords, RequestWords
from kurs.workflows.history import newest_commit

Chosen = Annotated[str, Query(max_length=500)]
Since = Annotated[str, Query(alias="from", max_length=200)]
Name = Annotated[str, Path(max_length=200)]


def pages(site: Site) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False)
    _add_kpis(router, site)
    _add_metrics(router, site)
    _add_records(router, site)
    return router


def _add_kpis(router: APIRouter, site: Site) -> None:
    @router.get("/")
    def overview(
        request: Request,
        stage: Chosen = "",
        goal: Chosen = "",
        segment: Chosen = "",
        owner: Chosen = "",
        period: Chosen = "",
        status: Chosen = "",
        cards: Chosen = "",
    ) -> Response:
        chosen = {"stage": stage, "goal": goal, "owner": owner, "period": period, "status": status}
        return site.answer(
            request,
            HTML,
            lambda asked: content.overview(asked, chosen, segment, everything=cards == "all"),
        )

    @router.get("/kpi/{name}")
    def kpi(request: Request, name: Name, segment: Chosen = "") -> Response:
        return site.answer(request, HTML, lambda asked: content.kpi(asked, name, segment))

    @router.get("/history/{name}")
    def history(request: Request, name: Name) -> Response:
        commit = newest_commit(site.showing.folder)
        return site.answer(request, HTML, lambda asked: content.history(asked, name), commit)

    @router.get("/plan")
    def plan(request: Request) -> Response:
        return site.answer(request, HTML, content.plan)


def _add_metrics(router: APIRouter, site: Site) -> None:
    @router.get("/explain/{name}")
    def explain(
        request: Request,
        name: Name,
        period: Chosen = "",
        against: Chosen = "",
        by: Chosen = "",
        where: Chosen = "",
        drivers: Chosen = "",
        search: Chosen = "",
    ) -> Response:
        words = RequestWords(
            name,
            period or None,
            against or None,
            [by] if by else None,
            bool(drivers),
            bool(search),
            where=[where] if where else None,
        )
        chosen = {"period": period, "against": against, "by": by, "where": where}
        chosen |= {"drivers": drivers, "search": search}
        return site.answer(request, HTML, lambda asked: content.explain(asked, words, chosen))

    @router.get("/metrics")
    def metrics(
        request: Request,
        metric: Chosen = "",
        by: Chosen = "",
        grain: Chosen = "",
        first: Since = "",
        to: Chosen = "",
        where: Chosen = "",
        segment: Chosen = "",
        compare: Chosen = "",
    ) -> Response:
        words = QuestionWords(
            metrics=[metric] if metric else None,
            by=[by] if by else None,
            grain=grain or None,
            first=first or None,
            last=to or None,
            where=[where] if where else None,
            segment=[segment] if segment else None,
            compare=compare or None,
        )
        chosen = {
            "metric": metric,
            "by": by,
            "grain": grain,
            "from": first,
            "to": to,
            "where": where,
            "segment": segment,
            "compare": compare,
        }
        return site.answer(request, HTML, lambda asked: content.metrics(asked, words, chosen))


def _add_records(router: APIRouter, site: Site) -> None:
    @router.get("/actions")
    def actions(request: Request, open_only: Annotated[bool, Query(alias="open")] = False) -> Response:
        return site.answer(request, HTML, lambda asked: content.actions(asked, only_open=open_only))

    @router.get("/audit")
    def audit(request: Request) -> Response:
        return site.answer(request, HTML, lambda asked: content.audit(asked, site.showing))

    @router.get("/data")
    def data(request: Request) -> Response:
        return site.answer(request, HTML, content.data)

    @router.get("/catalogue")
    def catalogue(request: Request, words: Chosen = "") -> Response:
        return site.answer(request, HTML, lambda asked: content.catalogue(asked, words))
