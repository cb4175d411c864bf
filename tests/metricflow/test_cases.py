"""MetricFlow's own cases, asked of kurs: their manifests in our words, their questions, their expected rows.

All 111 cases are here. Most agree. The others stand in one of three lists, each with its reason; a case
that leaves its list turns red, and its line goes: ``GAPS`` cannot be said in our plan yet, ``REFUSED`` we
do not answer on purpose, ``OTHERWISE`` we answer, and mean something else.

What is compared openly, and not as a difference:

- Empty groups. MetricFlow leaves out what has no rows; the translation says ``fill: none``. Where a metric
  fills (a time spine), or a filtered aggregate leaves a group without a value, one side may have rows in
  which every metric is null or 0. Such rows that the other side does not have are dropped on both sides.
- Days without data. MetricFlow goes on with windows and offsets after the last row; kurs says nothing of
  days that no data cover. Their rows after the last covered day are dropped.
- Ranges. MetricFlow widens a range to whole buckets of the grain; kurs counts the days that were asked
  for, and warns. The translation asks for the widened range.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
import yaml

from kurs.metrics.question import Asked, Order, Question
from kurs.model.days import Days, Grain, bucket_of
from kurs.problems import KursError
from kurs.workflows.measure import prepare, query
from kurs.workflows.opening import open_project
from metricflow.translate import CannotSayError, Translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kurs.metrics.query import Answer
    from metricflow.translate import Said

SHARED = Path(__file__).resolve().parents[3] / "shared" / "metricflow_cases"
CASES: list[dict[str, Any]] = json.loads((SHARED / "cases.json").read_text()) if SHARED.exists() else []
MANIFESTS = {
    "SIMPLE_MODEL": "simple",
    "SIMPLE_MODEL_NON_DS": "non_sm",
    "EXTENDED_DATE_MODEL": "extended_date",
    "SCD_MODEL": "scd",
    "UNPARTITIONED_MULTI_HOP_JOIN_MODEL": "multi_hop_join",
    "PARTITIONED_MULTI_HOP_JOIN_MODEL": "partitioned_multi_hop_join",
}
PROJECT = {"name": "Cases", "timezone": "UTC", "currency": "EUR", "as_of": "2026-01-01"}
NEARLY = 1e-6
Cell = str | float | bool | None

GAPS = {
    "a conversion metric counts conversions: our funnel counts entities": (7, 40, 41, 42),
    "a grain or a part of a date that the plan does not have": (32, 33, 34, 35, 36, 37, 38, 39, 43, 44, 75),
    "a join by the partition too": (96, 97, 98),
    "a metric in a filter (per entity)": (82, 83, 84, 85),
    "a window of hours": (16,),
    "an offset to the start of an hour": (89,),
    "an approximate percentile: ours is exact": (50,),
    "a discrete percentile: ours lies between two values": (49,),
    "members of dimensions by day": (21,),
    "the first and last member of a dimension": (22,),
    "two grains of time in one question": (14, 15, 73, 74),
}
REFUSED = {
    # The joined table has the key more than once (366 rows for ten listings; one account in two
    # partitions), so that rows count several times in their answer.
    "fan_out": (27, 28, 31, 91, 92),
}
OTHERWISE = {
    # Weeks against the start of their month: they take its first day, we its first seven days.
    "offset to the start of a grain at a coarser grain": (72,),
    # A window of 2 days, 2 days ago, from 19 December on. They lose the 20th: its window of the 17th and
    # 18th lies before the range. A range must not cut into what looks back.
    "a range cuts into an offset window": (79,),
}


def listed(lists: Mapping[str, tuple[int, ...]], number: int) -> str | None:
    """Return the reason for which a case stands in a list."""
    return next((reason for reason, numbers in lists.items() if number in numbers), None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file with all relations."""
    folder = tmp_path_factory.mktemp("metricflow")
    with duckdb.connect(str(folder / "data.duckdb")) as connection:
        connection.execute("CREATE SCHEMA mf_src")
        for file in sorted((SHARED / "tables").glob("*.parquet")):
            connection.execute(f"CREATE TABLE mf_src.{file.stem} AS SELECT * FROM read_parquet('{file}')")
    return folder


def ask(case: Mapping[str, Any], folder: Path) -> tuple[Said, Answer, date | None]:
    """Say the case in our words, and answer it; also return the last day with data.

    Raises CannotSayError, KursError.
    """
    manifest = SHARED / "manifests" / f"manifest_{MANIFESTS[case['model']]}_manifest.json"
    translation = Translation(json.loads(manifest.read_text()))
    said = translation.question(case)
    only = () if said.metrics else tuple({name.split(".")[0] for name in said.by})
    plan = {"project": {**PROJECT, "engine": "duckdb:///data.duckdb"}, **translation.plan(only)}
    (folder / "kurs.yaml").write_text(yaml.safe_dump(plan, sort_keys=False))
    grain = Grain(said.grain) if said.grain else None
    question = Question(
        metrics=tuple(map(Asked, said.metrics)),
        by=said.by,
        grain=grain,
        days=_days(case["time_constraint"], grain) if "time_constraint" in case else None,
        where=said.where,
        order=_order(case, said) if case.get("check_order") else (),
        limit=case.get("limit"),
    )
    with open_project(folder) as opened:
        covered = [opened.facts[table].days for table in prepare(opened, question).tables]
        last = max((days[-1].last for days in covered if days), default=None)
        return said, query(opened, question), last


def _days(said: Iterable[str], grain: Grain | None) -> Days:
    """Return the asked range, widened to whole buckets as MetricFlow does."""
    first, last = map(date.fromisoformat, said)
    if grain is None:
        return Days(first, last)
    return Days(bucket_of(first, grain).first, bucket_of(last, grain).last)


def _order(case: Mapping[str, Any], said: Said) -> tuple[Order, ...]:
    ours = {theirs.split("__")[0]: column for column, theirs in said.columns.items()}
    return tuple(Order(ours[each.removeprefix("-")], each.startswith("-")) for each in case["order_bys"])


def cell(value: object) -> Cell:
    """Bring a value to the form in which both sides are compared."""
    match value:
        case bool() | str() | None:
            return value
        case int() | float() | Decimal():
            return float(value)
        case datetime():
            return value.isoformat()
        case date():
            return f"{value.isoformat()}T00:00:00"
        case _:
            raise TypeError(f"a cell of the type {type(value)}")


def disagreement(case: Mapping[str, Any], said: Said, answer: Answer, last: date | None) -> str | None:
    """Return what is not the same, or None; ``last`` is the last day with data."""
    names = [said.columns[column.name] for column in answer.columns]
    places = [names.index(name) for name in case["columns"]]
    ours = [tuple(cell(row[place]) for place in places) for row in answer.rows]
    theirs = [tuple(map(cell, row)) for row in case["rows"]]
    values = [place for place, name in enumerate(case["columns"]) if name in case.get("metrics", ())]
    keys = [place for place in range(len(case["columns"])) if place not in values]
    if "time" in said.columns:
        time = case["columns"].index(said.columns["time"])
        theirs = [row for row in theirs if str(row[time]) <= f"{last}T23:59:59"]

    def key(row: tuple[Cell, ...]) -> tuple[str, ...]:
        return tuple(repr(row[place]) for place in keys)

    def kept(rows: list[tuple[Cell, ...]], others: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
        there = {key(row) for row in others}
        return [row for row in rows if not values or key(row) in there or any(row[v] for v in values)]

    ours, theirs = kept(ours, theirs), kept(theirs, ours)
    if not case.get("check_order"):
        ours, theirs = sorted(ours, key=key), sorted(theirs, key=key)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows, not {len(theirs)}"
    for row, other in zip(ours, theirs, strict=True):
        if not all(map(_same, row, other)):
            return f"{row}, not {other}"
    return None


def _same(ours: Cell, theirs: Cell) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return ours == pytest.approx(theirs, rel=NEARLY)
    return type(ours) is type(theirs) and ours == theirs


@pytest.mark.needs("shared")
@pytest.mark.parametrize(
    "number", [pytest.param(n, id=f"{n}-{case['name']}") for n, case in enumerate(CASES)] or [0]
)
def test_case(number: int, folder: Path) -> None:
    case = CASES[number]
    gap, refused, otherwise = (listed(lists, number) for lists in (GAPS, REFUSED, OTHERWISE))
    if gap is not None:
        with pytest.raises(CannotSayError, match=f"^{re.escape(gap)}$"):
            ask(case, folder)
    elif refused is not None:
        with pytest.raises(KursError) as error:
            ask(case, folder)
        assert [problem.code for problem in error.value.problems] == [refused]
    else:
        found = disagreement(case, *ask(case, folder))
        assert (found is not None) == (otherwise is not None), found


def test_most_cases_agree() -> None:
    numbers = [number for lists in (GAPS, REFUSED, OTHERWISE) for found in lists.values() for number in found]
    assert len(numbers) == len(set(numbers))
    assert 111 - len(numbers) >= 60
