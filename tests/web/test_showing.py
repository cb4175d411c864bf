"""What is shown: one version for all threads, the last good one, and nobody waits for a long question."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from kurs.cli.main import run
from kurs.problems import KursError
from kurs.project import read
from kurs.web.answers import read_ahead
from kurs.web.showing import Showing
from kurs.workflows.measure import status
from kurs.workflows.opening import day_of

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


def test_a_file_of_targets_is_looked_at_even_while_it_is_broken(own_shop: Path) -> None:
    targets, plan = own_shop / "targets.txt", own_shop / "more.yaml"
    day = day_of(read(own_shop).required())
    targets.write_text(f"period,reach\n{day:%Y},5\n", "utf-8")
    plan.write_text(
        "kpis: {told: {metric: visits, period: {every: year}, target: {file: targets.txt}}}\n", "utf-8"
    )
    showing = Showing(own_shop)
    first = showing.edition()
    assert showing.edition() is first
    assert first.version == showing.version()
    targets.write_text("period,reach\n", "utf-8")
    assert (showing.edition(), bool(showing.problems)) == (first, True)
    assert showing.version() != first.version
    targets.write_text(f"period,reach\n{day:%Y},1234\n", "utf-8")
    second = showing.edition()
    assert (second.version != first.version, showing.problems) == (True, ())
    with showing.opened(second) as opened:
        (told,) = status(opened, ["told"])
    assert told.target == 1234
    showing.close()
