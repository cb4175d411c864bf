"""What is known of a metric before it is computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kurs.metrics.nature import metric_facts
from kurs.metrics.reach import Map
from kurs.model.metric import Metric
from kurs.model.version import Version
from metrics.plans import plan, table

SINCE = date(2026, 3, 1)
METRICS = {
    "orders": "count(orders)",
    "revenue": "sum(orders.amount)",
    "aov": "revenue / orders",
    "growth": "aov / offset(aov, '1 year')",
    "rate": "revenue / count(orders)",
    "text": "sum(orders.amount) filter (where orders.status = 'orders')",
}


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("orders", True),
        ("aov", True),
        ("growth", True),
        ("revenue", False),
        ("rate", False),  # the table of that name is another thing
        ("text", False),
    ],
)
def test_a_revision_is_told_of_what_is_made_of_the_metric(metric: str, found: bool) -> None:
    bare = plan([table("orders", time="day", dimensions={"status": "status"})], METRICS)
    first = bare.metrics["orders"]
    then = Metric("orders", "sum(orders.amount)")
    revised = replace(first, versions=(Version(None, first), Version(SINCE, then, ("expr",))))
    project = replace(bare, metrics={**bare.metrics, "orders": revised})
    said = (("orders", SINCE),) if found else ()
    assert metric_facts(Map(project, {}), metric).redefined == said
