"""A drafted project works at once: what is loaded and added up is what the files hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from kurs.metrics.question import Asked, Question
from kurs.model.days import Grain
from kurs.problems import SourceError, UsageError
from kurs.project import read
from kurs.workflows.check import check
from kurs.workflows.draft import draft, write
from kurs.workflows.load import load
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kurs.sources.look_seen import Doubt
    from kurs.workflows.draft import Drafted


def drafted(folder: Path, *files: Path) -> Drafted:
    plan = draft(files, folder)
    write(plan, folder)
    return plan


def loaded(folder: Path) -> None:
    """Check, load and check again."""
    for step in ("before", "after"):
        checked = check(folder)
        assert [problem for problem in checked.problems if problem.severity == "error"] == [], step
        if step == "before":
            load(read(folder).required())


def values(folder: Path, metrics: Sequence[str]) -> dict[str, object]:
    with open_project(folder) as opened:
        found: dict[str, object] = {}
        for metric in metrics:
            result = query(opened, Question((Asked(metric),)))
            found[metric] = result.rows[0][-1]
        return found


ADS = """Report
Day;Campaign;Impressions;Clicks;Amount spent (EUR);CTR
01.09.2026;Brand;1.234;12;1.234,50;0,97
01.09.2026;Generic;2.234;--;12,00;1,12
02.09.2026;Brand;2.000;10;12,25;0,50
Total;--;5.468;22;1.258,75;0,40
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "ads_2026-09.csv").write_text(ADS, "utf-8")
    later = ADS.replace(".09.2026", ".10.2026").replace("12,25", "13,25").replace("1.258,75", "1.259,75")
    (exports / "ads_2026-10.csv").write_text(later, "utf-8")
    (exports / "orders.csv").write_text(
        "order_id,created_at,customer_id,email,net_amount,channel\n"
        "1,2026-09-01,c1,a@b.se,10.50,mail\n2,2026-09-02,c2,c@d.se,20.25,ads\n3,2026-09-02,c1,a@b.se,5,ads\n",
        "utf-8",
    )
    (exports / "customers.csv").write_text("customer_id,country\nc1,SE\nc2,SE\nc3,NO\nc4,NO\n", "utf-8")
    return tmp_path


def test_files_become_a_plan_that_answers(shop: Path) -> None:
    plan = drafted(shop, *sorted((shop / "exports").iterdir()))
    assert {source.key: source.files for source in plan.sources} == {
        "ads": ("exports/ads_2026-*.csv",),
        "orders": ("exports/orders.csv",),
        "customers": ("exports/customers.csv",),
    }
    loaded(shop)
    found = values(shop, [metric.name for metric in plan.metrics])
    assert found["spend"] == Decimal("2518.50")
    assert found["impressions"] == 2 * 5468
    assert found["clicks"] == 44
    assert found["revenue"] == Decimal("35.75")
    assert found["orders"] == 3
    assert found["ctr"] == pytest.approx(44 / 10936)
    assert found["aov"] == pytest.approx(35.75 / 3)
    assert not any("avg" not in m.expr and "ads.ctr" in m.expr for m in plan.metrics)


def test_keys_windows_joins_and_protection(shop: Path) -> None:
    plan = drafted(shop, *sorted((shop / "exports").iterdir()))
    by_key = {source.key: source for source in plan.sources}
    assert by_key["ads"].key_columns == ("day", "campaign")
    assert (by_key["ads"].window, by_key["ads"].restates, by_key["ads"].currency) == ("day", 30, "EUR")
    assert by_key["orders"].key_columns == ("order_id",)
    assert by_key["orders"].joins == {"customers": "customer_id"}
    project = read(shop).required()
    email = next(column for column in project.sources["orders"].columns if column.header == "email")
    assert email.keep == "hashed"
    assert [kpi.target for kpi in project.kpis.values()] == [None] * len(plan.kpis)
    assert len(plan.kpis) in (2, 3)


def test_what_is_in_doubt_stands_in_the_plan_with_both_readings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day;n\n01/02/2026;1\n02/02/2026;2\n", "utf-8")
    text = draft([tmp_path / "a.csv"], tmp_path).texts["sources.yaml"]
    (line,) = [line for line in text.splitlines() if "# check: In day" in line]
    assert "%d/%m/%Y → 2026-02-01" in line
    assert "%m/%d/%Y → 2026-01-02" in line
    assert text.splitlines()[text.splitlines().index(line) + 1].strip().startswith("day: {type: date")

    def american(doubt: Doubt) -> str | None:
        return "%m/%d/%Y" if doubt.code == "doubt_dates" else None

    assert '"%m/%d/%Y"' in draft([tmp_path / "a.csv"], tmp_path, american).texts["sources.yaml"]


def test_files_that_share_days_are_asked_about(tmp_path: Path) -> None:
    for n in "12":
        (tmp_path / f"ads_{n}.csv").write_text(
            f"day;campaign;cost\n2026-09-01;a;{n}\n2026-09-02;b;2\n", "utf-8"
        )
    plan = drafted(tmp_path, tmp_path / "ads_1.csv", tmp_path / "ads_2.csv")
    (source,) = plan.sources
    assert (source.files, source.files_are) == (("ads_*.csv",), "restatements")
    loaded(tmp_path)
    assert values(tmp_path, ["spend"]) == {"spend": 4}


def test_nothing_is_overwritten_and_files_from_outside_are_copied(tmp_path: Path) -> None:
    home = tmp_path / "plan"
    home.mkdir()
    (tmp_path / "a b.csv").write_text("day;n\n2026-09-01;1\n2026-09-02;2\n", "utf-8")
    plan = drafted(home, tmp_path / "a b.csv")
    assert plan.sources[0].files == ("data/a b.csv",)
    loaded(home)
    with pytest.raises(UsageError) as raised:
        write(plan, home)
    assert raised.value.problems[0].code == "files_in_the_way"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("order.csv", "select,from,time,value,group"),
        ("1.csv", "Größe,#,?,価格,%"),
        ("select.csv", "a: b,c # d,{e},[f],- g"),
        ("true.csv", "yes,no,null,~,on"),
    ],
)
def test_names_that_yaml_or_sql_would_misread(tmp_path: Path, name: str, header: str) -> None:
    body = "2026-09-01,1,x,2.5,y\n2026-09-02,3,x,4.5,y\n2026-09-03,3,x,4.5,z\n"
    (tmp_path / name).write_text(f"{header}\n{body}", "utf-8")
    plan = drafted(tmp_path, tmp_path / name)
    loaded(tmp_path)
    assert all(value is not None for value in values(tmp_path, [m.name for m in plan.metrics]).values())


def test_all_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.xyz").write_bytes(b"1")
    with pytest.raises(SourceError) as raised:
        draft([tmp_path / "a.csv", tmp_path / "b.xyz"], tmp_path)
    assert len(raised.value.problems) == 2
    with pytest.raises(UsageError):
        draft([tmp_path / "none.csv"], tmp_path)
    with pytest.raises(UsageError):
        draft([], tmp_path)


def test_amounts_in_several_currencies_are_never_added_up(tmp_path: Path) -> None:
    (tmp_path / "refunds.csv").write_text(
        "refund_id,day,refunded_shop_amount,refunded_shop_currency_code,tax_price\n"
        "1,2026-01-01,10.50,USD,1.5\n2,2026-01-02,20.25,CAD,2.5\n3,2026-01-02,5.25,USD,3.5\n",
        "utf-8",
    )
    plan = drafted(tmp_path, tmp_path / "refunds.csv")
    load(read(tmp_path).required())
    found = values(tmp_path, [metric.name for metric in plan.metrics])
    assert {name: value for name, value in found.items() if name.startswith("refunded")} == {
        "refunded_shop_amount_usd": Decimal("15.75"),
        "refunded_shop_amount_cad": Decimal("20.25"),
    }
    assert not any("price" in metric.expr for metric in plan.metrics)  # an average would mix them as well


@pytest.mark.parametrize("order", [1, -1])
def test_rows_of_sums_without_a_name_are_left_out_by_a_line_to_check(tmp_path: Path, order: int) -> None:
    rows = ["Brand,2026-01-01,100,12.50", "Generic,2026-01-01,200,7.25", ",2026-01-01,300,19.75"]
    rows += ["Brand,2026-01-02,150,10.00", "Generic,2026-01-02,50,5.05", ",2026-01-02,200,15.05"]
    text = "\n".join(["Campaign name,Day,Impressions,Amount spent (EUR)", *rows[::order]])
    (tmp_path / "meta.csv").write_text(f"{text}\n", "utf-8")
    written = drafted(tmp_path, tmp_path / "meta.csv").texts["sources.yaml"]
    assert "sums_where_empty: Campaign name" in written
    assert "# check: Rows of meta.csv with an empty Campaign name" in written
    loaded(tmp_path)
    assert values(tmp_path, ["impressions"]) == {"impressions": 500}


@pytest.mark.parametrize(("amount", "told"), [("1999", True), ("19.99", False)])
def test_whole_amounts_beside_a_currency_may_be_cents(tmp_path: Path, amount: str, told: bool) -> None:
    rows = [f"ch_{n},2026-01-0{n},{amount},usd,paid" for n in range(1, 6)]
    (tmp_path / "charges.csv").write_text("\n".join(["id,created,amount,currency,status", *rows]), "utf-8")
    written = drafted(tmp_path, tmp_path / "charges.csv").texts["sources.yaml"]
    assert ("# check: amount may count cents" in written) == told


def test_letters_of_utf_8_are_never_drafted_in_another_encoding(tmp_path: Path) -> None:
    """One broken byte does not make a code page of a file: the byte is told."""
    names = ["Köln", "Düsseldorf", "Zürich", "Göteborg", "Łęczyca"]
    rows = [f"{name},{n}".encode() for n, name in enumerate(names)]
    (tmp_path / "cities.csv").write_bytes(b"\n".join([b"city,n", *rows, b"K\xf6ln,9\n"]))
    with pytest.raises(SourceError) as failed:
        draft([tmp_path / "cities.csv"], tmp_path)
    (problem,) = failed.value.problems
    assert (problem.code, problem.values["row"], problem.values["encoding"]) == ("bad_encoding", 7, "utf-8")


@pytest.mark.parametrize(("step", "every"), [(7, Grain.WEEK), (1, Grain.MONTH)])
def test_what_is_of_weeks_is_read_by_weeks(tmp_path: Path, step: int, every: Grain) -> None:
    days = [date(2026, 1, 5) + timedelta(days=step * n) for n in range(20)]
    (tmp_path / "sales.csv").write_text(
        "day,revenue\n" + "".join(f"{day},{n}.5\n" for n, day in enumerate(days))
    )
    drafted(tmp_path, tmp_path / "sales.csv")
    kpis = read(tmp_path).required().kpis
    assert {kpi.period.every for kpi in kpis.values()} == {every}
    assert f"{every}ly_revenue" in kpis
    assert (f"{every}ly_sales" in kpis) == (every is Grain.MONTH)  # a row of a week is no case to count
