"""What to write so that all KPIs together can be steered by, and carried by people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from kurs.audit.mends.guess import (
    approver_for,
    free_name,
    in_words,
    new_person,
    owner_for,
    somebody,
    speaks,
    standard,
    steered_by,
)
from kurs.audit.mends.place import of_kpi
from kurs.model.kpi import Level, Nature
from kurs.model.metric import Unit
from kurs.project.entry import Doubt, Entry
from kurs.project.spelling import spelled
from kurs.words.phrases import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kurs.audit.rule import Entries, Evidence
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project


_LEAST_SHARE = 0.2  # of leading, and of lagging ones


def nature(plan: Project, evidence: Evidence) -> Entries:
    """Say of each KPI what is usual; a leading one says what it leads to.

    What the catalogue calls lagging is in no doubt, unless all of it together would make a set one-sided:
    then some of them may be meant otherwise, and which ones only people know.
    """
    steered, wanting = steered_by(plan), _kpis(plan, evidence)
    known = {kpi.key: standard(plan, kpi.key, kpi.metric) for kpi in wanting}
    usual = {key: one.nature for key, one in known.items() if one is not None}
    entries: list[Entry] = []
    lagging: list[Kpi] = []
    for kpi in wanting:
        leads = kpi.leads or (steered if usual.get(kpi.key) is Nature.LEADING else None)
        if leads is None or leads == kpi.metric:
            lagging.append(kpi)
            continue
        entries.append(of_kpi(kpi, "nature", str(Nature.LEADING), Doubt.IS_IT_SO))
        if kpi.leads is None:
            entries.append(of_kpi(kpi, "leads", leads, Doubt.IS_IT_SO))
    sure = {kpi.key for kpi in lagging if usual.get(kpi.key) is Nature.LAGGING}
    if _tips(plan, sure):
        sure.clear()
    doubts = ((kpi, None if kpi.key in sure else Doubt.IS_IT_SO) for kpi in lagging)
    return (*entries, *(of_kpi(kpi, "nature", str(Nature.LAGGING), doubt) for kpi, doubt in doubts))


def _tips(plan: Project, lagging: Collection[str]) -> bool:
    """Say whether a balanced set is none any more when these say that they are lagging."""
    now = {key: kpi.nature for key, kpi in plan.kpis.items()}
    then = {**now, **dict.fromkeys(lagging, Nature.LAGGING)}
    return is_balanced(now.values()) and not is_balanced(then.values())


def is_balanced(natures: Collection[Nature | None]) -> bool:
    """Say whether a fifth at least is leading, and lagging; those that do not say it yet may be either."""
    counts = Counter(natures)
    at_best = min(counts[Nature.LEADING], counts[Nature.LAGGING]) + counts[None]
    return at_best >= _LEAST_SHARE * len(natures)


def level(plan: Project, evidence: Evidence) -> Entries:
    """Say of each KPI what is usual, functional where a department is known; one at least is strategic."""
    entries: list[Entry] = []
    levels = {kpi.level for kpi in plan.kpis.values()}
    first = _likeliest_strategic(plan) if Level.STRATEGIC not in levels else None
    for kpi in _kpis(plan, evidence):
        known = standard(plan, kpi.key, kpi.metric)
        usual = known.level if known is not None else Level.OPERATIONAL
        if usual is Level.FUNCTIONAL and kpi.department is None:
            usual = Level.OPERATIONAL
        usual = Level.STRATEGIC if kpi == first else usual
        entries.append(of_kpi(kpi, "level", str(usual), Doubt.IS_IT_SO))
    return tuple(entries)


def strategic(plan: Project, _evidence: Evidence) -> Entries:
    """Make the one strategic that is most likely to be."""
    return (of_kpi(_likeliest_strategic(plan), "level", str(Level.STRATEGIC), Doubt.WHICH),)


def _likeliest_strategic(plan: Project) -> Kpi:
    return min(plan.kpis.values(), key=lambda kpi: _rank(plan, kpi))


def _rank(plan: Project, kpi: Kpi) -> tuple[bool, bool, bool, int]:
    """Rank what somebody approves first, then what is usually strategic, money, and what others lead to."""
    known = standard(plan, kpi.key, kpi.metric)
    leading = sum(other.leads == kpi.metric for other in plan.kpis.values())
    return (
        kpi.approver is None,
        known is None or known.level is not Level.STRATEGIC,
        plan.metrics[kpi.metric].unit is not Unit.CURRENCY,
        -leading,
    )


def fewer_strategic(plan: Project, evidence: Evidence) -> Entries:
    """Make operational what is not usually strategic, then the last ones, until few are left."""
    most, strategic = cast("int", evidence["most"]), _kpis(plan, evidence)
    ranked = sorted(strategic, key=lambda kpi: _rank(plan, kpi))
    return tuple(of_kpi(kpi, "level", str(Level.OPERATIONAL), Doubt.WHICH) for kpi in ranked[most:])


def operational(plan: Project, _evidence: Evidence) -> Entries:
    """Make the one operational that is least likely to be strategic; nothing where there is only one KPI."""
    ranked = sorted(plan.kpis.values(), key=lambda kpi: _rank(plan, kpi))
    least = ranked[-1]
    return (of_kpi(least, "level", str(Level.OPERATIONAL), Doubt.WHICH),) if len(ranked) > 1 else ()


def owners(plan: Project, evidence: Evidence) -> Entries:
    """Give the last of an owner's KPIs to people who have room; to a new person where nobody has."""
    most = cast("int", evidence["most"])
    counts = Counter(kpi.owner for kpi in plan.kpis.values() if kpi.owner is not None)
    entries: list[Entry] = []
    new: str | None = None
    for owner in cast("Sequence[str]", evidence["owners"]):
        owned = [kpi for kpi in plan.kpis.values() if kpi.owner == owner]
        for kpi in owned[most:]:
            other = next((person for person in plan.people if counts[person] < most), new)
            if other is None or counts[other] >= most:
                other, person = new_person(plan)
                if new is not None:
                    return ()  # more than one new person would be needed: that is for people to settle
                new = other
                entries += person
            counts[other] += 1
            entries.append(of_kpi(kpi, "owner", other, Doubt.WHO))
    return tuple(entries)


def actions(plan: Project, evidence: Evidence) -> Entries:
    """Name the action of KPIs with the same goal, or any; a new one where the plan has none."""
    wanting = _kpis(plan, evidence)
    used = [kpi for kpi in plan.kpis.values() if kpi.actions]
    entries: list[Entry] = []
    name = next((action for kpi in used for action in kpi.actions), None) or next(iter(plan.actions), None)
    if name is None:
        name, entries = _new_action(plan, wanting[0])
    for kpi in wanting:
        alike = next((one.actions[0] for one in used if kpi.goal is not None and one.goal == kpi.goal), name)
        entries.append(of_kpi(kpi, "actions", f"[{alike}]", Doubt.WHICH))
    return tuple(entries)


def _new_action(plan: Project, kpi: Kpi) -> tuple[str, list[Entry]]:
    """Write an action that starts after three days at risk."""
    name = free_name("review_shortfall", plan.actions)
    says = speaks(plan).say(N_("Look for the cause, and decide what to do"))
    path = ("actions", name)
    entries = [
        Entry((*path, "says"), spelled(says), Doubt.IN_WORDS),
        Entry((*path, "when"), "at_risk for 3 days"),
        Entry((*path, "due"), "5 days"),
    ]
    owner = kpi.owner or owner_for(plan, kpi)
    return name, [*entries, Entry((*path, "owner"), owner, Doubt.WHO)] if owner is not None else entries


def action_owners(plan: Project, evidence: Evidence) -> Entries:
    """Name who owns a KPI that the action is for; a new person where the plan has none."""
    entries: list[Entry] = []
    for action in cast("Sequence[str]", evidence["actions"]):
        using = [kpi for kpi in plan.kpis.values() if action in kpi.actions]
        owner = next((kpi.owner for kpi in using if kpi.owner is not None), None)
        who, person = somebody(plan, owner or next(iter(plan.people), None))
        entries += [*person, Entry(("actions", action, "owner"), who, Doubt.WHO)]
    return tuple(dict.fromkeys(entries))


def action_days(_plan: Project, evidence: Evidence) -> Entries:
    """Give each action a week of work."""
    actions = cast("Sequence[str]", evidence["actions"])
    return tuple(Entry(("actions", action, "due"), "5 days", Doubt.HOW_MUCH) for action in actions)


def approvers(plan: Project, evidence: Evidence) -> Entries:
    """Name who approves others, else somebody who does not own it; a new person where there is none."""
    entries: list[Entry] = []
    for kpi in _kpis(plan, evidence):
        who, person = somebody(plan, approver_for(plan, kpi))
        entries += [*person, of_kpi(kpi, "approver", who, Doubt.WHO)]
    return tuple(dict.fromkeys(entries))


def stages(plan: Project, evidence: Evidence) -> Entries:
    """Draft a goal and a KPI at each stage, where the plan has a standard metric of it without a KPI."""
    entries: list[Entry] = []
    for stage in cast("Sequence[str]", evidence["stages"]):
        found = _unused_metric(plan, stage)
        if found is None:
            return ()
        there = next((key for key, one in plan.goals.items() if one.stage == stage), None)
        goal = there or free_name(f"{stage}_{found}", plan.goals)
        if there is None:
            entries.append(Entry(("goals", goal, "says"), spelled(in_words(plan, found)), Doubt.IN_WORDS))
            entries.append(Entry(("goals", goal, "stage"), stage))
        entries += _new_kpi(found, goal)
    return tuple(entries)


def kpis_of_goals(plan: Project, evidence: Evidence) -> Entries:
    """Give each goal a KPI that has none, else a draft over a standard metric of its stage."""
    idle = [kpi for kpi in plan.kpis.values() if kpi.goal is None]
    used: set[str] = set()
    entries: list[Entry] = []
    for goal in cast("Sequence[str]", evidence["goals"]):
        if idle:
            entries.append(of_kpi(idle.pop(0), "goal", goal, Doubt.IS_IT_SO))
            continue
        stage = plan.goals[goal].stage
        found = _unused_metric(plan, str(stage), used) if stage is not None else None
        if found is None:
            return ()
        used.add(found)
        entries += _new_kpi(found, goal)
    return tuple(entries)


def goals_of_strategies(plan: Project, evidence: Evidence) -> Entries:
    """Give each strategy a goal that serves none, else a new one in the words of the strategy."""
    idle = [key for key, goal in plan.goals.items() if goal.strategy is None]
    entries: list[Entry] = []
    for strategy in cast("Sequence[str]", evidence["strategies"]):
        if idle:
            entries.append(Entry(("goals", idle.pop(0), "strategy"), strategy, Doubt.IS_IT_SO))
            continue
        says = plan.strategy[strategy].says.in_language(speaks(plan).tag)
        path = ("goals", free_name(strategy, plan.goals))
        entries.append(Entry((*path, "says"), spelled(says), Doubt.IN_WORDS))
        entries.append(Entry((*path, "strategy"), strategy))
    return tuple(entries)


def _unused_metric(plan: Project, stage: str, used: Iterable[str] = ()) -> str | None:
    """Return a metric that no KPI measures yet, and that usually stands at a stage."""
    measured = {*used, *plan.kpis, *(kpi.metric for kpi in plan.kpis.values())}
    free = (key for key in plan.metrics if key not in measured)
    return next((key for key in free if (known := standard(plan, key)) and known.stage == stage), None)


def _new_kpi(metric: str, goal: str) -> Entries:
    """Draft a KPI of each month."""
    path = ("kpis", metric)
    return (
        Entry((*path, "metric"), metric),
        Entry((*path, "goal"), goal),
        Entry((*path, "period"), "{every: month}", Doubt.IS_IT_SO),
    )


def _kpis(plan: Project, evidence: Evidence) -> list[Kpi]:
    return [plan.kpis[key] for key in cast("Sequence[str]", evidence["kpis"])]
