"""The audit as plain dicts and lists, by the keys of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kurs.audit.rule import LETTERS
from kurs.report.as_json import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.audit.audit import Audit, KpiAudit
    from kurs.audit.rule import Finding
    from kurs.words import Language


def audited(audit: Audit | None, language: Language) -> Plain:
    """Return each KPI's marks and findings, and the findings of the set; without an audit there are none."""
    if audit is None:
        return {"audit": [], "set": []}
    return {
        "audit": [_kpi(one, language) for one in audit.kpis],
        "set": [{"mark": str(found.mark), **finding(found, language)} for found in audit.of_set],
    }


def finding(found: Finding, language: Language) -> Plain:
    """Return what a rule found, in words and in values."""
    message, hint = language.problem(found.code, shares_in_words(found.evidence, language))
    return {
        "letter": str(found.letter),
        "code": found.code,
        "message": message,
        "hint": hint or None,
        "evidence": {name: _value(value) for name, value in found.evidence.items()},
    }


def shares_in_words(evidence: Mapping[str, object], language: Language) -> dict[str, object]:
    """Write the evidence that is a share as people read it: +3 %, 6 %."""
    as_change, as_share = language.change, language.percent
    shares = {"asked": as_change, "best": as_change, "noise": as_share, "least": as_share}
    return {
        name: shares[name](value) if name in shares and isinstance(value, float) else value
        for name, value in evidence.items()
    }


def _kpi(one: KpiAudit, language: Language) -> Plain:
    return {
        "kpi": one.kpi.key,
        "score": one.score,
        **{str(letter): str(one.mark(letter)) for letter in LETTERS},
        "findings": [finding(found, language) for found in one.findings],
    }


def _value(value: object) -> object:
    """Turn a value, or a list of them, into what JSON has."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("Sequence[object]", value)]
    return plain(value)
