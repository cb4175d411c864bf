"""One suite for all databases: their rows come in exactly, all or none, and twice is once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from databases.loading import one, orders, refused, rows, snapshot
from kurs.metrics.expression import ExpressionError
from kurs.model.days import Days
from kurs.model.source import Keep, SourceColumn

if TYPE_CHECKING:
    from pathlib import Path

    from databases.conftest import Shop
    from kurs.model.source import Source

TABLE = "CREATE TABLE orders (id integer, day date, amount numeric(12,2), note text)"
ROWS = (
    "INSERT INTO orders VALUES (1, '2026-01-01', 19.99, 'a,b'), (2, '2026-01-02', 0.10, ''), "
    "(3, '2026-01-02', 0.20, NULL), (4, '2026-01-05', 1234567.89, 'ÅÄÖ ''\"x\ny')"
)
TYPED = (SourceColumn("day", "day", "date"), SourceColumn("amount", "amount", "decimal(12,2)"))


def test_values_come_in_exactly(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    loaded = one(tmp_path, orders(columns=TYPED))
    assert (loaded.rows_read, loaded.rows_loaded, loaded.files) == (4, 4, ("orders (${SHOP_DB})",))
    assert loaded.after.sums["amount"] == Decimal("1234588.18")
    assert rows(tmp_path, "SELECT id, day, amount, note FROM orders ORDER BY id") == [
        (1, date(2026, 1, 1), Decimal("19.99"), "a,b"),
        (2, date(2026, 1, 2), Decimal("0.10"), ""),
        (3, date(2026, 1, 2), Decimal("0.20"), None),
        (4, date(2026, 1, 5), Decimal("1234567.89"), "ÅÄÖ '\"x\ny"),
    ]


def test_a_query_of_its_own(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    query = "select day, count(*) as n from orders where amount > 0.15 group by day"
    one(tmp_path, orders(key=("day",), query=query))
    assert rows(tmp_path, "SELECT CAST(day AS VARCHAR), n FROM orders ORDER BY 1") == [
        ("2026-01-01", 1),
        ("2026-01-02", 1),
        ("2026-01-05", 1),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "delete from orders",
        "select * from orders; drop table orders",
        "with gone as (delete from orders returning *) select * from gone",
        "select pg_sleep(10)",
        "select * from read_csv('/etc/passwd')",
        "select * from orders for update",
    ],
)
def test_a_query_that_is_not_one_plain_select_is_refused(shop: Shop, tmp_path: Path, query: str) -> None:
    shop.run(TABLE, ROWS)
    with pytest.raises(ExpressionError):
        one(tmp_path, orders(query=query))
    assert shop.run("SELECT count(*) FROM orders") == [(4,)]


def test_loading_twice_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    source = orders(columns=TYPED)
    first = one(tmp_path, source)
    again = one(tmp_path, source)
    assert (again.files, again.skipped_files) == ((), ("orders (${SHOP_DB})",))
    assert (again.version, again.rows_loaded, again.rows_read) == (first.version, 0, 4)
    windowed = orders(columns=TYPED, window="day")
    assert one(tmp_path, windowed).version == first.version + 1  # another profile says something else
    assert one(tmp_path, windowed).version == first.version + 1


def test_the_lake_is_as_the_database_is(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    source = orders(columns=TYPED)
    one(tmp_path, source)
    shop.run("DELETE FROM orders WHERE id = 4", "UPDATE orders SET amount = 20 WHERE id = 1")
    loaded = one(tmp_path, source)
    assert (loaded.before.rows, loaded.after.rows, loaded.window) == (4, 3, None)
    assert (loaded.before.sums["amount"], loaded.after.sums["amount"]) == (
        Decimal("1234588.18"),
        Decimal("20.30"),
    )
    assert rows(tmp_path, "SELECT sum(amount) FROM orders") == [(Decimal("20.30"),)]


def test_with_a_window_older_days_stay_and_later_ones_go(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    source = orders(columns=TYPED, window="day")
    assert one(tmp_path, source).window == Days(date(2026, 1, 1), date(2026, 1, 5))
    shop.run("DELETE FROM orders WHERE id IN (1, 4)")  # the first is archived, the last was a slip
    loaded = one(tmp_path, source)
    assert loaded.window == Days(date(2026, 1, 2), date(2026, 1, 5))
    assert rows(tmp_path, "SELECT id FROM orders ORDER BY id") == [(1,), (2,), (3,)]
    assert one(tmp_path, source).files == ()
    one(tmp_path, source, full=True)
    assert rows(tmp_path, "SELECT id FROM orders ORDER BY id") == [(2,), (3,)]


def test_some_days_are_read_and_replaced(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    source = orders(columns=TYPED, window="day")
    one(tmp_path, source)
    shop.run("UPDATE orders SET amount = 7", "DELETE FROM orders WHERE id = 3")
    day = Days(date(2026, 1, 2), date(2026, 1, 2))
    loaded = one(tmp_path, source, days=day)
    assert (loaded.window, loaded.before.rows, loaded.after.rows) == (day, 2, 1)
    assert rows(tmp_path, "SELECT sum(amount) FROM orders") == [(Decimal("1234594.88"),)]
    shop.run("DELETE FROM orders WHERE id = 2")
    assert one(tmp_path, source, days=day).before.rows == 1  # the database has no row for it, and says so
    assert rows(tmp_path, "SELECT id FROM orders ORDER BY id") == [(1,), (4,)]


def test_a_dropped_column_is_not_taken_in(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    one(tmp_path, orders(columns=(*TYPED, SourceColumn("note", "note", keep=Keep.DROPPED))))
    assert "note" not in snapshot(tmp_path).types


@pytest.mark.parametrize(
    ("source", "code", "values"),
    [
        (orders(table="order"), "database_table_missing", {"table": "order", "suggestion": ("orders",)}),
        (orders(query="select * from nowhere"), "database_table_missing", {}),
        (orders(query="select nothing from orders"), "database_failed", {}),
        (orders(columns=(SourceColumn("days", "day"),)), "missing_column", {"suggestion": ("day",)}),
        (orders(key=("day",), columns=TYPED), "key_not_unique", {}),
        (orders(columns=(SourceColumn("note", "note", "int"),)), "type_changed", {"now": "int"}),
    ],
)
def test_what_does_not_fit_leaves_the_lake_as_it_was(
    shop: Shop, tmp_path: Path, source: Source, code: str, values: dict[str, object]
) -> None:
    shop.run(TABLE, ROWS)
    version = one(tmp_path, orders(columns=TYPED)).version
    problem = refused(tmp_path, source)
    assert problem.code == code
    assert {name: problem.values[name] for name in values} == values
    assert "SHOP_DB" in str(problem.values)
    assert snapshot(tmp_path).version == version


def test_a_value_without_its_type_is_shown(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    shop.run("DELETE FROM orders WHERE id <> 1")
    problem = refused(tmp_path, orders(columns=(SourceColumn("note", "note", "int"),)))
    assert (problem.code, problem.values["value"], problem.values["row"]) == ("untypable", "a,b", 1)


def test_an_empty_table_replaces_nothing(shop: Shop, tmp_path: Path) -> None:
    shop.run(TABLE, ROWS)
    one(tmp_path, orders(columns=TYPED))
    shop.run("DELETE FROM orders")
    assert refused(tmp_path, orders(columns=TYPED)).code == "database_empty"
    assert rows(tmp_path, "SELECT count(*) FROM orders") == [(4,)]
