"""Every case of ``tests/answers/*.yaml``, on every engine present: over a DuckDB file, and over the lake."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

from answers.reading import ENGINES, Case, Data, Grid, cases, same, shown
from kurs.metrics.question import Asked, Order, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, grain_named
from kurs.problems import KursError
from kurs.workflows.load import load
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kurs.metrics.query import Answer

TYPES = {
    "text": "VARCHAR",
    "int": "BIGINT",
    "decimal": "DECIMAL(18, 6)",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMPTZ",
}
CASES = cases()
ASKED = frozenset(
    {"metrics", "by", "grain", "from", "to", "where", "segment", "compare", "order", "limit", "as_of"}
)


class Places:
    """One folder for all cases with the same data: filling it is what takes the time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.filled: dict[tuple[str, object], Path] = {}

    def of(self, case: Case, engine: str) -> Path:
        """Return a folder with the case's plan over its data."""
        # The lake counts days in the plan's zone, and by the time of its tables, from the load on.
        times = tuple((name, self._time(case, name)) for name, _ in case.data)
        kind = (engine, (case.data, case.plan["project"]["timezone"], times))
        folder = self.filled.get(kind) or Path(mkdtemp(dir=self.root))
        (folder / "kurs.yaml").write_text(yaml.safe_dump(self._plan(case, engine)), "utf-8")
        if kind not in self.filled:
            (_fill_file if engine == "file" else _fill_lake)(folder, case.data)
            self.filled[kind] = folder
        return folder

    def _plan(self, case: Case, engine: str) -> dict[str, Any]:
        plan = {name: dict(section) for name, section in case.plan.items()}
        if engine == "file":
            plan["project"]["engine"] = "duckdb:///data.duckdb"
            return plan
        plan["sources"] = {name: self._source(case, name, data) for name, data in case.data}
        return plan

    def _source(self, case: Case, name: str, data: Data) -> dict[str, Any]:
        source = {"files": f"{name}.csv", "into": name, "columns": dict(data.columns)}
        time = self._time(case, name)
        return source if time is None else {**source, "window": time}

    @staticmethod
    def _time(case: Case, name: str) -> str | None:
        times = [
            table["time"]
            for key, table in case.plan["tables"].items()
            if isinstance(table, dict) and table.get("from", key) == name and "time" in table
        ]
        return times[0] if times else None


def _fill_file(folder: Path, data: tuple[tuple[str, Data], ...]) -> None:
    with duckdb.connect(str(folder / "data.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in data:
            columns = ", ".join(f'"{column}" {TYPES[kind]}' for column, kind in table.columns)
            connection.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" for _ in table.columns)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', table.rows)


def _fill_lake(folder: Path, data: tuple[tuple[str, Data], ...]) -> None:
    for name, table in data:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column for column, _ in table.columns])
            writer.writerows(table.rows)
    with open_project(folder) as opened:
        load(opened.project)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    return Places(tmp_path_factory.mktemp("answers"))


def question_of(said: Mapping[str, Any]) -> Question:
    """Make a question of the plain keys of a case."""
    if unknown := said.keys() - ASKED:
        raise ValueError(f"unknown in a question: {sorted(unknown)}")
    days = Days(date.fromisoformat(said["from"]), date.fromisoformat(said["to"])) if "from" in said else None
    return Question(
        metrics=tuple(map(Asked, _listed(said, "metrics"))),
        by=tuple(_listed(said, "by")),
        grain=grain_named(said["grain"]) if "grain" in said else None,
        days=days,
        where=tuple(_listed(said, "where")),
        segments=tuple(_listed(said, "segment")),
        compare=_comparison(said["compare"]) if "compare" in said else None,
        order=tuple(
            Order(column, way == "desc")
            for column, _, way in (each.partition(":") for each in _listed(said, "order"))
        ),
        limit=int(said["limit"]) if "limit" in said else None,
    )


def _listed(said: Mapping[str, Any], key: str) -> list[str]:
    value = said.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def _comparison(said: str) -> Comparison:
    first, dots, last = said.partition("..")
    if not dots:
        return Comparison(Against(said))
    return Comparison(Against.RANGE, Days(date.fromisoformat(first), date.fromisoformat(last)))


def asked(case: Case, engine: str, places: Places) -> Answer:
    """Answer the case's question."""
    as_of = case.question.get("as_of")
    folder = places.of(case, engine)
    with open_project(folder, date.fromisoformat(as_of) if as_of else None) as opened:
        return query(opened, question_of(case.question))


def as_text(names: Iterator[str], rows: Iterator[tuple[object, ...]]) -> str:
    """Show rows as a case would write them."""
    return "\n".join([" | ".join(names), *(" | ".join(map(shown, row)) for row in rows)])


@pytest.mark.parametrize(
    ("case", "engine"),
    [
        pytest.param(
            case,
            engine,
            id=f"{case.file}: {case.title} ({engine})",
            # Strict: an answer that has become right turns red until its line goes.
            marks=[pytest.mark.xfail(reason=case.not_yet[engine])] if engine in case.not_yet else [],
        )
        for case in CASES
        for engine in ENGINES
    ],
)
def test_answer(case: Case, engine: str, places: Places) -> None:
    if case.rows is None:
        with pytest.raises(KursError) as refused:
            asked(case, engine, places)
        assert case.problem in {problem.code for problem in refused.value.problems}
        return
    answer = asked(case, engine, places)
    names = tuple(column.name for column in answer.columns)
    got = as_text(iter(names), iter(answer.rows))
    assert names == case.rows.names, got
    equal = len(answer.rows) == len(case.rows.rows) and all(
        same(cell, value)
        for row, values in zip(case.rows.rows, answer.rows, strict=True)
        for cell, value in zip(row, values, strict=True)
    )
    assert equal, f"\nexpected\n{as_text(iter(names), iter(case.rows.rows))}\ngot\n{got}"
    if case.warnings is not None:
        assert tuple(sorted({warning.code for warning in answer.warnings})) == case.warnings


def test_titles_are_unique() -> None:
    titles = [(case.file, case.title) for case in CASES]
    assert len(titles) == len(set(titles))
    assert len(titles) >= 40


@pytest.mark.parametrize(
    ("cell", "value", "equal"),
    [
        (None, None, True),
        (None, 0, False),
        ("0", None, False),
        ("28/31 - 1", 28 / 31 - 1, True),
        ("0.1", Decimal("0.1"), True),
        ("0.1", 0.1000001, False),
        ("-(1/3) * 2", -2 / 3, True),
        ("2026-01-01", date(2026, 1, 1), True),
        ("1", "1", True),
        ("true", True, True),
        ("1", True, False),
    ],
)
def test_cells_are_compared_strictly(cell: str | None, value: object, equal: bool) -> None:
    assert same(cell, value) is equal


def test_a_torn_row_is_refused() -> None:
    with pytest.raises(ValueError, match="2 columns, but 3 cells"):
        Grid.parse("a | b\n1 | 2 | 3")
    with pytest.raises(ValueError, match="needs a name and a type"):
        Data.parse("a int | b\n1 | 2")
