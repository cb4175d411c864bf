"""A card says what its reading says: the same numbers, in words, places on a bar, and a line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kurs.evaluate.reading import Band, Reading, Status
from kurs.ledger.standing import Standing
from kurs.model.days import Days
from kurs.model.kpi import Level
from kurs.model.metric import Unit
from kurs.model.target import Target, TargetKind
from kurs.project import read
from kurs.report.pages.bullet import bullet
from kurs.report.pages.card import card
from kurs.report.pages.environment import environment
from kurs.report.pages.headline import headline
from kurs.report.pages.overview import steps
from kurs.report.pages.trend import HEIGHT, WIDTH, trend
from kurs.words import language
from report.readings import DAY, KPI, READING

if TYPE_CHECKING:
    from pathlib import Path

EN = language("en")


@pytest.fixture
def decided(tmp_path: Path) -> Standing:
    (tmp_path / "kurs.yaml").write_text("project: {name: Test, timezone: UTC, currency: EUR}", "utf-8")
    return Standing(read(tmp_path).required(), DAY, ())


def test_a_card_has_the_numbers_of_its_reading(decided: Standing) -> None:
    made = card(READING, decided, EN)
    assert (made.figure, made.raw, made.target) == ("2,006", 2006, "target 2,843 by 27 Dec")
    assert [fact.value for fact in made.facts] == ["1,796", "−837"]
    assert made.bullet_says == "2,006; expected by now 1,796; target 2,843 by 27 Dec"


def test_a_long_amount_is_short_on_a_card_and_whole_beside_it(decided: Standing) -> None:
    made = card(replace(READING, unit=Unit.CURRENCY, value=14_321_987.0, gap=-5_723_314.0), decided, EN)
    assert (made.figure, made.exact) == ("€14.3M", "€14,321,987")
    assert made.facts[1].value == "−€5.7M"


@pytest.mark.parametrize(
    ("kind", "target", "says"),
    [
        (TargetKind.KEEP_ABOVE, 0.05, "keep above 5%"),
        (TargetKind.KEEP_BELOW, 0.05, "keep below 5%"),
        (TargetKind.BETWEEN, Band(0.04, 0.06), "keep between 4% and 6%"),
        (TargetKind.CHANGE_BY, 0.05, "target 5% by 27 Dec"),
    ],
)
def test_how_a_target_is_put(kind: TargetKind, target: float | Band, says: str, decided: Standing) -> None:
    kpi = replace(KPI, target=Target(kind, 0.05))
    assert card(replace(READING, kpi=kpi, unit=Unit.PERCENT, target=target), decided, EN).target == says


def test_what_is_expected_is_no_mark_where_it_is_the_target_itself(decided: Standing) -> None:
    made = card(
        replace(READING, target=0.05, expected_by_now=0.05, value=0.04, unit=Unit.PERCENT), decided, EN
    )
    assert made.bullet is not None
    assert made.bullet.expected is None
    assert [fact.label for fact in made.facts] == ["Gap"]


finite = st.floats(-1e12, 1e12)


@given(finite, finite, finite)
def test_a_bar_keeps_the_order_of_its_numbers(value: float, target: float, expected: float) -> None:
    made = bullet(replace(READING, value=value, target=target, expected_by_now=expected))
    if made is None:
        assert value == target == 0
        return
    places = {value: made.value, target: made.target, 0.0: made.zero}
    if made.expected is not None:
        places[expected] = made.expected
    ordered = [places[number] for number in sorted(places)]
    assert ordered == sorted(place for place in ordered if place is not None)
    assert all(0 <= place <= 1000 for place in ordered if place is not None)


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_a_line_stays_within_its_box(values: list[float | None]) -> None:
    made = trend(values)
    known = [value for value in values[-24:] if value is not None]
    assert (made is None) == (len(known) < 2)
    if made is not None:
        points = made.path.replace("M", " ").replace("L", " ").split()
        assert len(points) == 2 * len(known)
        assert all(0 <= float(x) <= WIDTH for x in points[::2])
        assert all(0 <= float(y) <= HEIGHT for y in points[1::2])


def test_the_headline_names_what_can_still_be_mended(decided: Standing) -> None:
    def of(
        key: str, status: Status | None, level: Level | None = None, last: date = date(2026, 12, 27)
    ) -> Reading:
        kpi = replace(KPI, key=key, level=level)
        return replace(READING, kpi=kpi, status=status, period=Days(date(2026, 9, 1), last))

    over = of("september", Status.MISSED, last=date(2026, 9, 30))
    found = [of("a", Status.MET), of("b", Status.AT_RISK), of("c", Status.OFF_TRACK, Level.STRATEGIC), over]
    said = headline([*found, of("d", None)], decided.project, EN)
    assert said == (
        "1 of 4 KPIs is on course. C is off track: 2,006, where 1,796 was expected by now. "
        "2 more need attention."
    )
    assert headline([over], decided.project, EN) == (
        "None of the KPIs is on course. September missed its target: 2,006, not 2,843."
    )
    assert (
        headline([found[0], found[0]], decided.project, EN) == "All 2 KPIs that can be judged are on course."
    )
    assert headline([of("d", None)], decided.project, EN) == "No KPI can be judged yet."


def test_the_top_set_is_cards_and_the_rest_are_rows(decided: Standing) -> None:
    levels = [Level.FUNCTIONAL, Level.STRATEGIC, None, Level.OPERATIONAL, Level.OPERATIONAL]
    found = [replace(READING, kpi=replace(KPI, key=f"k{n}", level=level)) for n, level in enumerate(levels)]
    (step,) = steps(found, decided, EN)
    (aim,) = step.aims
    assert [one.key for one in aim.cards] == ["k1", "k3", "k4"]
    assert [one.key for one in aim.rows] == ["k0", "k2"]


def test_what_stands_in_a_plan_is_text_on_a_page(decided: Standing) -> None:
    evil = '<script>alert("1")</script>'
    made = replace(
        card(READING, decided, EN), label=evil, owner=evil, target=evil, reason=evil, bullet_says=evil
    )
    module = environment(EN).get_template("parts.html").make_module({})
    page = str(module.kpi_card(made))
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 5
