"""Answers from rollups are the answers from rows, on worlds that nobody chose."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings

from kurs.engines.duckdb import DuckEngine
from kurs.metrics.compiling import compile_plan, from_rollups, rollups_for
from kurs.metrics.extremes import first_and_last_day
from kurs.metrics.filling import filling
from kurs.metrics.plan import plan as planned
from kurs.metrics.reach import Map
from kurs.metrics.rollup import Rollup, Source, together
from kurs.model.days import Days
from metrics.plans import NO_FILES, Rows, ask, days, plan, question, table
from metrics.test_oracle import asked, project_of, rows_of, same_rows
from metrics.worlds import Case, cases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.metrics.question import Question
    from kurs.model.project import Project

EXAMPLES = 4_000 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 60
JUNE = days("2026-06-01..2026-06-30")


def ask_rollups(
    project: Project, rows: Mapping[str, Rows], wanted: Question, as_of: date, stepwise: bool = False
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """Answer ``wanted`` from rollups in memory, ``stepwise`` of two parts; returns their names, too."""
    facts = {key: each.facts for key, each in rows.items()}
    world = Map(project, facts)
    views = {project.tables[key].relation or key: each.sql for key, each in rows.items()}
    with DuckEngine(views, NO_FILES) as engine:
        thought = planned(wanted, world, as_of)
        sources: list[Source] = []
        for rollup in rollups_for(thought, world):
            span_of = first_and_last_day(project, project.tables[rollup.home], facts[rollup.home].columns)
            first, last = engine.run(span_of or "")[0]
            if not isinstance(first, date) or not isinstance(last, date):
                continue
            span = Days(first, last)
            held = [part for stretch in rollup.days if (part := stretch.overlap(span)) is not None]
            if not held:
                continue
            select = filling(world, rollup, span, tuple(held))
            if stepwise:
                middle = date.fromordinal((first.toordinal() + last.toordinal()) // 2)
                early = filling(world, rollup, span, (Days(first, middle),))
                late = filling(world, rollup, span, (Days(middle, last),))
                cut = f"SELECT * FROM ({late}) WHERE day > DATE '{middle}'"
                select = f"SELECT * FROM ({early}) UNION ALL {cut}"
            engine.hold(f"rollup_{len(sources)}", select)
            sources.append(Source(rollup, f"rollup_{len(sources)}", 0))
        query = compile_plan(from_rollups(thought, world, sources), world)
        names = [column.name for column in query.columns]
        found = [dict(zip(names, row, strict=True)) for row in engine.run(query.sql)]
        return found, query.rollups


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(cases())
def test_a_rollup_never_changes_an_answer(case: Case) -> None:
    project, rows, wanted, as_of = project_of(case.world), rows_of(case), asked(case), case.world.as_of
    from_rows = ask(project, rows, wanted, as_of)
    whole, _ = ask_rollups(project, rows, wanted, as_of)
    in_steps, _ = ask_rollups(project, rows, wanted, as_of, stepwise=True)
    exact = not any(isinstance(value, float) for row in from_rows for value in row.values())
    assert len(from_rows) == len(whole) == len(in_steps)
    if exact or not case.order:  # floats may differ in their last digit, and so in their order
        assert same_rows(whole, from_rows)
        assert same_rows(in_steps, from_rows)


ORDERS = Rows(
    {"at": "timestamptz", "channel": "text", "amount": "decimal(18,2)", "person": "int"},
    [
        ("2026-06-01 22:30:00+00", "mail", 10, 1),  # 2 June in Stockholm
        ("2026-06-02 10:00:00+00", "mail", 20, 1),
        ("2026-06-02 10:00:00+00", None, 5, 2),
        ("2026-06-09 10:00:00+00", "paid", 7, None),
    ],
    (JUNE,),
)
PLAN = plan(
    [table("orders", {"channel": "channel"}, time="at")],
    {
        "revenue": "sum(orders.amount)",
        "orders": "count(orders)",
        "aov": "revenue / orders",
        "people": "count(distinct orders.person)",
        "spent_each": "revenue / people",
    },
    timezone="Europe/Stockholm",
)


def rollup_of(wanted: Question) -> tuple[Rollup, ...]:
    world = Map(PLAN, {"orders": ORDERS.facts})
    return rollups_for(planned(wanted, world, JUNE.last), world)


def test_a_day_is_one_of_the_projects_zone() -> None:
    wanted = question("revenue", grain="day", within="2026-06-01..2026-06-02")
    found, used = ask_rollups(PLAN, {"orders": ORDERS}, wanted, JUNE.last)
    assert [row["revenue"] for row in found] == [0, 35]
    assert used == ("rollup_0",)


def test_what_rows_are_needed_for_goes_to_the_rows() -> None:
    assert rollup_of(question("people")) == ()
    assert rollup_of(question("revenue", grain="hour", within="2026-06-02")) == ()


def test_of_a_ratio_over_distinct_people_the_other_part_is_added_up() -> None:
    wanted = question("spent_each", by="channel", grain="week", within="2026-06-01..2026-06-14")
    found, used = ask_rollups(PLAN, {"orders": ORDERS}, wanted, JUNE.last)
    assert used == ("rollup_0",)
    assert same_rows(found, ask(PLAN, {"orders": ORDERS}, wanted, JUNE.last))


def test_conditions_on_texts_share_a_rollup() -> None:
    by_mail = rollup_of(question("revenue", where=["channel = 'mail'"]))
    assert by_mail == rollup_of(question("revenue", where=["channel in ('paid', 'direct')"]))
    assert by_mail[0].keys == ("orders.channel",)


def test_another_condition_is_a_key_itself() -> None:
    (rollup,) = rollup_of(question("revenue", where=["orders.amount > 8"]))
    assert rollup.keys == ("orders.amount > 8",)
    wanted = question("revenue orders", where=["orders.amount > 8"])
    found, used = ask_rollups(PLAN, {"orders": ORDERS}, wanted, JUNE.last)
    assert found == [{"revenue": 30, "orders": 2}]
    assert used == ("rollup_0",)


def test_one_rollup_serves_many_questions() -> None:
    rollups = [
        *rollup_of(question("revenue", by="channel")),
        *rollup_of(question("aov", grain="week", within="2026-06-01..2026-06-14")),
        *rollup_of(question("orders", where=["channel = 'mail'"])),
    ]
    (one,) = together(rollups)
    assert all(one.covers(rollup) for rollup in rollups)
    assert len(one.states) == 2


def test_another_zone_or_definition_is_another_rollup() -> None:
    (here,) = rollup_of(question("revenue"))
    other = plan([table("orders", time="at", where="amount > 0")], {"revenue": "sum(orders.amount)"})
    world = Map(other, {"orders": ORDERS.facts})
    (there,) = rollups_for(planned(question("revenue"), world, JUNE.last), world)
    assert not here.covers(there)
    assert here.id != there.id
