"""A person at a chart: by pointer, by keys, in four languages, on a phone, and without scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.needs("chromium")

KPI = "revenue_first_half"


def chart(page: Page, tag: str, key: str = KPI) -> Locator:
    """The first chart of a KPI's page, once the browser has drawn it."""
    page.goto(f"/kpi/{key}?lang={tag}")
    drawn = page.locator("figure.chart[data-drawn]").first
    drawn.wait_for()
    return drawn


def table_of(figure: Locator) -> tuple[list[str], dict[str, list[str]]]:
    """The titles and the rows of the table behind a chart, by day."""
    titles: list[str] = figure.locator(".values th").all_text_contents()
    rows = figure.locator(".values tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    return titles, {row[0]: row[1:] for row in rows}


def tip_of(figure: Locator) -> tuple[str, dict[str, str]]:
    """The day of a tip, and its values by their names."""
    lines = figure.locator(".tip > div").evaluate_all(
        "lines => lines.map(l => [...l.children].map(c => c.textContent))"
    )
    return lines[0][0], dict(lines[1:])


@pytest.mark.parametrize("tag", ["en", "pl", "sv", "fa"])
def test_the_pointer_finds_the_nearest_day_and_its_values(page: Page, tag: str) -> None:
    figure = chart(page, tag)
    titles, rows = table_of(figure)
    picture = figure.locator(".picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    seen: set[str] = set()
    for share in (0.2, 0.3, 0.4):
        page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        figure.locator(".tip:not([hidden])").wait_for()
        day, said = tip_of(figure)
        assert said == {title: cell for title, cell in zip(titles[1:], rows[day], strict=True) if cell}
        seen.add(day)
    assert len(seen) == 3
    if tag == "fa":
        assert all(set("۰۱۲۳۴۵۶۷۸۹") & set(day) for day in seen)
        assert not any(sign.isascii() and sign.isdigit() for day in seen for sign in day)
    page.mouse.move(0, 0)
    figure.locator(".tip[hidden]").wait_for(state="attached")


def test_arrow_keys_go_from_day_to_day(page: Page) -> None:
    figure = chart(page, "en")
    _, rows = table_of(figure)
    days = list(rows)
    picture = figure.get_by_role("slider")
    assert picture.get_attribute("aria-label")
    picture.focus()
    for key, place in (("Home", 0), ("ArrowRight", 1), ("PageUp", 8), ("ArrowLeft", 7), ("End", -1)):
        picture.press(key)
        figure.locator(".tip .head", has_text=days[place]).wait_for()
        day, said = tip_of(figure)
        assert day == days[place]
        assert list(said.values()) == [cell for cell in rows[day] if cell]
        spoken = picture.get_attribute("aria-valuetext") or ""
        assert spoken.startswith(day)
        assert all(value in spoken for value in said.values())
    picture.press("Escape")
    figure.locator(".tip[hidden]").wait_for(state="attached")


def test_the_browser_draws_in_the_place_of_the_picture(page: Page, address: str) -> None:
    for width in (1320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        figure = chart(page, "fa")
        drawn = figure.locator(".picture").bounding_box()
        browser = page.context.browser
        assert browser is not None
        bare = browser.new_context(
            base_url=address, java_script_enabled=False, viewport={"width": width, "height": 844}
        )
        still = bare.new_page()
        still.goto(f"/kpi/{KPI}?lang=fa")
        pictured = still.locator("figure.chart .picture").first
        assert pictured.locator("svg path").count() > 3  # the chart is there without scripts
        assert pictured.get_attribute("role") == "img"
        assert pictured.bounding_box() == pytest.approx(drawn, abs=1)
        bare.close()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # on a phone nothing of the chart is out of sight
        holder = figure.locator(".picture")
        assert holder.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_a_chart_that_tells_its_values_keeps_nobody_out(page: Page) -> None:
    figure = chart(page, "fa")
    figure.get_by_role("slider").press("ArrowLeft")
    figure.locator(".tip:not([hidden])").wait_for()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_a_decision_leaves_a_chart_that_tells_its_values(page: Page, own_shop: Path) -> None:
    from kurs.cli.main import run

    figure = chart(page, "en", "conversion")
    assert run(["--project", str(own_shop), "note", "conversion", "Seen on the line", "--quiet"]) == 0
    page.get_by_text("Seen on the line", exact=True).first.wait_for()
    figure = page.locator("figure.chart[data-drawn]").first
    figure.wait_for()
    figure.get_by_role("slider").press("End")
    figure.locator(".tip:not([hidden])").wait_for()
