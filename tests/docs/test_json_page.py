"""docs/json.md names every key that a command prints as JSON, and none that no command prints."""

from __future__ import annotations

import re
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands import printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "json.md"
PLAN = """\
project: {name: Keys, timezone: UTC, as_of: 2026-03-20}
sources:
  till:
    files: orders.csv
    into: orders
    columns: {day: date, channel: text, who: {type: text, keep: hashed}, n: int, amount: "decimal(9,2)"}
    window: day
    key: [n]
    max_rejects: 10
tables:
  orders: {time: day, dimensions: [channel]}
metrics:
  revenue: {expr: sum(orders.amount), good: up}
  orders: {expr: count(orders), good: up}
  basket: {expr: revenue / orders, unit: ratio, good: up}
  mean: {expr: avg(orders.amount), good: up}
  income: {expr: orders * mean, good: up}
people: {ann: {name: Ann}, bob: {name: Bob}}
strategy: {grow: {says: Sell more, by: 2026-12-31}}
goals: {sell: {says: More buyers, strategy: grow, stage: activate}}
segments: {by_mail: {of: orders, where: orders.channel = 'mail'}}
actions: {call: {says: Call, when: at_risk, owner: ann, due: 3 days, expect: +10%}}
kpis:
  takings:
    metric: revenue
    goal: sell
    period: {from: 2026-01-01, to: 2026-03-31}
    baseline: {from: 2025-10-01, to: 2025-12-31}
    target:
      reach: 9000
      at_least: 8000
      stretch: 9900
      milestones: {2026-01: 30%}
      members: {channel: {mail: 4000, shop: 4500}}
      set: {by: bob, on: 2025-12-01, why: Agreed}
    revisions:
      - since: 2026-02-01
        target:
          reach: 12000
          at_least: 8000
          milestones: {2026-03-25: 90%}
          members: {channel: {mail: 4000, shop: 4500}}
          set: {by: bob, on: 2026-01-30, why: A second shop}
    owner: ann
    approver: bob
    actions: [call]
  size: {metric: basket, goal: sell, every: month, baseline: previous, good: band,
         target: {between: [1, 200]}, nature: leading, leads: mean}
"""
FIRST = date(2025, 1, 1)
# What the page names and this project's answers do not have.
NOT_HERE = {
    "check": {
        f"fix.refused[].{key}"
        for key in ("code", "severity", "file", "line", "column", "kpi", "message", "hint")
    },
    "explain": {
        *("causes[].where", "causes[].where.*", "causes[].score", "causes[].effect", "causes[].share"),
        *("causes[].value", "causes[].against_value"),
    },
}
GIT = ("-c", "user.name=ann", "-c", "user.email=ann@example.com")
# Keys that are names of the plan, of tables or of data: a star stands for each of them.
FREE = {
    "check": ("audit[].findings[].evidence", "set[].evidence"),
    "data": ("loads[].before", "loads[].after", "sources[].last_load"),
    "load": ("before", "after"),
    "query": ("rows[]",),
    "explain": ("causes[].where", "parts[].where", "sides[].effects", "tree.branches[]"),
    "snapshot": ("versions",),
    "plan": ("stages",),
    "journal": ("content",),
    "note": ("content",),
    "history": ("content",),
}


def rows(last: date) -> str:
    """A year and more of orders in two channels; one row cannot be typed."""
    lines = ["day,channel,who,n,amount"]
    for at in range((last - FIRST).days + 1):
        day = FIRST + timedelta(days=at)
        lines += [f"{day},mail,a{at % 9}@example.com,{2 * at},{(9 if day.month == 2 else 20) + at % 7}.50"]
        lines += [f"{day},shop,b{at % 5}@example.com,{2 * at + 1},{30 + at % 11}.00"]
    return "\n".join([*lines, "soon,shop,c@example.com,99999,1.00", ""])


def paths(value: Any, path: str, free: tuple[str, ...]) -> Iterator[str]:  # noqa: ANN401 - a document of any shape
    """Yield the path of each key; ``[]`` is each member of a list, ``*`` each of the keys that are names."""
    if isinstance(value, list):
        for one in value:
            yield from paths(one, f"{path}[]" if path else "", free)
    elif isinstance(value, dict):
        if path in free:
            yield f"{path}.*"
            return
        for key, one in value.items():
            below = f"{path}.{key}" if path else key
            yield below
            yield from paths(one, below, free)


def documented() -> list[tuple[set[str], set[str]]]:
    """Return for each section of the page the commands of its head, and the keys of its table."""
    found: list[tuple[set[str], set[str]]] = []
    for section in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = section.partition("\n")
        rows = re.findall(r"^\| (`[^|]*?) \|", body, re.MULTILINE)
        keys = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
        found.append((set(re.findall(r"`kurs ([a-z]+)", head)), keys))
    return found


def test_the_page_names_every_key_and_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KURS_WRITER", "me")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kurs.yaml").write_text(PLAN, "utf-8")
    (tmp_path / "orders.csv").write_text(rows(date(2026, 3, 20)), "utf-8")
    found: dict[str, set[str]] = {}

    def ask(*words: str, code: int = 0) -> Any:  # noqa: ANN401
        said = printed(capsys, *words, code=code)
        found.setdefault(words[0], set()).update(paths(said, "", FREE.get(words[0], ())))
        return said

    ask("load")
    ask("data")
    ask("approve", "takings", "--by", "bob", "--as-of", "2026-01-10")
    ask("baseline", "takings", "--freeze", "--by", "ann", "--as-of", "2026-01-02")
    ask("note", "takings", "Snow", "--by", "ann")
    ask("watch", "--once", "--as-of", "2026-02-10")
    ask("watch", "--once", "--as-of", "2026-02-16")
    ask("action", "takings", "call", "done", "--by", "ann", "--as-of", "2026-02-18")
    ask("actions")
    ask("actions", "--effect")
    ask("approvals")
    ask("snapshot", "--by", "ann", "--as-of", "2026-03-10")
    ask("status")
    ask("status", "--known-on", "2026-03-12")
    ask("plan")
    ask("journal")
    ask("journal", "--verify")
    for words in (("init", "-q"), ("add", "kurs.yaml"), (*GIT, "commit", "-q", "-m", "Begin")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True, capture_output=True)
    (tmp_path / "kurs.yaml").write_text(
        PLAN.replace("owner: ann\n    approver", "owner: bob\n    approver"), "utf-8"
    )
    ask("history", "takings")
    ask("query", "revenue", "--by", "channel", "--compare", "last_year", "--from", "2026-01-01")
    ask("explain", "takings", "--by", "channel")
    ask("explain", "revenue", "--search", "--by", "channel", "--period", "2026-02-01..2026-02-28")
    ask("explain", "income", "--drivers", "--period", "2026-02-01..2026-02-28")
    ask("check")
    ask("check", "--fix", "--dry-run")
    ask("cache")
    ask("catalog", "conversion")
    sections = documented()
    assert {command for commands, _ in sections for command in commands} == set(found)
    for commands, keys in sections:
        real = set[str]().union(*(found[command] for command in commands))
        absent = set[str]().union(*(NOT_HERE.get(command, set()) for command in commands))
        assert real - keys == set(), f"{commands}: describe these keys in docs/json.md"
        assert keys - real == absent, f"{commands}: no answer has these keys of docs/json.md"
