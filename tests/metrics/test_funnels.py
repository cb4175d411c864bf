"""Funnels are what brute force finds: every chain of rows is tried, on rows that nobody chose."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.model.entity import Funnel, Lapse
from kurs.model.metric import Metric
from metrics.plans import Rows, ask, days, plan, question, table

if TYPE_CHECKING:
    from kurs.model.project import Project

ZONE = ZoneInfo("Europe/Stockholm")
START = datetime(2026, 3, 27, tzinfo=UTC)  # clocks change in the night to the 29th
COVERED = (days("2026-03-20..2026-04-20"),)
STEPS = ("events.name = 'a'", "events.name = 'b'", "orders", "events.name <> 'c'")
EVENT = {"t": "timestamptz", "id": "int", "who": "text", "name": "text", "channel": "text", "product": "text"}
ORDER = {"t": "timestamptz", "who": "text", "product": "text"}


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, object]], list[dict[str, object]], dict[str, object]]:
    """Rows of both tables, and a funnel with its question."""
    moments = st.builds(
        lambda hours, seconds: START + timedelta(hours=hours, seconds=seconds),
        st.integers(0, 120),
        st.sampled_from([0, 0, 1, 3599]),
    )
    who, product = st.sampled_from(["x", "x", "y", None]), st.sampled_from(["p", "p", "q", None])
    names, channels = st.sampled_from(["a", "a", "b", "c", None]), st.sampled_from(["m", "s", None])
    events = draw(
        st.lists(
            st.fixed_dictionaries(
                {"t": moments, "who": who, "name": names, "channel": channels, "product": product}
            ),
            max_size=9,
        )
    )
    orders = draw(st.lists(st.fixed_dictionaries({"t": moments, "who": who, "product": product}), max_size=4))
    later = draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=3))
    wanted: dict[str, object] = {
        "steps": (draw(st.sampled_from([STEPS[0], STEPS[3]])), *later),
        "within": draw(st.sampled_from(["1 hour", "24 hours", "2 days"])),
        "holding": draw(st.booleans()),
        "by": draw(st.sampled_from(["", "channel", "step", "channel step"])),
        "grain": draw(st.sampled_from([None, "day", "week"])),
        "filtered": draw(st.booleans()),
    }
    return events, orders, wanted


def chains(
    steps: tuple[str, ...],
    rows: list[dict[str, object]],
    entry: dict[str, object],
    limit: datetime,
    same: bool,
) -> int:
    """The step that the best chain from ``entry`` reaches: every way is tried."""

    def after(row: dict[str, object], other: dict[str, object]) -> bool:
        return (other["t"], first(steps, other)) > (row["t"], first(steps, row))

    reached, ends = 1, [entry]
    for step in steps[1:]:
        ends = [
            other
            for other in rows
            if fulfils(step, other)
            and other["who"] == entry["who"]
            and other["t"] <= limit  # type: ignore[operator]
            and (not same or (other["product"] == entry["product"] and entry["product"] is not None))
            and any(after(row, other) for row in ends)
        ]
        if not ends:
            break
        reached += 1
    return reached


def fulfils(step: str, row: dict[str, object]) -> bool:
    """Say whether a row is such a step."""
    is_order = "name" not in row
    if step == "orders" or is_order:
        return is_order and step == "orders"
    match step:
        case "events.name <> 'c'":
            return row["name"] in ("a", "b")
        case _:
            return row["name"] == step[-2]


def first(steps: tuple[str, ...], row: dict[str, object]) -> int:
    """The first step that a row fulfils."""
    return next((place for place, step in enumerate(steps) if fulfils(step, row)), 99)


def project_of(wanted: dict[str, object]) -> Project:
    dimensions = {"channel": "channel", "product": "product", "who": "who"}
    found = plan(
        [
            table("events", dimensions, time="t", unique_key="id"),
            table("orders", {"product": "product", "who": "who"}, time="t"),
        ],
        timezone=str(ZONE),
    )
    lapse = Lapse.parse(str(wanted["within"]))
    assert lapse is not None
    holding = ("product",) if wanted["holding"] else ()
    funnel = Funnel(wanted["steps"], "who", lapse, holding)  # type: ignore[arg-type]
    return replace(found, metrics={"f": Metric("f", "", funnel=funnel)})


EXAMPLES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 60


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_a_funnel_is_what_brute_force_finds(
    case: tuple[list[dict[str, object]], list[dict[str, object]], dict[str, object]],
) -> None:
    events, orders, wanted = case
    rows = {
        "events": Rows(
            EVENT,
            [tuple({**row, "id": number}[name] for name in EVENT) for number, row in enumerate(events)],
            COVERED,
        ),
        "orders": Rows(ORDER, [tuple(row[name] for name in ORDER) for row in orders], COVERED),
    }
    by, asked = str(wanted["by"]).split(), ("2026-03-28", "2026-03-30")
    where = ["channel = 'm'"] if wanted["filtered"] else []
    found = ask(
        project_of(wanted),
        rows,
        question("f", " ".join(by), wanted["grain"], "..".join(asked), where=where),  # type: ignore[arg-type]
    )
    steps: tuple[str, ...] = wanted["steps"]  # type: ignore[assignment]
    hours = {"1 hour": 1, "24 hours": 24, "2 days": 48}[str(wanted["within"])]
    groups: dict[tuple[object, ...], tuple[set[object], set[object]]] = {}
    for entry in events:
        day = entry["t"].astimezone(ZONE).date()  # type: ignore[attr-defined]
        outside = not date.fromisoformat(asked[0]) <= day <= date.fromisoformat(asked[1])
        wrong = wanted["filtered"] and entry["channel"] != "m"
        if not fulfils(steps[0], entry) or entry["who"] is None or outside or wrong:
            continue
        limit = entry["t"] + timedelta(hours=hours)  # type: ignore[operator]
        reached = chains(steps, [*events, *orders], entry, limit, bool(wanted["holding"]))
        bucket = day - timedelta(days=day.weekday()) if wanted["grain"] == "week" else day
        for step in range(1, len(steps) + 1) if "step" in by else [len(steps)]:
            key = {"channel": entry["channel"], "step": step}
            group = (*([bucket] if wanted["grain"] else []), *(key[name] for name in by))
            entered, came = groups.setdefault(group, (set(), set()))
            entered.add(entry["who"])
            came |= {entry["who"]} if reached >= step else set()
    expected = {group: Fraction(len(came), len(entered)) for group, (entered, came) in groups.items()}
    answered = {tuple(row.values())[:-1]: row["f"] for row in found if row["f"] is not None}
    assert answered.keys() == expected.keys()
    assert all(abs(Fraction(answered[group]) - share) < 1e-9 for group, share in expected.items())  # type: ignore[arg-type]
