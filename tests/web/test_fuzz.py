"""The API is asked everything that its OpenAPI document allows, and much that it does not: it never fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from schemathesis import Case


PATHS = (
    *("status", "query", "explain/{name}", "check", "plan", "data", "actions", "approvals", "journal"),
    *("metrics", "history/{name}"),
)


@pytest.mark.parametrize("path", [*PATHS, "catalog"])
def test_no_question_makes_it_fail(dashboard: TestClient, path: str) -> None:
    host = {"host": "localhost"}
    schema = schemathesis.openapi.from_asgi("/openapi.json", dashboard.app, headers=host)
    operation = schema[f"/api/v1/{path}"]["GET"]
    modes = list(GenerationMode)  # what the document allows, and what it does not

    @given(st.one_of(operation.as_strategy(generation_mode=mode) for mode in modes))
    @settings(max_examples=20, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def ask(case: Case) -> None:
        answer = case.call(headers=host)
        assert answer.status_code in (200, 400, 404, 405, 422), (case, answer.text)

    ask()


def test_the_document_names_every_route(dashboard: TestClient) -> None:
    named = {path.removeprefix("/api/v1/") for path in dashboard.get("/openapi.json").json()["paths"]}
    assert named == {*PATHS, "catalog"}


@pytest.mark.parametrize(
    "query",
    [
        "where=1=1); drop table sessions; --",
        "where=read_csv('/etc/passwd') is not null",
        "where=country = (select 1)",
        "where=pg_sleep(10)",
        "by=../../etc/passwd",
        "by=sessions.country; select 1",
        "order=sessions;drop",
        "grain=second",
        "limit=-1",
        "from=2026-13-01",
        "segment=' or 1=1",
    ],
)
def test_only_what_the_command_line_allows_reaches_the_engine(dashboard: TestClient, query: str) -> None:
    answer = dashboard.get(f"/api/v1/query?metric=visits&{query}")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["code"] not in ("query_failed", "unknown_metric")
    page = dashboard.get(f"/metrics?metric=visits&{query}")
    assert page.status_code == 200


def test_an_answer_has_an_end(dashboard: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurs.web.answers.MOST_ROWS", 3)
    query = "/api/v1/query?metric=visits&grain=day&where=1=1"
    assert dashboard.get(query).json()["problems"][0]["code"] == "too_many_rows"
    assert len(dashboard.get(query + "&limit=3").json()["rows"]) == 3
