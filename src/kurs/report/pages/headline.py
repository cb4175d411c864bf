"""The sentence that opens a page: how many KPIs are on course, and which one matters most now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.evaluate.reading import NOT_WELL, Status
from kurs.model.kpi import Level
from kurs.report.amounts import target_amount, target_kind
from kurs.report.labels import kpi_label
from kurs.report.pages.bullet import expected_on_the_way
from kurs.report.pages.card import figure
from kurs.report.pages.tone import GOOD
from kurs.report.reason import reason
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding
    from kurs.model.project import Project
    from kurs.words import Language

_WORST_FIRST = (Status.MISSED, Status.OFF_TRACK, Status.AT_RISK)
_LEVELS = (*Level, None)


def headline(readings: Sequence[Reading], project: Project, language: Language) -> str:
    """Say in two or three sentences what matters among the readings."""
    judged = [reading for reading in readings if reading.status in GOOD | NOT_WELL]
    if not judged:
        return language.say("No KPI can be judged yet.")
    good = sum(reading.status in GOOD for reading in judged)
    if good == len(judged):
        return language.say_plural(
            "The one KPI that can be judged is on course.",
            "All {n} KPIs that can be judged are on course.",
            good,
        )
    troubled = by_weight([reading for reading in judged if reading.status in NOT_WELL])
    said = [
        language.say("None of the KPIs is on course.")
        if not good
        else language.say_plural(
            "{n} of {total} KPIs is on course.", "{n} of {total} KPIs are on course.", good, total=len(judged)
        ),
        _trouble(troubled[0], project, language),
    ]
    if more := len(troubled) - 1:
        said.append(language.say_plural("{n} more needs attention.", "{n} more need attention.", more))
    return " ".join(said)


def behind(
    readings: Sequence[Reading], why: Mapping[str, Finding], project: Project, language: Language
) -> tuple[str, str]:
    """Return the KPI that the headline is about, and in one sentence why it moved; empty without either."""
    troubled = by_weight([reading for reading in readings if reading.status in NOT_WELL])
    found = why.get(troubled[0].kpi.key) if troubled else None
    return (troubled[0].kpi.key, reason(found, project, language)) if found is not None else ("", "")


def by_weight(readings: Sequence[Reading]) -> list[Reading]:
    """Sort what is in trouble: first what can still be mended, the worst status first, then by level."""
    return sorted(
        readings,
        key=lambda one: (
            one.period.last < one.as_of,
            _WORST_FIRST.index(one.status) if one.status in _WORST_FIRST else len(_WORST_FIRST),
            _LEVELS.index(one.kpi.level),
        ),
    )


# What is said of a KPI in trouble: {kpi} and {value}, held against what was {expected} or the {target}.
_AGAINST_EXPECTED = {
    Status.OFF_TRACK: N_("{kpi} is off track: {value}, where {expected} was expected by now."),
    Status.AT_RISK: N_("{kpi} is at risk: {value}, where {expected} was expected by now."),
}
_AGAINST_TARGET = {
    Status.MISSED: N_("{kpi} missed its target: {value}, not {target}."),
    Status.OFF_TRACK: N_("{kpi} is off track: {value} against a target of {target}."),
    Status.AT_RISK: N_("{kpi} is at risk: {value} against a target of {target}."),
}


def _trouble(reading: Reading, project: Project, language: Language) -> str:
    def amount(value: float | None) -> str:
        return figure(value, reading.unit, project.settings.currency, language)

    target, expected, status = reading.target, expected_on_the_way(reading), reading.status or Status.AT_RISK
    said = {"kpi": kpi_label(project, reading.kpi, language), "value": amount(reading.value)}
    if expected is not None and status in _AGAINST_EXPECTED:
        return language.say(_AGAINST_EXPECTED[status], expected=amount(expected), **said)
    goal = target_amount(target, target_kind(reading.kpi), amount) or amount(None)
    return language.say(_AGAINST_TARGET[status], target=goal, **said)
