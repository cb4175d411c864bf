"""Entries are put into YAML as people write it: the plan says them then, and all else as before."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kurs.project.compose import compose
from kurs.project.entry import Doubt, Entry
from kurs.project.insert import insert
from kurs.project.marks import Marks
from kurs.project.merge import merge
from kurs.project.nodes import PlanFile

if TYPE_CHECKING:
    from kurs.project.insert import Written

BLOCK = """\
# head
kpis:
  one:        # the first
    metric: a # of all

    period: {every: month}  # each

  # about two
  two: {metric: b, period: {every: year}}  # short

metrics:
  a: count(t)  # rows
  b: |
    sum(t.x)
      / sum(t.y)
  c: {expr: a / b}
people:
# end
"""


def written(text: str, *entries: Entry, name: str = "kurs.yaml") -> Written:
    tree, problems = merge([compose(PlanFile.of(name, text))])
    assert problems == []
    return insert(Marks(tree), entries, str)


def after(text: str, *entries: Entry) -> str:
    done = written(text, *entries)
    assert done.left == ()
    return done.texts["kurs.yaml"]


def at(path: str, value: str, doubt: Doubt | None = None) -> Entry:
    steps = (int(step) if step.isdigit() else step for step in path.split("."))
    return Entry(tuple(steps), value, doubt)


def changed(text: str, *entries: Entry) -> list[str]:
    """Return the lines that are new."""
    before = text.splitlines()
    return [line for line in after(text, *entries).splitlines() if line not in before]


def test_a_key_comes_behind_the_last_one_of_its_mapping() -> None:
    text = after(BLOCK, at("kpis.one.owner", "web", Doubt.WHO))
    assert "    period: {every: month}  # each\n    owner: web  # who\n\n  # about two\n" in text
    assert len(text.splitlines()) == len(BLOCK.splitlines()) + 1


def test_a_key_in_braces_comes_before_they_close() -> None:
    (line,) = changed(BLOCK, at("kpis.two.owner", "web"), at("kpis.two.review", "weekly"))
    assert line == "  two: {metric: b, period: {every: year}, owner: web, review: weekly}  # short"
    assert changed(BLOCK, at("kpis.two.period.to", "x"))[0].startswith(
        "  two: {metric: b, period: {every: year, to: x}}"
    )


def test_a_long_line_of_braces_goes_on_below() -> None:
    lines = changed(BLOCK, *(at(f"kpis.two.key_{n}", "a value that is quite long") for n in range(4)))
    assert [len(line) <= 110 for line in lines] == [True] * len(lines)
    assert len(lines) > 1
    assert all(line.startswith("      key_") for line in lines[1:])


def test_a_value_is_replaced_where_it_stands() -> None:
    assert changed(BLOCK, at("kpis.one.metric", "b")) == ["    metric: b # of all"]
    assert changed(BLOCK, at("kpis.one.period.every", "week")) == ["    period: {every: week}  # each"]
    assert changed(BLOCK, at("kpis.one.period", "{event: sale}")) == ["    period: {event: sale}  # each"]
    assert yaml.safe_load(after(BLOCK, at("metrics.b", "x")))["metrics"]["b"] == "x"


def test_a_short_form_becomes_a_mapping() -> None:
    assert changed(BLOCK, at("metrics.a.unit", "percent")) == [
        "  a:",
        "    expr: count(t)  # rows",
        "    unit: percent",
    ]
    b = yaml.safe_load(after(BLOCK, at("metrics.b.unit", "ratio")))["metrics"]["b"]
    assert b == {"expr": "sum(t.x)\n  / sum(t.y)\n", "unit": "ratio"}
    flow = BLOCK.replace("  c: {expr: a / b}", "  d: 1")
    inline = "goals: {g: Sell more, h: {says: x}}\n"
    assert changed(inline, at("goals.g.stage", "reach")) == [
        "goals: {g: {says: Sell more, stage: reach}, h: {says: x}}"
    ]
    assert changed(flow, at("metrics.d.unit", "ratio")) == ["  d:", "    expr: 1", "    unit: ratio"]


def test_new_blocks_and_blocks_that_are_empty() -> None:
    lines = changed(BLOCK, at("people.ann.name", "Ann", Doubt.WHO), at("goals.g.says", "Sell"))
    assert lines == ["  ann:", "    name: Ann  # who", "goals:", "  g:", "    says: Sell"]
    text = after(BLOCK, at("people.ann.name", "Ann"))
    assert "people:\n  ann:\n    name: Ann\n# end\n" in text
    assert after("kpis:\n  a:\n    metric: x", at("people.b.name", "B")) == (
        "kpis:\n  a:\n    metric: x\npeople:\n  b:\n    name: B\n"
    )


def test_a_document_that_says_where_it_ends() -> None:
    text = after("---\nkpis:\n  a:\n    metric: x\n...\n", at("people.b.name", "B"), at("kpis.a.owner", "b"))
    assert text == "---\nkpis:\n  a:\n    metric: x\n    owner: b\npeople:\n  b:\n    name: B\n...\n"


def test_the_end_of_a_line_is_that_of_the_file() -> None:
    text = after(
        BLOCK.replace("\n", "\r\n"), at("kpis.one.owner", "web", Doubt.WHO), at("kpis.two.owner", "x")
    )
    assert "\n" not in text.replace("\r\n", "")
    assert "    owner: web  # who\r\n" in text


def test_items_of_a_list_are_reached_by_their_place() -> None:
    plan = (
        "kpis:\n  a:\n    metric: x\n    revisions:\n      - since: 2026-01-01\n        target: {reach: 5}\n"
    )
    assert changed(plan, at("kpis.a.revisions.0.target.reach", "6")) == ["        target: {reach: 6}"]
    assert changed(plan, at("kpis.a.revisions.0.owner", "x")) == ["        owner: x"]
    assert written(plan, at("kpis.a.revisions.1.owner", "x")).left != ()


@pytest.mark.parametrize(
    "plan",
    [
        "kpis:\n  a: &all\n    metric: x\n  b: *all\n",
        "kpis:\n  a: {metric: x, target: &t {reach: 5}}\n  b: {metric: y, target: *t}\n",
    ],
)
def test_what_an_anchor_shares_is_left(plan: str) -> None:
    path = "kpis.a.owner" if "&all" in plan else "kpis.a.target.by"
    entry = at(path, "web")
    assert written(plan, entry).left == (entry,)
    other = at(path.replace(".a.", ".b."), "web")
    assert written(plan, other).left == (other,)


def test_behind_an_alias_there_is_room() -> None:
    plan = "kpis:\n  a: {target: &t {reach: 5}}\n  b: {metric: y, target: *t}\n  c:\n    target: *t # as a\n"
    assert changed(plan, at("kpis.b.owner", "x")) == ["  b: {metric: y, target: *t, owner: x}"]
    assert changed(plan, at("kpis.c.owner", "x")) == ["    owner: x"]


def test_a_doubt_is_not_written_into_another_comment() -> None:
    (line,) = changed(BLOCK, at("kpis.two.owner", "web", Doubt.WHO))
    assert line.endswith("owner: web}  # short")
    bare = "kpis: {a: {metric: x}}\n"
    doubts = (at("kpis.a.owner", "web", Doubt.WHO), at("kpis.a.goal", "g", Doubt.WHICH))
    assert after(bare, *doubts) == "kpis: {a: {metric: x, owner: web, goal: g}}  # who; which\n"


WORD = st.from_regex(r"[a-z]{1,6}", fullmatch=True).filter(
    lambda word: word not in ("y", "n", "no", "on", "off")
)
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=8) | st.sampled_from(
    ["two words", "a: b", "x # y", "line\nline\n", "- item", "{", "'", '"', "#", "", "end\n\n"]
)
LEAF = TEXT | st.lists(TEXT, max_size=3)
PLANS = st.dictionaries(
    st.sampled_from(["kpis", "people", "goals"]),
    st.dictionaries(WORD, LEAF | st.dictionaries(WORD, LEAF, min_size=1, max_size=4), min_size=1, max_size=4),
    min_size=1,
)


@settings(max_examples=150, deadline=None)
@given(plan=PLANS, style=st.sampled_from([None, True, False]), data=st.data())
def test_the_plan_says_it_then_and_all_else_as_before(
    plan: dict[str, Any], style: bool | None, data: st.DataObject
) -> None:
    text = yaml.dump(plan, default_flow_style=style, sort_keys=False, allow_unicode=True)
    text = "# head\n" + text + "# end\n"
    block = data.draw(st.sampled_from(sorted(plan)))
    noun = data.draw(st.sampled_from(sorted(plan[block])))
    entries: list[Entry] = []
    expected = deepcopy(plan)
    if isinstance(plan[block][noun], dict):
        entries.append(at(f"{block}.{noun}.zzz", "new"))
        expected[block][noun]["zzz"] = "new"
    if data.draw(st.booleans()):
        entries.append(at(f"{block}.newest.deep.deeper", "{a: b}"))
        expected[block]["newest"] = {"deep": {"deeper": {"a": "b"}}}
    if data.draw(st.booleans()):
        key = data.draw(st.sampled_from(sorted(plan[block])))
        assume(key != noun)
        entries.append(at(f"{block}.{key}", "other"))
        expected[block][key] = "other"
    assume(entries)
    done = written(text, *entries)
    if done.left:
        return  # it says so
    assert yaml.load(done.texts["kurs.yaml"], yaml.BaseLoader) == yaml.load(
        yaml.dump(expected), yaml.BaseLoader
    )
    assert done.texts["kurs.yaml"].startswith("# head\n")
    assert "# end\n" in done.texts["kurs.yaml"]
