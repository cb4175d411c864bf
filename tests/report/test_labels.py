"""What things are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kurs.project import read
from kurs.report.explain_sentence import cell_name, dimension_name
from kurs.report.labels import (
    dimension_label,
    humanised,
    kpi_label,
    metric_label,
    owner_name,
    segment_label,
    shown,
)
from kurs.words import language

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.model.project import Project

PLAN = """\
project: {name: Labels, timezone: UTC}
tables:
  visits: {time: day, dimensions: [device: {label: {en: Device, sv: Enhet}}, utm_source: {label: UTM source}]}
  orders: {time: day, key: id, dimensions: [device, sales_channel]}
metrics:
  orders: {expr: count(orders), good: up, label: {en: Orders, sv: Beställningar}}
  revenue_net: {expr: sum(orders.amount), good: up}
people: {head_of_web: {name: {en: Head of web, sv: Webbchef}}}
segments: {big_ones: {of: orders, where: orders.amount > 9}}
kpis:
  own: {label: "Own\\tname", metric: orders, period: {every: month}}
  of_metric: {metric: orders, period: {every: month}}
  of_key: {metric: revenue_net, period: {every: month}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    return read(tmp_path).required()


def test_a_kpi_falls_back_to_its_metric_and_to_its_key(project: Project) -> None:
    english, swedish = language("en"), language("sv")
    assert [kpi_label(project, kpi, english) for kpi in project.kpis.values()] == [
        "Own name",
        "Orders",
        "Of key",
    ]
    assert kpi_label(project, project.kpis["of_metric"], swedish) == "Beställningar"


def test_a_dimension_has_one_label_for_all_tables_of_its_name(project: Project) -> None:
    english, swedish = language("en"), language("sv")
    assert dimension_label(project, "device", english) == "Device"
    assert dimension_label(project, "device", swedish) == "Enhet"
    assert dimension_label(project, "visits.device", swedish) == "Enhet"
    assert dimension_label(project, "sales_channel", swedish) == "Sales channel"
    assert dimension_label(project, "orders.device", swedish) == "Enhet"
    assert dimension_name(("device", "utm_source"), project, swedish) == "enhet · UTM source"
    assert cell_name(("device",), (None,), project, swedish) == "(utan värde: enhet)"


def test_metrics_people_and_segments(project: Project) -> None:
    english, swedish = language("en"), language("sv-SE")
    assert metric_label(project, "revenue_net", english) == "Revenue net"
    assert owner_name(project, "head_of_web", swedish) == "Webbchef"
    assert owner_name(project, None, english) == ""
    assert segment_label(project, "big_ones", english) == "Big ones"


def test_humanised() -> None:
    assert humanised("holiday_orders") == "Holiday orders"
    assert humanised("") == ""


def test_control_characters_are_shown_as_such() -> None:
    assert shown("a\x1b[31m\x07b\nc\u009b") == "a�[31m�b c�"
    assert shown("Återkommande ‏سلام") == "Återkommande ‏سلام"
