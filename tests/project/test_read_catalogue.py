"""The catalogue's own data: every formula is one that a plan may have, every text is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kurs.metrics.expression import aggregates, columns, parse_metric
from kurs.model.metric import Direction, Unit
from kurs.model.strategy import Stage
from kurs.project.read_catalogue import catalogue
from kurs.words.catalogue import CATALOGUES, read

if TYPE_CHECKING:
    from kurs.model.standard import StandardKpi

ALL = catalogue()


def test_every_stage_has_its_kpis_and_no_name_stands_twice() -> None:
    assert len(ALL) >= 100
    assert {kpi.stage for kpi in ALL} == set(Stage)
    for names in ([kpi.name for kpi in ALL], [kpi.label for kpi in ALL], [kpi.definition for kpi in ALL]):
        assert len(set(names)) == len(ALL)


@pytest.mark.parametrize("kpi", ALL, ids=lambda kpi: kpi.name)
def test_an_entry_is_whole(kpi: StandardKpi) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kpi.name)
    assert kpi.definition.endswith(".")
    assert "  " not in " ".join((kpi.label, kpi.definition, *kpi.dialects, *kpi.caveats))
    tree = parse_metric(kpi.formula)
    assert list(aggregates(tree)), "it adds something up"
    inside = {id(column) for aggregate in aggregates(tree) for column in columns(aggregate)}
    assert [column.name for column in columns(tree) if id(column) not in inside] == []
    # A share of a whole is a percentage or a ratio, and no quotient divides by a bare sum that may be zero.
    assert kpi.formula.count("/") == kpi.formula.count("nullif("), kpi.formula


@pytest.mark.parametrize("language", ["pl", "sv", "fa"])
def test_every_label_is_there_in_every_language(language: str) -> None:
    texts = read(CATALOGUES / f"{language}.po")
    without = [kpi.name for kpi in ALL if (told := texts.get(kpi.label)) is None or not told.string]
    assert without == []


def test_what_is_known_for_sure() -> None:
    by_name = {kpi.name: kpi for kpi in ALL}
    assert by_name["bounce_rate"].good is Direction.DOWN
    assert by_name["roas"].unit is Unit.RATIO
    assert by_name["frequency"].good is Direction.BAND
    assert by_name["churn_rate"].stage is Stage.LOYALTY
    assert any("machine" in caveat for caveat in by_name["open_rate"].caveats)
