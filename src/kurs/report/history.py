"""What became of a KPI, as plain values and as a list of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from kurs.ledger.definition import changes
from kurs.report.decisions import by_whom, entry_json, gist
from kurs.report.differences import differences
from kurs.report.labels import kpi_label, shown

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from rich.console import RenderableType

    from kurs.ledger.entry import Entry
    from kurs.ledger.history import History, Revision
    from kurs.model.project import Project
    from kurs.report.as_json import Plain
    from kurs.words import Language


def history_json(history: History, project: Project, language: Language) -> list[Plain]:
    """Commits (``kind`` plan) and entries of the journal, the oldest first; a change of now has no commit."""
    rows = [(one.time, _revision(one, history.kpi, project, language)) for one in history.revisions]
    rows += [(entry.decision.time, {**entry_json(entry), "differences": []}) for entry in history.entries]
    rows.sort(key=lambda row: row[0])
    now = history.uncommitted
    last = [_revision(now, history.kpi, project, language)] if now is not None else []
    return [row for _, row in rows] + last


def _revision(one: Revision, kpi: str, project: Project, language: Language) -> Plain:
    return {
        "time": one.time.isoformat() if one.commit else None,
        "kind": "plan",
        "kpi": kpi,
        "commit": one.commit or None,
        "who": one.author or None,
        "subject": one.subject or None,
        "what": _what(one),
        "changes": [
            {"what": change.what, "before": change.before, "after": change.after}
            for change in changes(one.before or {}, one.after or {})
            if one.before is not None and one.after is not None
        ],
        "differences": lines_of(one, kpi, project, language),
    }


def _what(one: Revision) -> str:
    if one.is_broken:
        return "unreadable"
    if one.before is None:
        return "added"
    return "removed" if one.after is None else "changed"


def lines_of(one: Revision, kpi: str, project: Project, language: Language) -> list[str]:
    """Say what a commit changed in the definition, a line each."""
    if one.before is None or one.after is None or one.is_broken:
        return []
    return differences(kpi, one.before, one.after, project, language)


def history_page(history: History, project: Project, zone: ZoneInfo, language: Language) -> RenderableType:
    """Write what changed when and by whom, the oldest first."""
    known = project.kpis.get(history.kpi)
    parts = [Text(kpi_label(project, known, language) if known is not None else shown(history.kpi), "bold")]
    parts += [Text(remark, "dim") for remark in remarks(history, language)]
    rows = [(one.time, _of_plan(one, history.kpi, project, language)) for one in history.revisions]
    rows += [(entry.decision.time, _of_journal(entry, project, language)) for entry in history.entries]
    for time, lines in sorted(rows, key=lambda row: row[0]):
        head, *rest = lines
        parts.append(Text.assemble((f"{language.moment(time.astimezone(zone))}  ", "dim"), head))
        parts += [Text.assemble("    ", line) for line in rest]
    if history.uncommitted is not None:
        head, *rest = _of_plan(history.uncommitted, history.kpi, project, language)
        parts.append(Text.assemble((f"{language.say('Not committed yet')}  ", "yellow"), head))
        parts += [Text.assemble("    ", line) for line in rest]
    return Group(*parts)


def remarks(history: History, language: Language) -> tuple[str, ...]:
    """Say what is not told."""
    said: list[str] = []
    if not history.in_git:
        said.append(language.say("The project is in no git repository: only its journal is told."))
    if history.cut:
        said.append(language.say("Older commits are left out."))
    return tuple(said)


def what_of(one: Revision, language: Language) -> str:
    """Say what a commit did to the KPI."""
    return {
        "added": language.say("Added to the plan"),
        "removed": language.say("Removed from the plan"),
        "changed": language.say("The plan was changed"),
        "unreadable": language.say("The plan could not be read"),
    }[_what(one)]


def _of_plan(one: Revision, kpi: str, project: Project, language: Language) -> list[Text]:
    who = f" · {shown(one.author)}" if one.author else ""
    subject = f" · {shown(one.subject)} ({one.commit[:8]})" if one.commit else ""
    head = Text.assemble(what_of(one, language), (f"{who}{subject}", "dim"))
    return [head, *(Text(line) for line in lines_of(one, kpi, project, language))]


def _of_journal(entry: Entry, project: Project, language: Language) -> list[Text]:
    who = by_whom(entry, project, language)
    head = Text.assemble(language.term(f"entry.{entry.decision.kind}"), (f" · {who}", "dim"))
    said = gist(entry, project, language)
    return [head, Text(said)] if said else [head]
