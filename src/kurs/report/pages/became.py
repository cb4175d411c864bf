"""What became of a KPI, as a table of a page: changes of the plan and decisions, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.report.decisions import by_whom, gist
from kurs.report.history import lines_of, what_of
from kurs.report.labels import shown
from kurs.report.pages.tables import Cell, Heading, Table

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from kurs.ledger.entry import Entry
    from kurs.ledger.history import History, Revision
    from kurs.model.project import Project
    from kurs.words import Language


def became(history: History, project: Project, zone: ZoneInfo, language: Language) -> Table:
    """Lay out what changed when, and by whom; what is not committed yet stands first."""

    def when(cells: tuple[Cell, ...], moment: str) -> tuple[Cell, ...]:
        return (Cell(moment), *cells)

    rows = [(one.time, _of_plan(one, history.kpi, project, language)) for one in history.revisions]
    rows += [(entry.decision.time, _of_journal(entry, project, language)) for entry in history.entries]
    rows.sort(key=lambda row: row[0], reverse=True)
    told = [when(cells, language.moment(time.astimezone(zone))) for time, cells in rows]
    now = history.uncommitted
    if now is not None:
        told.insert(0, when(_of_plan(now, history.kpi, project, language), language.say("Not committed yet")))
    titles = (language.say("Time"), language.say("What"), language.say("By"), language.say("Text"))
    return Table(language.say("What changed"), tuple(map(Heading, titles)), tuple(told))


def _of_plan(one: Revision, kpi: str, project: Project, language: Language) -> tuple[Cell, ...]:
    subject = f"{shown(one.subject)} ({one.commit[:8]})" if one.commit else ""
    said = " · ".join(lines_of(one, kpi, project, language))
    return Cell(what_of(one, language), note=subject), Cell(shown(one.author)), Cell(said)


def _of_journal(entry: Entry, project: Project, language: Language) -> tuple[Cell, ...]:
    what, who = language.term(f"entry.{entry.decision.kind}"), by_whom(entry, project, language)
    return Cell(what), Cell(who), Cell(gist(entry, project, language))
