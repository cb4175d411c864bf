"""In one sentence, why a KPI moved: the change, and the split that tells the most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.explain.finding import EffectKind, Method
from kurs.report.explain_sentence import (
    change_of,
    comings_and_goings,
    dimension_name,
    effect_of,
    foremost,
    part_name,
)

if TYPE_CHECKING:
    from kurs.explain.finding import Finding, Part
    from kurs.model.project import Project
    from kurs.words import Language

_NOISE = 1e-9
_WORTH_SAYING = 0.1  # of the change
_WITHIN = (EffectKind.RATE, EffectKind.MIX)


def reason(finding: Finding, project: Project, language: Language) -> str:
    """Say it in one sentence; the numbers are those of ``kurs explain``.

    Members that came or went are no rate and no mix: what they made is told behind.
    """
    values: dict[str, object] = {
        "days": language.days_range(finding.against.first, finding.against.last),
        "change": change_of(finding, project, language),
    }
    if abs(finding.change) <= _NOISE * max(abs(finding.value), abs(finding.against_value)):
        return language.say("No change against {days}.", **values)
    if not finding.parts:
        return language.say("{change} against {days}.", **values)
    values["dimension"] = dimension_name(finding.parts[0].dimensions, project, language)
    if finding.method is Method.RATE_MIX:
        scale = max(abs(finding.change), *(abs(_total(finding, kind)) for kind in _WITHIN))
        others = comings_and_goings(finding, scale, project, language)
        return " ".join((_rate_and_mix(finding, project, language, values), *others))
    return _members(finding, project, language, values)


def _rate_and_mix(finding: Finding, project: Project, said: Language, values: dict[str, object]) -> str:
    rate, mix = (_total(finding, kind) for kind in _WITHIN)
    values = {
        **values,
        "rate": effect_of(finding, rate, project, said),
        "mix": effect_of(finding, mix, project, said),
    }
    leads, total = (EffectKind.MIX, mix) if abs(mix) > abs(rate) else (EffectKind.RATE, rate)
    part = foremost(finding, leads, total)
    if part is None:
        return said.say(
            "{change} against {days}: by {dimension}, the mix made {mix}, the rates {rate}.", **values
        )
    values |= _named(part, finding, project, said)
    if leads is EffectKind.MIX:
        return said.say(
            "{change} against {days}: by {dimension}, the mix made {mix}, above all {member} ({effect}); "
            "the rates within made {rate}.",
            **values,
        )
    return said.say(
        "{change} against {days}: by {dimension}, the rates made {rate}, above all {member} ({effect}); "
        "the mix made {mix}.",
        **values,
    )


def _members(finding: Finding, project: Project, said: Language, values: dict[str, object]) -> str:
    first, other = (foremost(finding, None, direction) for direction in (finding.change, -finding.change))
    if first is None:
        return said.say("{change} against {days}.", **values)
    values = {**values, **_named(first, finding, project, said)}
    if other is None or abs(other.effect) < _WORTH_SAYING * abs(finding.change):
        return said.say("{change} against {days}: by {dimension}, above all {member} ({effect}).", **values)
    return said.say(
        "{change} against {days}: by {dimension}, above all {member} ({effect}); {other} moved the other way "
        "({other_effect}).",
        **values,
        other=part_name(other, project, said),
        other_effect=effect_of(finding, other.effect, project, said),
    )


def _named(part: Part, finding: Finding, project: Project, said: Language) -> dict[str, object]:
    return {
        "member": part_name(part, project, said),
        "effect": effect_of(finding, part.effect, project, said),
    }


def _total(finding: Finding, kind: EffectKind) -> float:
    return sum(part.effect for part in finding.parts if part.kind is kind)
