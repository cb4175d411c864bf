"""The simulated shop explains itself: its holiday season by the mix, its incident by device and country."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from examples.shops import EXAMPLE, Full, one
from kurs.cli.main import run
from kurs.explain.finding import EffectKind, Finding
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days
from kurs.report.explain_sentence import sentence
from kurs.words import language
from kurs.workflows.explain import Request, explain
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "pl", "sv", "fa")
BROKEN = Days(date(2026, 9, 8), date(2026, 9, 13))
BEFORE = Comparison(Against.RANGE, Days(date(2026, 9, 1), date(2026, 9, 6)))
COMPARISONS = (BEFORE, Comparison(Against.PREVIOUS), Comparison(Against.LAST_YEAR_WEEKDAY))


@pytest.fixture(scope="module")
def shop(full: Full, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its visits and orders loaded."""
    folder = tmp_path_factory.mktemp("explained")
    for file in (*EXAMPLE.glob("*.yaml"), *EXAMPLE.glob("*.csv")):
        shutil.copy(file, folder)
    shutil.copytree(full[1], folder / "data")
    sources = ("web_analytics", "shop_orders", "shop_customers")
    assert run(["--project", str(folder), "load", *sources, "--quiet"]) == 0
    return folder


def ask(folder: Path, request: Request) -> tuple[Finding, dict[str, str]]:
    """Return the finding and its paragraph in all four languages."""
    with open_project(folder) as opened:
        found = explain(opened, request)
        return found, {lang: sentence(found, opened.project, language(lang)) for lang in LANGUAGES}


def test_the_season_is_explained_by_the_mix_in_four_languages(shop: Path) -> None:
    found, said = ask(shop, Request("holiday_conversion"))
    assert found.change < 0
    totals = {kind: found.sides[0].total(kind) for kind in (EffectKind.MIX, EffectKind.RATE)}
    assert found.parts[0].dimensions == ("channel",)
    assert found.parts[0].members == ("paid_social",)
    assert totals[EffectKind.MIX] < found.change < 0 < totals[EffectKind.RATE]
    assert len(set(said.values())) == len(LANGUAGES)
    for text in said.values():
        assert "paid_social" in text


@pytest.mark.parametrize("against", COMPARISONS)
@pytest.mark.parametrize("metric", ["orders", "conversion_rate"])
@pytest.mark.parametrize("by", [(), ("country", "device"), ("channel", "country", "device", "landing_page")])
def test_the_search_names_the_broken_checkout_alone(
    shop: Path, metric: str, against: Comparison, by: tuple[str, ...]
) -> None:
    found, said = ask(shop, Request(metric, BROKEN, against, by, search=True))
    assert found.search is not None
    (cause,) = found.search.causes
    assert dict(zip(cause.dimensions, cause.members, strict=True)) == {"country": "NO", "device": "mobile"}
    assert cause.value == 0
    assert cause.effect + found.search.rest == pytest.approx(found.change)
    for text in said.values():
        assert "NO" in text
        assert "mobile" in text


def test_an_explanation_that_nobody_told_where_to_look_names_it_too(shop: Path, full: Full) -> None:
    found, said = ask(shop, Request("conversion_rate", BROKEN, BEFORE))
    assert found.search is not None
    assert found.search.is_aside
    assert [dict(zip(c.dimensions, c.members, strict=True)) for c in found.search.causes] == [
        {"country": "NO", "device": "mobile"}
    ]
    for text in said.values():
        assert "NO · mobile" in text
    orders, visits = one(
        full[0],
        "select (select count(*) from orders where country = 'NO' and device = 'mobile' and day between "
        "'2026-09-01' and '2026-09-06'), (select count(*) from sessions where country = 'NO' and "
        "device = 'mobile' and day between '2026-09-01' and '2026-09-06')",
    )
    assert found.search.causes[0].against_value == pytest.approx(int(str(orders)) / int(str(visits)))


def test_no_crossing_stands_out_of_a_calm_week(shop: Path) -> None:
    calm = Days(date(2026, 6, 8), date(2026, 6, 14))
    found, _ = ask(shop, Request("conversion_rate", calm, Comparison(Against.PREVIOUS)))
    assert found.search is None


def test_a_dimension_that_is_unknown_for_most_visits_is_not_told_first(shop: Path) -> None:
    for against in COMPARISONS:
        found, _ = ask(shop, Request("conversion_rate", BROKEN, against))
        assert found.parts[0].dimensions != ("newsletter",)


def test_the_command_gives_the_causes_beside_the_parts(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ["--period", "2026-09-08..2026-09-13", "--against", "2026-09-01..2026-09-06"]
    assert run(["--project", str(shop), "explain", "conversion_rate", *days, "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["causes"][0]["where"] == {"country": "NO", "device": "mobile"}
    assert sum(part["effect"] for part in said["parts"]) + said["residual"] == pytest.approx(said["change"])
