"""Rollups on disk, with loads, restatements and questions in any order: no answer is ever another one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.metrics.query import Answer
from kurs.metrics.question import Asked, Order, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, Grain
from kurs.problems import KursError, UsageError
from kurs.project import read
from kurs.workflows.load import load
from kurs.workflows.measure import query, query_many
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from kurs.workflows.opening import Opened

EXAMPLES = 150 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 5
START = date(2026, 3, 20)  # the clocks of Stockholm change on 29 March
LENGTH = 20
CHANNELS = ("mail", "paid", "social")

PLAN = """
project: {name: Rolling, timezone: Europe/Stockholm, as_of: 2026-04-30}
sources:
  shop:
    files: shop_*.csv
    into: orders
    columns: {at: timestamp, customer: int, amount: "decimal(18,2)", visits: int}
    key: [id]
    window: at
    account: {timezone: UTC}
    files_are: restatements
  people:
    files: people.csv
    into: customers
    columns: {id: int}
  costs:
    files: ads.csv
    into: ads
    window: day
    columns: {day: date, cost: "decimal(18,2)"}
tables:
  orders:
    from: orders
    time: at
    timezone: UTC
    dimensions: [channel]
    joins: {customers: customer}
  customers: {from: customers, key: id, dimensions: [country]}
  ads: {from: ads, time: day, dimensions: [channel, country]}
metrics:
  revenue: sum(orders.amount)
  orders: count(orders)
  aov: revenue / orders
  visits: sum(orders.visits)
  buyers: count(distinct orders.customer)
  best: max(orders.amount) filter (where orders.channel = 'mail')
  revenue_7d: {expr: revenue, window: 7 days}
  growth: "revenue / offset(revenue, '7 days') - 1"
  mailed: {expr: sum(orders.amount) filter (where orders.channel = 'mail'), fill: none}
  typical: {expr: median(orders.amount), fill: zero}
  cost: {expr: sum(ads.cost), fill: none}
  roas: revenue / cost
  paid: {share_of: revenue, where: channel = 'paid'}
  part: {share_of: orders, fill: none}
  twice: {per: orders.customer, expr: count(*) filter (where orders >= 2) / count(*)}
  new: {per: orders.customer, first: orders, expr: count(*), fill: none}
  spent: {per: orders.customer, first: orders, within: 5 days, expr: avg(revenue)}
  bought:
    funnel: [orders.channel = 'mail', orders.channel = 'paid']
    by: orders.customer
    within: 5 days
"""
OF_STATES = ("revenue", "orders", "aov", "visits", "buyers", "best", "revenue_7d", "growth", "mailed")
METRICS = (*OF_STATES, *("typical", "cost", "roas", "paid", "part", "twice", "new", "spent", "bought"))


@dataclass(frozen=True)
class Load:
    """One file of orders that replaces its days, or another list of customers."""

    file: int
    first: int
    length: int
    salt: int
    people: bool


@dataclass(frozen=True)
class Ask:
    """One question, in this session (the project stays open over several)."""

    question: Question


days_asked = st.tuples(st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1)).map(
    lambda pair: Days(START + timedelta(min(pair)), START + timedelta(max(pair)))
)
questions = st.builds(
    Question,
    metrics=st.lists(st.sampled_from(OF_STATES), min_size=1, max_size=3, unique=True).map(
        lambda names: tuple(map(Asked, names))
    ),
    by=st.sampled_from([(), ("channel",), ("country",), ("channel", "country")]),
    grain=st.sampled_from([None, Grain.DAY, Grain.WEEK, Grain.MONTH]),
    days=st.none() | days_asked,
    where=st.sampled_from([(), ("channel = 'mail'",), ("channel <> 'paid'",), ("orders.amount > 30",)]),
)
loads = st.builds(
    Load, st.integers(0, 2), st.integers(0, LENGTH - 1), st.integers(1, 8), st.integers(0, 99), st.booleans()
)
steps = st.lists(loads | st.builds(Ask, questions), min_size=4, max_size=9)
# Of a page: many are alike but for their metrics, some are compared, or are the first few in an order.
some_days = Days(START, START + timedelta(days=LENGTH))
pages = st.lists(
    st.builds(
        Question,
        metrics=st.lists(st.sampled_from(METRICS), min_size=1, max_size=2, unique=True).map(
            lambda names: tuple(map(Asked, names))
        ),
        by=st.sampled_from([(), (), ("channel",)]),
        grain=st.sampled_from([None, Grain.DAY, Grain.DAY, Grain.WEEK]),
        days=st.sampled_from([None, some_days]),
        where=st.sampled_from([(), (), ("channel = 'mail'",), ("orders.amount > 30",)]),
        compare=st.sampled_from([None, None, None, Comparison(Against.PREVIOUS)]),
        limit=st.sampled_from([None, None, None, 3]),
    ).map(
        lambda one: replace(one, order=(Order(one.metrics[0].column, descending=True),)) if one.limit else one
    ),
    min_size=2,
    max_size=12,
)


def write_orders(folder: Path, told: Load) -> None:
    """Write a file of orders, some of them close to midnight."""
    lines = ["id,at,customer,channel,amount,visits"]
    for day in range(told.first, told.first + told.length):
        for number in range((day * 7 + told.salt) % 4):
            seed = day * 31 + number * 17 + told.salt * 13
            at = f"{START + timedelta(day)} {seed % 24:02d}:{seed % 60:02d}:00"
            channel = (*CHANNELS, "")[seed % 4]
            amount = f"{seed % 97}.{seed % 100:02d}"
            lines.append(f"{told.salt}-{day}-{number},{at},{seed % 7},{channel},{amount},{seed % 5}")
    (folder / f"shop_{told.file}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_people(folder: Path, salt: int) -> None:
    """Write a list of customers."""
    lines = [f"{person},{('SE', 'PL', 'IR')[(person * salt + person) % 3]}" for person in range(6)]
    (folder / "people.csv").write_text("\n".join(["id,country", *lines]) + "\n", encoding="utf-8")


def write_costs(folder: Path) -> None:
    """Write what was paid for ads, on fewer days than there are orders."""
    lines = [f"{START + timedelta(day)},{CHANNELS[day % 3]},SE,{day}.50" for day in range(2, LENGTH, 3)]
    (folder / "ads.csv").write_text("\n".join(["day,channel,country,cost", *lines]) + "\n", encoding="utf-8")


@contextmanager
def at_hand(folder: Path) -> Generator[Opened]:
    """Open the project so that tables of a few rows have rollups."""
    with open_project(folder) as opened:
        opened.rollups.many_rows = 0
        opened.rollups.most_of_rows = 100.0
        yield opened


def first_load(folder: Path) -> None:
    """Make the project, with orders of all days."""
    (folder / "kurs.yaml").write_text(PLAN, encoding="utf-8")
    write_orders(folder, Load(0, 0, LENGTH, 3, people=False))
    write_people(folder, 1)
    write_costs(folder)
    load(read(folder).required())


@settings(max_examples=EXAMPLES, deadline=None, derandomize="CI" in os.environ)
@given(told=steps)
def test_no_answer_changes_because_a_rollup_was_there(
    tmp_path_factory: pytest.TempPathFactory, told: list[Load | Ask]
) -> None:
    folder = tmp_path_factory.mktemp("rolling")
    first_load(folder)
    for step in told:
        if isinstance(step, Load):
            write_orders(folder, step)
            if step.people:
                write_people(folder, step.salt)
            load(read(folder).required())
            continue
        with at_hand(folder) as opened:
            from_rows = query(opened, step.question, rollups=False)
            for _ in range(2):  # made, then found
                said = query(opened, step.question)
                assert replace(said, sql="", rollups=()) == replace(from_rows, sql="")


def said(opened: Opened, question: Question) -> Answer | str:
    """Answer a question by itself, from the rows; or say why not."""
    try:
        return query(opened, question, rollups=False)
    except KursError as error:
        return str(error)


def bare(told: Answer | KursError | str) -> Answer | str:
    """Leave out how an answer was made."""
    return replace(told, sql="", rollups=()) if isinstance(told, Answer) else str(told)


@settings(max_examples=EXAMPLES, deadline=None, derandomize="CI" in os.environ)
@given(asked=st.lists(questions, max_size=6) | pages)
def test_many_questions_have_the_answers_of_each(
    tmp_path_factory: pytest.TempPathFactory, asked: list[Question]
) -> None:
    folder = tmp_path_factory.mktemp("many")
    first_load(folder)
    # Most of a page's questions are alike but for their metrics: so are half of these.
    alike = [*asked, *(replace(question, by=(), grain=None, days=None, where=()) for question in asked)]
    with open_project(folder) as opened:
        together = query_many(opened, alike)
        assert [bare(each) for each in together] == [bare(said(opened, question)) for question in alike]


def test_a_question_keeps_its_own_rows_among_others(tmp_path: Path) -> None:
    first_load(tmp_path)
    by_day = [Question((Asked(name),), grain=Grain.DAY) for name in ("mailed", "revenue", "cost")]
    with open_project(tmp_path) as opened:
        days = [each.rows for each in query_many(opened, by_day) if isinstance(each, Answer)]
        assert days == [query(opened, each).rows for each in by_day]
    assert len(days[0]) < len(days[1])


def test_one_bad_question_does_not_spoil_the_others(tmp_path: Path) -> None:
    first_load(tmp_path)
    with open_project(tmp_path) as opened:
        wrong = Question((Asked("no_such"),))
        late = Question((Asked("revenue"),), where=("orders.at > 'no day'",))
        first, second, third = query_many(opened, [Question((Asked("revenue"),)), wrong, late])
        assert isinstance(first, Answer)
        assert isinstance(second, UsageError)
        assert isinstance(third, KursError)


REVENUE = Question((Asked("revenue"), Asked("orders")), ("channel",), Grain.DAY)


def kept_parts(folder: Path) -> int:
    """Count the Parquet parts of all rollups."""
    return len(list((folder / ".kurs").rglob("_rollups/*/*.parquet")))


def test_a_rollup_is_made_once_and_served_again(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        first = query(opened, REVENUE)
    with at_hand(tmp_path) as opened:
        second = query(opened, REVENUE)
        assert "rollup_orders" in second.sql
        (use,) = opened.rollups.store.uses()
    assert second.rows == first.rows
    assert use.hits == 2
    assert kept_parts(tmp_path) == 1


def test_after_a_load_only_its_days_are_added_up_anew(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        query(opened, REVENUE)
    write_orders(tmp_path, Load(1, 5, 1, 8, people=False))
    load(read(tmp_path).required())
    with at_hand(tmp_path) as opened:
        assert query(opened, REVENUE).rows == query(opened, REVENUE, rollups=False).rows
        (kept,) = opened.rollups.store.all()
    whole, day = kept.parts
    assert len(day.without) == 0
    assert [len(days) for days in whole.without] == [3]  # the day, and one on either side for other clocks
    assert day.rows < whole.rows


def test_it_speaks_of_the_days_that_were_asked_for_and_others_are_added(tmp_path: Path) -> None:
    first_load(tmp_path)
    within = [Days(START + timedelta(first), START + timedelta(last)) for first, last in ((5, 7), (6, 12))]
    for number, days in enumerate(within, 1):
        asked = replace(REVENUE, days=days)
        with at_hand(tmp_path) as opened:
            said = query(opened, asked)
            assert said.rows == query(opened, asked, rollups=False).rows
            assert "rollup_orders" in said.sql
            (kept,) = opened.rollups.store.all()
        assert kept.rollup.days == (Days(within[0].first, days.last),)
        assert len(kept.parts) == number
    write_orders(tmp_path, Load(1, 0, 2, 8, people=False))  # far from what it speaks of
    load(read(tmp_path).required())
    with at_hand(tmp_path) as opened:
        assert query(opened, replace(REVENUE, days=within[1])).rollups
        assert len(opened.rollups.store.all()[0].parts) == 2
        assert query(opened, REVENUE).rows == query(opened, REVENUE, rollups=False).rows
        (kept,) = opened.rollups.store.all()
    assert [len(part.without) for part in kept.parts] == [2, 2, 0]


def test_the_ends_of_a_table_are_what_its_files_say(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        for name, column in (("orders", "at"), ("ads", "day")):
            ends = opened.rollups.snapshots[name].ends_sql(column)
            assert ends is not None
            found = opened.engine.run(f'SELECT min("{column}"), max("{column}") FROM "{name}"')
            assert opened.engine.run(f'SELECT min("{column}"), max("{column}") FROM ({ends})') == found
        assert opened.rollups.snapshots["orders"].ends_sql("channel") is None


def test_a_file_that_says_nothing_of_its_ends_may_have_rows_anywhere(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        orders = opened.rollups.snapshots["orders"]
        silent = tmp_path / "silent.parquet"
        pyarrow.parquet.write_table(duckdb.sql(orders.sql()).to_arrow_table(), silent, write_statistics=False)
        ends = replace(orders, files=(*orders.files, str(silent))).ends_sql("at")
        assert ends is not None
        assert set(duckdb.sql(ends).fetchall()) == {(None,)}


def test_many_loads_leave_few_parts(tmp_path: Path) -> None:
    first_load(tmp_path)
    for salt in range(10):
        write_orders(tmp_path, Load(1, salt, 1, salt, people=False))
        load(read(tmp_path).required())
        with at_hand(tmp_path) as opened:
            assert query(opened, REVENUE).rows == query(opened, REVENUE, rollups=False).rows
            (kept,) = opened.rollups.store.all()
            assert len(kept.parts) <= 8


def test_another_joined_table_makes_it_anew(tmp_path: Path) -> None:
    first_load(tmp_path)
    by_country = Question((Asked("revenue"),), ("country",))
    with at_hand(tmp_path) as opened:
        before = query(opened, by_country).rows
    write_people(tmp_path, 2)
    load(read(tmp_path).required())
    with at_hand(tmp_path) as opened:
        after = query(opened, by_country).rows
        assert after == query(opened, by_country, rollups=False).rows
    assert after != before


def test_what_is_kept_is_not_for_a_project_that_sees_other_rows(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as reading:  # opened before the load: it must see what was there
        before = query(reading, REVENUE, rollups=False).rows
        write_orders(tmp_path, Load(0, 0, LENGTH, 9, people=False))
        load(read(tmp_path).required())
        with at_hand(tmp_path) as opened:
            after = query(opened, REVENUE).rows
        assert query(reading, REVENUE).rows == before
    assert after != before


def test_a_part_that_is_gone_is_made_again(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        rows = query(opened, REVENUE).rows
    for part in (tmp_path / ".kurs").rglob("_rollups/*/*.parquet"):
        part.unlink()
    with at_hand(tmp_path) as opened:
        assert query(opened, REVENUE).rows == rows
    assert kept_parts(tmp_path) == 1


def test_a_rollup_as_long_as_its_table_is_not_kept_and_not_tried_again(tmp_path: Path) -> None:
    first_load(tmp_path)
    with at_hand(tmp_path) as opened:
        opened.rollups.most_of_rows = 0.1
        query(opened, REVENUE)
        (kept,) = opened.rollups.store.all()
        assert kept.parts == ()
    with at_hand(tmp_path) as opened:
        assert "rollup_" not in query(opened, REVENUE).sql
    assert kept_parts(tmp_path) == 0


def test_keys_that_repeat_are_refused_as_without_a_rollup(tmp_path: Path) -> None:
    first_load(tmp_path)
    with (tmp_path / "people.csv").open("a", encoding="utf-8") as people:
        people.write("1,PL\n")
    load(read(tmp_path).required())
    with at_hand(tmp_path) as opened, pytest.raises(Exception, match="fan_out"):
        query(opened, Question((Asked("revenue"),), ("country",)))
