"""kurs explain: its keys, its table, and what it refuses."""

from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING

import duckdb
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Ran

    Run = Callable[..., Ran]

# The numbers to know by heart: both rates fall by 2 points, and the whole rises from 8 % to 15 %.
PLAN = """\
project: {name: Simpson, timezone: UTC, currency: EUR, engine: "duckdb:///w.duckdb", as_of: 2026-03-29}
tables:
  days: {time: day, dimensions: [channel, device]}
metrics:
  visits: {expr: sum(days.visits), good: up, label: Visits}
  orders: {expr: sum(days.orders), good: up, label: Orders}
  conversion: {expr: "orders / nullif(visits, 0)", unit: percent, good: up, label: Conversion rate}
  middle: {expr: median(days.visits)}
"""
ROWS = """
(DATE '2026-03-02', 'paid social', 'phone', 4000, 200), (DATE '2026-03-15', 'direct', 'phone', 1000, 200),
(DATE '2026-03-16', 'paid social', 'phone', 1000, 30), (DATE '2026-03-29', 'direct', 'phone', 4000, 720)
"""
KEYS = ["metric", "period", "against", "value", "against_value", "change", "method", "parts", "residual"]
KEYS += ["significance", "caveats", "sentence"]
PART = ["driver", "dimension", "member", "effect_kind", "effect", "share", "value", "against_value"]
PART += ["numerator", "denominator"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simpson")
    (folder / "kurs.yaml").write_text(PLAN, "utf-8")
    with duckdb.connect(str(folder / "w.duckdb")) as made:
        made.execute("CREATE TABLE days (day DATE, channel TEXT, device TEXT, visits INT, orders INT)")
        made.execute(f"INSERT INTO days VALUES {ROWS}")
    return folder


@pytest.fixture
def ask(kurs: Run, folder: Path) -> Run:
    return lambda *words: kurs("--project", folder, "explain", "--period", "2026-03-16..2026-03-29", *words)


def test_json_has_the_keys_of_the_contract_and_adds_up(ask: Run) -> None:
    ran = ask("conversion", "--by", "channel", "--format", "json")
    assert ran.code == 0
    assert "not_enough_history" in ran.err
    said = ran.json()
    assert [key for key in KEYS if key not in said] == []
    assert said["period"] == {"from": "2026-03-16", "to": "2026-03-29"}
    assert said["against"] == {"from": "2026-03-02", "to": "2026-03-15"}
    assert (said["value"], said["against_value"], said["method"]) == (0.15, 0.08, "rate_mix")
    assert [key for part in said["parts"] for key in PART if key not in part] == []
    assert isclose(sum(part["effect"] for part in said["parts"]), said["change"], rel_tol=1e-9)
    assert isclose(sum(part["share"] for part in said["parts"]), 1, rel_tol=1e-9)
    rates = {part["member"]: part["effect"] for part in said["parts"] if part["effect_kind"] == "rate"}
    assert rates == {"paid social": pytest.approx(-0.01), "direct": pytest.approx(-0.01)}


def test_a_search_adds_where_it_happened_to_the_json(ask: Run) -> None:
    said = ask("visits", "--search", "--by", "channel,device", "--format", "json").json()
    assert (said["localised"], said["causes"], said["rest"]) == (False, [], said["change"])
    assert "localised" not in ask("visits", "--by", "channel", "--format", "json").json()
    assert ask("visits", "--search", "--drivers").code == 2


def test_the_sentence_tells_mix_from_rate(ask: Run) -> None:
    said = (
        ask("conversion", "--by", "channel", "--format", "json")
        .json()["sentence"]
        .replace("\N{NO-BREAK SPACE}", " ")
    )
    assert said.startswith("Conversion rate rose from 8% to 15% (+7 pp). Orders: +88%; Visits: 0%.")
    assert "By channel, the mix made +9 pp: direct went from 20% to 80% of the whole" in said
    assert said.endswith("The rates moved it the other way (−2 pp).")


def test_without_a_dimension_the_most_telling_one_is_shown(ask: Run) -> None:
    said = ask("conversion", "--format", "json").json()
    assert {part["dimension"] for part in said["parts"]} == {"channel"}


def test_a_person_sees_the_sentence_the_parts_and_bars(ask: Run) -> None:
    out = ask("conversion", "--by", "channel").out
    lines = out.splitlines()
    assert lines[0].startswith("▲ Conversion rate rose from 8% to 15%")
    direct = next(line for line in lines if line.startswith("direct  "))
    assert "20.0%" in direct
    assert "│████████" in direct
    foot = next(line for line in lines if line.startswith("All"))
    assert foot.split() == ["All", "8%", "15%", "−2.0", "pp", "+9.0", "pp", "+7.0", "pp"]


def test_a_narrow_screen_gets_a_list(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    out = ask("conversion", "--by", "channel").out
    assert "Effect: +3.5 pp" in out.replace("\N{NO-BREAK SPACE}", " ")
    assert max(map(len, out.splitlines())) <= 50


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("middle", "--by", "channel"), "cannot be split"),
        (("conversoin",), "conversion"),
        (("visits", "--against", "2026-03-01..2026-03-02"), "cannot be compared"),
        (("visits", "--against", "2025-03-01..2025-03-14"), "lacks data"),
        (("visits", "--against", "last-year"), "last_year"),
        (("visits", "--top", "none"), "whole number"),
    ],
)
def test_what_would_be_wrong_is_refused(ask: Run, words: tuple[str, ...], told: str) -> None:
    ran = ask(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert told in ran.err


def test_a_caveat_stands_beside_the_answer(ask: Run) -> None:
    ran = ask("conversion", "--against", "2026-03-01..2026-03-16", "--format", "json")
    assert ran.code == 0
    assert len(ran.json()["caveats"]) >= 2
    assert "periods_overlap" in ran.err
