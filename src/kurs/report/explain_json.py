"""A finding as ``kurs explain --format json`` gives it, by the keys of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.numbers import quotient
from kurs.explain.finding import EffectKind
from kurs.report.as_json import plain
from kurs.report.as_json import sentence as said_problem
from kurs.report.explain_sentence import label_of, sentence

if TYPE_CHECKING:
    from kurs.explain.finding import Branch, Finding, Part, Search, Side, Significance
    from kurs.model.days import Days
    from kurs.model.project import Project
    from kurs.words import Language

Plain = dict[str, object]


def finding(found: Finding, project: Project, language: Language) -> Plain:
    """Write the parts and all that stands beside them; numbers are never rounded."""
    then, now = found.numerator or (None, None), found.denominator or (None, None)
    return {
        "metric": found.metric.key,
        "kpi": found.kpi.key if found.kpi is not None else None,
        "label": label_of(found, project, language),
        "unit": str(found.metric.unit),
        "period": _ends(found.days),
        "against": _ends(found.against),
        "value": found.value,
        "against_value": found.against_value,
        "change": found.change,
        "numerator": then[1],
        "denominator": now[1],
        "against_numerator": then[0],
        "against_denominator": now[0],
        "method": str(found.method) if found.method is not None else None,
        "parts": [_part(part, found.change) for part in found.parts],
        "residual": found.residual,
        "sides": [_side(side) for side in found.sides],
        "tree": _branch(found.tree, found.change) if found.tree is not None else None,
        "linked": [
            {
                "metric": link.metric,
                "leads": link.leads,
                "value": link.value,
                "against_value": link.against_value,
            }
            for link in found.linked
        ],
        "significance": _significance(found.significance),
        "family": found.family,
        **(_search(found.search, found.change) if found.search is not None else {}),
        "caveats": [said_problem(caveat, language) for caveat in found.caveats],
        "sentence": sentence(found, project, language),
    }


def _part(part: Part, change: float) -> Plain:
    return {
        "driver": part.driver,
        "dimension": ", ".join(part.dimensions) or None,
        "member": _member(part),
        "where": {name: plain(member) for name, member in zip(part.dimensions, part.members, strict=False)},
        "members": part.merged,
        "effect_kind": str(part.kind),
        "effect": part.effect,
        "share": quotient(part.effect, change),
        "value": part.value,
        "against_value": part.against_value,
        "numerator": part.numerator,
        "denominator": part.denominator,
        "against_numerator": part.against_numerator,
        "against_denominator": part.against_denominator,
        "excess": part.excess,
        "p_value": part.p_value,
        "q_value": part.q_value,
    }


def _member(part: Part) -> object:
    """Name the cell: its member, or the members of a crossing in a row; None for the tail and for null."""
    if len(part.members) < 2:
        return plain(part.members[0]) if part.members else None
    return ", ".join("null" if member is None else str(plain(member)) for member in part.members)


def _side(side: Side) -> Plain:
    totals = {str(kind): side.total(kind) for kind in EffectKind if any(p.kind is kind for p in side.parts)}
    return {
        "dimension": ", ".join(side.dimensions),
        "method": str(side.method),
        "effects": totals,
        "residual": side.residual,
        "unevenness": side.unevenness,
    }


def _significance(tested: Significance | None) -> Plain | None:
    if tested is None:
        return None
    return {
        "p_value": tested.p_value,
        "low95": tested.low95,
        "high95": tested.high95,
        "method": tested.method,
        "key": tested.key,
        "users": tested.users,
    }


def _search(search: Search, change: float) -> Plain:
    causes = [
        {
            "where": {
                name: plain(member) for name, member in zip(cause.dimensions, cause.members, strict=True)
            },
            "score": cause.score,
            "effect": cause.effect,
            "share": quotient(cause.effect, change),
            "value": cause.value,
            "against_value": cause.against_value,
        }
        for cause in search.causes
    ]
    return {"localised": search.is_localised, "causes": causes, "rest": search.rest}


def _branch(branch: Branch, change: float) -> Plain:
    return {
        "driver": branch.driver,
        "effect": branch.effect,
        "share": quotient(branch.effect, change),
        "value": branch.value,
        "against_value": branch.against_value,
        "branches": [_branch(below, change) for below in branch.branches],
    }


def _ends(days: Days) -> Plain:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}
