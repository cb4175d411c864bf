"""A dashboard at a port of this machine, and a browser that looks at it; both started here."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

import pytest
import uvicorn

from kurs.web.app import create_app
from kurs.web.showing import Showing

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",  # a container's root has none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def own_shop(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shop, to be written to."""
    return shutil.copytree(shop, tmp_path_factory.mktemp("own") / "shop", symlinks=True)


@pytest.fixture(scope="session")
def address(own_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Serve the shop until the last test is done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield from _served(own_shop)


def _served(own_shop: Path) -> Generator[str]:
    showing = Showing(own_shop)
    server = uvicorn.Server(uvicorn.Config(create_app(showing), port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    server.force_exit = True
    thread.join(10)
    showing.close()


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """Debian's chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("needs chromium: it is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Generator[Page]:
    """A page whose console must stay silent: a blocked script or style speaks there."""
    context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 1320, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    context.close()
    assert said == []
