"""Distinct counts by intervals are those of a join of every row to every bucket that it counts in."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.metrics import scan
from kurs.model.days import Days, Grain
from kurs.model.frame import Edge, Frame, FrameKind, Span
from kurs.model.metric import Fill, Metric
from metrics.plans import Rows, ask, plan, prepared, question, table

DAY = timedelta(days=1)
START = date(2024, 1, 25)
FRAMES = [
    *(Frame(FrameKind.ROLLING, span=Span.parse(text)) for text in ("1 day", "3 days", "1 month", "1 year")),
    *(Frame(FrameKind.TO_DATE, grain=grain) for grain in (Grain.WEEK, Grain.MONTH, Grain.QUARTER)),
    *(Frame(FrameKind.SINCE), Frame(FrameKind.SINCE, since=date(2024, 2, 10))),
]


@settings(
    max_examples=1_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(st.data())
def test_intervals_are_the_range_join(data: st.DataObject) -> None:
    chance = Random(data.draw(st.integers(0, 1_000_000)))
    rows = [
        (START + chance.randrange(60) * DAY, chance.choice("ab"), chance.choice([None, 1, 2, 3]))
        for _ in range(chance.randrange(30))
    ]
    facts = Rows({"day": "date", "c": "text", "who": "int"}, rows, (Days(START, START + 59 * DAY),))
    edge = data.draw(st.sampled_from(Edge))
    fill = data.draw(st.sampled_from([None, Fill.NONE, Fill.NULL]))
    only = data.draw(st.sampled_from(["", " filter (where t.c = 'a' or t.who = 2)"]))
    metrics = {
        f"m{place}": Metric(
            f"m{place}", f"count(distinct t.who){only}", frame=replace(frame, edge=edge), fill=fill
        )
        for place, frame in enumerate(data.draw(st.lists(st.sampled_from(FRAMES), min_size=1, max_size=3)))
    }
    metrics["back"] = Metric("back", f"offset(m0, '{data.draw(st.sampled_from(['1 day', '1 month']))}')")
    project = replace(plan([table("t", {"c": "c"}, time="day")]), metrics=metrics)
    asked = question(
        " ".join(metrics),
        data.draw(st.sampled_from(["", "c"])),
        data.draw(st.sampled_from(["day", "week", "month"])),
        data.draw(st.sampled_from([None, "2024-02-10..2024-03-05", "2024-03-01..2024-04-10"])),
        where=data.draw(st.sampled_from([[], ["c = 'a'"]])),
    )
    found = ask(project, {"t": facts}, asked)
    assert "_running" in prepared(project, {"t": facts}, asked).sql
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan, "has_intervals", lambda _: False)
        assert "_running" not in prepared(project, {"t": facts}, asked).sql
        assert ask(project, {"t": facts}, asked) == found
