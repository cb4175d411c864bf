"""A reading on its way, for the tests of what is laid out: each says what is otherwise in its own."""

from __future__ import annotations

from datetime import date

from kurs.evaluate.reading import Reading, Status
from kurs.model.days import Days
from kurs.model.kpi import Kpi, KpiPeriod
from kurs.model.metric import Direction, Unit
from kurs.model.target import Target, TargetKind

DAY = date(2026, 12, 13)
KPI = Kpi("orders", "orders", KpiPeriod(), target=Target(TargetKind.REACH, 2843))
READING = Reading(
    kpi=KPI,
    unit=Unit.NUMBER,
    good=Direction.UP,
    stage=None,
    period=Days(date(2026, 11, 20), date(2026, 12, 27)),
    as_of=DAY,
    data_to=DAY,
    value=2006,
    numerator=None,
    denominator=None,
    baseline=2187,
    target=2843,
    gap=-837,
    progress=2006 / 2843,
    expected_by_now=1796,
    pace=1.117,
    status=Status.ON_TRACK,
    provisional=False,
    recent=(1, 2, None, 4, 3),
)
