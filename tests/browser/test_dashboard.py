"""A person at the dashboard: clicks through every page, filters, switches the language, reads numbers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from kurs.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = pytest.mark.needs("chromium")

PAGES = ("/", "/metrics", "/plan", "/actions", "/audit", "/data", "/catalogue?words=conversion")


@pytest.fixture(scope="module")
def status(own_shop: Path) -> list[dict[str, object]]:
    """What kurs status prints."""
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["--project", str(own_shop), "status", "--format", "json"]) == 0
    return json.loads(out.getvalue())


def serious(page: Page) -> list[str]:
    """The rules of WCAG that a page breaks seriously, with where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_the_cards_show_the_numbers_of_status(page: Page, status: list[dict[str, object]]) -> None:
    page.goto("/")
    for one in status:
        shown = page.locator(f"[data-kpi={one['kpi']}] data.figure").first.get_attribute("value")
        assert (float(shown) if shown else None) == one["value"]
        word = page.locator(f"#kpi-{one['kpi']} .shape").first
        assert word.is_visible()


def test_every_page_is_reached_by_a_click_and_has_its_json(page: Page) -> None:
    page.goto("/")
    names = page.locator("header nav a").all_inner_texts()
    for name in names:
        page.locator("header nav a", has_text=name).click()
        assert page.locator("header nav a[aria-current=page]").inner_text() == name
        assert page.locator("main h1").inner_text()
        json_address = page.locator("link[rel=alternate]").get_attribute("href")
        answer = page.request.get(json_address or "")
        assert answer.ok
        answer.json()


def test_a_card_leads_to_its_kpi_and_on_to_why(page: Page, status: list[dict[str, object]]) -> None:
    page.goto("/")
    page.locator(".card h4 a").first.click()
    assert "/kpi/" in page.url
    key = page.url.rpartition("/")[2]
    shown = page.locator("[data-kpi] data.figure").get_attribute("value")
    assert float(shown or "nan") == next(one["value"] for one in status if one["kpi"] == key)
    page.goto(f"/explain/{key}")
    said = page.request.get(f"/api/v1/explain/{key}").json()
    total = page.locator(".waterfall tbody tr").last.locator("td").nth(3).get_attribute("data-raw")
    assert float(total or "nan") == said["change"]


def test_a_filter_acts_at_once_and_is_kept_in_the_address(
    page: Page, status: list[dict[str, object]]
) -> None:
    page.goto("/")
    stage = str(status[0]["stage"])
    page.locator("select[name=stage]").select_option(stage)
    page.wait_for_url(re.compile(f"stage={stage}"))
    shown = {one.get_attribute("data-kpi") for one in page.locator("main [data-kpi]").all()}
    assert shown == {one["kpi"] for one in status if one["stage"] == stage}


def test_a_filter_works_without_scripts(page: Page, address: str) -> None:
    browser = page.context.browser
    assert browser is not None
    plain = browser.new_context(base_url=address, java_script_enabled=False)
    bare = plain.new_page()
    bare.goto("/")
    bare.locator("select[name=status]").select_option("trouble")
    bare.locator("#filters button").click()
    assert "status=trouble" in bare.url
    plain.close()


def test_a_table_sorts_by_its_numbers(page: Page) -> None:
    page.goto("/data")
    rows = page.locator("table", has=page.locator("caption", has_text="Tables in the lake"))
    heading = rows.locator("th button", has_text="Rows")
    heading.click()
    numbers = [
        float(cell.get_attribute("data-raw") or 0) for cell in rows.locator("tbody td:nth-child(2)").all()
    ]
    assert numbers == sorted(numbers, reverse=True)
    heading.press("Enter")
    numbers = [
        float(cell.get_attribute("data-raw") or 0) for cell in rows.locator("tbody td:nth-child(2)").all()
    ]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(page: Page, status: list[dict[str, object]], scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    key = status[0]["kpi"]
    for path in (*PAGES, f"/kpi/{key}", f"/explain/{key}", "/metrics?metric=sessions&by=channel"):
        page.goto(path)
        assert serious(page) == [], path


@pytest.mark.parametrize("tag", ["en", "fa"])
def test_every_page_in_a_language_from_either_side(page: Page, tag: str) -> None:
    page.goto(f"/?lang={tag}")
    for path in PAGES:
        page.goto(path)
        html = page.locator("html")
        assert (html.get_attribute("lang"), html.get_attribute("dir")) == (
            tag,
            "rtl" if tag == "fa" else "ltr",
        )
        # nothing stands outside of the screen, whichever side people read from
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.set_viewport_size({"width": 390, "height": 844})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    if tag == "fa":
        assert serious(page) == []


def test_a_decision_arrives_without_a_reload(
    page: Page, own_shop: Path, status: list[dict[str, object]]
) -> None:
    key = str(status[0]["kpi"])
    page.goto(f"/kpi/{key}")
    page.evaluate("window.stays = true")
    details = page.locator("details.sql summary")
    details.focus()
    assert run(["--project", str(own_shop), "note", key, "Seen from afar", "--quiet"]) == 0
    page.get_by_text("Seen from afar", exact=True).wait_for()
    assert page.evaluate("window.stays")
    assert page.evaluate("document.activeElement.localName") == "summary"
