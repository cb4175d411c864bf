"""Databases to read: a server of our own for all tests of a worker, and fresh files."""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import duckdb
import pytest

from databases.servers import PASSWORD, postgres, programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = itertools.count()


class Shop(Protocol):
    """A database to which the tests write; kurs finds it as SHOP_DB."""

    @property
    def kind(self) -> str: ...
    def run(self, *statements: str) -> list[tuple[object, ...]]:
        """Run statements as their owner; return the rows of the last."""
        ...


@dataclass(frozen=True)
class Server:
    """An empty database of a running server."""

    place: str
    name: str
    kind: str = "postgres"

    @property
    def url(self) -> str:
        return f"postgresql://boss:{quote(PASSWORD, safe='')}@{self.place}/{self.name}"

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        import psycopg

        rows: list[tuple[object, ...]] = []
        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows


@dataclass(frozen=True)
class SqliteFile:
    """A fresh SQLite file."""

    path: Path
    kind: str = "sqlite"

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.path)
        rows: list[tuple[object, ...]] = []
        for statement in statements:
            rows = connection.execute(statement).fetchall()
        connection.commit()
        connection.close()
        return rows


@dataclass(frozen=True)
class DuckFile:
    """A fresh DuckDB file."""

    path: Path
    kind: str = "duckdb"

    def run(self, *statements: str) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        with duckdb.connect(str(self.path)) as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Host and port of the server."""
    found = programs()
    if found is None:
        pytest.skip("needs postgres: initdb is not installed (Debian's package postgresql)")
    with postgres(found) as place:
        yield place


@pytest.fixture
def db(server: str, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A fresh database of the server."""
    fresh = Server(server, f"shop_{next(_NUMBERS)}")
    Server(server, "postgres").run(f"CREATE DATABASE {fresh.name}")
    monkeypatch.setenv("SHOP_DB", fresh.url)
    return fresh


@pytest.fixture(params=[pytest.param("postgres", marks=pytest.mark.needs("postgres")), "sqlite", "duckdb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Each of the databases in turn."""
    if request.param == "postgres":
        return request.getfixturevalue("db")
    path = tmp_path / f"shop.{request.param}"
    monkeypatch.setenv("SHOP_DB", f"{request.param}:///{path}")
    return SqliteFile(path) if request.param == "sqlite" else DuckFile(path)
