"""The audit as plain dicts and lists, by the keys of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kurs.audit.rule import LETTERS
from kurs.report.as_json import Plain, plain
from kurs.report.audit_words import found_words
from kurs.report.snippets import pastes, snippet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.audit import Audit, KpiAudit
    from kurs.audit.rule import Finding
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.project import Marks
    from kurs.report.snippets import Paste
    from kurs.words import Language


def audited(audit: Audit | None, project: Project | None, marks: Marks, language: Language) -> Plain:
    """Return each KPI's marks and findings, and the findings of the set; without an audit there are none."""
    if audit is None or project is None:
        return {"audit": [], "set": []}
    return {
        "audit": [_kpi(one, project, marks, language) for one in audit.kpis],
        "set": [
            {"mark": str(found.mark), **finding(found, project, marks, language)} for found in audit.of_set
        ],
    }


def finding(
    found: Finding, project: Project, marks: Marks, language: Language, kpi: Kpi | None = None
) -> Plain:
    """Return what a rule found, in words and in values, and what to write into the plan then."""
    message, hint = found_words(found, project, language, kpi)
    return {
        "letter": str(found.letter),
        "code": found.code,
        "message": message,
        "hint": hint or None,
        "evidence": {name: _value(value) for name, value in found.evidence.items()},
        "snippet": snippet(found.entries, marks, language),
        "paste": [_paste(one) for one in pastes(found.entries, marks, language)],
    }


def _kpi(one: KpiAudit, project: Project, marks: Marks, language: Language) -> Plain:
    return {
        "kpi": one.kpi.key,
        "score": one.score,
        **{str(letter): str(one.mark(letter)) for letter in LETTERS},
        "findings": [finding(found, project, marks, language, one.kpi) for found in one.findings],
    }


def _paste(one: Paste) -> Plain:
    return {
        "file": one.file,
        "line": one.line,
        "below": list(one.below),
        "yaml": "\n".join(one.lines),
        "replaces": one.replaces,
    }


def _value(value: object) -> object:
    """Turn a value, or a list of them, into what JSON has."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("Sequence[object]", value)]
    return plain(value)
