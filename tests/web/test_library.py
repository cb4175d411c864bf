"""The library that draws charts in browsers: bundled once, kept, and named by its release."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from kurs.report.charts.drawing import library_name
from kurs.web import library as room
from kurs.web.library import Library, cache_folder

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from fastapi.testclient import TestClient


def test_it_is_bundled_once_for_all_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled: list[str] = []
    monkeypatch.setattr(room, "library", lambda: bundled.append("") or "window.vegaEmbed = 1;")
    for _ in range(2):
        shared = Library(tmp_path / "cache" / "kurs")
        for _ in range(2):
            answer = shared.answer("gzip, br")
            assert gzip.decompress(bytes(answer.body)) == b"window.vegaEmbed = 1;"
    assert len(bundled) == 1
    assert [path.name for path in (tmp_path / "cache" / "kurs").iterdir()] == [f"{library_name()}.gz"]
    plain = Library(tmp_path / "cache" / "kurs").answer("identity")
    assert bytes(plain.body) == b"window.vegaEmbed = 1;"
    assert "content-encoding" not in plain.headers


def test_without_a_place_to_keep_it_charts_are_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "library", lambda: "1;")
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file" / "kurs"):
        assert gzip.decompress(bytes(Library(folder).answer("gzip").body)) == b"1;"


def test_it_lies_in_the_cache_of_the_person_and_not_in_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert cache_folder() == tmp_path / "kurs"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("LOCALAPPDATA", "relative")
    assert cache_folder() is None


def test_a_browser_keeps_it_for_good(dashboard: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "library", lambda: "1;")
    monkeypatch.setattr(Library, "_kept", lambda _: b"")
    monkeypatch.setattr(room, "_keep", lambda *_: None)
    page = dashboard.get("/kpi/revenue_first_half").text
    address = page.partition('data-library="')[2].partition('"')[0]
    assert address == f"/static/{library_name()}"
    answer = dashboard.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
