"""What a finding gives to write is pasted into its plan: it is gone, and the plan is as sound as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from audit.plans import GOOD, audited, faults
from audit.test_rules import CASES
from kurs.project import read
from kurs.project.insert import insert

if TYPE_CHECKING:
    from pathlib import Path

    from kurs.audit.rule import Finding

# Findings of the cases that nothing in the plan can mend, by their rules' docstrings.
BY_PEOPLE = {"duplicate", "goal_without_kpi", "machine_opens", "one_sided", "stage_without_kpi"}


def problems(folder: Path) -> list[tuple[str, object]]:
    return [(one.code, one.kpi) for one in read(folder).problems]


def pasted(folder: Path, found: Finding) -> None:
    """Write what a finding gives into the files of the plan."""
    written = insert(read(folder).marks, found.entries, str)
    assert written.left == ()
    for name, text in written.texts.items():
        (folder / name).write_text(text, "utf-8")


@pytest.mark.parametrize(("old", "new", "code", "of"), CASES, ids=[f"{case[2]}-{case[3]}" for case in CASES])
def test_what_is_pasted_mends_the_finding(tmp_path: Path, old: str, new: str, code: str, of: str) -> None:
    every = code in ("one_sided", "no_action_plan")
    plan = GOOD.replace(old, new, -1 if every else 1)
    found = [(key, fault) for key, fault in faults(audited(tmp_path, plan)) if fault.code == code]
    before = problems(tmp_path)
    assert bool(of) == bool(found)
    for key, fault in found:
        assert bool(fault.entries) == (code not in BY_PEOPLE), code
        if not fault.entries:
            continue
        audited(tmp_path, plan)  # as it was
        pasted(tmp_path, fault)
        text = (tmp_path / "kurs.yaml").read_text("utf-8")
        assert [one for one in problems(tmp_path) if one not in before] == [], text
        after = faults(audited(tmp_path, text))
        assert (key, code) not in [(other, one.code) for other, one in after], text
