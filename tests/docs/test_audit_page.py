"""The page of the audit's rules: their docstrings, and what each gives to write into a weak plan.

``KURS_WRITE_DOCS=1 pytest tests/docs`` writes it.
"""

from __future__ import annotations

import inspect
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from audit.plans import GOOD, audited, faults
from audit.test_rules import CASES
from audit.world import PLAN, WEAK, found, loaded
from kurs.audit.audit import RULES, RULES_OF_SIGNATURES, RULES_OF_THE_SET
from kurs.audit.rule import Letter
from kurs.project import read
from kurs.report.snippets import snippet
from kurs.words import language

if TYPE_CHECKING:
    from kurs.audit.rule import Finding

PAGE = Path(__file__).resolve().parents[2] / "docs" / "audit.md"
START = "<!-- The rules below are written from their docstrings: see tests/docs/test_audit_page.py -->\n"
TITLES = {
    Letter.SPECIFIC: "Specific",
    Letter.MEASURABLE: "Measurable",
    Letter.ACHIEVABLE: "Achievable",
    Letter.RELEVANT: "Relevant",
    Letter.TIME_BOUND: "Time-bound",
    Letter.SET: "The set",
}


def snippets(folder: Path) -> dict[str, str]:
    """Return by its code what a rule gives to write, of the first weak plan that has it."""
    told: dict[str, str] = {}

    def tell(fault: Finding) -> None:
        text = snippet(fault.entries, read(folder).marks, language("en"))
        if text is not None:
            told.setdefault(fault.code, re.sub(r"  # kurs\.yaml:\d+", "", text))

    for old, new, code, _ in CASES:
        plan = GOOD.replace(old, new, -1 if code in ("one_sided", "no_action_plan") else 1)
        for _, fault in faults(audited(folder, plan)):
            if fault.code == code:
                tell(fault)
    loaded(folder)
    for code, kpi in WEAK:
        tell(found(folder, PLAN + kpi)[code])
    return told


def rules(told: dict[str, str]) -> str:
    """Write the rules, by letter."""
    parts: list[str] = []
    for letter in Letter:
        parts.append(f"## {TITLES[letter]}\n")
        for rule in (*RULES, *RULES_OF_THE_SET, *RULES_OF_SIGNATURES):
            if rule.letter is letter:
                says, why, example, *paste = inspect.cleandoc(rule.says).split("\n\n")
                assert why.startswith("Why: "), rule.code
                assert example.startswith("Example: "), rule.code
                assert all(re.match("(To|Nothing to) paste: ", one) for one in paste), rule.code
                written = [f"```yaml\n{told[rule.code]}```"] if rule.code in told else []
                paragraphs = (f"### {says}", f"`{rule.code}` · {rule.mark}", why, example, *paste, *written)
                parts.append("\n\n".join(paragraphs) + "\n")
    return "\n".join(parts)


def test_the_page_says_what_the_rules_say(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    head, there, _ = text.partition(START)
    assert there
    written = f"{head}{START}\n{rules(snippets(tmp_path))}"
    if os.environ.get("KURS_WRITE_DOCS"):
        PAGE.write_text(written, "utf-8")
    assert text == written
