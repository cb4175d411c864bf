"""Other people's exports become projects as they are, and every number equals what a reader by hand finds.

The whole way of a newcomer: ``init --from``, ``check``, ``load``, ``query``; no file and no plan is edited.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from acceptance.by_hand import Plan
from kurs.cli.main import run
from kurs.metrics.question import Asked, Question
from kurs.model.days import Grain
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from acceptance.by_hand import Cell, Row, Table
    from kurs.workflows.opening import Opened

pytestmark = pytest.mark.needs("shared")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
EXPORTS = {
    "facebook_ads": "vendor_seeds/facebook_ads/*.csv",
    "ga4_export": "vendor_seeds/ga4_export/*.csv",
    "google_ads": "vendor_seeds/google_ads/*.csv",
    "mailchimp": "vendor_seeds/mailchimp/*.csv",
    "shopify": "vendor_seeds/shopify/*.csv",
    "stripe": "vendor_seeds/stripe/*.csv",
    "online_shoppers": "uci_online_shoppers/*.csv",
    "cdnow": "pymc_marketing/cdnow_transactions.csv",
    "case_study": "pymc_marketing/case_study_data.csv",
    "other_pymc": "pymc_marketing/[!c]*/*.csv",
    "nab": "nab/*/*.csv",
    "robyn": "robyn_weekly/*.csv",
}
_IDS = re.compile(r"(^|_)(ids?|zip|code|number|phone|version|key|token|sku|object_id)(_\d+)?$")


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_becomes_a_project_with_the_right_numbers(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = sorted(SHARED.glob(EXPORTS[name]))
    assert files
    at = ("--project", str(tmp_path), "--quiet")
    assert run(["init", str(tmp_path), "--quiet", "--from", *map(str, files)]) == 0
    assert run(["check", *at]) == 0
    assert run(["load", *at]) == 0
    assert run(["check", *at]) == 0
    by_hand = Plan(tmp_path, ";" if name == "online_shoppers" else ",")
    with open_project(tmp_path) as opened:
        assert_sums_of_all_columns(opened, by_hand)
        assert_no_number_is_left_as_text(by_hand)
        assert_each_metric_alone(opened, by_hand)
        assert_metrics_by_each_dimension(opened, by_hand)
        for grain in (Grain.MONTH, Grain.YEAR):
            assert_metrics_over_time(opened, by_hand, grain)
    capsys.readouterr()
    metric = next(iter(by_hand.metrics))
    assert run(["query", metric, "--format", "csv", *at]) == 0
    (row,) = csv.DictReader(capsys.readouterr().out.splitlines())
    assert _same(Decimal(row[metric]), by_hand.value(metric, by_hand.tables[by_hand.home(metric)].rows))


def assert_sums_of_all_columns(opened: Opened, by_hand: Plan) -> None:
    for name, table in by_hand.tables.items():
        sums = "".join(f', sum("{column}")' for column in table.numbers)
        (row,) = opened.engine.run(f'SELECT count(*){sums} FROM "{name}"')
        assert row[0] == len(table.rows), name
        for column, total in zip(table.numbers, row[1:], strict=True):
            expected = [value for r in table.rows if isinstance(value := r[column], Fraction)]
            assert _same(total, sum(expected)), f"{name}.{column}"


def assert_no_number_is_left_as_text(by_hand: Plan) -> None:
    left = [(name, column) for name, table in by_hand.tables.items() for column in table.left_as_text]
    assert [(name, column) for name, column in left if not _IDS.search(column)] == []


def assert_each_metric_alone(opened: Opened, by_hand: Plan) -> None:
    for metric in by_hand.metrics:
        ((value,),) = query(opened, Question((Asked(metric),))).rows
        expected = by_hand.value(metric, by_hand.tables[by_hand.home(metric)].rows)
        assert _same(value, expected), f"{metric}: {by_hand.metrics[metric]}"


def assert_metrics_by_each_dimension(opened: Opened, by_hand: Plan) -> None:
    for name, metrics in _metrics_by_table(by_hand).items():
        table = by_hand.tables[name]
        for dimension, column in table.dimensions.items():
            groups = _grouped(table.rows, lambda row, column=column: _member(row[column]))
            found = _answer(opened, Question(tuple(map(Asked, metrics)), by=(dimension,)))
            assert found.keys() == groups.keys(), f"{name}.{dimension}"
            _assert_equal(by_hand, metrics, found, groups)


def assert_metrics_over_time(opened: Opened, by_hand: Plan, grain: Grain) -> None:
    for name, metrics in _metrics_by_table(by_hand).items():
        table = by_hand.tables[name]
        if table.time is None:
            continue
        groups = _grouped(table.rows, lambda row, table=table: _bucket(row, table, grain))
        found = _answer(opened, Question(tuple(map(Asked, metrics)), grain=grain))
        assert groups.keys() <= found.keys(), name
        _assert_equal(by_hand, metrics, found, {bucket: groups.get(bucket, []) for bucket in found})


def _metrics_by_table(by_hand: Plan) -> dict[str, list[str]]:
    metrics: dict[str, list[str]] = defaultdict(list)
    for metric in by_hand.metrics:
        metrics[by_hand.home(metric)].append(metric)
    return metrics


def _grouped(rows: Iterable[Row], key: Callable[[Row], object]) -> dict[object, list[Row]]:
    groups: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _answer(opened: Opened, question: Question) -> dict[object, tuple[object, ...]]:
    rows = query(opened, question).rows
    found = {row[0].date() if isinstance(row[0], datetime) else row[0]: row[1:] for row in rows}
    assert len(found) == len(rows)
    return found


def _assert_equal(
    by_hand: Plan,
    metrics: Sequence[str],
    found: Mapping[object, tuple[object, ...]],
    groups: Mapping[object, Sequence[Row]],
) -> None:
    for group, rows in groups.items():
        for metric, value in zip(metrics, found[group], strict=True):
            assert _same(value, by_hand.value(metric, rows)), f"{metric} of {group}"
    for n, metric in enumerate(metrics):
        if re.fullmatch(r"(sum|count)\([^()]*\)( filter \([^()]*\))?", by_hand.metrics[metric]):
            parts = sum((Fraction(values[n] or 0) for values in found.values()), Fraction())  # type: ignore[arg-type]
            whole = by_hand.value(metric, by_hand.tables[by_hand.home(metric)].rows)
            assert _same(float(parts), whole), f"{metric} does not add up"


def _member(cell: Cell) -> object:
    return {"true": True, "false": False}.get(str(cell).lower(), cell)


def _bucket(row: Row, table: Table, grain: Grain) -> date:
    day = row[table.time or ""]
    assert isinstance(day, date)
    return day.replace(day=1) if grain is Grain.MONTH else day.replace(month=1, day=1)


def _same(value: object, expected: Fraction | None) -> bool:
    """Exact where kurs is exact; a float (a ratio, an average) to its last digits."""
    if isinstance(value, int | Decimal) or value is None or expected is None:
        return value == expected if value is None else Fraction(value) == expected
    return value == pytest.approx(float(expected), rel=1e-12, abs=1e-300)
