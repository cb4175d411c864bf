"""Which tables a row reaches, and what a name means from where it stands."""

from __future__ import annotations

import pytest

from kurs.metrics.expression import parse_rows
from kurs.metrics.reach import Map, UnreachableError
from kurs.model.coverage import RelationFacts
from kurs.model.table import ColumnType
from metrics.plans import plan, table

WORLD = Map(
    plan(
        [
            table("items", {}, {"orders": "order_id", "products": "sku"}),
            table("orders", {"channel": "lower(channel)"}, {"customers": "customer_id"}, unique_key="id"),
            table("customers", {"country": "country"}, {"regions": "region_id"}, unique_key="id"),
            table("products", {"brand": "brand"}, {"suppliers": "supplier_id"}, unique_key="sku"),
            table("suppliers", {}, {"regions": "region_id"}, unique_key="id"),
            table("regions", {"region": "name", "country": "land"}, unique_key="id"),
            table("sessions", {"channel": "channel"}),
            table("left_end", {"depth": "x"}, {"right_end": "r"}, unique_key="l"),
            table("right_end", {}, {"left_end": "l"}, unique_key="r"),
        ]
    ),
    {"orders": RelationFacts({"id": ColumnType.INT, "channel": ColumnType.TEXT, "amount": ColumnType.INT})},
)


def way(start: str, goal: str) -> list[str] | None:
    path = WORLD.path(start, goal)
    return None if path is None else [step.join.table for step in path]


def code_of(error: pytest.ExceptionInfo[UnreachableError]) -> str:
    (problem,) = error.value.problems
    return problem.code


def test_a_path_goes_from_many_to_one_only() -> None:
    assert way("items", "customers") == ["orders", "customers"]
    assert way("customers", "orders") is None
    assert way("orders", "orders") == []
    assert way("sessions", "customers") is None


def test_two_ways_of_one_length_are_refused() -> None:
    """The region of the customer, or of the supplier?"""
    with pytest.raises(UnreachableError) as error:
        WORLD.path("items", "regions")
    assert code_of(error) == "ambiguous_path"


def test_tables_that_join_each_other_end() -> None:
    assert way("left_end", "right_end") == ["right_end"]
    assert way("left_end", "regions") is None
    assert WORLD.reached("left_end") == ("left_end", "right_end")


@pytest.mark.parametrize(
    ("tables", "home"),
    [
        (["customers", "orders"], "orders"),
        (["orders", "products"], None),
        (["items", "products", "customers"], "items"),
        (["sessions", "orders"], None),
        ([], None),
    ],
)
def test_the_home_is_the_table_from_which_all_others_are_reached(tables: list[str], home: str | None) -> None:
    assert WORLD.home(tables) == home


def test_a_bare_name_is_that_of_the_nearest_table() -> None:
    found = WORLD.dimension("orders", "country")
    assert found.tree.sql() == "customers.country"
    assert WORLD.dimension("regions", "country").tree.sql() == "regions.land"
    assert WORLD.dimension("orders", "channel").tree.sql() == "LOWER(orders.channel)"
    assert WORLD.dimension("orders", "customers.age").tree.sql() == "customers.age"


@pytest.mark.parametrize(
    ("home", "name", "code"),
    [
        ("sessions", "country", "unreachable_dimension"),
        ("orders", "contry", "unknown_dimension"),
        ("orders", "nowhere.x", "unknown_table"),
        ("orders", "orders.amont", "unknown_column"),
        ("items", "regions.region", "ambiguous_path"),
        ("customers", "orders.channel", "unreachable_dimension"),
    ],
)
def test_a_name_that_means_nothing_here_is_told(home: str, name: str, code: str) -> None:
    with pytest.raises(UnreachableError) as error:
        WORLD.dimension(home, name)
    assert code_of(error) == code


def test_a_condition_keeps_its_meaning_when_names_become_expressions() -> None:
    world = Map(plan([table("t", {"either": "a or b", "less": "c - 1"})]), {})
    found = world.condition("t", parse_rows("not either and 10 - less = 3"))
    assert found.tree.sql() == "NOT (t.a OR t.b) AND 10 - (t.c - 1) = 3"


def test_a_filter_out_of_reach_says_so_and_where() -> None:
    with pytest.raises(UnreachableError) as error:
        WORLD.condition("sessions", parse_rows("channel = 'web' and customers.country = 'SE'"))
    (problem,) = error.value.problems
    assert (problem.code, problem.offset) == ("unreachable_filter", 20)


def test_a_dimension_may_not_speak_of_other_tables() -> None:
    with pytest.raises(UnreachableError) as error:
        WORLD.own_expression("orders", "customers.country")
    assert code_of(error) == "foreign_column"
