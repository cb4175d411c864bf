"""The page of the audit's rules is what their docstrings say: ``KURS_WRITE_DOCS=1 pytest tests/docs``."""

from __future__ import annotations

import inspect
import os
from pathlib import Path

from kurs.audit.audit import RULES, RULES_OF_SIGNATURES, RULES_OF_THE_SET
from kurs.audit.rule import Letter

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


def rules() -> str:
    """Write the rules, by letter."""
    parts: list[str] = []
    for letter in Letter:
        parts.append(f"## {TITLES[letter]}\n")
        for rule in (*RULES, *RULES_OF_THE_SET, *RULES_OF_SIGNATURES):
            if rule.letter is letter:
                says, why, example = inspect.cleandoc(rule.says).split("\n\n")
                assert why.startswith("Why: "), rule.code
                assert example.startswith("Example: "), rule.code
                parts.append(f"### {says}\n\n`{rule.code}` · {rule.mark}\n\n{why}\n\n{example}\n")
    return "\n".join(parts)


def test_the_page_says_what_the_rules_say() -> None:
    text = PAGE.read_text("utf-8")
    head, found, _ = text.partition(START)
    assert found
    written = f"{head}{START}\n{rules()}"
    if os.environ.get("KURS_WRITE_DOCS"):
        PAGE.write_text(written, "utf-8")
    assert text == written
