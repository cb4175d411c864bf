"""What people decided: approvals, actions and the journal, as plain values and as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.ledger.entry import Kind
from kurs.ledger.standing import Signature, Signed, frozen_of
from kurs.report.differences import since_signed
from kurs.report.labels import action_says, humanised, kpi_label, owner_name, shown
from kurs.report.layout import Column, Row, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from kurs.ledger.entry import Entry
    from kurs.ledger.standing import ActionState, Approval, Watched
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language

_STEPS = ("open", "assign", "done")
_SIGNS = {Signed.APPROVED: ("✓", "green"), Signed.LAPSED: ("▲", "yellow"), Signed.MISSING: ("–", "dim")}


def approval_json(approval: Approval, project: Project, language: Language) -> Plain:
    """An approval by the keys of docs/json.md; ``differences`` say what ``changes`` name."""
    entry = approval.entry
    return {
        "kpi": approval.kpi.key,
        "state": str(approval.state),
        "approver": approval.kpi.approver,
        "person": entry.decision.person if entry is not None else None,
        "day": entry.decision.day.isoformat() if entry is not None else None,
        "time": entry.decision.time.isoformat() if entry is not None else None,
        "signature": str(approval.signature) if approval.signature is not None else None,
        "changes": [
            {"what": change.what, "before": change.before, "after": change.after}
            for change in approval.changes
        ],
        "differences": since_signed(approval, project, language),
    }


def action_json(state: ActionState, day: date) -> Plain:
    """An action as it stands at the end of ``day``."""
    return {
        "kpi": state.kpi,
        "action": state.action,
        "state": str(state.stage),
        "owner": state.owner,
        "opened": _iso(state.opened),
        "due": _iso(state.due),
        "overdue": state.is_overdue(day),
        "done": _iso(state.done),
        "effect": state.effect,
        "because": state.because,
    }


def entry_json(entry: Entry) -> Plain:
    """An entry of the journal, with the place where it stands."""
    decision = entry.decision
    return {
        "time": decision.time.isoformat(),
        "day": decision.day.isoformat(),
        "kind": str(decision.kind),
        "kpi": decision.kpi,
        "person": decision.person,
        "identity": decision.identity,
        "content": dict(decision.content),
        "writer": entry.writer,
        "line": entry.line,
        "hash": entry.hash,
    }


def approvals_page(
    approvals: Sequence[Approval], project: Project, language: Language, width: int
) -> RenderableType:
    """Lay out who approved what, and below it what changed since."""
    columns = (
        Column(language.term("column.kpi"), least=24),
        Column(language.say("Approval")),
        Column(language.say("By"), least=16),
        Column(language.say("On")),
        Column(language.say("Approver"), least=16, rank=1),
    )
    rows: list[Row] = []
    parts: list[RenderableType] = []
    for approval in approvals:
        sign, style = _SIGNS[approval.state]
        decision = approval.entry.decision if approval.entry is not None else None
        name = kpi_label(project, approval.kpi, language)
        rows.append(
            (
                Text(name),
                Text(f"{sign} {_approval(approval, language)}", style),
                Text(owner_name(project, decision.person, language) if decision is not None else ""),
                Text(language.date(decision.day) if decision is not None else ""),
                Text(owner_name(project, approval.kpi.approver, language), "dim"),
            )
        )
        if approval.changes:
            said = language.say("Changed since {kpi} was approved:", kpi=name)
            parts += [
                Text(),
                Text(said),
                *(Text(f"  {line}") for line in since_signed(approval, project, language)),
            ]
    return Group(table(columns, rows, width), *parts)


def actions_page(
    states: Sequence[ActionState], project: Project, day: date, language: Language, width: int
) -> RenderableType:
    """Lay out the actions, each with its owner and due day."""
    if not states:
        return Text(language.say("There are no such actions."), "dim")
    columns = (
        Column(language.term("column.kpi"), least=16, rank=1),
        Column(language.say("Action"), least=24),
        Column(language.say("State")),
        Column(language.term("column.owner"), least=12),
        Column(language.say("Due")),
        Column(language.say("Effect"), least=12, rank=2),
    )
    rows: list[Row] = [
        (
            Text(kpi_label(project, project.kpis[state.kpi], language)),
            Text(action_says(project, state.action, language)),
            _stage(state, day, language),
            Text(owner_name(project, state.owner, language)),
            Text(language.date(state.due) if state.due is not None else ""),
            Text(shown(state.effect or "")),
        )
        for state in states
    ]
    return table(columns, rows, width)


def journal_page(
    entries: Sequence[Entry], project: Project, zone: ZoneInfo, language: Language, width: int
) -> RenderableType:
    """Lay out the journal, oldest entry first."""
    if not entries:
        return Text(language.say("Nothing has been decided yet."), "dim")
    columns = (
        Column(language.say("Time")),
        Column(language.say("On"), rank=2),
        Column(language.say("What")),
        Column(language.term("column.kpi"), least=16),
        Column(language.say("By"), least=12),
        Column(language.say("Text"), least=16, rank=1),
    )
    rows: list[Row] = [
        (
            Text(language.moment(entry.decision.time.astimezone(zone))),
            Text(_other_day(entry, zone, language)),
            Text(language.term(f"entry.{entry.decision.kind}")),
            Text(_kpi(entry.decision.kpi, project, language)),
            Text(by_whom(entry, project, language)),
            Text(gist(entry, project, language)),
        )
        for entry in entries
    ]
    count = language.say_plural("{n} entry", "{n} entries", len(entries))
    return Group(table(columns, rows, width), Text(count, "dim"))


def _other_day(entry: Entry, zone: ZoneInfo, language: Language) -> str:
    """Return the plan's day of a decision, where it is not that of the clock."""
    decision = entry.decision
    return "" if decision.day == decision.time.astimezone(zone).date() else language.date(decision.day)


def watched_json(watched: Watched) -> Plain:
    """What ``kurs watch`` opened, and what is overdue."""
    return {
        "as_of": watched.as_of.isoformat(),
        "opened": [action_json(state, watched.as_of) for state in watched.opened],
        "overdue": [action_json(state, watched.as_of) for state in watched.overdue],
    }


def watched_page(watched: Watched, project: Project, language: Language, width: int) -> RenderableType:
    """Lay out what was opened and what is overdue."""
    parts: list[RenderableType] = []
    for title, states in (
        (language.say("Opened now:"), watched.opened),
        (language.say("Overdue:"), watched.overdue),
    ):
        if states:
            parts += [Text(title, "bold"), actions_page(states, project, watched.as_of, language, width)]
    return Group(*parts) if parts else Text(language.say("No action is to be opened, and none is overdue."))


def lapsed_page(approvals: Sequence[Approval], project: Project, language: Language) -> RenderableType | None:
    """Say which approvals lapsed, and by which changes; None where none did."""
    lines: list[Text] = []
    for approval in approvals:
        if approval.state is Signed.LAPSED and approval.entry is not None:
            kpi = kpi_label(project, approval.kpi, language)
            day = approval.entry.decision.day
            lines.append(
                Text(language.say("{kpi} was changed since it was approved on {day}:", kpi=kpi, day=day))
            )
            lines += [Text(f"  {line}", "dim") for line in since_signed(approval, project, language)]
    return Padding(Group(*lines), (1, 0, 0, 2)) if lines else None


def _approval(approval: Approval, language: Language) -> str:
    """Say how an approval stands, and that it was signed by a key where it was."""
    state = language.term(f"approval.{approval.state}")
    if approval.signature is Signature.SIGNED:
        return language.say("{state}, signed by key", state=state)
    return state


def _stage(state: ActionState, day: date, language: Language) -> Text:
    if state.is_overdue(day):
        return Text(language.term("action.overdue"), "red")
    return Text(language.term(f"action.{state.stage}"))


def _kpi(key: str | None, project: Project, language: Language) -> str:
    if key is None:
        return ""
    kpi = project.kpis.get(key)
    return kpi_label(project, kpi, language) if kpi is not None else humanised(shown(key))


def by_whom(entry: Entry, project: Project, language: Language) -> str:
    """Name who wrote an entry: the person of the plan, else the identity of git."""
    decision = entry.decision
    return owner_name(project, decision.person, language) or shown(decision.identity)


def gist(entry: Entry, project: Project, language: Language) -> str:
    """Say in a few words what an entry decides."""
    content = entry.decision.content
    match entry.decision.kind:
        case Kind.NOTE:
            return shown(str(content.get("text")))
        case Kind.ACTION:
            to = content.get("to")
            person = owner_name(project, str(to), language) if to is not None else ""
            name = action_says(project, str(content.get("action")), language)
            step = str(content.get("step"))
            said = language.term(f"step.{step}") if step in _STEPS else shown(step)
            effect = shown(str(content.get("effect") or ""))
            return " · ".join(part for part in (name, said, person, effect) if part)
        case Kind.FREEZE:
            return _frozen(entry, project, language)
        case _:
            return ""


def _frozen(entry: Entry, project: Project, language: Language) -> str:
    """Say which value of which days was frozen."""
    frozen = frozen_of(entry)
    kpi = project.kpis.get(entry.decision.kpi or "")
    if frozen is None:
        return ""
    unit = project.metrics[kpi.metric].unit if kpi is not None else "number"
    value = language.quantity(frozen.value, unit, project.settings.currency)
    return f"{value} · {language.days_range(frozen.days.first, frozen.days.last)}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
