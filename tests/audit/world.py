"""A shop with a past, loaded: weak KPIs of it, each with what only the data can find."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.cli.main import run
from kurs.workflows.audit import audit
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Finding

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 30)
PLAN = """\
project: {name: Past, timezone: UTC}
sources:
  shop:
    files: shop.csv
    into: shop
    window: day
    columns: {day: date, sold: int, visits: int}
tables: {shop: {time: day}}
metrics:
  sold: {expr: sum(shop.sold), good: up}
  lost: {expr: sum(shop.sold), good: down}
  odd: {expr: count(shop) filter (where shop.visits = 10) / count(shop), unit: percent, good: up}
  visits: {expr: sum(shop.visits), good: up}
kpis:
"""
# What each month sold, on its first day alone: 29 months before June 2026, of which 28 have one before them.
SOLD = (
    100, 110, 121, 100, 90, 99, 100, 110, 100, 120, 100, 80,
    100, 110, 100, 110, 100, 110, 100, 110, 100, 110, 100, 110,
    100, 110, 100, 110, 100, 105,
)  # fmt: skip
LONG_AGO = "{from: 2020-01-01, to: 2020-01-31}"


def kpi(target: str, metric: str = "sold", baseline: str | None = "previous", every: str = "month") -> str:
    """Write a KPI as people do, a line for each key."""
    start = f"    baseline: {baseline}\n" if baseline is not None else ""
    return f"  k:\n    metric: {metric}\n    period: {{every: {every}}}\n{start}    target: {target}\n"


# What is found, and of which KPI.
WEAK = (
    ("already_reached", kpi("{reach: 100}")),
    ("already_reached", kpi("{reach: 110}", "lost", None)),
    ("hopeless", kpi("{change: +51%}")),
    ("hopeless", kpi("{reach: 10}", "lost")),
    ("rarely_changed_so", kpi("{change: +20%}")),
    ("rarely_changed_so", kpi("{change: 20}")),
    ("rarely_changed_so", kpi("{change: -17%}", "lost")),
    ("rarely_so_good", kpi("{keep_above: 120}", baseline=None)),
    ("rarely_so_good", kpi("{keep_below: 81}", "lost", None)),
    ("rarely_so_good", kpi("{between: [80, 85]}", baseline=None)),
    ("baseline_not_computed", kpi("{change: +5%}", baseline=LONG_AGO)),
    ("target_not_known", kpi("{change: +5%}", baseline=LONG_AGO)),
    ("below_noise", kpi("{change: +3%}", "visits")),
    ("below_noise", kpi("{reach: 345}", "visits")),
    ("too_few_cases", kpi("{change: +10%}", "odd", "{value: 0.5}")),
    ("too_few_cases", kpi("{change: +5pp}", "odd", "{value: 0.5}")),
    ("no_target", "  k:\n    metric: sold\n    period: {every: month}\n    baseline: previous\n"),
    ("no_baseline", "  k:\n    metric: sold\n    period: {every: month}\n    target: {reach: 120}\n"),
)


def visits(number: int) -> int:
    """Weeks of ten a day, then eleven, and so on."""
    return (10, 11, 10, 12)[number // 7 % 4]


def loaded(folder: Path) -> Path:
    """Write the data and the plan without a KPI, and load them."""
    sold = {date(2024 + number // 12, number % 12 + 1, 1): value for number, value in enumerate(SOLD)}
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    rows = "".join(f"{day},{sold.get(day, 0)},{visits(number)}\n" for number, day in enumerate(days))
    (folder / "shop.csv").write_text(f"day,sold,visits\n{rows}", "utf-8")
    (folder / "kurs.yaml").write_text(PLAN + WEAK[0][1], "utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


def found(folder: Path, plan: str) -> dict[str, Finding]:
    """Return what the audit finds of the plan's only KPI, by its code."""
    (folder / "kurs.yaml").write_text(plan, "utf-8")
    with open_project(folder, LAST) as opened:
        (one,) = audit(opened).kpis
    return {fault.code: fault for fault in one.findings}
