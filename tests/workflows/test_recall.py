"""Questions that were asked before: whatever changes in between, the answer is that of a first asking."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kurs.metrics.question import Asked, Order, Question
from kurs.model.comparison import Against, Comparison
from kurs.model.days import Days, Grain
from kurs.problems import KursError
from kurs.project import read
from kurs.workflows import recall as recalling
from kurs.workflows.load import load
from kurs.workflows.measure import query
from kurs.workflows.opening import open_project
from kurs.workflows.recall import Said, Wish, questions_of, recall, remember

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from kurs.workflows.opening import Opened

EXAMPLES = 150 if os.environ.get("HYPOTHESIS_PROFILE") == "more" else 4
START = date(2026, 3, 20)
LENGTH = 20

PLAN = """
project: {{name: Recalled, timezone: {zone}, currency: SEK, as_of: 2026-04-30}}
sources:
  shop:
    files: shop.csv
    into: orders
    columns: {{at: timestamp, customer: int, amount: "decimal(18,2)"}}
    key: [id]
    window: at
    account: {{timezone: UTC}}
tables:
  orders: {{time: at, timezone: UTC, dimensions: [channel{dimension}]}}
metrics:
  revenue: {{expr: sum(orders.amount){filtered}, label: {{en: "{label}", sv: Intäkter}}, unit: currency}}
  orders: count(orders)
  aov: revenue / orders
  buyers: count(distinct orders.customer)
  revenue_7d: {{expr: revenue, window: 7 days}}
{more}
"""
FIRST = {"zone": "UTC", "dimension": "", "filtered": "", "label": "Revenue", "more": ""}
EDITS = (
    {"zone": "America/New_York"},
    {"zone": "UTC"},
    {"filtered": " * 2"},
    {"filtered": ""},
    {"label": "Sales"},
    {"more": "  returns: sum(orders.amount) filter (where orders.amount < 0)"},
    {"dimension": ", is_big: orders.amount > 50"},
)


@dataclass(frozen=True)
class Edit:
    """One change of the plan's text."""

    values: dict[str, str]


@dataclass(frozen=True)
class Other:
    """Another file of the plan, and what it says; None takes it away."""

    says: str | None


@dataclass(frozen=True)
class Load:
    """The same days with other rows."""

    salt: int


@dataclass(frozen=True)
class Ask:
    """One question, asked twice."""

    question: Question
    as_of: date | None


days = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(
    lambda pair: Days(START + timedelta(min(pair)), START + timedelta(max(pair)))
)
questions = st.builds(
    Question,
    metrics=st.lists(
        st.sampled_from(("revenue", "orders", "aov", "buyers", "revenue_7d")),
        min_size=1,
        max_size=3,
        unique=True,
    ).map(lambda names: tuple(map(Asked, names))),
    by=st.sampled_from([(), ("channel",)]),
    grain=st.sampled_from([None, Grain.DAY, Grain.WEEK, Grain.MONTH]),
    days=days,
    where=st.sampled_from([(), ("channel = 'mail'",), ("orders.amount > 30",)]),
    compare=st.sampled_from([None, Comparison(Against.PREVIOUS)]),
    order=st.sampled_from([(), (Order("revenue", True),)]),
)
asks = st.builds(Ask, questions, st.sampled_from([None, START + timedelta(5), START + timedelta(60)]))
steps = st.lists(
    asks
    | st.builds(Edit, st.sampled_from(EDITS))
    | st.builds(
        Other, st.sampled_from([None, "metrics:\n  twice: 2 * revenue\n", "calendar: {countries: [SE]}\n"])
    )
    | st.builds(Load, st.integers(0, 99)),
    min_size=4,
    max_size=9,
)


def write_orders(folder: Path, salt: int) -> None:
    """Write orders of all days, some of them close to midnight."""
    lines = ["id,at,customer,channel,amount"]
    for day in range(LENGTH):
        for number in range(1 + (day * 7 + salt) % 3):
            seed = day * 31 + number * 17 + salt * 13
            at = f"{START + timedelta(day)} {seed % 24:02d}:{seed % 60:02d}:00"
            channel = ("mail", "paid", "")[seed % 3]
            lines.append(f"{day}-{number},{at},{seed % 7},{channel},{seed % 97}.{seed % 100:02d}")
    (folder / "shop.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_plan(folder: Path, values: dict[str, str]) -> None:
    """Write the plan with these values in it."""
    (folder / "kurs.yaml").write_text(PLAN.format(**values), encoding="utf-8")


def made(folder: Path) -> Path:
    """Make the project, loaded."""
    write_plan(folder, FIRST)
    write_orders(folder, 3)
    load(read(folder).required())
    return folder


@contextmanager
def at_hand(wish: Wish) -> Generator[Opened]:
    """Open the project so that tables of a few rows have rollups."""
    with open_project(wish.folder, wish.as_of) as opened:
        opened.rollups.many_rows = 0
        opened.rollups.most_of_rows = 100.0
        yield opened


def asked_anew(wish: Wish, *, rollups: bool) -> Said | KursError:
    """Ask as if nothing had been asked before; remember it where it is asked with rollups."""
    try:
        key = wish.key()
        with at_hand(wish) as opened:
            answer = query(opened, wish.question, rollups=rollups)
            said = Said(answer, wish.question, opened.project, opened.plan_warnings)
            if rollups:
                remember(wish, key, opened, said)
            return said
    except KursError as error:
        return error


def shown(said: Said) -> tuple[object, ...]:
    """Return what a reader sees of an answer."""
    labels = [
        (key, metric.label, metric.unit, metric.good)
        for key, metric in said.project.metrics.items()
        if any(asked.metric == key for asked in said.question.metrics)
    ]
    answer = replace(said.answer, sql="", rollups=())
    return (
        answer,
        said.question,
        said.project.settings,
        said.project.calendar.periods,
        labels,
        said.plan_warnings,
    )


@settings(max_examples=EXAMPLES, deadline=None, derandomize="CI" in os.environ)
@given(told=steps, last=asks)
def test_no_answer_changes_because_it_was_asked_before(
    tmp_path_factory: pytest.TempPathFactory, told: list[Ask | Edit | Other | Load], last: Ask
) -> None:
    folder = made(tmp_path_factory.mktemp("recalled"))
    values = dict(FIRST)
    asked: list[Ask] = []
    for step in (*told, last):
        match step:
            case Edit():
                values |= step.values
                write_plan(folder, values)
            case Other():
                (folder / "more.yaml").unlink(missing_ok=True)
                if step.says is not None:
                    (folder / "more.yaml").write_text(step.says, encoding="utf-8")
            case Load():
                write_orders(folder, step.salt)
                load(read(folder).required())
            case Ask():
                asked.append(step)
                for each in asked[-3:]:  # the earlier ones too, over what has changed since
                    wish = Wish(folder, each.question, as_of=each.as_of)
                    first, known = asked_anew(wish, rollups=False), recall(wish, wish.key())
                    again = asked_anew(wish, rollups=True)
                    found = recall(wish, wish.key())
                    if isinstance(first, KursError):
                        assert isinstance(again, KursError)
                        assert known is found is None
                        continue
                    assert isinstance(again, Said)
                    assert found is not None
                    assert shown(first) == shown(again) == shown(found)
                    assert known is None or shown(known) == shown(first)


WISH = Question((Asked("revenue"),), ("channel",), Grain.DAY)


def test_a_page_is_for_one_day_where_no_day_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path)
    plan = tmp_path / "kurs.yaml"
    plan.write_text(plan.read_text("utf-8").replace(", as_of: 2026-04-30", ""), encoding="utf-8")
    wish = Wish(tmp_path, WISH)
    asked_anew(wish, rollups=True)
    assert recall(wish, wish.key()) is not None
    monkeypatch.setattr(recalling, "today_in", lambda _: date(2030, 1, 1))
    assert recall(wish, wish.key()) is None


def test_a_page_is_for_the_clocks_that_it_knew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path)
    wish = Wish(tmp_path, WISH)
    asked_anew(wish, rollups=True)
    zones = tmp_path / "zones"
    zones.mkdir()
    (zones / "UTC").write_bytes(b"a law was passed")
    monkeypatch.setattr(recalling, "TZPATH", (str(zones),))
    assert recall(wish, wish.key()) is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"sql": "SELECT 1"}', '{"zones": {"../../etc": ""}}', "[" * 100_000],
)
def test_a_page_that_somebody_spoilt_is_no_page(tmp_path: Path, text: str) -> None:
    made(tmp_path)
    wish = Wish(tmp_path, WISH)
    asked_anew(wish, rollups=True)
    (page,) = questions_of(tmp_path).root.glob("*.json")
    page.write_text(text, encoding="utf-8")
    assert recall(wish, wish.key()) is None


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO '/tmp/kurs_was_here.csv'",
        "SELECT 1; SELECT 2",
        "SET enable_external_access = true",
    ],
)
@pytest.mark.parametrize("place", ["sql", "relation"])
def test_a_page_that_somebody_wrote_reads_and_writes_no_other_file(
    tmp_path: Path, sql: str, place: str
) -> None:
    import json

    made(tmp_path)
    wish = Wish(tmp_path, WISH)
    asked_anew(wish, rollups=True)
    (path,) = questions_of(tmp_path).root.glob("*.json")
    page = json.loads(path.read_text("utf-8"))
    if place == "sql":
        page["sql"] = sql
    else:
        page["relations"] = dict.fromkeys(page["relations"], sql)
    path.write_text(json.dumps(page), encoding="utf-8")
    assert recall(wish, wish.key()) is None


def test_a_part_that_is_gone_is_no_answer(tmp_path: Path) -> None:
    made(tmp_path)
    wish = Wish(tmp_path, WISH)
    asked_anew(wish, rollups=True)
    for part in (tmp_path / ".kurs").rglob("_rollups/*/*.parquet"):
        part.unlink()
    assert recall(wish, wish.key()) is None


def test_what_changed_while_it_was_asked_is_not_kept(tmp_path: Path) -> None:
    made(tmp_path)
    wish = Wish(tmp_path, WISH)
    key = wish.key()
    with at_hand(wish) as opened:
        said = Said(query(opened, WISH), WISH, opened.project, opened.plan_warnings)
        write_orders(tmp_path, 4)
        load(read(tmp_path).required())
        remember(wish, key, opened, said)
    assert questions_of(tmp_path).use().pages == 0


def test_a_warehouse_whose_data_have_no_version_is_asked_each_time(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "shop.duckdb")) as engine:
        engine.execute(
            "CREATE TABLE orders AS SELECT DATE '2026-03-20' AS at, 'mail' AS channel, 1.5 AS amount"
        )
    (tmp_path / "kurs.yaml").write_text(
        "project: {name: W, engine: 'duckdb:///shop.duckdb', as_of: 2026-04-30}\n"
        "tables:\n  orders: {time: at, dimensions: [channel]}\n"
        "metrics:\n  revenue: sum(orders.amount)\n",
        encoding="utf-8",
    )
    wish = Wish(tmp_path, WISH)
    assert isinstance(asked_anew(wish, rollups=True), Said)
    assert recall(wish, wish.key()) is None


def test_a_recalled_answer_loads_nothing_that_reads_a_plan_or_writes_sql(tmp_path: Path) -> None:
    made(tmp_path)
    script = (
        "import sys\nfrom kurs.cli.main import run\n"
        "run(['query', 'revenue', '--by', 'channel', '--format', 'json'])\n"
        "print(sorted({'sqlglot', 'yaml', 'deltalake', 'numpy', 'pyarrow'} & set(sys.modules)))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for _ in range(2)
    ]
    answers, modules = zip(*(text.rstrip().rsplit("\n", 1) for text in told), strict=True)
    assert answers[0] == answers[1]
    assert "sqlglot" in modules[0]
    assert modules[1] == "[]"
