"""What is taken in but looks wrong is told, and what only looks unusual is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import xlwt

from kurs.model.source import Account, Bounds, FilesAre, Source, SourceColumn
from kurs.problems import Problem, Severity
from kurs.sources.files import find
from kurs.sources.take import Order, take
from sources.taking import source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TODAY = date(2026, 3, 31)
JANUARY = [date(2026, 1, 1) + timedelta(days=n) for n in range(31)]


def told(folder: Path, wanted: Source, **order: object) -> list[Problem]:
    """Return the doubts about a source's files; all are warnings."""
    said = {"today": TODAY, "zone": "Europe/Stockholm"} | order
    with take(Order(wanted, find(wanted, folder), "load", **said), lambda _: None) as taken:  # type: ignore[arg-type]
        assert all(problem.severity is Severity.WARNING for problem in taken.doubts)
        return list(taken.doubts)


def write(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def daily(folder: Path, days: Iterable[date], rows: int = 1) -> Source:
    """Write a file of so many rows a day, and return its source."""
    write(folder, "it.csv", "day,n", *(f"{day},{n}" for day in days for n in range(rows)))
    return replace(source("it.csv"), window="day")


@pytest.mark.parametrize("windowed", [True, False])
def test_a_day_to_come_is_told_with_its_row(tmp_path: Path, windowed: bool) -> None:
    wanted = daily(tmp_path, [date(2026, 3, 31), date(2026, 4, 1), date(2062, 3, 31)])
    if not windowed:
        wanted = replace(wanted, window=None)
    (problem,) = told(tmp_path, wanted, time_column="day")
    assert problem.code == "days_to_come"
    expected = {"count": 2, "value": "2026-04-01", "row": 3, "file": "it.csv", "today": TODAY}
    assert expected.items() <= problem.values.items()


def test_today_ends_at_midnight_of_the_accounts_zone(tmp_path: Path) -> None:
    write(tmp_path, "it.csv", "at,n", "2026-03-31T21:59:59Z,1", "2026-03-31T22:00:00Z,2")
    (problem,) = told(tmp_path, replace(source("it.csv"), window="at"))
    assert (problem.code, problem.values["count"], problem.values["row"]) == ("days_to_come", 1, 3)


def test_a_row_of_yesterday_that_is_replaced_is_not_doubted(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "day,n", "2026-03-30,1", "2026-04-02,1")
    write(tmp_path, "b.csv", "day,n", "2026-03-30,1", "2026-03-31,1", "2026-04-02,2")
    wanted = replace(source("?.csv"), window="day", files_are=FilesAre.RESTATEMENTS)
    assert [problem.values["count"] for problem in told(tmp_path, wanted)][:1] == [1]


def test_days_without_a_row_are_named(tmp_path: Path) -> None:
    gone = {JANUARY[4], JANUARY[5], JANUARY[20]}
    (problem,) = told(tmp_path, daily(tmp_path, [day for day in JANUARY if day not in gone]))
    assert (problem.code, problem.values["count"]) == ("gap_days", 3)
    assert problem.values["days"] == ("2026-01-05..2026-01-06", "2026-01-21")


def test_free_days_are_a_habit_and_no_gap(tmp_path: Path) -> None:
    workdays = [day for day in JANUARY if day.weekday() < 5]
    assert told(tmp_path, daily(tmp_path, workdays)) == []
    (problem,) = told(tmp_path, daily(tmp_path, [day for day in workdays if day != date(2026, 1, 14)]))
    assert problem.values["days"] == ("2026-01-14",)


def test_a_source_with_few_days_has_no_gaps(tmp_path: Path) -> None:
    assert told(tmp_path, daily(tmp_path, JANUARY[::5])) == []
    assert told(tmp_path, daily(tmp_path, JANUARY[:2])) == []
    assert told(tmp_path, daily(tmp_path, [date(1900, 1, 1), date(2026, 1, 1)])) == []


@pytest.mark.parametrize(
    ("days", "codes"),
    [
        ([date(2026, 1, 5) + timedelta(days=7 * n) for n in range(8)], ["rows_of_weeks"]),
        ([date(2026, 1, 5) + timedelta(days=7 * n) for n in range(7)], []),
        ([date(2026, 1, 5) + timedelta(days=14 * n) for n in range(6)], []),
        ([date(2025, month, 1) for month in range(1, 6)], ["rows_of_months"]),
        ([date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)], ["rows_of_months"]),
        ([date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 29)], []),
    ],
)
def test_rows_that_stand_for_weeks_or_months_are_told(
    tmp_path: Path, days: list[date], codes: list[str]
) -> None:
    assert [problem.code for problem in told(tmp_path, daily(tmp_path, days))] == codes


def test_rows_without_a_day_are_of_no_week_and_fill_no_gap(tmp_path: Path) -> None:
    write(tmp_path, "it.csv", "day,n", *(f"{day},1" for day in JANUARY if day.day != 14), ",1", ",1")
    found = told(tmp_path, source("it.csv"), time_column="day")
    assert [problem.code for problem in found] == ["gap_days"]


def test_few_single_events_leave_days_empty_by_chance(tmp_path: Path) -> None:
    counts = [3, 1, 0, 5, 2, 1, 4, 0, 2, 6, 1, 3, 2, 0, 4, 1, 2, 5, 1, 3, 2, 7, 1, 4, 2, 1, 3, 0, 2, 1, 4]
    lines = [f"{day},{n}" for day, count in zip(JANUARY, counts, strict=True) for n in range(count)]
    write(tmp_path, "it.csv", "day,n", *lines)
    wanted = replace(source("it.csv"), window="day")
    assert told(tmp_path, wanted) == []
    write(tmp_path, "it.csv", "day,n", *(line for line in lines for _ in range(10)))
    assert [problem.code for problem in told(tmp_path, wanted)] == ["gap_days"]


def test_a_gap_between_files_is_one_of_coverage(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "day,n", *(f"{day},1" for day in JANUARY[:8]))
    write(tmp_path, "b.csv", "day,n", *(f"{day},1" for day in JANUARY[20:]))
    wanted = replace(source("?.csv"), window="day", files_are=FilesAre.RESTATEMENTS)
    assert told(tmp_path, wanted) == []
    parts = replace(wanted, files_are=FilesAre.PARTS)
    assert told(tmp_path, parts) == []  # so many missing days are no slip: few days are its nature


@pytest.mark.parametrize("header", ["Currency", "Currency code", "order_currency", "Waluta", "Währung"])
def test_several_currencies_are_told(tmp_path: Path, header: str) -> None:
    write(tmp_path, "it.csv", f"id,{header},amount", "1,SEK,10.50", "2,SEK,1.5", "3,EUR,2.5", "4,,1.5")
    (problem,) = told(tmp_path, source("it.csv"))
    assert (problem.code, problem.values["currencies"]) == ("mixed_currencies", ("SEK (2)", "EUR (1)"))
    assert problem.values["amounts"] == ("amount",)


def test_each_amount_goes_with_its_own_currency(tmp_path: Path) -> None:
    header = "id,currency,shop_currency_code,tax,shop_amount,latitude"
    write(tmp_path, "it.csv", header, "1,SEK,SEK,1.5,10.5,59.3", "2,SEK,EUR,1.5,2.5,59.3")
    (problem,) = told(tmp_path, source("it.csv"))
    assert (problem.values["column"], problem.values["amounts"]) == ("shop_currency_code", ("shop_amount",))
    write(tmp_path, "it.csv", header, "1,SEK,SEK,1.5,10.5,59.3", "2,EUR,SEK,1.5,2.5,59.3")
    (problem,) = told(tmp_path, source("it.csv"))
    assert (problem.values["column"], problem.values["amounts"]) == ("currency", ("tax",))


def test_one_currency_or_a_stated_one_is_no_doubt(tmp_path: Path) -> None:
    write(tmp_path, "it.csv", "id,currency,amount", "1,SEK,10.50", "2,SEK,1.5")
    assert told(tmp_path, source("it.csv")) == []
    write(tmp_path, "it.csv", "id,currency,amount", "1,SEK,10.50", "2,EUR,1.5")
    assert told(tmp_path, replace(source("it.csv"), account=Account(currency="SEK"))) == []
    assert told(tmp_path, source("it.csv", key=("id", "currency"))) == []  # rates, or prices by country
    write(tmp_path, "it.csv", "id,currency,clicks", "1,SEK,10", "2,EUR,1")
    assert told(tmp_path, source("it.csv")) == []


def totalled(folder: Path, *lines: str, **profile: object) -> list[dict[str, object]]:
    write(folder, "it.csv", *lines)
    problems = told(folder, source("it.csv", totals="Total*", **profile))
    assert all(problem.code == "totals_differ" for problem in problems)
    return [dict(problem.values) for problem in problems]


def test_a_totals_row_that_agrees_is_no_news(tmp_path: Path) -> None:
    assert (
        totalled(tmp_path, "day,clicks,cost", "2026-01-01,3,1.10", "2026-01-02,4,2.20", "Total,7,3.30") == []
    )


def test_a_totals_row_that_differs_is_told_with_both_numbers(tmp_path: Path) -> None:
    found = totalled(
        tmp_path, "day,clicks,cost", "2026-01-01,3,1.10", "2026-01-02,4,2.20", "Total: all,7,3.31"
    )
    expected = {"column": "cost", "total": Decimal("3.31"), "sum": Decimal("3.30"), "row": 4}
    assert [{key: one[key] for key in expected} for one in found] == [expected]


def test_totals_are_read_by_the_profile(tmp_path: Path) -> None:
    lines = ("day;cost", "2026-01-01;1.000,10", "2026-01-02;2.000,20", "Total;3.000,30")
    assert totalled(tmp_path, *lines, delimiter=";", decimal=",", thousands=".") == []
    (one,) = totalled(tmp_path, *lines[:-1], "Total;4.000,30", delimiter=";", decimal=",", thousands=".")
    assert (one["total"], one["sum"]) == (Decimal("4000.3"), Decimal("3000.3"))


def test_subtotals_means_and_empty_cells_are_no_difference(tmp_path: Path) -> None:
    found = totalled(
        tmp_path,
        "day,clicks,ctr,note",
        "2026-01-01,3,0.10,a",
        "2026-01-02,4,0.30,b",
        "Total: search,3,,",
        "Total: shopping,4,0.30,",
        "Total,7,0.21,",
    )
    assert found == []


def test_several_totals_rows_of_which_none_agrees(tmp_path: Path) -> None:
    (one,) = totalled(tmp_path, "day,clicks", "2026-01-01,3", "2026-01-02,4", "Total: a,3", "Total,70")
    assert (one["total"], one["sum"]) == (70, 7)


def test_each_file_has_its_own_totals(tmp_path: Path) -> None:
    write(tmp_path, "a.csv", "day,clicks", "2026-01-01,3", "2026-01-02,4", "Total,7")
    write(tmp_path, "b.csv", "day,clicks", "2026-02-01,30", "2026-02-02,40", "Total,99")
    (problem,) = told(tmp_path, source("?.csv", totals="Total"))
    assert (problem.values["file"], problem.values["total"], problem.values["sum"]) == ("b.csv", 99, 70)


@pytest.mark.parametrize(("bounds", "expected"), [(Bounds.EMPTY, 7), (Bounds.VALUE, 27), (Bounds.HALF, 17)])
def test_bounds_are_counted_however_they_are_taken(tmp_path: Path, bounds: Bounds, expected: int) -> None:
    write(tmp_path, "it.csv", "n,t", "7,a", "< 10,b", "<10,c")
    wanted = source("it.csv", SourceColumn("n", "n", "int"), bounds=bounds)
    (problem,) = told(tmp_path, wanted)
    said = {"column": "n", "count": 2, "value": "< 10", "row": 3, "bounds": str(bounds)}
    assert problem.code == "bounds_taken"
    assert said.items() <= problem.values.items()
    with take(Order(wanted, find(wanted, tmp_path), "load"), lambda _: None) as taken:
        assert taken.sums == {"n": expected}


def test_errors_in_old_excel_files_cannot_be_seen(tmp_path: Path) -> None:
    """Pinned to calamine 0.37: goes when its reader for .xls tells errors from empty cells."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for row, value in enumerate(["n", 1, xlwt.Formula("1/0")]):
        sheet.write(row, 0, value)
        sheet.write(row, 1, "t")
    book.save(tmp_path / "it.xls")
    assert [problem.code for problem in told(tmp_path, source("it.xls"))] == ["errors_not_seen"]
