"""The engine reads, and does nothing else: over the lake, and over a warehouse file."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pytest

from kurs.engines.duckdb import DuckEngine
from kurs.model.table import ColumnType
from kurs.problems import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    folder = tmp_path / "lake"
    folder.mkdir()
    (folder / "orders.csv").write_text("id\n1\n2\n")
    (tmp_path / "secret.csv").write_text("password\nhunter2\n")
    return folder


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1 AS id, TIMESTAMPTZ '2026-01-01 10:00+02' AS seen")
        connection.execute('CREATE TABLE "Order Items" AS SELECT 5 AS "Unit Price"')
        connection.execute("CREATE SCHEMA shop; CREATE TABLE shop.refunds AS SELECT 7 AS id")
    return path


@pytest.fixture
def engine(lake: Path, warehouse: Path) -> Iterator[DuckEngine]:
    select = f"SELECT * FROM read_csv('{lake}/orders.csv')"
    with DuckEngine({"lake_orders": select, "order": select}, lake, warehouse) as opened:
        yield opened


def code(error: pytest.ExceptionInfo[EngineError]) -> str:
    return error.value.problems[0].code


def test_the_lake_and_the_warehouse_answer_side_by_side(engine: DuckEngine) -> None:
    assert engine.run("SELECT count(*) FROM lake_orders, orders, shop.refunds") == ((2,),)
    assert engine.run('SELECT "Unit Price" FROM "Order Items"') == ((5,),)
    assert engine.run('SELECT id FROM "order" ORDER BY id') == ((1,), (2,))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_csv('{lake}/../secret.csv')",
        "SELECT * FROM '{lake}/../secret.csv'",
        "SELECT * FROM read_blob('/proc/self/environ')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '{lake}/new.csv'",
        "COPY (SELECT 1) TO '{lake}/../new.csv'",
        "ATTACH '{lake}/new.db'",
        "ATTACH ':memory:' AS other",
        "DETACH warehouse",
        "EXPORT DATABASE '{lake}/dump'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET threads = 1",
        "RESET allowed_directories",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA database_list",
        "CREATE TABLE x (a INT)",
        "CREATE TEMP TABLE x AS SELECT 1",
        "DROP VIEW lake_orders",
        "INSERT INTO orders VALUES (2, now())",
        "WITH x AS (INSERT INTO orders VALUES (2, now()) RETURNING id) SELECT * FROM x",
        "DELETE FROM orders",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY (SELECT 1) TO '{lake}/new.csv'",
        "EXPLAIN ANALYZE SELECT 1",
        "",
    ],
)
def test_nothing_but_one_select_over_the_lake_is_done(
    engine: DuckEngine, lake: Path, warehouse: Path, sql: str
) -> None:
    before = {path.name for path in (*lake.iterdir(), *lake.parent.iterdir())}
    with pytest.raises(EngineError):
        engine.run(sql.format(lake=lake))
    assert {path.name for path in (*lake.iterdir(), *lake.parent.iterdir())} == before
    engine.__exit__()
    with duckdb.connect(str(warehouse)) as connection:
        assert connection.execute("SELECT count(*) FROM orders").fetchall() == [(1,)]


@pytest.mark.parametrize("start", ["orders", "orders ORDER BY id"])
def test_a_relation_cannot_bring_a_second_statement(engine: DuckEngine, lake: Path, start: str) -> None:
    """A plan's `from:` once wrote a file into the lake through DESCRIBE."""
    attack = f"{start}; COPY (SELECT 1) TO '{lake}/new.csv'"
    with pytest.raises(EngineError):
        engine.columns(attack)
    with pytest.raises(EngineError):
        engine.explain(f"SELECT * FROM {attack}")
    assert [path.name for path in lake.iterdir()] == ["orders.csv"]


def test_columns_come_with_the_types_of_the_plan(engine: DuckEngine) -> None:
    assert engine.columns("orders") == {"id": ColumnType.INT, "seen": ColumnType.TIMESTAMPTZ}
    types = {
        "'a'": "text",
        "1::UTINYINT": "int",
        "1::HUGEINT": "int",
        "1.5::DECIMAL(10,2)": "decimal",
        "1.5::FLOAT": "float",
        "true": "bool",
        "DATE '2026-01-01'": "date",
        "TIMESTAMP_NS '2026-01-01'": "timestamp",
        "[1]": "other",
    }
    selected = ", ".join(f"{value} AS c{place}" for place, value in enumerate(types))
    assert list(engine.columns(f"(SELECT {selected})").values()) == list(types.values())


def test_a_relation_that_is_not_there_is_told(engine: DuckEngine) -> None:
    for ask in (lambda: engine.columns("nowhere"), lambda: engine.run("SELECT * FROM nowhere")):
        with pytest.raises(EngineError) as error:
            ask()
        assert code(error) == "table_missing"


def test_what_is_no_number_is_no_value(engine: DuckEngine) -> None:
    """A naive route hands on nan, which no JSON can hold, and inf, which beats every record."""
    sql = "SELECT 'nan'::DOUBLE, 'inf'::DOUBLE, '-inf'::FLOAT, 1.5, 0.1::DECIMAL(38,20)"
    assert engine.run(sql) == ((None, None, None, Decimal("1.5"), Decimal("0.1")),)


def test_values_are_those_of_python(engine: DuckEngine) -> None:
    sql = "SELECT 9223372036854775808, DATE '2026-01-01', TIMESTAMP '2026-01-01 10:00', 'ż', NULL, true"
    expected = (2**63, date(2026, 1, 1), datetime(2026, 1, 1, 10), "ż", None, True)  # noqa: DTZ001
    assert engine.run(sql) == (expected,)


def test_an_instant_is_text_in_utc_and_keeps_its_order(engine: DuckEngine) -> None:
    found = engine.run(
        "SELECT seen, count(*) AS n FROM orders GROUP BY seen UNION ALL SELECT NULL, 0 ORDER BY n DESC"
    )
    assert found == (("2026-01-01 08:00:00+00", 1), (None, 0))


def test_a_query_that_takes_too_long_is_stopped_and_the_next_one_runs(lake: Path) -> None:
    with DuckEngine({}, lake, timeout_seconds=0.2) as engine:
        start = time.monotonic()
        with pytest.raises(EngineError) as error:
            engine.run("SELECT count(*) FROM range(100000000000) a, range(100) b")
        assert code(error) == "query_timeout"
        assert time.monotonic() - start < 5
        assert engine.run("SELECT 1") == ((1,),)


def test_a_missing_warehouse_is_told(lake: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError) as error:
        DuckEngine({}, lake, tmp_path / "none.duckdb")
    assert code(error) == "engine_file_missing"


def test_a_file_that_is_no_warehouse_is_told(lake: Path) -> None:
    with pytest.raises(EngineError) as error:
        DuckEngine({}, lake, lake / "orders.csv")
    assert code(error) == "query_failed"


def test_a_warehouse_that_another_process_writes_is_told(lake: Path, warehouse: Path) -> None:
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(1, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(EngineError) as error:
            DuckEngine({}, lake, warehouse)
        assert code(error) == "engine_locked"
    with DuckEngine({}, lake, warehouse) as engine:
        assert engine.run("SELECT count(*) FROM orders") == ((1,),)
