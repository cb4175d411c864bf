"""Status as of a day is the status by only that day's data, plan and decisions, whatever came later.

The project of all days is asked as of a day; beside it stands one that was written on that day: the rows up
to it, the plan without later revisions, the decisions taken by then.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.problems import UsageError
from kurs.project import read
from kurs.report.as_json import reading as as_plain
from kurs.words import language
from kurs.workflows import decide, freeze, measure
from kurs.workflows.load import load
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

FIRST = date(2026, 1, 5)
DAYS = 30
CHANNELS = ("mail", "search")
MONTH = {"from": "2026-01-12", "to": "2026-01-31"}
BEFORE = {"from": "2026-01-05", "to": "2026-01-11"}
PLAN: dict[str, Any] = {
    "project": {"name": "As of", "timezone": "Europe/Warsaw"},
    "sources": {
        "till": {
            "files": "orders.csv",
            "into": "orders",
            "window": "day",
            "columns": {"day": "date", "channel": "text", "who": "text", "amount": "int"},
        }
    },
    "tables": {"orders": {"time": "day", "dimensions": ["channel"]}},
    "metrics": {
        "revenue": {"expr": "sum(orders.amount)", "good": "up"},
        "orders": {"expr": "count(orders)", "good": "up"},
        "basket": {"expr": "revenue / orders", "unit": "ratio", "good": "up"},
        "buyers": {"expr": "count(distinct orders.who)", "good": "up"},
        "week": {"expr": "revenue", "window": "7 days", "good": "up"},
        "large": {
            "expr": "count(orders)",
            "good": "up",
            "revisions": [{"since": "2026-01-19", "where": "orders.amount > 4"}],
        },
    },
    "people": {"ann": "Ann", "bob": "Bob"},
    "segments": {"by_mail": {"of": "orders", "where": "orders.channel = 'mail'"}},
    "calendar": {
        "events": {
            "fair": [
                {"from": "2026-01-06", "to": "2026-01-09"},
                {"from": "2026-01-20", "to": "2026-01-23"},
                {"from": "2026-01-30", "to": "2026-02-02"},
            ]
        }
    },
    "actions": {"call": {"says": "Call", "when": "off_track", "owner": "ann", "due": "3 days"}},
    "kpis": {
        "reach": {
            "metric": "revenue",
            "period": MONTH,
            "target": {
                "reach": 300,
                "at_least": 200,
                "stretch": 400,
                "milestones": {"2026-01-20": "30%"},
                "members": {"channel": {"mail": 100, "search": 150}},
            },
            "owner": "ann",
            "approver": "bob",
            "actions": ["call"],
            "revisions": [
                {"since": "2026-01-16", "owner": "bob"},
                {"since": "2026-01-22", "target": {"reach": 200}},
            ],
        },
        "change": {
            "metric": "basket",
            "every": "week",
            "baseline": "previous",
            "target": {"change": "+10%"},
            "approver": "ann",
            "revisions": [{"since": "2026-01-25", "baseline": BEFORE}],
        },
        "change_by": {
            "metric": "orders",
            "period": {"event": "fair"},
            "baseline": {"same_event": "previous"},
            "target": {"change": "+3"},
        },
        "above": {"metric": "week", "period": MONTH, "baseline": BEFORE, "target": {"keep_above": 60}},
        "below": {
            "metric": "buyers", "good": "down", "every": "week", "target": {"keep_below": 5},
            "actions": ["call"],
        },
        "between": {"metric": "basket", "good": "band", "every": "month", "target": {"between": [4, 6]}},
        "table": {"metric": "orders", "every": "week", "target": {"file": "weeks.txt"}},
        "of_metric": {"metric": "orders", "every": "week", "target": {"metric": "buyers", "of": "previous"}},
        "by_a_date": {
            "metric": "orders", "every": "week", "baseline": BEFORE,
            "target": {"reach": 30, "by": "2026-02-15"},
        },
        "large": {"metric": "large", "segment": "by_mail", "every": "month", "target": {"reach": 20}},
    },
}  # fmt: skip
WEEKS = """\
period,channel,at_least,reach
2026-01-05,,8,10
2026-01-12,,9,12
2026-01-12,mail,,4
2026-01-19,,,14
2026-01-26,,11,16
"""
Rows = list[tuple[date, str, str, int]]
Decisions = list[tuple[int, str, str]]  # the day, what is done, of which KPI

DECIDED = [
    *[("freeze", kpi) for kpi in ("change", "change_by", "above", "by_a_date")],
    *[("approve", kpi) for kpi in ("reach", "change")],
    *[(step, kpi) for step in ("open", "assign", "done") for kpi in ("reach", "below")],
]


def until(node: Any, day: date) -> Any:  # noqa: ANN401 - a plan of any shape
    """Return the plan as it was written on a day: without the revisions that came later."""
    if isinstance(node, list):
        return [until(one, day) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: until(value, day) for key, value in node.items()}
    if "revisions" in found:
        found["revisions"] = [one for one in found["revisions"] if one["since"] <= day.isoformat()]
        if not found["revisions"]:
            del found["revisions"]
    return found


def write(folder: Path, rows: Rows, decisions: Decisions, day: date, plan: dict[str, Any]) -> None:
    """Make a project of all that there is by the end of ``day``."""
    folder.mkdir()
    (folder / "kurs.yaml").write_text(json.dumps(plan), "utf-8")
    (folder / "weeks.txt").write_text(WEEKS, "utf-8")
    lines = [",".join(map(str, row)) for row in rows if row[0] <= day]
    (folder / "orders.csv").write_text("\n".join(["day,channel,who,amount", *lines, ""]), "utf-8")
    project = read(folder).required()
    load(project)
    states: dict[str, str] = {}
    for at, what, kpi in sorted(decisions):
        on = FIRST + timedelta(days=at)
        if on > day:
            continue
        if what == "freeze":
            # what is not measured yet is refused, be later days loaded or not
            with open_project(folder, on) as opened, suppress(UsageError):
                freeze.freeze(opened, kpi, "ann")
        elif what == "approve":
            approver = project.kpis[kpi].approver
            assert approver is not None
            decide.approve(project, on, kpi, approver)
        elif what == "open" and states.get(kpi) != "open":
            states[kpi] = "open"
            decide.act(project, on, kpi, "call", "open", by="ann")
        elif what == "done" and states.get(kpi) == "open":
            states[kpi] = "done"
            decide.act(project, on, kpi, "call", "done", by="bob", effect="less")
        elif what == "assign":
            decide.act(project, on, kpi, "call", "assign", to="bob")


def told(folder: Path, day: date) -> dict[str, Any]:
    """Return all that status says as of a day, as JSON."""
    with open_project(folder, day) as opened:
        decided = decide.standing(opened.project, day)
        readings = measure.status(opened)
        readings += measure.status(opened, ["reach", "table"], "by_mail")
        plain = [as_plain(one, language("en"), decided, None) for one in readings]
    return {f"{one['kpi']} {at}": one for at, one in enumerate(plain)}


@st.composite
def histories(draw: st.DrawFn) -> Rows:
    rows: Rows = []
    for at in range(DAYS):
        day = FIRST + timedelta(days=at)
        some = st.tuples(st.sampled_from(CHANNELS), st.sampled_from("abcde"), st.integers(1, 9))
        rows += [(day, *cells) for cells in draw(st.lists(some, min_size=1, max_size=3))]
    return rows


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=histories(),
    decisions=st.lists(
        st.tuples(st.integers(5, DAYS - 1), st.sampled_from(DECIDED)).map(lambda one: (one[0], *one[1])),
        min_size=6,
        max_size=14,
        unique=True,
    ),
    at=st.integers(7, DAYS - 2),
)
def test_what_came_later_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: Rows, decisions: Decisions, at: int
) -> None:
    folder = tmp_path_factory.mktemp("as_of")
    last, day = FIRST + timedelta(days=DAYS - 1), FIRST + timedelta(days=at)
    write(folder / "all", rows, decisions, last, PLAN)
    write(folder / "then", rows, decisions, day, until(PLAN, day))
    assert told(folder / "all", day) == told(folder / "then", day)
