"""The map of the plan, as plain values and as a tree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.audit.plan_map import Lack
from kurs.ledger.standing import Signed
from kurs.ledger.standing import Stage as ActionStage
from kurs.model.strategy import Stage
from kurs.report.labels import action_says, humanised, kpi_label, owner_name, text
from kurs.report.status_word import counted, status_word

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from rich.console import RenderableType

    from kurs.audit.plan_map import Gap, GoalBranch, KpiBranch, PlanMap, StrategyBranch
    from kurs.ledger.standing import ActionState
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language


def plan_map_json(of: PlanMap, project: Project, language: Language) -> Plain:
    """The tree and its gaps by the keys of docs/json.md."""

    def strategy(one: StrategyBranch) -> Plain:
        known = one.strategy
        return {
            "strategy": known.key if known is not None else None,
            "says": text(known.says, language) if known is not None else None,
            "by": known.by.isoformat() if known is not None and known.by is not None else None,
            "goals": [goal(each) for each in one.goals],
        }

    def goal(one: GoalBranch) -> Plain:
        known = one.goal
        return {
            "goal": known.key if known is not None else None,
            "says": text(known.says, language) if known is not None else None,
            "stage": str(known.stage) if known is not None and known.stage is not None else None,
            "kpis": [kpi(each) for each in one.kpis],
        }

    def kpi(one: KpiBranch) -> Plain:
        return {
            "kpi": one.kpi.key,
            "label": kpi_label(project, one.kpi, language),
            "owner": one.kpi.owner,
            "approval": str(one.approval.state),
            "status": str(one.reading.status) if one.reading.status is not None else None,
            "value": one.reading.value,
            "actions": [action(each) for each in one.actions],
        }

    def action(one: ActionState) -> Plain:
        due = one.due.isoformat() if one.due is not None else None
        overdue = one.is_overdue(of.as_of)
        return {
            "action": one.action,
            "state": str(one.stage),
            "owner": one.owner,
            "due": due,
            "overdue": overdue,
        }

    return {
        "as_of": of.as_of.isoformat(),
        "strategies": [strategy(one) for one in of.strategies],
        "stages": {
            str(stage): dict(Counter(str(one.reading.status or "none") for one in of.at(stage)))
            for stage in Stage
        },
        "gaps": [{"gap": str(gap.lack), "name": gap.name} for gap in of.gaps],
    }


def plan_map_page(of: PlanMap, project: Project, language: Language) -> RenderableType:
    """Draw the tree, count the KPIs of each stage, and list what is missing."""
    lines: list[Text] = []
    for one in of.strategies:
        says = text(one.strategy.says, language) if one.strategy else language.say("Without a strategy")
        lines.append(Text(says, "bold"))
        for at, goal in enumerate(one.goals):
            lines += _goal(goal, of, project, language, last=at == len(one.goals) - 1)
    lines.append(Text())
    lines += _stages(of, language)
    if of.gaps:
        lines += [Text(), Text(language.say("What is missing:"), "bold")]
        lines += [Text(f"  {gap_said(gap, project, language)}", "yellow") for gap in of.gaps]
    return Group(*lines)


def _goal(
    one: GoalBranch, of: PlanMap, project: Project, language: Language, *, last: bool
) -> Iterator[Text]:
    stem, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
    says = text(one.goal.says, language) if one.goal is not None else language.say("Without a goal")
    stage = one.goal.stage if one.goal is not None else None
    head = Text.assemble((stem, "dim"), (says, "cyan"))
    if stage is not None:
        head.append(f" · {language.term(f'stage.{stage}')}", "dim")
    yield head
    for at, kpi in enumerate(one.kpis):
        ends = at == len(one.kpis) - 1
        yield _kpi(kpi, project, language, below + ("└─ " if ends else "├─ "))
        for action in kpi.actions:
            yield _action(action, of, project, language, below + ("   " if ends else "│  "))


def _kpi(one: KpiBranch, project: Project, language: Language, stem: str) -> Text:
    line = Text.assemble((stem, "dim"), kpi_label(project, one.kpi, language), "  ")
    line += status_word(one.reading.status, language)
    return line.append("".join(f" · {part}" for part in remarks_on_kpi(one, project, language)), "dim")


def remarks_on_kpi(one: KpiBranch, project: Project, language: Language) -> tuple[str, ...]:
    """Name the owner of a KPI, and say how it was approved, if it ever was."""
    said = [owner_name(project, one.kpi.owner, language)]
    if one.approval.state is not Signed.MISSING:
        said.append(language.term(f"approval.{one.approval.state}"))
    return tuple(filter(None, said))


def _action(one: ActionState, of: PlanMap, project: Project, language: Language, stem: str) -> Text:
    says = action_says(project, one.action, language)
    rest = " · ".join(remarks_on_action(one, of.as_of, project, language))
    style = "red" if one.is_overdue(of.as_of) else "dim"
    return Text.assemble((f"{stem}→ ", "dim"), says, (f"  {rest}", style))


def remarks_on_action(one: ActionState, day: date, project: Project, language: Language) -> tuple[str, ...]:
    """Say the state of an action at the end of ``day``, its owner, and when it is due."""
    said = [
        language.term("action.overdue" if one.is_overdue(day) else f"action.{one.stage}"),
        owner_name(project, one.owner, language),
    ]
    if one.stage is ActionStage.OPEN and one.due is not None:
        said.append(language.say("due {day}", day=one.due))
    return tuple(filter(None, said))


def _stages(of: PlanMap, language: Language) -> Iterator[Text]:
    """Count the statuses of each stage of the customer's journey."""
    for stage in Stage:
        found = counted((one.reading for one in of.at(stage)), language)
        name = Text(f"{language.term(f'stage.{stage}')}: ", "bold")
        yield name + (found or Text(language.say("no KPI"), "yellow"))


def gap_said(gap: Gap, project: Project, language: Language) -> str:
    """Say what is missing."""
    name = _name(gap, project, language)
    match gap.lack:
        case Lack.STRATEGY_WITHOUT_GOAL:
            return language.say("The strategy “{name}” has no goal.", name=name)
        case Lack.GOAL_WITHOUT_STRATEGY:
            return language.say("The goal “{name}” serves no strategy.", name=name)
        case Lack.GOAL_WITHOUT_KPI:
            return language.say("The goal “{name}” has no KPI.", name=name)
        case Lack.KPI_WITHOUT_GOAL:
            return language.say("{name} serves no goal.", name=name)
        case Lack.KPI_WITHOUT_OWNER:
            return language.say("{name} has no owner.", name=name)
        case Lack.KPI_WITHOUT_TARGET:
            return language.say("{name} has no target.", name=name)
        case Lack.KPI_WITHOUT_ACTION:
            return language.say("{name} has no action for when it falls short.", name=name)
        case Lack.ACTION_WITHOUT_OWNER:
            return language.say("The action “{name}” has no owner.", name=name)
        case Lack.ACTION_WITHOUT_KPI:
            return language.say("The action “{name}” belongs to no KPI.", name=name)
        case Lack.STAGE_WITHOUT_KPI:
            return language.say("No KPI is at the stage {name}.", name=name)


def _name(gap: Gap, project: Project, language: Language) -> str:
    key = gap.name
    if gap.lack is Lack.STAGE_WITHOUT_KPI:
        return language.term(f"stage.{key}")
    if key in project.kpis and gap.lack.startswith("kpi"):
        return kpi_label(project, project.kpis[key], language)
    said = {**project.strategy} if gap.lack.startswith("strategy") else {**project.goals}
    found = project.actions.get(key) if gap.lack.startswith("action") else said.get(key)
    return text(found.says, language) if found is not None else humanised(key)
