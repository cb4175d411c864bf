"""What JSON says of a target beyond one number."""

from __future__ import annotations

from evaluate.plans import change, day, kpi, period, reading
from kurs.model.target import Milestone, Provenance, Target, TargetKind
from kurs.model.text import Text
from kurs.report.as_csv import records
from kurs.report.target_json import NESTED, target
from kurs.words import language

EN = language("en")
PLAN = kpi(
    period("2026-01-01..2026-12-31"),
    Target(
        TargetKind.REACH,
        1200,
        at_least=1000,
        milestones=(Milestone(day("2026-03-31"), 300),),
        provenance=Provenance("cmo", day("2025-12-01"), Text((("en", "A new shelf"), ("sv", "En ny hylla")))),
    ),
)


def test_all_keys() -> None:
    said = target(reading(PLAN, "2026-03-31", 280), EN)
    assert said == {
        "plan_since": None,
        "target_kind": "reach",
        "target_set": {"by": "cmo", "on": "2025-12-01", "why": "A new shelf"},
        "target_final": None,
        "milestones": [{"on": "2026-03-31", "value": 300}],
        "next_milestone": {"on": "2026-12-31", "value": 1200, "gap": -920},
        "thresholds": [
            {"name": "at_least", "value": 1000, "status": "on_track", "reached": False},
            {"name": "target", "value": 1200, "status": "at_risk", "reached": False},
        ],
        "reached": None,
        "members": [],
    }
    other = target(reading(PLAN, "2026-03-31", 280), language("sv"))["target_set"]
    assert isinstance(other, dict)
    assert other["why"] == "En ny hylla"


def test_a_plain_target_has_the_same_keys() -> None:
    said = target(reading(kpi(target=change(0.2), stated=50), "2026-01-10", 20), EN)
    assert said.keys() == target(reading(PLAN, "2026-03-31", 280), EN).keys()
    assert [said[key] for key in NESTED] == [None] * len(NESTED)


def test_objects_are_no_cells() -> None:
    rows = [target(reading(PLAN, "2026-03-31", 280), EN), target(reading(kpi(), "2026-01-10", 1), EN)]
    assert records(rows).splitlines()[0] == "plan_since,target_kind,reached"
