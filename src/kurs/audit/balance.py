"""The set: all KPIs together look at the whole journey, early and late, and can be carried by people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kurs.audit.mends import balance
from kurs.audit.rule import Evidence, Letter, Mark, rule
from kurs.model.kpi import Level, Nature
from kurs.model.strategy import Stage

if TYPE_CHECKING:
    from kurs.model.kpi import Kpi
    from kurs.model.project import Project

MOST_OF_AN_OWNER = 7
MOST_STRATEGIC = 7


@rule(Letter.SET, Mark.WARN, mends=balance.stages)
def stage_without_kpi(plan: Project) -> Evidence | None:
    """Every stage of the customer journey has a KPI.

    Why: a stage that nobody measures is where customers get lost unseen.

    Example: a goal with `stage: loyalty`, and a KPI with that goal

    To paste: the draft of a KPI over a metric that the plan has already and the catalogue knows at that
    stage; else `kurs catalog` says what is usual there.
    """
    seen = {stage_of(plan, kpi) for kpi in plan.kpis.values()}
    missing = [str(stage) for stage in Stage if stage not in seen]
    return {"stages": missing} if missing else None


@rule(Letter.SET, Mark.WARN, mends=None)
def one_sided(plan: Project) -> Evidence | None:
    """Leading and lagging KPIs are in balance: each is a fifth at least.

    Why: with lagging ones alone you hear of a fall when it is in the books; with leading ones alone you never
    hear whether it paid off. Those that do not say what they are may be what is missing.

    Example: `nature: leading`, `leads: revenue`

    Nothing to paste: what is missing is a KPI of the other kind. `kurs catalog` has some for each stage.
    """
    natures = [kpi.nature for kpi in plan.kpis.values()]
    if balance.is_balanced(natures):
        return None
    return {"leading": natures.count(Nature.LEADING), "lagging": natures.count(Nature.LAGGING)}


@rule(Letter.SET, Mark.WARN, mends=balance.nature)
def nature_not_said(plan: Project) -> Evidence | None:
    """Every KPI says whether it tells early or late.

    Why: a leading one is for acting, a lagging one for judging; mixed up, both are used for the wrong thing.

    Example: `nature: lagging`
    """
    return _kpis([kpi for kpi in plan.kpis.values() if kpi.nature is None])


@rule(Letter.SET, Mark.WARN, mends=balance.level)
def level_not_said(plan: Project) -> Evidence | None:
    """Every KPI says who steers by it: its level.

    Why: management needs three numbers, not thirty; a team needs those that it can move itself.

    Example: `level: operational`
    """
    return _kpis([kpi for kpi in plan.kpis.values() if kpi.level is None])


@rule(Letter.SET, Mark.WARN, mends=balance.strategic)
def nothing_strategic(plan: Project) -> Evidence | None:
    """At least one KPI is strategic.

    Why: otherwise nothing says what all the others are for.

    Example: `level: strategic` on revenue, profit or the number of customers
    """
    levels = {kpi.level for kpi in plan.kpis.values()}
    return {} if plan.kpis and Level.STRATEGIC not in levels else None


@rule(Letter.SET, Mark.WARN, mends=balance.fewer_strategic)
def too_many_strategic(plan: Project) -> Evidence | None:
    """No more than about seven KPIs are strategic.

    Why: who steers by thirty numbers steers by none; what a team moves itself is operational or functional.

    Example: `level: operational` on all but the few that the board asks for
    """
    strategic = [kpi.key for kpi in plan.kpis.values() if kpi.level is Level.STRATEGIC]
    return {"kpis": strategic, "most": MOST_STRATEGIC} if len(strategic) > MOST_STRATEGIC else None


@rule(Letter.SET, Mark.WARN, mends=balance.operational)
def only_strategic(plan: Project) -> Evidence | None:
    """Beside strategic KPIs there are operational or functional ones.

    Why: revenue and profit are moved by nobody directly; without numbers that a team can move this week, all
    wait for the end of the quarter.

    Example: `level: operational` on a KPI of visits, clicks or conversion that leads to the strategic one

    To paste: another level beside the KPI that is least likely to be strategic; nothing where there is only
    one.
    """
    levels = {kpi.level for kpi in plan.kpis.values() if kpi.level is not None}
    return {} if levels == {Level.STRATEGIC} else None


@rule(Letter.SET, Mark.WARN, mends=balance.kpis_of_goals)
def goal_without_kpi(plan: Project) -> Evidence | None:
    """Every goal has a KPI.

    Why: a goal that nobody measures is reached when somebody says so, and forgotten when nobody does.

    Example: `goal: more_buyers` beside a KPI

    To paste: the goal beside a KPI that has none, or the draft of a KPI over a standard metric of its stage;
    else only people know what measures it.
    """
    served = {kpi.goal for kpi in plan.kpis.values()}
    without = [goal for goal in plan.goals if goal not in served]
    return {"goals": without} if without else None


@rule(Letter.SET, Mark.WARN, mends=balance.goals_of_strategies)
def strategy_without_goal(plan: Project) -> Evidence | None:
    """Every strategy has a goal.

    Why: a strategy without one is a sentence on a wall: nothing that anybody does is for it.

    Example: `more_buyers: {says: More visitors buy, strategy: grow_online, stage: activate}`
    """
    served = {goal.strategy for goal in plan.goals.values()}
    without = [strategy for strategy in plan.strategy if strategy not in served]
    return {"strategies": without} if without else None


@rule(Letter.SET, Mark.WARN, mends=balance.owners)
def too_many_for_one(plan: Project) -> Evidence | None:
    """Nobody owns more than about seven.

    Why: who answers for everything follows up nothing.

    Example: `owner:` of some of them the person who really moves them

    To paste: other owners with room, or one new person; nothing where more than one new person is needed.
    """
    counts = Counter(kpi.owner for kpi in plan.kpis.values() if kpi.owner is not None)
    crowded = [owner for owner, count in counts.items() if count > MOST_OF_AN_OWNER]
    if not crowded:
        return None
    return {"owners": crowded, "most": MOST_OF_AN_OWNER, "kpis": max(counts.values())}


@rule(Letter.SET, Mark.WARN, mends=balance.actions)
def no_action_plan(plan: Project) -> Evidence | None:
    """Every KPI has an action that starts when it falls short.

    Why: a warning that nobody knows an answer to is soon not read any more.

    Example: `actions: [checkout_review]`
    """
    return _kpis([kpi for kpi in plan.kpis.values() if not kpi.actions])


@rule(Letter.SET, Mark.WARN, mends=balance.action_owners)
def action_without_owner(plan: Project) -> Evidence | None:
    """Every action has an owner.

    Why: an action without a name beside it is a wish.

    Example: `checkout_review: {says: Review the checkout, owner: head_of_web, due: 5 days}`
    """
    without = [action.key for action in plan.actions.values() if action.owner is None]
    return {"actions": without} if without else None


@rule(Letter.SET, Mark.WARN, mends=balance.action_days)
def action_without_due(plan: Project) -> Evidence | None:
    """Every action says within how many days it is to be done.

    Why: what has no day is done after all that has one.

    Example: `checkout_review: {says: Review the checkout, owner: head_of_web, due: 5 days}`
    """
    without = [action.key for action in plan.actions.values() if action.due is None]
    return {"actions": without} if without else None


@rule(Letter.SET, Mark.WARN, mends=balance.approvers)
def strategic_without_approver(plan: Project) -> Evidence | None:
    """Every strategic KPI has somebody who approves it.

    Why: a target that management never agreed to is moved, or forgotten, when it hurts.

    Example: `approver: cmo`
    """
    return _kpis([kpi for kpi in plan.kpis.values() if kpi.level is Level.STRATEGIC and kpi.approver is None])


@rule(Letter.SET, Mark.WARN, mends=None)
def not_signed(unsigned: tuple[Kpi, ...]) -> Evidence | None:
    """Every KPI that has an approver is signed, as it is defined now.

    Why: what management signed was another target, or it signed nothing; when it hurts, that is remembered.

    Example: `kurs approve holiday_conversion --by cmo`

    Nothing to paste: who approves it signs it, with `kurs approve`.
    """
    return _kpis(list(unsigned))


def stage_of(plan: Project, kpi: Kpi) -> Stage | None:
    """Return the stage of the journey at which the KPI's goal stands."""
    goal = plan.goals.get(kpi.goal) if kpi.goal is not None else None
    return goal.stage if goal is not None else None


def _kpis(without: list[Kpi]) -> Evidence | None:
    return {"kpis": [kpi.key for kpi in without]} if without else None


BALANCE = (
    stage_without_kpi,
    one_sided,
    nature_not_said,
    level_not_said,
    nothing_strategic,
    too_many_strategic,
    only_strategic,
    goal_without_kpi,
    strategy_without_goal,
    too_many_for_one,
    no_action_plan,
    action_without_owner,
    action_without_due,
    strategic_without_approver,
)
SIGNATURES = (not_signed,)
