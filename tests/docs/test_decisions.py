"""The index of decisions has them all."""

from __future__ import annotations

from pathlib import Path

DECISIONS = Path(__file__).parents[2] / "docs" / "decisions"


def test_every_decision_has_its_line_in_the_index() -> None:
    index = (DECISIONS / "README.md").read_text("utf-8")
    for page in sorted(DECISIONS.glob("[0-9]*.md")):
        number = page.name[:4]
        assert page.read_text("utf-8").startswith(f"# {number} ")
        assert f"| [{number}]({page.name}) | " in index
