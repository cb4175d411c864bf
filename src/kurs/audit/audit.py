"""The audit of a plan: each KPI by the five letters, and all of them as a set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.audit.achievable import ACHIEVABLE
from kurs.audit.balance import BALANCE, SIGNATURES
from kurs.audit.measurable import MEASURABLE
from kurs.audit.relevant import RELEVANT
from kurs.audit.rule import LETTERS, WORTH, Finding, Letter, Mark, Rule, found
from kurs.audit.specific import SPECIFIC
from kurs.audit.time_bound import TIME_BOUND

if TYPE_CHECKING:
    from kurs.audit.subject import Subject
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project

RULES: tuple[Rule[Subject], ...] = (*SPECIFIC, *MEASURABLE, *ACHIEVABLE, *RELEVANT, *TIME_BOUND)
RULES_OF_THE_SET: tuple[Rule[Project], ...] = BALANCE
RULES_OF_SIGNATURES: tuple[Rule[tuple[Kpi, ...]], ...] = SIGNATURES
NOT_LOOKED = "not_held_against_data"


@dataclass(frozen=True, slots=True)
class KpiAudit:
    """How one KPI came out."""

    kpi: Kpi
    findings: tuple[Finding, ...]

    def mark(self, letter: Letter) -> Mark:
        """Return how a letter came out: as its worst finding."""
        marks = [finding.mark for finding in self.findings if finding.letter is letter]
        return min(marks, key=list(Mark).index, default=Mark.PASS)

    @property
    def score(self) -> float:
        """The mean of the five letters: 1 passed, a half with a warning, 0 failed or not known."""
        return sum(WORTH[self.mark(letter)] for letter in LETTERS) / len(LETTERS)


@dataclass(frozen=True, slots=True)
class Audit:
    """How a plan came out: each of its KPIs, and the set."""

    kpis: tuple[KpiAudit, ...] = ()
    of_set: tuple[Finding, ...] = ()

    @property
    def failed(self) -> bool:
        """Say whether a letter of some KPI failed."""
        return any(finding.mark is Mark.FAIL for one in self.kpis for finding in one.findings)


def audit_kpi(subject: Subject) -> KpiAudit:
    """Hold one KPI against all rules."""
    if subject.measured is not None:
        return KpiAudit(subject.kpi, found(RULES, subject))
    unseen = (Letter.MEASURABLE, Letter.ACHIEVABLE)
    return KpiAudit(subject.kpi, (*found(RULES, subject), *map(_unknown, unseen)))


def audit_set(plan: Project, unsigned: tuple[Kpi, ...] = ()) -> tuple[Finding, ...]:
    """Hold the KPIs of a plan, as a set, against its rules; a plan without any has nothing to say.

    ``unsigned`` are those whose approver has not signed what they are now.
    """
    return (*found(RULES_OF_THE_SET, plan), *found(RULES_OF_SIGNATURES, unsigned)) if plan.kpis else ()


def _unknown(letter: Letter) -> Finding:
    return Finding(letter, NOT_LOOKED, Mark.UNKNOWN, {})
