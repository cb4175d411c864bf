"""The effect of an action, by the commands, against sums by hand."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose, pi, sin
from typing import TYPE_CHECKING, Any

import pytest

from commands import printed

if TYPE_CHECKING:
    from pathlib import Path

FIRST, LAST = date(2024, 1, 1), date(2026, 6, 14)
OPENED, DONE = date(2026, 5, 11), date(2026, 5, 17)
PLAN = """\
project: {name: Effects, timezone: Europe/Stockholm, as_of: 2026-06-14}
sources:
  web:
    files: days.csv
    into: days
    columns: {day: date, visits: int, orders: int, customer: text}
    window: day
tables:
  days: {time: day}
metrics:
  orders: {expr: sum(days.orders), good: up}
  rate: {expr: orders / sum(days.visits), unit: percent, good: up}
  customers: {expr: count(distinct days.customer), good: up}
people:
  web: {name: Head of web}
actions:
  mend: {says: Mend it, owner: web, expect: +1pp}
  push: {says: Push it, owner: web, expect: +10%}
kpis:
  conversion: {metric: rate, period: {every: month}, target: {reach: 6%}, actions: [mend]}
  sold: {metric: orders, period: {every: month}, target: {reach: 2000}, actions: [push]}
  buyers: {metric: customers, period: {every: month}, target: {reach: 10}, actions: [push]}
"""


def numbers(day: date) -> tuple[int, int]:
    """Visits with a wave of the year; orders of 5 % and a little wobble, and 1.5 % more after the action."""
    visits = round(
        1000 * (1 + 0.3 * sin(2 * pi * day.timetuple().tm_yday / 365)) * (1.2 if day.year == 2026 else 1)
    )
    wobble = (day.toordinal() * 7919) % 11 - 5
    return visits, round(visits * (0.065 if day > DONE else 0.05)) + wobble


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KURS_WRITER", "server")
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    bring(tmp_path, FIRST)
    printed(capsys, "--project", str(tmp_path), "load")
    for kpi, action in (("conversion", "mend"), ("sold", "push"), ("buyers", "push")):
        for step, day in (("open", OPENED), ("done", DONE)):
            printed(
                capsys,
                "--project",
                str(tmp_path),
                "action",
                kpi,
                action,
                step,
                "--by",
                "web",
                "--as-of",
                str(day),
            )
    return tmp_path


def bring(folder: Path, first: date) -> None:
    """Write the days from ``first`` on."""
    days = [first + timedelta(days=n) for n in range((LAST - first).days + 1)]
    rows = [f"{day},{visits},{orders},c{day.day % 5}" for day in days for visits, orders in [numbers(day)]]
    (folder / "days.csv").write_text("\n".join(["day,visits,orders,customer", *rows, ""]), "utf-8")


def effects(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found = printed(capsys, "--project", str(folder), "actions", "--effect")
    return {one["kpi"]: one["measured"] for one in found}


def total(first: date, days: int, *, of_visits: bool = False) -> int:
    """Add the orders of some days up, or their visits."""
    return sum(numbers(first + timedelta(days=n))[0 if of_visits else 1] for n in range(days))


def rate(first: date, days: int) -> float:
    return total(first, days) / total(first, days, of_visits=True)


def test_the_effect_is_what_goes_beyond_the_change_of_a_year_ago(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = effects(project, capsys)
    after, before, year = DONE + timedelta(days=1), OPENED - timedelta(days=28), timedelta(days=364)
    conversion, sold = found["conversion"], found["sold"]
    assert (conversion["expectation"], sold["expectation"]) == ("last_year", "last_year")
    without = rate(before, 28) * rate(after - year, 28) / rate(before - year, 28)
    assert isclose(conversion["without_action"], without, rel_tol=1e-12)
    assert isclose(conversion["effect"], rate(after, 28) - without, rel_tol=1e-9)
    assert (conversion["verdict"], conversion["expected"]) == ("better", 0.01)
    assert conversion["as_expected"] == "more"
    without = total(before, 28) * total(after - year, 28) / total(before - year, 28)
    assert isclose(sold["without_action"], without, rel_tol=1e-12)
    assert isclose(sold["expected"], without / 10, rel_tol=1e-12)
    # By the calendar fewer people come in June: a plain before and after would have half of the effect.
    assert sold["change"] < sold["effect"]
    assert sold["verdict"] == "better"
    assert sold["low95"] <= 0.3 * without <= sold["high95"]


def test_the_interval_is_that_of_the_same_guess_for_all_earlier_weeks(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from math import exp, log

    from kurs.stats.change import width_of

    found = effects(project, capsys)["sold"]
    after, before, year = DONE + timedelta(days=1), OPENED - timedelta(days=28), timedelta(days=364)
    off: list[float] = []
    for weeks in range(4, 108):
        a, b = after - timedelta(weeks=weeks), before - timedelta(weeks=weeks)
        if b - year < FIRST:
            break
        guess = total(b, 28) * total(a - year, 28) / total(b - year, 28)
        off.append(abs(log(total(a, 28) / guess)))
    off.sort()
    place = 0.95 * (len(off) + 1) - 1  # Weibull's quantile
    at = min(int(place), len(off) - 2)
    usual = off[at] + min(place - at, 1) * (off[at + 1] - off[at])
    half = usual * width_of(len(off), 4)
    change = log(found["value"] / found["without_action"])
    ends = [found["without_action"] * (exp(change + sign * half) - 1) for sign in (-1, 1)]
    assert [found["low95"], found["high95"]] == pytest.approx(ends, rel=1e-9)


def test_with_less_data_the_trend_and_then_nothing_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--project", str(project))
    (project / "kurs.yaml").write_text(PLAN.replace("    window: day\n", ""), "utf-8")
    for first, verdict, basis, caveats in (
        (date(2025, 6, 1), "better", "trend", 1),
        (date(2026, 3, 1), "cannot_tell", None, 0),
    ):
        bring(project, first)
        printed(capsys, *at, "load", "--full")
        found = effects(project, capsys)["conversion"]
        assert (found["verdict"], found["expectation"]) == (verdict, basis)
        assert len(found["caveats"]) == caveats
    assert "too few earlier weeks" in found["reason"]
    assert found["change"] is not None


def test_what_days_do_not_add_up_to_cannot_be_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = effects(project, capsys)["buyers"]
    assert (found["verdict"], found["effect"]) == ("cannot_tell", None)
    assert "does not add up over days" in found["reason"]


def fair(days: str) -> str:
    return f"calendar: {{events: {{fair: {{days: [{days}]}}}}}}\n"


def test_a_feast_that_moved_makes_the_years_unlike(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "kurs.yaml").write_text(PLAN + fair("2025-05-20, 2026-04-20"), "utf-8")
    found = effects(project, capsys)["conversion"]
    assert found["expectation"] == "trend"
    assert any("fair" in caveat for caveat in found["caveats"])
    (project / "kurs.yaml").write_text(PLAN + fair("2025-05-22, 2026-05-21"), "utf-8")
    found = effects(project, capsys)["conversion"]
    assert (found["expectation"], found["caveats"]) == ("last_year", [])
