"""A rule of the audit: one small thing that a good KPI, or a good set of them, has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar, overload

if TYPE_CHECKING:
    from kurs.project.entry import Entry

Of = TypeVar("Of")
Evidence: TypeAlias = Mapping[str, object]
Judge: TypeAlias = Callable[[Of], "Evidence | None"]
# What to write into the plan so that the fault is gone; nothing where only data or people can mend it.
Entries: TypeAlias = "tuple[Entry, ...]"
Mend: TypeAlias = Callable[[Of, "Evidence"], Entries]


class Letter(StrEnum):
    """The five letters of SMART, and the set that all KPIs make together."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    RELEVANT = "relevant"
    TIME_BOUND = "time_bound"
    SET = "set"


class Mark(StrEnum):
    """How a letter came out, from bad to good; the worst finding decides.

    UNKNOWN is worse than WARN: what nobody could look at has not passed.
    """

    FAIL = "fail"
    UNKNOWN = "unknown"
    WARN = "warn"
    PASS = "pass"


LETTERS = tuple(letter for letter in Letter if letter is not Letter.SET)
WORTH = {Mark.PASS: 1.0, Mark.WARN: 0.5, Mark.UNKNOWN: 0.0, Mark.FAIL: 0.0}


@dataclass(frozen=True, slots=True)
class Rule(Generic[Of]):
    """One rule; ``judge`` returns the evidence of a fault, or None where all is well.

    ``code`` names the fault: its words are a problem's. ``says`` is the docstring, which is its docs page:
    what is asked for, why, and an example of what to write. ``mends`` gives what to write into this plan;
    where it is None, or gives nothing under some conditions, a last paragraph says what to do instead.
    """

    code: str
    letter: Letter
    mark: Mark
    judge: Judge[Of]
    mends: Mend[Of] | None
    says: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found; ``evidence`` are the values of its sentence, ``entries`` what to write then."""

    letter: Letter
    code: str
    mark: Mark
    evidence: Evidence
    entries: Entries = ()


@overload
def rule(letter: Letter, mark: Mark, *, mends: None) -> Callable[[Judge[Of]], Rule[Of]]: ...
@overload
def rule(letter: Letter, mark: Mark, *, mends: Mend[Of]) -> Callable[[Judge[Of]], Rule[Of]]: ...
def rule(letter: Letter, mark: Mark, *, mends: Mend[Of] | None) -> Callable[[Judge[Of]], Rule[Of]]:
    """Make a rule of a function; its name is the code of what it finds.

    ``mends`` gives what to write then; None: only data, or what people do, can mend it.
    """

    def made(judge: Judge[Of]) -> Rule[Of]:
        return Rule(judge.__name__, letter, mark, judge, mends, judge.__doc__ or "")

    return made


def found(rules: tuple[Rule[Of], ...], of: Of) -> tuple[Finding, ...]:
    """Return what the rules find, in their order."""
    judged = ((one, one.judge(of)) for one in rules)
    return tuple(
        Finding(one.letter, one.code, one.mark, evidence, one.mends(of, evidence) if one.mends else ())
        for one, evidence in judged
        if evidence is not None
    )
