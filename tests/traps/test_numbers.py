"""Ratios, zeros, decimals and what a float column may hold."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest

from kurs.problems import EngineError
from metrics.plans import Rows, ask, days, plan, question, run, table

JANUARY = (days("2026-01-01..2026-01-31"),)
FIRST, SECOND, THIRD = (date(2026, 1, day) for day in (1, 2, 3))


def of(metric: str, rows: Rows, **more: object) -> list[tuple[object, ...]]:
    project = plan([table("t", {"c": "c"} if "c" in rows.types else {}, time="day")], {"asked": metric})
    found = ask(project, {"t": rows}, question("asked", **more))  # type: ignore[arg-type]
    return [tuple(row.values()) for row in found]


def test_a_ratio_is_that_of_the_sums_not_the_mean_of_ratios() -> None:
    """The mean of the days' rates says 0.3; of 110 visits 12 bought."""
    rows = Rows(
        {"day": "date", "visits": "int", "bought": "int"}, [(FIRST, 10, 5), (SECOND, 100, 10)], JANUARY
    )
    assert run("SELECT avg(bought / visits) FROM t", {"t": rows}) == ((0.3,),)
    assert of("sum(t.bought) / sum(t.visits)", rows) == [(pytest.approx(15 / 110),)]


def test_a_mean_is_that_of_all_rows_not_the_mean_of_group_means() -> None:
    """The mean of the two groups' means says 5.5."""
    rows = Rows({"day": "date", "c": "text", "x": "int"}, [(FIRST, "a", 1)] * 9 + [(FIRST, "b", 10)], JANUARY)
    assert of("avg(t.x)", rows, by="c") == [("a", 1.0), ("b", 10.0)]
    assert of("avg(t.x)", rows) == [(1.9,)]


@pytest.mark.parametrize("metric", ["sum(t.x) / sum(t.y)", "sum(t.x / t.y)", "count(t) / (sum(t.y) * 3)"])
def test_nothing_is_divided_by_zero(metric: str) -> None:
    """The engine says inf for 1.0 / 0."""
    rows = Rows({"day": "date", "x": "float", "y": "float"}, [(FIRST, 1.0, 0.0)], JANUARY)
    assert of(metric, rows) == [(0 if metric.startswith("sum(t.x /") else None,)]


def test_a_nullif_of_another_number_does_not_guard_against_0() -> None:
    """0 / nullif(0, 1) is nan in the engine, and coalesce keeps it."""
    rows = Rows({"day": "date", "x": "int"}, [(FIRST, 0)], JANUARY)
    assert of("coalesce(sum(t.x) / nullif(sum(t.x), 1), 5)", rows) == [(5.0,)]


def test_a_division_by_a_text_is_a_problem_not_a_crash() -> None:
    rows = Rows({"day": "date", "x": "int"}, [(FIRST, 1)], JANUARY)
    with pytest.raises(Exception, match="query_failed"):
        of("sum(t.x) / 'much'", rows)


def test_a_loss_that_halves_is_not_a_fall_of_half() -> None:
    """now / then - 1 says -50 %."""
    rows = Rows({"day": "date", "x": "int"}, [(FIRST, -100), (SECOND, -50)], JANUARY)
    assert of("sum(t.x)", rows, within="2026-01-02", compare="previous") == [(-50, -100, 0.5)]


def test_a_sum_of_decimals_is_exact() -> None:
    """As doubles 0.1 + 0.2 is 0.30000000000000004."""
    rows = Rows(
        {"day": "date", "x": "decimal(18,2)"},
        [(FIRST, Decimal("0.10")), (FIRST, Decimal("0.20"))] * 5,
        JANUARY,
    )
    assert sum([0.1, 0.2] * 5) != 1.5
    assert of("sum(t.x)", rows) == [(Decimal("1.50"),)]
    assert of("coalesce(sum(t.x), 0) * 3 - sum(t.x)", rows) == [(Decimal("3.00"),)]


def test_a_large_decimal_keeps_its_last_digit_through_the_fill() -> None:
    digits = Decimal("1.00000000000000000001")
    rows = Rows({"day": "date", "x": "decimal(38,20)"}, [(FIRST, digits)], JANUARY)
    assert of("sum(t.x)", rows, grain="day", within="2026-01-01..2026-01-02") == [
        (FIRST, digits),
        (SECOND, 0),
    ]


def test_the_product_of_two_sums_of_decimals_has_room() -> None:
    """Two decimals of 20 digits behind the point have 40 of them: the engine gives up."""
    rows = Rows({"day": "date", "x": "decimal(38,20)"}, [(FIRST, Decimal(30))], JANUARY)
    with pytest.raises(EngineError, match="query_failed"):
        run("SELECT sum(x) * sum(x) FROM t", {"t": rows})
    assert of("sum(t.x) * sum(t.x)", rows) == [(pytest.approx(900),)]
    assert of("100 * sum(t.x)", rows) == [(Decimal(3000),)]


def test_a_sum_of_floats_is_told_from_its_last_digits() -> None:
    """In another order the sum of the same floats is another one; as decimals it is not."""
    values = [0.1, 1e16, -1e16, 0.3, 0.7] * 3
    assert sum(values) != sum(reversed(values))
    money = [(FIRST, Decimal(str(number))) for number in values]
    for rows in (money, money[::-1]):
        exact = of("sum(t.x)", Rows({"day": "date", "x": "decimal(38,2)"}, rows, JANUARY))
        assert exact == [(Decimal("3.3"),)]


def test_a_median_of_decimals_is_not_rounded_to_their_scale() -> None:
    """The engine's own median of 0.01 and 0.02 as DECIMAL(18,2) is 0.01 or 0.02."""
    rows = Rows(
        {"day": "date", "x": "decimal(18,2)"}, [(FIRST, Decimal("0.01")), (FIRST, Decimal("0.02"))], JANUARY
    )
    assert run("SELECT median(x) FROM t", {"t": rows}) != ((0.015,),)
    assert of("median(t.x)", rows) == [(0.015,)]
    assert of("percentile(t.x, 0.25)", rows) == [(pytest.approx(0.0125),)]


def test_a_percentile_from_above_is_taken_from_above() -> None:
    """Read as ascending it says 9."""
    rows = Rows({"day": "date", "x": "int"}, [(FIRST, 1), (FIRST, 5), (FIRST, 10)], JANUARY)
    assert of("percentile_cont(0.9) within group (order by t.x desc)", rows) == [(pytest.approx(1.8),)]
    assert of("percentile_cont(0.9) within group (order by t.x)", rows) == [(pytest.approx(9.0),)]


def test_the_share_of_true_rows_is_an_average() -> None:
    rows = Rows({"day": "date", "x": "bool"}, [(FIRST, True), (FIRST, False), (FIRST, None)], JANUARY)
    assert of("avg(t.x)", rows) == [(0.5,)]
    assert of("sum(t.x)", rows) == [(1,)]


@pytest.mark.parametrize("wild", [math.inf, -math.inf, math.nan])
def test_a_value_that_is_no_number_gives_no_value(wild: float) -> None:
    """It must be neither inf nor nan, and other days keep theirs."""
    rows = Rows({"day": "date", "x": "float"}, [(FIRST, 1.5), (SECOND, wild), (THIRD, 2.0)], JANUARY)
    found = of("sum(t.x)", rows, grain="day", within="2026-01-01..2026-01-03")
    assert found == [(FIRST, 1.5), (SECOND, None), (THIRD, 2.0)]


@pytest.mark.parametrize("wild", [math.inf, math.nan])
def test_what_is_no_number_is_not_the_largest(wild: float) -> None:
    """The engine sorts it above all numbers: the largest day would be one without a value."""
    rows = Rows({"day": "date", "x": "float"}, [(FIRST, 1.5), (SECOND, wild)], JANUARY)
    naive = "SELECT day FROM t ORDER BY x DESC LIMIT 1"
    assert run(naive, {"t": rows}) == ((SECOND,),)
    found = of("sum(t.x)", rows, grain="day", within="2026-01-01..2026-01-02", order="asked:desc", limit=1)
    assert found == [(FIRST, 1.5)]


def test_texts_that_differ_in_case_alone_are_two_filters() -> None:
    """Trees compared without case would make one leaf of both."""
    rows = Rows({"day": "date", "c": "text"}, [(FIRST, "SE"), (FIRST, "SE"), (FIRST, "se")], JANUARY)
    metric = "count(t) filter (where t.c = 'SE') - count(t) filter (where t.c = 'se')"
    assert run("SELECT count(*) FROM t WHERE lower(c) = 'se'", {"t": rows}) == ((3,),)
    assert of(metric, rows) == [(1,)]
