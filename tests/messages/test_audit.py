"""Weak plans and what the audit says of each: one text file a case, which anybody can add.

A case lies in ``tests/messages/audit/RULE.txt``, or ``RULE-more.txt`` for a further one: a first line about
it; then what is otherwise than in ``strong.yaml``, in pairs of ``=== was`` and ``=== is``, or the files of a
plan of its own; and what is said under ``=== problems``. Behind a file's name may stand ``(loaded
2026-03-01)``: it comes on that day, and all is loaded. ``KURS_REWRITE=1 pytest tests/messages`` writes
the answers; then read them aloud.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from kurs.audit.audit import NOT_LOOKED, RULES, RULES_OF_SIGNATURES, RULES_OF_THE_SET
from kurs.audit.rule import LETTERS, Mark
from kurs.workflows.check import check
from messages import cases, weak

if TYPE_CHECKING:
    from pathlib import Path

CASES = sorted(weak.FOLDER.glob("*.txt"))


def test_in_a_strong_plan_nothing_is_found(strong: Path) -> None:
    checked = check(strong)
    assert checked.problems == ()
    assert weak.found(checked) == []
    assert checked.audit is not None
    assert {one.mark(letter) for one in checked.audit.kpis for letter in LETTERS} == {Mark.PASS}
    assert [one.score for one in checked.audit.kpis] == [1.0] * 4


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_found(path: Path, strong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = weak.load(path)
    checked = weak.checked(case, strong, tmp_path, monkeypatch)
    said = weak.rendered(checked)
    if os.environ.get("KURS_REWRITE"):
        cases.rewrite(cases.load(path), said)
    else:
        assert said == case.expected
    assert case.code in {finding.code for _, finding in weak.found(checked)}


def test_every_rule_has_a_weak_plan() -> None:
    rules = {rule.code for rule in (*RULES, *RULES_OF_THE_SET, *RULES_OF_SIGNATURES)}
    assert sorted({*rules, NOT_LOOKED} - {path.stem.partition("-")[0] for path in CASES}) == []
    assert len(CASES) >= 40
