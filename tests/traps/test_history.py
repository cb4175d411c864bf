"""Rows that change: an order by the tier that its customer has today, versions that count twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kurs.problems import ProjectError, UsageError
from metrics.plans import Rows, ask, days, plan, question, run, table

YEAR = (days("2026-01-01..2026-12-31"),)
ORDERS = table("orders", joins={"customers": "customer_id"}, time="t")
CUSTOMERS = table("customers", {"tier": "tier"}, unique_key="id", valid=("since", "until"))
VERSION = {"id": "int", "tier": "text", "since": "date", "until": "date"}
SILVER, GOLD = (1, "silver", date(2026, 1, 1), date(2026, 3, 1)), (1, "gold", date(2026, 3, 1), None)


def bought(*times: object, kind: str = "date", customer: int = 1) -> Rows:
    return Rows({"t": kind, "customer_id": "int"}, [(time, customer) for time in times], YEAR)


def tiers(orders: Rows, customers: Rows, *, zone: str = "UTC", **more: object) -> dict[object, object]:
    project = plan([ORDERS, CUSTOMERS], {"orders": "count(orders)"}, timezone=zone)
    rows = {"orders": orders, "customers": customers}
    return {row["tier"]: row["orders"] for row in ask(project, rows, question("orders", "tier", **more))}  # type: ignore[arg-type]


def test_an_order_has_the_tier_of_its_own_day() -> None:
    """Joined on the key alone, each order counts once for each version: 4 of 2."""
    rows = {"orders": bought(date(2026, 2, 28), date(2026, 3, 1)), "customers": Rows(VERSION, [SILVER, GOLD])}
    naive = "SELECT count(*) FROM orders JOIN customers ON customer_id = id"
    assert run(naive, rows) == ((4,),)
    assert tiers(rows["orders"], rows["customers"]) == {"silver": 1, "gold": 1}


def test_the_last_day_belongs_to_the_next_row() -> None:
    """With BETWEEN the day of the change finds both."""
    found = tiers(bought(date(2026, 3, 1)), Rows(VERSION, [SILVER, GOLD]))
    assert found == {"gold": 1}


def test_in_a_gap_there_is_no_tier_but_the_order_stays() -> None:
    """An inner join loses the order."""
    later = (1, "gold", date(2026, 5, 1), None)
    assert tiers(bought(date(2026, 4, 1)), Rows(VERSION, [SILVER, later])) == {None: 1}


def test_a_start_that_nobody_knows_is_open() -> None:
    """A null start compares to nothing, and the customer of old has no tier."""
    since_ever = (1, "silver", None, date(2026, 3, 1))
    assert tiers(bought(date(2026, 1, 1)), Rows(VERSION, [since_ever, GOLD])) == {"silver": 1}


@pytest.mark.parametrize(
    "other",
    [
        (1, "bronze", date(2026, 2, 1), date(2026, 2, 2)),
        (1, "bronze", date(2026, 1, 1), None),
        (1, "bronze", None, date(2026, 1, 2)),
        (1, "bronze", date(2026, 4, 1), date(2026, 4, 2)),
    ],
)
def test_windows_that_overlap_are_refused_with_their_keys(other: tuple[object, ...]) -> None:
    """An order in both would count twice."""
    with pytest.raises(ProjectError) as error:
        tiers(bought(date(2026, 2, 1)), Rows(VERSION, [SILVER, GOLD, other]))
    (problem,) = error.value.problems
    assert problem.code == "windows_overlap"
    assert str(problem.values["examples"]).startswith("['1 ")


def test_windows_that_are_empty_or_of_no_key_overlap_nothing() -> None:
    empty, nobody = (1, "x", date(2026, 2, 1), date(2026, 2, 1)), (None, "y", date(2026, 1, 1), None)
    found = tiers(bought(date(2026, 2, 1)), Rows(VERSION, [SILVER, GOLD, empty, nobody, nobody]))
    assert found == {"silver": 1}


def test_a_window_of_instants_is_cut_at_the_instant() -> None:
    """By days, the order in the morning has the tier of the evening."""
    change = datetime(2026, 3, 1, 18, tzinfo=UTC)
    customers = Rows(
        {"id": "int", "tier": "text", "since": "timestamptz", "until": "timestamptz"},
        [(1, "silver", datetime(2026, 1, 1, tzinfo=UTC), change), (1, "gold", change, None)],
    )
    morning, evening = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 18, tzinfo=UTC)
    assert tiers(bought(morning, evening, kind="timestamptz"), customers) == {"silver": 1, "gold": 1}
    # An order of which only the day is known has the tier at that day's end.
    assert tiers(bought(date(2026, 3, 1)), customers) == {"gold": 1}


def test_a_window_of_days_has_days_of_the_projects_zone() -> None:
    """23:30 UTC on 28 February is 1 March in Stockholm: gold."""
    orders = bought(datetime(2026, 2, 28, 23, 30, tzinfo=UTC), kind="timestamptz")
    assert tiers(orders, Rows(VERSION, [SILVER, GOLD])) == {"silver": 1}
    assert tiers(orders, Rows(VERSION, [SILVER, GOLD]), zone="Europe/Stockholm") == {"gold": 1}


def test_a_wall_clock_meets_an_instant_at_the_right_moment() -> None:
    """09:30 in Stockholm is 08:30 UTC: before the change at 09:00 UTC, though the digits say after."""
    customers = Rows(
        {"id": "int", "tier": "text", "since": "timestamptz", "until": "timestamptz"},
        [
            (1, "silver", None, datetime(2026, 3, 1, 9, tzinfo=UTC)),
            (1, "gold", datetime(2026, 3, 1, 9, tzinfo=UTC), None),
        ],
    )
    orders = bought(datetime.fromisoformat("2026-03-01 09:30"), kind="timestamp")
    assert tiers(orders, customers, zone="Europe/Stockholm") == {"silver": 1}


def test_over_two_hops_the_time_is_that_of_the_counted_row() -> None:
    """The item was sent after the change, the order was paid before: the item counts as gold."""
    items = table("items", joins={"orders": "order_id"}, time="sent")
    orders = table("orders", joins={"customers": "customer_id"}, time="t", unique_key="id")
    project = plan([items, orders, CUSTOMERS], {"n": "count(items)"})
    rows = {
        "items": Rows({"sent": "date", "order_id": "int"}, [(date(2026, 3, 2), 7)], YEAR),
        "orders": Rows({"id": "int", "t": "date", "customer_id": "int"}, [(7, date(2026, 2, 27), 1)], YEAR),
        "customers": Rows(VERSION, [SILVER, GOLD]),
    }
    assert ask(project, rows, question("n", "tier")) == [{"tier": "gold", "n": 1}]


def test_customers_with_a_history_are_counted_once_as_they_are_now() -> None:
    """Counted as rows, one customer with two versions is two."""
    project = plan([CUSTOMERS], {"n": "count(customers)"})
    rows = {"customers": Rows(VERSION, [SILVER, GOLD])}
    assert ask(project, rows, question("n", "tier")) == [{"tier": "gold", "n": 1}]
    assert ask(project, rows, question("n", "tier"), date(2026, 2, 28)) == [{"tier": "silver", "n": 1}]


def test_a_table_without_time_cannot_ask_what_was_valid_then() -> None:
    orders = table("orders", joins={"customers": "customer_id"})
    project = plan([orders, CUSTOMERS], {"n": "count(orders)"})
    with pytest.raises(UsageError, match="no_time"):
        ask(
            project,
            {"orders": bought(date(2026, 1, 1)), "customers": Rows(VERSION, [GOLD])},
            question("n", "tier"),
        )


NEWEST = table("orders", {"state": "state"}, time="t", unique_key="id", latest_by="changed")
CHANGE = {"id": "int", "t": "date", "state": "text", "amount": "int", "changed": "timestamp"}
DAY = date(2026, 1, 5)


def at(day: int, hour: int = 0) -> datetime:
    return datetime.fromisoformat(f"2026-01-{day:02} {hour:02}:00")


def orders_of(
    rows: list[tuple[object, ...]], as_of: date = date(2026, 12, 31), **more: object
) -> list[dict[str, object]]:
    project = plan([NEWEST], {"n": "count(orders)", "amount": "sum(orders.amount)"})
    return ask(project, {"orders": Rows(CHANGE, rows, YEAR)}, question("n amount", **more), as_of)  # type: ignore[arg-type]


PAID = [(1, DAY, "open", 100, at(5)), (1, DAY, "paid", 90, at(7)), (2, DAY, "open", 5, at(6))]


def test_of_each_order_only_the_newest_row_counts() -> None:
    """Added up as they stand, the versions are 3 orders of 195."""
    assert run("SELECT count(*), sum(amount) FROM orders", {"orders": Rows(CHANGE, PAID)}) == ((3, 195),)
    assert orders_of(PAID) == [{"n": 2, "amount": 95}]


def test_a_filter_does_not_bring_back_an_older_version() -> None:
    """Filtered first, order 1 is still open."""
    assert orders_of(PAID, where=["state = 'open'"]) == [{"n": 1, "amount": 5}]


def test_as_of_an_earlier_day_the_newest_row_is_the_one_of_then() -> None:
    """Cut after the choice, order 1 is gone; not cut, it is paid already."""
    assert orders_of(PAID, as_of=date(2026, 1, 6)) == [{"n": 2, "amount": 105}]
    assert orders_of(PAID, as_of=date(2026, 1, 5)) == [{"n": 1, "amount": 100}]


def test_two_newest_rows_are_refused_with_their_key() -> None:
    """Which of the two counts would be the engine's whim."""
    with pytest.raises(ProjectError) as error:
        orders_of([*PAID, (1, DAY, "sent", 80, at(7))])
    (problem,) = error.value.problems
    assert (problem.code, problem.values["examples"]) == ("newest_tied", ["1 2026-01-07 00:00:00"])
    # Older ties do not matter.
    assert orders_of([*PAID, (1, DAY, "open", 80, at(5))]) == [{"n": 2, "amount": 95}]


def test_rows_without_a_key_are_no_versions_of_each_other() -> None:
    assert orders_of([(None, DAY, "open", 1, at(5)), (None, DAY, "open", 2, at(6))]) == [
        {"n": 2, "amount": 3}
    ]


def test_a_row_without_a_change_time_is_the_oldest() -> None:
    assert orders_of([(1, DAY, "open", 1, None), (1, DAY, "paid", 2, at(5))]) == [{"n": 1, "amount": 2}]


def test_a_joined_table_is_joined_by_its_newest_row() -> None:
    """By all its versions, each order counts twice, so it was refused as fan_out."""
    customers = table("customers", {"tier": "tier"}, unique_key="id", latest_by="changed")
    project = plan([ORDERS, customers], {"n": "count(orders)"})
    rows = {
        "orders": bought(DAY),
        "customers": Rows(
            {"id": "int", "tier": "text", "changed": "date"},
            [(1, "silver", date(2026, 1, 1)), (1, "gold", date(2026, 3, 1))],
        ),
    }
    assert ask(project, rows, question("n", "tier")) == [{"tier": "gold", "n": 1}]
    assert ask(project, rows, question("n", "tier"), date(2026, 2, 1)) == [{"tier": "silver", "n": 1}]
