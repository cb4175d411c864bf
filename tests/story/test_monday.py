"""A Monday in the simulated shop: the conversion rate fell; did the campaign fail?"""

from __future__ import annotations

import shutil
from math import fsum, isclose
from typing import TYPE_CHECKING, Any

import pytest

from commands import printed
from examples.shops import EXAMPLE, simulate
from kurs.cli.main import run
from kurs.words import language

if TYPE_CHECKING:
    from pathlib import Path

LANGUAGES = ("en", "pl", "sv", "fa")
INCIDENT, WEEK_BEFORE = "2026-09-08..2026-09-13", "2026-09-01..2026-09-06"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole shop, with the two sources that the story needs."""
    folder = tmp_path_factory.mktemp("monday")
    for path in (*EXAMPLE.glob("*.yaml"), *EXAMPLE.glob("*.csv")):
        shutil.copy(path, folder)
    simulate(folder / "data", 1.0)
    assert run(["--project", str(folder), "load", "web_analytics", "shop_orders", "--quiet"]) == 0
    return folder


def ask(shop: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    answer = printed(capsys, "--project", str(shop), *words)
    return answer[0] if isinstance(answer, list) else answer


def test_orders_rose_the_rate_fell_by_the_mix_and_rose_within_the_channels(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = ask(shop, capsys, "explain", "holiday_conversion", "--by", "channel")
    effects = {
        kind: fsum(part["effect"] for part in found["parts"] if part["effect_kind"] == kind)
        for kind in ("mix", "rate")
    }
    assert found["numerator"] > 1.2 * found["against_numerator"]
    assert found["change"] < 0
    assert effects["mix"] < found["change"] < 0 < effects["rate"]
    assert isclose(fsum(part["effect"] for part in found["parts"]), found["change"], rel_tol=1e-9)
    assert all(part["effect"] > 0 for part in found["parts"] if part["effect_kind"] == "rate")
    most = min((part for part in found["parts"] if part["effect_kind"] == "mix"), key=lambda p: p["effect"])
    assert most["member"] == "paid_social"
    assert most["denominator"] > 3 * most["against_denominator"]


@pytest.mark.parametrize("tag", LANGUAGES)
def test_it_is_said_in_every_language(shop: Path, capsys: pytest.CaptureFixture[str], tag: str) -> None:
    said = language(tag)
    found = ask(shop, capsys, "--lang", tag, "explain", "holiday_conversion", "--by", "channel")
    reading = ask(shop, capsys, "--lang", tag, "status", "holiday_conversion")
    mix = fsum(part["effect"] for part in found["parts"] if part["effect_kind"] == "mix")
    rate = fsum(part["effect"] for part in found["parts"] if part["effect_kind"] == "rate")
    for sentence in (found["sentence"], reading["reason"]):
        assert "paid_social" in sentence
        for effect in (found["change"], mix, rate):
            assert said.points(effect) in sentence


def test_the_broken_checkout_is_named_by_its_country_and_device(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ("--period", INCIDENT, "--against", WEEK_BEFORE)
    found = ask(shop, capsys, "explain", "orders", "--by", "country,device", *days)
    worst = min(found["parts"], key=lambda part: part["effect"])
    assert worst["where"] == {"country": "NO", "device": "mobile"}
    assert (worst["effect_kind"], worst["value"]) == ("gone", 0)
