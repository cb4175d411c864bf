"""The same brute force, in worlds where customers have a history and orders several currencies.

The oracle converts every order by hand before it answers, and looks for the version of a customer that was
valid on the day of each counted row.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kurs.model.fx import Fx
from metrics.oracle import Facts, Oracle, World
from metrics.plans import Rows, ask, table
from metrics.test_oracle import asked, in_order, project_of, rows_of, same_rows
from metrics.worlds import Case, cases

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.project import Project

EXAMPLES = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 60
DAY = timedelta(days=1)
QUOTED = ("EUR", "USD")


@dataclass(frozen=True)
class Changing:
    """A case, the project and rows that the engine sees, and the world that the oracle sees."""

    case: Case
    project: Project
    rows: dict[str, Rows]
    world: World


def changing(case: Case, chance: Random) -> Changing:
    """Give customers a history, and orders with a time a currency each."""
    world = case.world
    customers = with_history(world.tables["customers"], world.as_of, chance)
    world = replace(world, tables={**world.tables, "customers": customers})
    project, rows = project_of(world), rows_of(replace(case, world=world))
    noun = replace(project.tables["customers"], valid_from="since", valid_to="until")
    types = {**rows["customers"].types, "since": "date", "until": "date"}
    seen = [tuple(row[name] for name in types) for row in customers.rows]
    rows["customers"] = replace(rows["customers"], types=types, rows=seen)
    project = replace(project, tables={**project.tables, "customers": noun})
    if world.tables["orders"].time is None:
        return Changing(case, project, rows, world)
    orders = world.tables["orders"]
    currencies = [chance.choice(("SEK", *QUOTED)) for _ in orders.rows]
    known = [world.day("orders", row) for row in orders.rows]
    quotes = quoted([day for day in known if day is not None], chance)
    converted = [
        row
        if row["amount"] is None or day is None
        else row | {"amount": row["amount"] * rate(code, day, quotes)}  # type: ignore[operator]
        for row, day, code in zip(orders.rows, known, currencies, strict=True)
    ]
    world = replace(world, tables={**world.tables, "orders": replace(orders, rows=converted)})
    types = {**rows["orders"].types, "money": "text"}
    seen = [(*row, code) for row, code in zip(rows["orders"].rows, currencies, strict=True)]
    rows["orders"] = replace(rows["orders"], types=types, rows=seen)
    rate_types = {"day": "date", "from": "text", "rate": "decimal(18,6)"}
    rows["fx"] = Rows(rate_types, [(day, code, rate) for (code, day), rate in quotes.items()])
    noun = replace(project.tables["orders"], amounts=("amount",), currency="money")
    project = replace(
        project,
        tables={**project.tables, "orders": noun, "fx": table("fx", time="day")},
        settings=replace(project.settings, currency="SEK"),
        fx=Fx("fx", base="SEK", target="SEK"),
    )
    return Changing(case, project, rows, world)


def with_history(customers: Facts, near: date, chance: Random) -> Facts:
    """Cut the time of each customer into versions, with a gap here and there."""
    rows: list[dict[str, object]] = []
    for row in customers.rows:
        cuts = sorted({near + chance.randrange(-20, 6) * DAY for _ in range(chance.randrange(4))})
        starts, ends = [chance.choice([None, near - 60 * DAY]), *cuts], [*cuts, None]
        for version, (since, until) in enumerate(zip(starts, ends, strict=True)):
            if chance.random() < 0.85:
                tier = chance.choice((None, "gold", "basic")) if version else row["tier"]
                rows.append({**row, "since": since, "until": until, "tier": tier})
    return replace(customers, rows=rows, has_history=True)


def quoted(days: list[date], chance: Random) -> dict[tuple[str, date], Decimal]:
    """Quote each currency often enough that every day has a rate that is at most a week old."""
    quotes: dict[tuple[str, date], Decimal] = {}
    for code in QUOTED if days else ():
        day = min(days) - chance.randrange(8) * DAY
        while day <= max(days):
            quotes[code, day] = Decimal(chance.randrange(1, 20_000_000)) / 1_000_000
            day += chance.randrange(1, 9) * DAY
    return quotes


def rate(code: str, day: date, quotes: dict[tuple[str, date], Decimal]) -> Decimal:
    """The rate of a day: the newest that was quoted until then."""
    if code == "SEK":
        return Decimal(1)
    newest = max(when for quoted_code, when in quotes if quoted_code == code and when <= day)
    assert day - newest <= 7 * DAY
    return quotes[code, newest]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases(), st.integers(0, 1_000_000))
def test_the_engine_answers_what_brute_force_finds(case: Case, seed: int) -> None:
    homes = {leaf.home for name in case.wanted.metrics for leaf in case.world.metric_leaves(name)}
    if any(case.world.tables[home].time is None for home in homes - {"customers"}):
        return  # nobody knows what was valid then
    case = replace(case, order=(), limit=None)
    given_ = changing(case, Random(seed))
    found = ask(given_.project, given_.rows, asked(case), case.world.as_of)
    keys = [("time", False)] * (case.wanted.grain is not None) + [(name, False) for name in case.wanted.by]
    expected = in_order(Oracle(given_.world, case.wanted).answer(), keys)
    assert same_rows(found, expected), f"{found}\nbut brute force finds\n{expected}"
