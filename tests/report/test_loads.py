"""What a load did, on a screen and as JSON."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console

from kurs.lake.record import Totals
from kurs.model.days import Days
from kurs.report.loads import load_json, load_table
from kurs.words import language

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from kurs.problems import Problem

EN = language("en")
JANUARY = Days(date(2026, 1, 1), date(2026, 1, 31))
NOTHING, SOME = Totals(), Totals(58, {"cost": Decimal("120.50")})


@dataclass(frozen=True, slots=True)
class Load:
    source: str
    table: str = "ads"
    files: tuple[str, ...] = ("ads.csv",)
    skipped_files: tuple[str, ...] = ()
    rows_read: int = 60
    rows_loaded: int = 58
    rows_rejected: int = 0
    window: Days | None = JANUARY
    before: Totals = NOTHING
    after: Totals = SOME
    version: int = 3
    seconds: float = 0.234
    warnings: tuple[Problem, ...] = ()


LOADS = (
    Load("first_time"),
    Load("restated", before=Totals(57, {"cost": Decimal("100.00"), "clicks": 7}), rows_rejected=2),
    Load("whole", window=None),
    Load("same", files=(), skipped_files=("ads.csv",), window=None, before=Totals(), after=Totals()),
)


def drawn(width: int) -> str:
    stream = io.StringIO()
    Console(file=stream, width=width, color_system=None).print(load_table(LOADS, EN, width))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines())


def test_a_table_of_loads(snapshot: SnapshotAssertion) -> None:
    assert drawn(100) == snapshot


def test_a_narrow_screen_gets_a_list() -> None:
    lines = drawn(45).splitlines()
    assert max(map(len, lines)) <= 45
    assert "nothing new" in drawn(45)


def test_json() -> None:
    said = load_json(LOADS[1], EN)
    assert said["window"] == {"from": "2026-01-01", "to": "2026-01-31"}
    assert said["before"] == {"cost": 100, "clicks": 7, "rows": 57}
    assert said["after"] == {"cost": 120.5, "rows": 58}
    assert load_json(LOADS[3], EN)["window"] is None


def test_a_sum_from_zero_has_no_relative_change() -> None:
    load = Load("s", before=Totals(1, {"cost": Decimal(0)}))
    stream = io.StringIO()
    Console(file=stream, width=100, color_system=None).print(load_table([load], EN, 100))
    assert "went from 0.00 to 120.50 (–)" in " ".join(stream.getvalue().split())
