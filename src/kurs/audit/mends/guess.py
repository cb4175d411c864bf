"""What a plan and the catalogue let one guess: a name in words, a person, a goal, the usual unit."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.model.kpi import Level
from kurs.model.strategy import Stage
from kurs.project.entry import Doubt, Entry
from kurs.project.read_catalogue import catalogue
from kurs.project.spelling import spelled
from kurs.words import Language, language
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.audit.rule import Entries
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.standard import StandardKpi

_ABBREVIATIONS = frozenset({"aov", "cac", "cpa", "cpc", "cpl", "cpm", "crm", "ctr", "ltv", "nps", "roas"})


def speaks(plan: Project) -> Language:
    """Return the language in which the plan's own texts are."""
    languages = plan.settings.languages
    return language(languages[0] if languages else "en")


def standard(plan: Project, *names: str) -> StandardKpi | None:
    """Return the standard KPI that has one of the names, in the plan's language."""
    found = next((one for name in names for one in catalogue() if one.name == name), None)
    return found.said(speaks(plan).say) if found is not None else None


def in_words(plan: Project, key: str) -> str:
    """Write a key as people would: ``orders_2026`` is ``Orders 2026``, ``cpc_of_ads`` ``CPC of ads``."""
    known = standard(plan, key)
    if known is not None:
        return known.label
    words = [word.upper() if word in _ABBREVIATIONS else word for word in key.split("_") if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def says_words(key: str) -> bool:
    """Say whether a key is made of words that the catalogue uses, so that it may stand as a name."""
    return all(word in _vocabulary() or word in _ABBREVIATIONS or word.isdigit() for word in key.split("_"))


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    texts = (text for one in catalogue() for text in (one.name, one.label, one.definition))
    return frozenset(word for text in texts for word in re.findall(r"[a-z]+", text.lower()))


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return a name that nothing has yet: the wanted one, or with a number behind it."""
    there = set(taken)
    numbered = (f"{wanted}_{number}" for number in range(2, len(there) + 3))
    return wanted if wanted not in there else next(name for name in numbered if name not in there)


def owner_for(plan: Project, kpi: Kpi) -> str | None:
    """Return who may answer for it: of its department, else who owns most of its goal, its level, of all."""
    in_department = [one.key for one in plan.people.values() if one.department == kpi.department]
    if kpi.department is not None and in_department:
        return in_department[0]
    others = [other for other in plan.kpis.values() if other.owner is not None and other.key != kpi.key]
    alike = (
        [other for other in others if kpi.goal is not None and other.goal == kpi.goal],
        [other for other in others if kpi.level is not None and other.level is kpi.level],
        others,
    )
    owners = next((Counter(other.owner for other in group) for group in alike if group), None)
    likeliest = owners.most_common(1)[0][0] if owners else None
    return likeliest or next(iter(plan.people), None)


def approver_for(plan: Project, kpi: Kpi) -> str | None:
    """Return who may approve it: who approves others, else the first person who does not own it."""
    approvers = Counter(other.approver for other in plan.kpis.values() if other.approver is not None)
    if approvers:
        return approvers.most_common(1)[0][0]
    return next((person for person in plan.people if person != kpi.owner), None)


def new_person(plan: Project) -> tuple[str, Entries]:
    """Return the key of somebody who is not in the plan yet, and the entry that takes them in."""
    free = free_name("head_of_marketing", plan.people)
    name = spelled(speaks(plan).say(N_("Head of marketing")))
    return free, (Entry(("people", free, "name"), name, Doubt.WHO),)


def somebody(plan: Project, likely: str | None) -> tuple[str, Entries]:
    """Return who is likely, else a new person with the entry that takes them in."""
    return (likely, ()) if likely is not None else new_person(plan)


def strategy_for(plan: Project) -> tuple[str, Entries]:
    """Return the strategy of most goals, else the first one, else a new one with its entry."""
    served = Counter(goal.strategy for goal in plan.goals.values() if goal.strategy in plan.strategy)
    if served and (likeliest := served.most_common(1)[0][0]) is not None:
        return likeliest, ()
    if plan.strategy:
        return next(iter(plan.strategy)), ()
    says = spelled(speaks(plan).say(N_("Grow profitably")))
    return "grow", (Entry(("strategy", "grow", "says"), says, Doubt.IN_WORDS),)


def stage_for(plan: Project, metrics: Iterable[str]) -> Stage:
    """Return the stage at which one of the metrics usually stands, else one of which there is no goal yet."""
    known = standard(plan, *metrics)
    if known is not None:
        return known.stage
    there = {goal.stage for goal in plan.goals.values()}
    return next((stage for stage in (Stage.ACTIVATE, *Stage) if stage not in there), Stage.ACTIVATE)


def goal_for(plan: Project, kpi: Kpi) -> tuple[str, Entries]:
    """Return the goal that it may serve: of KPIs alike, at its usual stage, the first, or a new one."""
    alike = [
        other.goal
        for other in plan.kpis.values()
        if other.goal in plan.goals and kpi.metric in (other.metric, other.leads)
    ]
    known = standard(plan, kpi.key, kpi.metric)
    at_stage = [key for key, goal in plan.goals.items() if known is not None and goal.stage is known.stage]
    found = next((goal for goal in (*alike, *at_stage, *plan.goals) if goal is not None), None)
    if found is not None:
        return found, ()
    strategy, entries = strategy_for(plan)
    name = free_name(f"more_{kpi.metric}", plan.goals)
    goal = ("goals", name)
    return name, (
        *entries,
        Entry((*goal, "says"), spelled(in_words(plan, name)), Doubt.IN_WORDS),
        Entry((*goal, "strategy"), strategy),
        Entry((*goal, "stage"), str(stage_for(plan, (kpi.key, kpi.metric))), Doubt.WHICH),
    )


def steered_by(plan: Project) -> str | None:
    """Return the metric that the company is steered by: of the first strategic KPI."""
    strategic = (kpi.metric for kpi in plan.kpis.values() if kpi.level is Level.STRATEGIC)
    return next(strategic, None)
