"""What the audit found, in words: names that people know for keys, amounts in the unit of the KPI."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kurs.report.labels import action_says, kpi_label, owner_name, segment_label, shown, text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kurs.audit.rule import Finding
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.words import Language

    Named = Callable[[str], str]

_CHANGES = ("asked", "best")
_SHARES = ("noise", "least")
_AMOUNTS = ("wanted", "before")
_DAYS = ("every", "review")  # from one to the next


def found_words(
    found: Finding, project: Project, language: Language, kpi: Kpi | None = None
) -> tuple[str, str]:
    """Return what a rule found, of a KPI or of the set, and how to mend it."""
    return language.problem(found.code, named_evidence(found, project, language, kpi))


def named_evidence(
    found: Finding, project: Project, language: Language, kpi: Kpi | None = None
) -> dict[str, object]:
    """Write evidence as people read it: names for keys, +3 % for 0.03, 3.5 % of a share for 0.035."""
    names = _names(project, language)

    def written(kind: str, value: object) -> object:
        if isinstance(value, list):
            name = names.get(kind, shown)
            said = [name(str(key)) for key in cast("list[object]", value)]
            return language.clauses(said) if kind == "ways" else said
        if isinstance(value, int | float) and kind in _AMOUNTS and kpi is not None:
            metric = project.metrics[kpi.metric]
            return language.quantity(value, metric.unit, project.settings.currency)
        if isinstance(value, float) and kind in (*_CHANGES, *_SHARES):
            return language.change(value) if kind in _CHANGES else language.percent(value)
        if isinstance(value, int | float) and kind in _DAYS:
            return language.quantity(value, "days")
        if isinstance(value, str) and kind in names:
            return names[kind](value)
        return value

    return {kind: written(kind, value) for kind, value in found.evidence.items()}


def _names(project: Project, language: Language) -> Mapping[str, Named]:
    """Return by the name of some evidence how its keys are called."""

    def kpi(key: str) -> str:
        return kpi_label(project, project.kpis[key], language) if key in project.kpis else shown(key)

    def goal(key: str) -> str:
        return text(project.goals[key].says, language)

    def strategy(key: str) -> str:
        return text(project.strategy[key].says, language)

    def owner(key: str) -> str:
        return owner_name(project, key, language)

    return {
        "kpis": kpi,
        "others": kpi,
        "strategic": kpi,
        "actions": lambda key: action_says(project, key, language),
        "dialects": lambda key: language.term(f"dialect.{key}"),
        "ways": lambda sentence: language.say(sentence).removesuffix("."),
        "stages": lambda key: language.term(f"stage.{key}"),
        "segments": lambda key: segment_label(project, key, language),
        "goals": goal,
        "strategies": strategy,
        "owners": owner,
        "owner": owner,
    }
