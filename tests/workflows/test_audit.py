"""The audit of a plan with data: what can be measured, and what cannot be told from noise."""

from __future__ import annotations

import json
import sys
from datetime import date, timedelta
from math import log, sqrt
from statistics import median
from typing import TYPE_CHECKING

import pytest

from kurs.audit.rule import Letter, Mark
from kurs.cli.main import run
from kurs.workflows.audit import audit
from kurs.workflows.opening import open_project

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Evidence

FIRST, LAST, GAP = date(2025, 1, 6), date(2026, 6, 14), date(2025, 3, 3)  # whole weeks
PLAN = """\
project: {name: Data, timezone: UTC, currency: EUR}
sources:
  visits: {files: "visits_*.csv", into: visits, window: day, columns: {day: date, visits: int}}
tables: {visits: {time: day}}
metrics:
  visits: {expr: sum(visits.visits), good: up}
  double: {expr: 2 * sum(visits.visits) + 7, good: up}
  odd: {expr: count(visits) filter (where visits.visits = 100) / count(visits), unit: percent, good: up}
  part: {expr: sum(visits.visits) filter (where visits.visits < 105) / sum(visits.visits), unit: percent,
    good: up}
  taken: {expr: sum(visits.visits), unit: currency, good: up}
  margin: {expr: sum(visits.visits) filter (where visits.visits < 105) / taken, unit: percent, good: up}
  rate: {expr: sum(visits.visits) / (visits - visits), good: up}
kpis:
"""
KPI = "  k: {metric: visits, period: {every: month}, baseline: previous, target: {change: +3%}}\n"


def visits(day: date) -> int:
    """Weeks of 700, 770, 700, 707, 770 and so on."""
    return (100, 110, 100, 101)[(day - FIRST).days // 7 % 4]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with its data loaded: two files, with a day between them that neither has."""
    folder = tmp_path_factory.mktemp("data")
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    for number, part in enumerate(([d for d in days if d < GAP], [d for d in days if d > GAP])):
        rows = "".join(f"{day},{visits(day)}\n" for day in part)
        (folder / f"visits_{number}.csv").write_text(f"day,visits\n{rows}", "utf-8")
    (folder / "kurs.yaml").write_text(PLAN + KPI, "utf-8")
    assert run(["--project", str(folder), "load", "--quiet"]) == 0
    return folder


def measured(folder: Path, kpi: str = KPI, as_of: date = LAST) -> tuple[Mark, dict[str, Evidence]]:
    """Return how the letter came out for the plan's only KPI, and what was found."""
    (folder / "kurs.yaml").write_text(PLAN + kpi, "utf-8")
    with open_project(folder, as_of) as opened:
        (one,) = audit(opened).kpis
    found = {fault.code: fault.evidence for fault in one.findings if fault.letter is Letter.MEASURABLE}
    return one.mark(Letter.MEASURABLE), found


def test_a_change_below_the_noise_by_brute_force(folder: Path) -> None:
    mark, found = measured(folder)
    assert mark is Mark.WARN
    weeks = [sum(visits(LAST - timedelta(days=7 * n + d)) for d in range(7)) for n in range(53)]
    steps = [log(b / a) for a, b in zip(weeks[1:], weeks, strict=False)]
    noise = 1.4826 * median(abs(step - median(steps)) for step in steps)
    wanted = found["below_noise"]
    assert wanted["noise"] == pytest.approx(noise)
    assert wanted["asked"] == pytest.approx(0.03)
    assert wanted["least"] == pytest.approx(2.802 * noise / sqrt(30 / 7))


def test_a_large_change_and_a_limit_are_not_below_the_noise(folder: Path) -> None:
    for target in ("{change: +80%}", "{keep_above: 2000}"):
        assert "below_noise" not in measured(folder, KPI.replace("{change: +3%}", target))[1]


def test_gaps_late_data_and_a_short_history(folder: Path) -> None:
    _, found = measured(folder, as_of=LAST + timedelta(days=8))
    assert found["data_late"] == {"to": LAST, "days": 8}
    assert found["days_not_covered"] == {"days": 1, "from": FIRST, "to": LAST}
    assert "short_history" not in found
    assert "data_late" not in measured(folder, as_of=LAST + timedelta(days=7))[1]
    year = KPI.replace("{every: month}", "{from: 2026-01-01, to: 2026-12-31}")
    assert measured(folder, year)[1]["short_history"] == {"from": FIRST, "needed": date(2024, 1, 2)}


def test_what_cannot_be_computed_fails(folder: Path) -> None:
    mark, found = measured(folder, "  k: {metric: rate, period: {every: month}, target: {reach: 5}}\n")
    assert mark is Mark.FAIL
    assert found["not_computed"] == {"kpi": "k", "reason": "zero_denominator"}


def test_a_period_that_has_only_begun_does_not_fail(folder: Path) -> None:
    mark, found = measured(folder, as_of=date(2026, 7, 1))
    assert (mark, "not_computed" in found) == (Mark.WARN, False)


def test_a_baseline_before_the_data(folder: Path) -> None:
    old = KPI.replace("previous", "{from: 2020-01-01, to: 2020-01-31}")
    assert measured(folder, old)[1]["baseline_not_computed"] == {"kpi": "k"}


def test_a_share_of_few_cases_by_hand(folder: Path) -> None:
    """14 days of a month of 30: 30 cases in all. +10 % of 0.5 needs 2 x 7.85 x 0.25 / 0.0025."""
    few = "  k: {metric: odd, period: {every: month}, baseline: {value: 0.5}, target: {change: +10%}}\n"
    _, found = measured(folder, few)
    assert found["too_few_cases"] == {"cases": 30, "needed": 1571}
    assert "too_few_cases" not in measured(folder, few.replace("+10%", "+80%"))[1]  # 24.5


def test_a_share_of_cases_that_were_counted_before_by_hand(folder: Path) -> None:
    """The denominator is a sum of daily counts, of 14 days of 30: 2 x 2.802^2 x 0.25 / 0.01^2 are needed."""
    of_sums = "  k: {metric: part, period: {every: month}, baseline: {value: 0.5}, target: {change: +2%}}\n"
    so_far = sum(visits(date(2026, 6, day)) for day in range(1, 15))
    _, found = measured(folder, of_sums)
    assert found["too_few_cases"] == {"cases": round(so_far * 30 / 14), "needed": 39257}
    as_money = of_sums.replace("metric: part", "metric: margin")
    assert "too_few_cases" not in measured(folder, as_money)[1]


def test_kpis_that_move_as_one(folder: Path) -> None:
    two = KPI + KPI.replace("  k: {metric: visits", "  twice: {metric: double").replace("month", "quarter")
    (folder / "kurs.yaml").write_text(
        PLAN + two + KPI.replace("  k:", "  same:").replace("month", "year"), "utf-8"
    )
    with open_project(folder, LAST) as opened:
        found = {
            one.kpi.key: [f for f in one.findings if f.code == "moves_as_one"] for one in audit(opened).kpis
        }
    assert [fault.evidence for fault in found["k"]] == [{"others": ["twice"]}]
    assert [fault.evidence for fault in found["twice"]] == [{"others": ["k", "same"]}]


def test_a_number_that_waits_for_five_sources(tmp_path: Path) -> None:
    names = [f"s{n}" for n in range(5)]
    sources = "".join(
        f'  {name}: {{files: "{name}.csv", into: spend, window: day, columns: {{day: date, spend: int}}}}\n'
        for name in names
    )
    plan = f"""\
project: {{name: Five, timezone: UTC}}
sources:
{sources}tables: {{spend: {{time: day}}}}
metrics: {{spend: {{expr: sum(spend.spend), good: down}}}}
kpis:
  k: {{metric: spend, period: {{every: month}}, target: {{reach: 5}}}}
"""
    for name in names:
        (tmp_path / f"{name}.csv").write_text("day,spend\n2026-06-01,5\n", "utf-8")
    (tmp_path / "kurs.yaml").write_text(plan, "utf-8")
    assert run(["--project", str(tmp_path), "load", "--quiet"]) == 0
    with open_project(tmp_path, date(2026, 6, 1)) as opened:
        (one,) = audit(opened).kpis
    found = [fault.evidence for fault in one.findings if fault.code == "many_sources"]
    assert found == [{"sources": names, "most": 4}]


def test_what_somebody_types_has_an_owner(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_owner(said: str) -> Evidence | None:
        typed = PLAN.replace("window: day, columns", f"window: day, {said}columns")
        monkeypatch.setattr(sys.modules[__name__], "PLAN", f"people: {{ann: {{name: Ann}}}}\n{typed}")
        found = measured(folder)[1].get("kept_by_hand")
        monkeypatch.undo()
        return found

    assert without_owner("") is None
    assert without_owner("kept: by_hand, ") == {"sources": ["visits"]}
    assert without_owner("kept: by_hand, owner: ann, ") is None
    assert without_owner("kept: by_export, ") is None


def test_loads_that_fail(tmp_path: Path) -> None:
    (tmp_path / "kurs.yaml").write_text(PLAN + KPI, "utf-8")
    file = tmp_path / "visits_0.csv"
    file.write_text("day,visits\n" + "".join(f"2026-06-{n:02},5\n" for n in range(1, 15)), "utf-8")
    load = ["--project", str(tmp_path), "load", "--quiet"]

    def found() -> dict[str, Evidence]:
        with open_project(tmp_path, LAST) as opened:
            (one,) = audit(opened).kpis
        return {fault.code: fault.evidence for fault in one.findings if fault.code.startswith("loads")}

    assert run(load) == 0
    assert found() == {}
    good = file.read_text("utf-8")
    file.write_text(good + "2026-06-15,many\n", "utf-8")
    assert run(load) == 3
    assert found() == {"loads_fail": {"sources": ["visits"], "failed": 1, "days": 1}}
    log = tmp_path / ".kurs" / "loads.jsonl"
    assert [json.loads(line)["problem"] for line in log.read_text("utf-8").split()] == [None, "untypable"]
    torn = '\n[]\n{"source": "visits", "at": "noon"}\n{"source":"vis'  # the last line was cut off
    log.write_text(log.read_text("utf-8") + torn, "utf-8")
    file.write_text(good, "utf-8")
    assert run(load) == 0
    assert found() == {}


def test_what_nobody_signed(folder: Path) -> None:
    """Signed is what was defined at the time; another target is not."""
    people = "people: {cmo: {name: CMO}}\n"
    signed = KPI.replace("{metric", "{approver: cmo, metric")
    (folder / "kurs.yaml").write_text(people + PLAN + signed, "utf-8")

    def unsigned() -> list[Evidence]:
        with open_project(folder, LAST) as opened:
            return [fault.evidence for fault in audit(opened).of_set if fault.code == "not_signed"]

    assert unsigned() == [{"kpis": ["k"]}]
    assert (
        run(["--project", str(folder), "approve", "k", "--by", "cmo", "--as-of", str(LAST), "--quiet"]) == 0
    )
    assert unsigned() == []
    (folder / "kurs.yaml").write_text(people + PLAN + signed.replace("+3%", "+2%"), "utf-8")
    assert unsigned() == [{"kpis": ["k"]}]


def test_without_data_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "visits_0.csv").write_text("day,visits\n2026-01-01,5\n", "utf-8")
    mark, found = measured(tmp_path)
    assert (mark, list(found)) == (Mark.UNKNOWN, ["not_held_against_data"])
