"""What is shown: one version for all threads, the last good one, and nobody waits for a long question."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from kurs.cli.main import run
from kurs.problems import KursError
from kurs.web.answers import read_ahead
from kurs.web.showing import Showing
from kurs.workflows.measure import status

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fastapi.testclient import TestClient


@pytest.fixture(autouse=True)
def always_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kurs.web.showing._GLANCE_SECONDS", 0)


def test_two_questions_are_answered_side_by_side(shop: Path) -> None:
    showing = Showing(shop)
    edition = showing.edition()
    with showing.opened(edition) as one, showing.opened(edition) as other:
        assert one is not other
        assert one.rollups.snapshots is other.rollups.snapshots
        waits = threading.Thread(target=lambda: showing.opened(edition).__enter__(), daemon=True)
        waits.start()
        waits.join(0.2)
        assert waits.is_alive()
        assert [r.value for r in status(one)] == [r.value for r in status(other)]
    waits.join(5)
    assert not waits.is_alive()


def test_many_readers_get_the_same(shop: Path, client_of: Callable[[Showing], TestClient]) -> None:
    client = client_of(Showing(shop))
    paths = ["/", "/plan", "/api/v1/status", "/data", "/?stage=reach"] * 6
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda path: (path, client.get(path)), paths))
    assert all(answer.status_code == 200 for _, answer in answers)
    assert len({(path, answer.text) for path, answer in answers}) == 5


def test_readers_go_on_while_a_load_replaces_what_they_read(own_shop: Path) -> None:
    showing = Showing(own_shop)
    edition = showing.edition()
    with showing.opened(edition) as opened:
        before = [reading.value for reading in status(opened)]
        assert run(["--project", str(own_shop), "load", "--full", "--quiet"]) == 0
        assert [reading.value for reading in status(opened)] == before
    assert showing.edition().version != edition.version
    showing.close()


def test_a_broken_start_is_told_and_mended(own_shop: Path) -> None:
    plan = own_shop / "kurs.yaml"
    text = plan.read_text("utf-8")
    plan.write_text("project: [", "utf-8")
    showing = Showing(own_shop)
    with pytest.raises(KursError):
        showing.edition()
    plan.write_text(text, "utf-8")
    assert showing.edition().project.kpis
    showing.close()


def test_all_is_read_before_anybody_asks(shop: Path, tmp_path: Path) -> None:
    showing = Showing(shop)
    read_ahead(showing)
    edition = showing.edition()
    with showing.opened(edition) as opened:
        assert [one.value for one in edition.known[None].readings] == [one.value for one in status(opened)]
    showing.close()
    read_ahead(Showing(tmp_path))  # no plan is there: its first reader is told so
