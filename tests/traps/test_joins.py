"""Joins that would count a row twice, and tables that meet on a dimension."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kurs.metrics.extremes import repeated_keys
from kurs.metrics.formula import FormulaError, formula_of
from kurs.metrics.reach import Map
from kurs.problems import UsageError
from metrics.plans import Rows, ask, days, plan, question, run, table

JANUARY = (days("2026-01-01..2026-01-31"),)
DAY = date(2026, 1, 5)

ORDERS = table("orders", {"channel": "channel"}, {"customers": "customer_id"}, time="t", unique_key="id")
ITEMS = table("items", {"category": "category"}, {"orders": "order_id"}, time="t")
CUSTOMERS = table("customers", {"country": "country"}, unique_key="id")
SESSIONS = table("sessions", {"channel": "channel"}, {"customers": "visitor"}, time="t")
ROWS = {
    "orders": Rows(
        {"t": "date", "id": "int", "channel": "text", "customer_id": "int", "amount": "decimal(18,2)"},
        [
            (DAY, 1, "web", 1, Decimal(100)),
            (DAY, 2, None, 1, Decimal(50)),
            (DAY, 3, "ads", None, Decimal(7)),
        ],
        JANUARY,
    ),
    "items": Rows(
        {"t": "date", "order_id": "int", "category": "text", "units": "int"},
        [(DAY, 1, "shoes", 2), (DAY, 1, "shoes", 1), (DAY, 2, "hats", 1)],
        JANUARY,
    ),
    "customers": Rows({"id": "int", "country": "text"}, [(1, "SE"), (2, "PL")]),
    "sessions": Rows(
        {"t": "date", "channel": "text", "visitor": "int"},
        [(DAY, "web", 1), (DAY, "web", 2), (DAY, "mail", None), (DAY, None, 99)],
        JANUARY,
    ),
}


def answers(metric: str, by: str = "", **more: object) -> list[tuple[object, ...]]:
    project = plan(
        [ORDERS, ITEMS, CUSTOMERS, SESSIONS],
        {"asked": metric, "orders": "count(orders)", "sessions": "count(sessions)"},
        {"abroad": ("customers", "country is null or country <> 'SE'")},
    )
    found = ask(project, ROWS, question("asked", by, **more))  # type: ignore[arg-type]
    return [tuple(row.values()) for row in found]


@pytest.mark.parametrize(
    "metric",
    [
        "sum(orders.amount) filter (where items.category = 'shoes')",
        "count(orders) filter (where items.category = 'shoes')",
        "count(orders.id) filter (where items.category = 'shoes')",
        "avg(orders.amount) filter (where items.units > 0)",
        "median(orders.amount) filter (where items.units > 0)",
    ],
)
def test_an_order_is_never_counted_once_per_item(metric: str) -> None:
    """The join says 200 for the order of 100 that has two pairs of shoes."""
    naive = "SELECT sum(amount) FROM items JOIN orders ON order_id = id WHERE category = 'shoes'"
    assert run(naive, ROWS) == ((Decimal(200),),)
    project = plan([ORDERS, ITEMS, CUSTOMERS], {"asked": metric})
    with pytest.raises(FormulaError) as error:
        formula_of(Map(project, {}), "asked")
    assert error.value.problems[0].code == "rows_multiplied"


def test_what_copies_cannot_harm_may_be_asked_across_items() -> None:
    """Distinct orders, the largest order: the same with copies."""
    assert answers("count(distinct orders.id) filter (where items.category = 'shoes')") == [(1,)]
    assert answers("max(orders.amount) filter (where items.category = 'shoes')") == [(Decimal(100),)]
    assert answers("sum(items.units * orders.amount)") == [(Decimal(350),)]


def test_orders_by_category_of_their_items_are_refused() -> None:
    """A naive join counts order 1 twice among shoes."""
    with pytest.raises(UsageError) as error:
        answers("sum(orders.amount)", "category")
    assert error.value.problems[0].code == "unreachable_dimension"


def test_a_key_that_repeats_is_found_before_it_multiplies_rows() -> None:
    """With the customer twice, each of her orders would count twice."""
    rows = {
        "customers": Rows({"id": "int", "country": "text"}, [(1, "SE"), (1, "PL"), (2, None), (None, "x")])
    }
    sql = repeated_keys(plan([CUSTOMERS]), CUSTOMERS)
    assert run(sql, rows) == (("1", 2),)


def test_two_facts_on_one_dimension_do_not_multiply_each_other() -> None:
    """The chasm: joining orders and sessions on the customer gives 2 orders x 1 session = 2 and 2."""
    naive = "SELECT count(*) FROM orders o JOIN sessions s ON o.customer_id = s.visitor"
    assert run(naive, ROWS) == ((2,),)
    assert answers("orders / sessions", "country") == [("PL", 0.0), ("SE", 2.0), (None, 0.5)]


def test_null_members_meet_in_drill_across() -> None:
    """An equality join loses the orders without a channel: null equals nothing."""
    naive = "SELECT count(*) FROM orders o JOIN sessions s ON o.channel = s.channel WHERE o.channel IS NULL"
    assert run(naive, ROWS) == ((0,),)
    assert answers("orders + sessions", "channel") == [("ads", 1), ("mail", 1), ("web", 3), (None, 2)]


def test_a_group_that_one_table_lacks_counts_0_there() -> None:
    """An inner join shows neither mail (no orders) nor ads (no sessions); an outer one says null."""
    assert answers("orders / sessions", "channel") == [
        ("ads", None),
        ("mail", 0.0),
        ("web", 0.5),
        (None, 1.0),
    ]


def test_a_filter_that_does_not_reach_a_leaf_is_refused() -> None:
    """Applied where it can be, it would divide orders of shoes by all sessions."""
    with pytest.raises(UsageError) as error:
        answers("orders / sessions", where=["items.category = 'shoes'"])
    found = {(problem.code, problem.values["table"]) for problem in error.value.problems}
    assert found == {("unreachable_filter", "orders"), ("unreachable_filter", "sessions")}


def test_a_row_without_the_entity_is_in_none_of_its_segments() -> None:
    """After a left join the anonymous visitor has a null country, which the condition takes in."""
    joined = "SELECT count(*) FROM sessions LEFT JOIN customers ON visitor = id"
    naive = f"{joined} WHERE country IS NULL OR country <> 'SE'"
    assert run(naive, ROWS) == ((3,),)
    assert answers("sessions", segments=["abroad"]) == [(1,)]


def test_a_table_called_like_a_step_of_the_statement_is_read_itself() -> None:
    """The step orders_now hid the table orders_now: its count was that of a table of one row."""
    names = ("orders", "orders_now", "groups", "members", "leaves", "answer")
    rows = {
        name: Rows({"t": "date", "c": "text"}, [(DAY, "x")] * n, JANUARY) for n, name in enumerate(names, 2)
    }
    project = plan(
        [table(name, {"c": "c"}, time="t") for name in names],
        {f"n_{name}": f"count({name})" for name in names},
    )
    asked = question(" ".join(project.metrics), "c", "month", "2026-01-01..2026-01-31")
    assert list(ask(project, rows, asked)[0].values()) == [date(2026, 1, 1), "x", 2, 3, 4, 5, 6, 7]


def test_over_two_hops_a_customer_is_not_counted_once_per_item() -> None:
    """Joined, customer 1 has three items in two orders, and counts three times; distinct harms nothing."""
    joined = "items JOIN orders ON order_id = orders.id JOIN customers ON customer_id = customers.id"
    naive = f"SELECT count(*) FROM {joined}"
    assert run(naive, ROWS) == ((3,),)
    for metric in ("count(customers)", "sum(customers.id)"):
        with pytest.raises(UsageError) as error:
            answers(f"{metric} filter (where items.category = 'shoes')")
        assert error.value.problems[0].code == "rows_multiplied"
    assert answers("count(distinct customers.id) filter (where items.category = 'shoes')") == [(1,)]
    # The other way round each item has one customer.
    assert answers("sum(items.units)", "country") == [("SE", 4)]
