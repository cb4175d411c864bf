"""What only a server has: passwords, exact types, a connection that breaks off."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from databases.loading import one, orders, refused, rows, snapshot
from databases.servers import PASSWORD
from kurs.model.source import Account, SourceColumn
from kurs.problems import SourceError
from kurs.sources.address import address_of
from kurs.words import language

if TYPE_CHECKING:
    from pathlib import Path

    from databases.conftest import Server
    from kurs.problems import Problem

pytestmark = pytest.mark.needs("postgres")


def said(problem: Problem) -> str:
    """All that anybody could see of a problem; never the password, however written."""
    text = f"{' '.join(language('en').problem(problem.code, problem.values))} {problem!r}"
    for secret in (PASSWORD, quote(PASSWORD, safe=""), "wr0ng"):
        assert secret not in text
    return text


def test_types_are_exact(db: Server, tmp_path: Path) -> None:
    db.run(
        "CREATE TABLE orders (id bigint, big numeric(38,9), plain numeric, tiny real, wide double precision, "
        "moment timestamptz, local timestamp, yes boolean, what jsonb, tags text[], code char(4))",
        "INSERT INTO orders VALUES (9223372036854775807, 12345678901234567890123456789.123456789, 0.1, 0.1, "
        "0.1, '2026-03-29 02:30:00.123456+02', '2026-03-29 02:30', true, '{\"a\": 1}', '{x,\"y z\"}', 'ab')",
    )
    one(tmp_path, orders())
    assert {name: str(data) for name, data in snapshot(tmp_path).types.items() if name[0] != "_"} == {
        "id": "int",
        "big": "decimal(38,9)",
        "plain": "decimal(18,6)",
        "tiny": "float",
        "wide": "float",
        "moment": "timestamptz",
        "local": "timestamp",
        "yes": "bool",
        "what": "text",
        "tags": "text",
        "code": "text",
    }
    found = rows(tmp_path, "SELECT id, big, plain, tiny, wide, epoch_us(moment), yes, what, tags FROM orders")
    moment = datetime(2026, 3, 29, 0, 30, 0, 123456, tzinfo=UTC)
    assert found == [
        (
            *(9223372036854775807, Decimal("12345678901234567890123456789.123456789"), Decimal("0.1")),
            *(0.1, 0.1, round(moment.timestamp() * 1_000_000), True, '{"a": 1}', '{x,"y z"}'),
        )
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("numeric", "'NaN'"),
        ("numeric", "0.1234567"),
        ("numeric", "1e12"),
        ("date", "'infinity'"),
        ("timestamptz", "'-infinity'"),
        ("date", "'0044-03-15 BC'"),
        ("double precision", "'Infinity'"),
    ],
)
def test_what_the_lake_cannot_hold_exactly_is_refused(
    db: Server, tmp_path: Path, column: str, value: str
) -> None:
    db.run(f"CREATE TABLE orders (id int, it {column})", f"INSERT INTO orders VALUES (1, {value})")
    assert refused(tmp_path, orders()).code in ("untypable", "untypable_decimal")


def test_moments_without_a_zone_are_of_the_account(db: Server, tmp_path: Path) -> None:
    db.run(
        "CREATE TABLE orders (id int, moment timestamp)", "INSERT INTO orders VALUES (1, '2026-07-01 00:30')"
    )
    account = Account(timezone="Europe/Stockholm")
    one(
        tmp_path,
        orders(columns=(SourceColumn("moment", "moment", "timestamptz"),), account=account, window="moment"),
    )
    assert rows(tmp_path, "SELECT CAST(moment AS VARCHAR) FROM orders") == [("2026-06-30 22:30:00+00",)]
    assert snapshot(tmp_path).loads[0].covered[0].first.isoformat() == "2026-07-01"


def test_a_table_of_a_schema(db: Server, tmp_path: Path) -> None:
    db.run(
        'CREATE SCHEMA shop CREATE TABLE "Order Lines" (id int)', 'INSERT INTO shop."Order Lines" VALUES (1)'
    )
    one(tmp_path, orders(table="shop.Order Lines"))
    problem = refused(tmp_path, orders(table="shop.order_lines"))
    assert problem.values["suggestion"] == ("shop.Order Lines",)
    assert refused(tmp_path, orders(table="shopp.lines")).code == "database_table_missing"


def test_a_user_who_may_not_read(db: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db.run("CREATE TABLE orders (id int)", f"CREATE ROLE {db.name} LOGIN PASSWORD 'wr0ng'")
    monkeypatch.setenv("SHOP_DB", f"postgresql://{db.name}:wr0ng@{db.place}/{db.name}")
    problem = refused(tmp_path, orders())
    assert problem.code == "database_failed"
    assert "permission denied" in said(problem)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://boss:wr0ng@{place}/postgres", "password authentication failed"),
        ("postgresql://boss:wr0ng@{place}/nowhere", ""),
        ("postgresql://boss:wr0ng@no-such-host.invalid/shop", "no-such-host"),
        ("postgresql://boss:wr0ng@127.0.0.1:1/shop", "refused"),
        ("postgresql://boss@127.0.0.1:wr0ng/shop?password=wr0ng", "port"),
        ("postgresql://boss:wr0ng@{place}/shop?nonsense=wr0ng", "nonsense"),
        ("postgresql://boss:wr0ng@[::1/shop", ""),
    ],
)
def test_an_address_that_leads_nowhere(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, words: str
) -> None:
    monkeypatch.setenv("SHOP_DB", url.format(place=server))
    problem = refused(tmp_path, orders())
    assert problem.code == "database_unreachable"
    assert words in said(problem)
    assert not (tmp_path / ".kurs" / "lake").exists()


@pytest.mark.parametrize("value", [None, "", "wr0ng", "mysql://boss:wr0ng@host/shop", "sqlite:///nowhere.db"])
def test_an_environment_that_is_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("SHOP_DB", raising=False)
    if value is not None:
        monkeypatch.setenv("SHOP_DB", value)
    problem = refused(tmp_path, orders())
    code = "database_url_missing" if not value else "unknown_database"
    assert problem.code == ("database_file_missing" if value == "sqlite:///nowhere.db" else code)
    assert "SHOP_DB" in said(problem)


def test_the_address_is_not_printed(db: Server, tmp_path: Path) -> None:
    address = address_of(orders(), tmp_path)
    assert PASSWORD not in repr(address)
    for written in (PASSWORD, quote(PASSWORD, safe=""), db.url):
        problem = address.failure("database_failed", f"so: {written}").problems[0]
        assert written not in said(problem)


def test_a_connection_that_breaks_off_half_way(db: Server, tmp_path: Path) -> None:
    db.run(
        "CREATE TABLE orders (id int, note text)",
        "INSERT INTO orders SELECT n, repeat('x', 200) FROM generate_series(1, 1000) AS n",
    )
    version = one(tmp_path, orders()).version
    db.run("INSERT INTO orders SELECT n, repeat('x', 200) FROM generate_series(1001, 300000) AS n")
    reading = "SELECT pid FROM pg_stat_activity WHERE application_name = 'kurs' AND query LIKE 'COPY%'"
    stopped = threading.Event()

    def cut() -> None:
        while not stopped.wait(0.002):
            if db.run(f"SELECT pg_terminate_backend(pid) FROM ({reading}) AS it"):
                return

    thread = threading.Thread(target=cut)
    thread.start()
    try:
        with pytest.raises(SourceError) as failed:
            one(tmp_path, orders())
    finally:
        stopped.set()
        thread.join()
    (problem,) = failed.value.problems
    assert problem.code == "database_lost"
    said(problem)
    assert snapshot(tmp_path).version == version
    assert one(tmp_path, orders()).rows_loaded == 300_000


def test_nothing_of_the_password_is_on_the_disk(db: Server, tmp_path: Path) -> None:
    db.run("CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)")
    one(tmp_path, orders())
    for path in (tmp_path / ".kurs").rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert PASSWORD.encode() not in content
        assert quote(PASSWORD, safe="").encode() not in content


def test_nothing_is_written_to_the_database(db: Server, tmp_path: Path) -> None:
    db.run(
        "CREATE TABLE orders (id int)",
        "INSERT INTO orders VALUES (1)",
        "CREATE FUNCTION lower(int) RETURNS int LANGUAGE sql AS 'DELETE FROM orders RETURNING id'",
    )
    problem = refused(tmp_path, orders(query="select lower(id) as id from orders"))
    assert "read-only" in said(problem)
    assert db.run("SELECT count(*) FROM orders") == [(1,)]


def test_the_terminal_keeps_the_password_to_itself(db: Server, tmp_path: Path) -> None:
    db.run("CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (1)")
    plan = (
        "project: {name: Shop}\n"
        "sources:\n"
        "  orders: {url: '${SHOP_DB}', table: orders, into: orders, key: id}\n"
        "  lost: {url: '${LOST_DB}', table: orders, into: lost}\n"
    )
    (tmp_path / "kurs.yaml").write_text(plan, "utf-8")
    for command in (["check"], ["load"], ["load", "--format", "json"]):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from kurs.cli.main import run; exit(run())",
                "--project",
                str(tmp_path),
                *command,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"SHOP_DB": db.url, "LOST_DB": db.url.replace(db.name, "nowhere"), "KURS_DEBUG": "1"},
        )
        assert done.returncode == (0 if command == ["check"] else 3), done.stderr
        for secret in (PASSWORD, quote(PASSWORD, safe="")):
            assert secret not in done.stdout + done.stderr
