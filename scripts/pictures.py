"""Take the pictures of the README: the overview, light, and the page of a KPI, dark.

    python scripts/pictures.py [PROJECT]     # examples/shop, loaded, unless another is named

Serves the project on this machine, looks at it with Debian's chromium, writes docs/pictures/*.png.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import sync_playwright

from kurs.web.app import create_app
from kurs.web.showing import Showing

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
SHOTS = (("overview", "/", "light", 1180), ("kpi", "/kpi/holiday_conversion", "dark", 860))
WIDTH = 1320
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def main() -> int:
    """Take all pictures; say where they lie."""
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser_path is None:
        sys.stderr.write("chromium is not installed: apt-get install chromium\n")
        return 1
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "examples" / "shop"
    showing = Showing(folder)
    server = uvicorn.Server(uvicorn.Config(create_app(showing), port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        for name, path, scheme, height in SHOTS:
            page = browser.new_page(viewport={"width": WIDTH, "height": height}, color_scheme=scheme)
            page.goto(address + path, timeout=120_000)
            page.screenshot(path=PICTURES / f"{name}.png")
            sys.stdout.write(f"{PICTURES / name}.png\n")
        browser.close()
    server.should_exit = server.force_exit = True
    thread.join(10)
    showing.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
