"""What a finding gives to write is pasted into its plan: it is gone, and the plan is as sound as before."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import pytest
import yaml

from audit.plans import GOOD, audited, faults
from audit.test_rules import CASES
from kurs.audit.audit import RULES, RULES_OF_SIGNATURES, RULES_OF_THE_SET
from kurs.project import read
from kurs.project.insert import insert

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Finding

# Findings of the cases that nothing in the plan can mend, by their rules' docstrings.
BY_PEOPLE = {"duplicate", "goal_without_kpi", "machine_opens", "one_sided", "stage_without_kpi"}
FAULTY = [case for case in CASES if case[3]]


def in_block(plan: str) -> str:
    """Write a plan with a line for each key, and a comment on each line and above some."""
    told = yaml.dump(yaml.load(plan, yaml.BaseLoader), sort_keys=False, width=1000, allow_unicode=True)
    lines = (f"{line}  # line {number}" for number, line in enumerate(told.splitlines()))
    return "# the plan\n" + "\n".join(lines) + "\n\n# its end\n"


def problems(folder: Path) -> list[tuple[str, object]]:
    return [(one.code, one.kpi) for one in read(folder).problems]


def pasted(folder: Path, found: Finding) -> str:
    """Write what a finding gives into the plan; nothing that was there is lost but the values replaced."""
    before = (folder / "kurs.yaml").read_text("utf-8")
    written = insert(read(folder).marks, found.entries, str)
    assert written.left == ()
    (text,) = written.texts.values()
    if not any(entry.value.startswith("{") for entry in found.entries):  # a block that is replaced as a whole
        assert [line for line in comments(before) if line not in comments(text)] == []
    (folder / "kurs.yaml").write_text(text, "utf-8")
    return text


def comments(text: str) -> list[str]:
    return [f"#{line.partition('  #')[2]}" for line in text.splitlines() if "  #" in line]


@pytest.mark.parametrize("form", [str, in_block], ids=["braces", "block"])
@pytest.mark.parametrize("case", FAULTY, ids=[f"{case[2]}-{case[3]}" for case in FAULTY])
def test_what_is_pasted_mends_the_finding(tmp_path: Path, case: tuple[str, ...], form: type[str]) -> None:
    old, new, code, _ = case
    plan = form(GOOD.replace(old, new, -1 if code in ("one_sided", "no_action_plan") else 1))
    found = [(key, fault) for key, fault in faults(audited(tmp_path, plan)) if fault.code == code]
    before = problems(tmp_path)
    assert found
    for key, fault in found:
        assert bool(fault.entries) == (code not in BY_PEOPLE), code
        if not fault.entries:
            continue
        audited(tmp_path, plan)  # as it was
        text = pasted(tmp_path, fault)
        assert [one for one in problems(tmp_path) if one not in before] == [], text
        after = faults(audited(tmp_path, text))
        assert (key, code) not in [(other, one.code) for other, one in after], text


def test_a_rule_gives_something_to_write_or_says_who_must_act() -> None:
    for rule in (*RULES, *RULES_OF_THE_SET, *RULES_OF_SIGNATURES):
        says = inspect.cleandoc(rule.says).split("\n\n")
        if rule.mends is None:
            assert says[-1].startswith("Nothing to paste: "), rule.code
        else:
            assert not says[-1].startswith("Nothing to paste: "), rule.code
        if rule.code in BY_PEOPLE and rule.mends is not None:
            assert says[-1].startswith("To paste: "), rule.code
