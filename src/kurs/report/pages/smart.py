"""The five letters of SMART for one KPI: how each came out, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.audit.rule import LETTERS, Mark
from kurs.report.audit_words import found_words
from kurs.report.snippets import snippet

if TYPE_CHECKING:
    from kurs.audit.audit import KpiAudit
    from kurs.audit.rule import Letter
    from kurs.model.project import Project
    from kurs.project import Marks
    from kurs.words import Language

# How a mark of the audit looks: as the status of a KPI that is as good or as bad.
AS_STATUS = {Mark.PASS: "met", Mark.WARN: "at_risk", Mark.UNKNOWN: "no_data", Mark.FAIL: "missed"}


@dataclass(frozen=True, slots=True)
class Remark:
    """What was found, how to mend it, and what to write then as YAML; ``status`` is its look."""

    code: str
    status: str
    says: str
    hint: str
    snippet: str


@dataclass(frozen=True, slots=True)
class LetterMark:
    """One letter: its name, its mark as a word and as the look of a status, the worst finding first."""

    letter: str
    name: str
    status: str
    word: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Smart:
    """How good a KPI is: its five letters, and the score in per cent."""

    letters: tuple[LetterMark, ...]
    score: str


def smart(one: KpiAudit, project: Project, marks: Marks, language: Language) -> Smart:
    """Word the audit of one KPI; ``marks`` say where its plan stands."""
    letters = tuple(_letter(one, letter, project, marks, language) for letter in LETTERS)
    return Smart(letters, language.percent(one.score, 0))


def _letter(one: KpiAudit, letter: Letter, project: Project, marks: Marks, language: Language) -> LetterMark:
    found = [finding for finding in one.findings if finding.letter is letter]
    found.sort(key=lambda finding: list(Mark).index(finding.mark))
    remarks = (
        Remark(
            finding.code,
            AS_STATUS[finding.mark],
            *found_words(finding, project, language, one.kpi),
            snippet(finding.entries, marks, language) or "",
        )
        for finding in found
    )
    mark = one.mark(letter)
    word = language.term(f"audit.{mark}")
    return LetterMark(str(letter), language.term(f"audit.{letter}"), AS_STATUS[mark], word, tuple(remarks))
