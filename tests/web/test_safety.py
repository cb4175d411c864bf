"""Who is let in, by which name, in which way."""

from __future__ import annotations

import base64
import socket
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from kurs.cli.main import run
from kurs.web.app import create_app
from kurs.web.safety import LOOPBACK_NAMES, Door, is_loopback
from kurs.web.showing import Showing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_it_is_read_only(dashboard: TestClient, method: str) -> None:
    assert dashboard.request(method, "/").status_code == 405


def test_head_is_get_without_a_body(dashboard: TestClient) -> None:
    got, head = dashboard.get("/api/v1/data"), dashboard.head("/api/v1/data")
    assert (head.status_code, head.text) == (200, "")
    assert head.headers["etag"] == got.headers["etag"]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "192.0.2.1"])
def test_another_name_is_refused(dashboard: TestClient, host: str) -> None:
    assert dashboard.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:8400", "127.0.0.1", "[::1]:9", "LOCALHOST"])
def test_names_of_this_machine_are_known(host: str) -> None:
    assert Door().knows(host)


def test_a_server_for_others_is_known_by_its_names_and_by_addresses() -> None:
    door = Door(LOOPBACK_NAMES | {"kurs.example"}, "secret", by_address=True)
    assert door.knows("kurs.example:8400")
    assert door.knows("192.0.2.1:8400")
    assert door.knows("[2001:db8::1]")
    assert not door.knows("evil.example")


def test_nothing_but_health_is_told_without_the_token(shop: Path) -> None:
    showing = Showing(shop)
    client = TestClient(create_app(showing, Door(token="a long secret")), base_url="http://localhost")
    assert client.get("/healthz").text == "ok\n"
    for path in ("/", "/api/v1/status", "/static/style.css", "/openapi.json", "/events", "/nothing"):
        assert client.get(path).status_code == 401, path
    basic = base64.b64encode(b"anybody:a long secret").decode()
    for given, status in (
        ("Bearer a long secret", 200),
        (f"Basic {basic}", 200),
        ("Bearer a long secrets", 401),
        ("Basic !!!", 401),
        ("Digest a long secret", 401),
        ("a long secret", 401),
    ):
        assert client.get("/openapi.json", headers={"authorization": given}).status_code == status, given
    showing.close()


def test_other_machines_are_served_with_a_token_only(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KURS_TOKEN", raising=False)
    assert run(["--project", str(shop), "serve", "--host", "0.0.0.0"]) == 2
    assert "token_needed" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(["--project", str(shop), "serve", "--port", str(port)]) == 2
    assert "cannot_listen" in capsys.readouterr().err


def test_loopback() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "192.0.2.1", "example.com", ""))


def test_every_answer_has_the_headers_of_safety(dashboard: TestClient) -> None:
    for path in ("/", "/api/v1/status", "/static/style.css", "/nothing", "/healthz"):
        headers = dashboard.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_no_page_has_a_script_or_a_style_within(dashboard: TestClient) -> None:
    page = dashboard.get("/").text
    assert "<style" not in page
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src=') == 1
    assert " on" not in {part[:3] for part in page.split("<")}


def test_an_answer_does_not_wait_for_the_receipt_of_its_head(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without TCP_NODELAY the body of each answer came 40 ms after its head."""
    at_once: list[int] = []

    def serve(_showing: object, _door: object, listening: socket.socket) -> None:
        with listening, socket.create_connection(listening.getsockname()):
            connection, _ = listening.accept()
            with connection:
                at_once.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr("kurs.cli.serve._serve", serve)
    assert run(["--project", str(shop), "serve", "--port", "8399", "--quiet"]) == 0
    assert at_once[0] > 0
