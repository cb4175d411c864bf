"""A dashboard of the starter shop, in this process."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from kurs.web.app import create_app
from kurs.web.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path


@pytest.fixture(scope="session")
def dashboard(shop: Path) -> Generator[TestClient]:
    """The dashboard of the shop."""
    with TestClient(create_app(Showing(shop)), base_url="http://localhost:8400") as client:
        yield client


@pytest.fixture
def own_shop(shop: Path, tmp_path: Path) -> Path:
    """A copy of the shop, to be written to."""
    return shutil.copytree(shop, tmp_path / "own", symlinks=True)


@pytest.fixture
def client_of() -> Generator[Callable[[Showing], TestClient]]:
    """Make dashboards that are closed in the end."""
    opened: list[Showing] = []

    def make(showing: Showing) -> TestClient:
        opened.append(showing)
        return TestClient(create_app(showing), base_url="http://localhost:8400")

    yield make
    for showing in opened:
        showing.close()
