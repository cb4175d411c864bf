"""Only what changed is read: restated, late and deleted rows, and what a cursor cannot see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from databases.loading import one, orders, refused, rows, snapshot
from kurs.lake.record import covered_by
from kurs.model.days import Days
from kurs.model.source import SourceColumn
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from databases.conftest import Shop
    from kurs.model.source import Source

TABLE = "CREATE TABLE orders (id integer, day date, amount numeric(12,2), changed timestamp)"
TYPED = (
    SourceColumn("day", "day", "date"),
    SourceColumn("amount", "amount", "decimal(12,2)"),
    SourceColumn("changed", "changed", "timestamp"),
)
IDS = "SELECT id, amount FROM orders ORDER BY id"
PLAIN = orders(columns=TYPED, cursor="changed", look_back_days=2)
WINDOWED = orders(columns=TYPED, window="day", cursor="changed", look_back_days=2)


def filled(shop: Shop) -> None:
    """Write twenty orders, one a day, none changed after its day."""
    values = (f"({n}, '2026-01-{n:02}', {n}, '2026-01-{n:02} 12:00:00')" for n in range(1, 21))
    shop.run(TABLE, f"INSERT INTO orders VALUES {', '.join(values)}")


@pytest.fixture(params=["whole", "window"])
def source(request: pytest.FixtureRequest) -> Source:
    return PLAIN if request.param == "whole" else WINDOWED


def told(problems: tuple[Problem, ...]) -> list[tuple[object, object]]:
    assert all(p.code == "cursor_unseen" and p.severity is Severity.WARNING for p in problems)
    return [(problem.values["there"], problem.values["here"]) for problem in problems]


def test_what_is_new_and_what_changed_takes_its_place(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    first = one(tmp_path, source)
    assert (first.rows_read, first.rows_loaded) == (20, 20)
    shop.run(
        "UPDATE orders SET amount = 100, changed = '2026-01-21 09:00:00' WHERE id = 3",
        "UPDATE orders SET day = '2026-01-21', changed = '2026-01-21 09:00:00' WHERE id = 4",
        "INSERT INTO orders VALUES (21, '2026-01-21', 21, '2026-01-21 10:00:00')",
    )
    second = one(tmp_path, source)
    assert second.rows_read < 10  # three changed, and those of the last days
    assert second.warnings == ()
    found = rows(tmp_path, IDS)
    assert [n for n, _ in found] == list(range(1, 22))
    assert dict(found)[3] == Decimal(100)
    assert rows(tmp_path, "SELECT CAST(day AS VARCHAR) FROM orders WHERE id = 4") == [("2026-01-21",)]
    if source is WINDOWED:
        (covered,) = covered_by(snapshot(tmp_path).loads)
        assert covered.days == (Days(date(2026, 1, 1), date(2026, 1, 21)),)


def test_nothing_new_is_no_new_version(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    version = one(tmp_path, source).version
    again = one(tmp_path, source)
    assert (again.version, again.files) == (version, ())
    assert again.rows_read < 10


def test_a_late_row_within_the_look_back_is_seen(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    one(tmp_path, source)
    shop.run("INSERT INTO orders VALUES (99, '2026-01-02', 99, '2026-01-19 00:00:00')")
    assert one(tmp_path, source).warnings == ()
    assert rows(tmp_path, "SELECT count(*) FROM orders") == [(21,)]


def test_a_row_deleted_within_the_look_back_goes(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    one(tmp_path, source)
    shop.run("DELETE FROM orders WHERE id = 20")
    assert one(tmp_path, source).warnings == ()
    assert rows(tmp_path, "SELECT max(id), count(*) FROM orders") == [(19, 19)]


def test_what_a_cursor_cannot_see_is_said(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    one(tmp_path, source)
    shop.run("DELETE FROM orders WHERE id = 5")
    assert told(one(tmp_path, source).warnings) == [(19, 20)]
    shop.run("INSERT INTO orders VALUES (98, '2026-01-02', 98, '2026-01-02 00:00:00')")
    assert told(one(tmp_path, source).warnings) == []  # one gone, one unseen: their number is the same
    shop.run("INSERT INTO orders VALUES (99, '2026-01-02', 98, '2026-01-02 00:00:00')")
    assert told(one(tmp_path, source).warnings) == [(21, 20)]
    assert {p.code for p in one(tmp_path, source, full=True).warnings} <= {"gap_days"}
    assert rows(tmp_path, "SELECT count(*), sum(id) FROM orders") == [(21, 210 - 5 + 98 + 99)]


def test_a_row_without_a_cursor_is_always_read(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    shop.run("UPDATE orders SET changed = NULL WHERE id = 1")
    one(tmp_path, source)
    shop.run("UPDATE orders SET amount = 50 WHERE id = 1")
    one(tmp_path, source)
    assert rows(tmp_path, IDS)[0] == (1, Decimal(50))


def test_a_slip_into_the_future_does_not_blind_the_cursor(shop: Shop, tmp_path: Path, source: Source) -> None:
    filled(shop)
    shop.run("UPDATE orders SET changed = '2199-01-01 00:00:00' WHERE id = 1")
    one(tmp_path, source)
    shop.run("UPDATE orders SET amount = 50, changed = '2198-01-01 00:00:00' WHERE id = 2")
    one(tmp_path, source)
    assert dict(rows(tmp_path, IDS))[2] == Decimal(50)


def test_a_back_fill_says_nothing_about_other_days(shop: Shop, tmp_path: Path) -> None:
    filled(shop)
    one(tmp_path, WINDOWED)
    shop.run(
        "UPDATE orders SET amount = 100, changed = '2026-01-25 00:00:00' WHERE id = 3",
        "UPDATE orders SET amount = 100, changed = '2026-02-25 00:00:00' WHERE id = 4",
    )
    one(tmp_path, WINDOWED, days=Days(date(2026, 1, 4), date(2026, 1, 4)))
    assert [amount for _, amount in rows(tmp_path, IDS)[2:4]] == [3, 100]
    one(tmp_path, WINDOWED)  # since the 20th, not since the row that the back-fill brought
    assert [amount for _, amount in rows(tmp_path, IDS)[2:4]] == [100, 100]


def test_a_changed_profile_reads_all_again(shop: Shop, tmp_path: Path) -> None:
    filled(shop)
    one(tmp_path, PLAIN)
    assert one(tmp_path, WINDOWED).rows_read == 20


def test_a_cursor_is_a_column_with_moments(shop: Shop, tmp_path: Path) -> None:
    filled(shop)
    missing = orders(columns=TYPED, cursor="change", look_back_days=2)
    problem = refused(tmp_path, missing)
    assert (problem.code, problem.values["suggestion"]) == ("cursor_missing", ("changed",))
    number = orders(columns=TYPED, cursor="amount", look_back_days=2)
    assert refused(tmp_path, number).code == "cursor_type"
