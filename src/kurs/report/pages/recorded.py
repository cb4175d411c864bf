"""What is written down, as tables of a page: data and loads, actions, approvals and notes, the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kurs.audit.rule import LETTERS
from kurs.ledger.standing import Stage
from kurs.project.amounts import Sign, amount_of
from kurs.report.audit_table import kpi_names, letter_names, sentences
from kurs.report.audit_words import found_words
from kurs.report.data_page import moment_of, notes_on, restatements, window_of
from kurs.report.decisions import by_whom
from kurs.report.labels import action_says, kpi_label, owner_name, shown, size
from kurs.report.pages.smart import AS_STATUS
from kurs.report.pages.tables import Cell, Heading, Table
from kurs.report.snippets import snippet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kurs.audit.audit import Audit
    from kurs.evaluate.data_state import Data
    from kurs.lake.inventory import Inventory
    from kurs.ledger.entry import Entry
    from kurs.ledger.standing import ActionState
    from kurs.model.project import Project
    from kurs.project import Marks
    from kurs.words import Language


def sources(data: Data, language: Language) -> Table:
    """Lay out the sources: how far each reaches, what is missing of it."""
    zone = ZoneInfo(data.zone)
    names = ("source", "account", "table", "covered_to", "days_late", "gap_days", "rejected", "last_load")
    numeric = ("days_late", "gap_days", "rejected")
    rows: list[tuple[Cell, ...]] = []
    for one in data.sources:
        missing = sum(len(days) for days in one.gaps)
        covered = language.date(one.covered[-1].last) if one.covered else language.say("no days")
        rows.append(
            (
                Cell(one.source),
                Cell(one.account),
                Cell(one.table),
                Cell(covered if one.last is not None else language.say("not loaded")),
                _count(one.days_late, language),
                _count(missing or None, language),
                _count(one.rows_rejected or None, language),
                Cell(moment_of(one.last, zone, language) if one.last is not None else ""),
            )
        )
    columns = tuple(Heading(language.term(f"column.{name}"), name in numeric) for name in names)
    return Table(language.say("Sources"), columns, tuple(rows), is_sortable=True)


def loads(data: Data, language: Language) -> Table:
    """Lay out the last loads, newest first."""
    zone = ZoneInfo(data.zone)
    names = ("last_load", "source", "rows", "rejected", "window", "before_after", "files")
    rows: list[tuple[Cell, ...]] = []
    for load in data.loads:
        record, window = load.record, window_of(load)
        files = [shown(file.name) for file in record.files]
        before, after = language.number(record.before.rows), language.number(record.after.rows)
        rows.append(
            (
                Cell(moment_of(load, zone, language)),
                Cell(record.source),
                _count(record.rows_read, language),
                _count(record.rows_rejected or None, language),
                Cell(language.days_range(*window) if window is not None else language.say("everything")),
                Cell(f"{before} → {after}"),
                Cell(language.listed(files) if files else ""),
            )
        )
    columns = tuple(Heading(language.term(f"column.{name}"), name in ("rows", "rejected")) for name in names)
    return Table(language.say("The last loads"), columns, tuple(rows))


def remarks(data: Data, language: Language) -> tuple[str, ...]:
    """Say which days are missing, and which sums loads have changed."""
    zone = ZoneInfo(data.zone)
    restated = (line for load in data.loads for line in restatements(load, zone, language))
    return (*notes_on(data.sources, language), *restated)


def tables(found: Sequence[Inventory], language: Language) -> Table:
    """Lay out the tables of the lake."""
    names = ("table", "rows", "columns", "versions", "size")
    rows = tuple(
        (
            Cell(one.table),
            _count(one.rows, language),
            _count(one.columns, language),
            _count(one.versions, language),
            Cell(size(one.bytes_on_disk, language), raw=one.bytes_on_disk),
        )
        for one in found
    )
    columns = tuple(Heading(language.term(f"column.{name}"), name != "table") for name in names)
    return Table(language.say("Tables in the lake"), columns, rows, is_sortable=True)


def actions(
    states: Sequence[ActionState], project: Project, day: date, language: Language, caption: str
) -> Table:
    """Lay out actions, each with its KPI, owner and due day."""
    rows: list[tuple[Cell, ...]] = []
    for state in states:
        overdue = state.is_overdue(day)
        word = language.term(f"action.{'overdue' if overdue else state.stage}")
        look = "missed" if overdue else {Stage.DONE: "met", Stage.OPEN: "too_early"}.get(state.stage)
        rows.append(
            (
                Cell(action_says(project, state.action, language)),
                Cell(kpi_label(project, project.kpis[state.kpi], language), href=f"/kpi/{state.kpi}"),
                Cell(word, status=look),
                Cell(owner_name(project, state.owner, language)),
                Cell(language.date(state.due) if state.due is not None else ""),
                Cell(_effect(state, project, language)),
            )
        )
    columns = (
        language.say("Action"),
        language.term("column.kpi"),
        language.say("State"),
        language.term("column.owner"),
        language.say("Due"),
        language.say("Effect"),
    )
    return Table(caption, tuple(Heading(title) for title in columns), tuple(rows), is_sortable=True)


def _effect(state: ActionState, project: Project, language: Language) -> str:
    """Say what came of an action, else what the plan expects of it."""
    if state.effect:
        return shown(state.effect)
    planned = project.actions.get(state.action)
    if planned is None or planned.expect is None:
        return ""
    metric = project.metrics[project.kpis[state.kpi].metric]
    effect = _expected(planned.expect, metric.unit, project.settings.currency, language)
    return language.say("expected: {effect}", effect=effect)


def _expected(written: str, unit: str, currency: str | None, language: Language) -> str:
    """Write what the plan expects of an action as its reader does; what is no amount stays in its words."""
    amount = amount_of(written)
    if amount is None:
        return shown(written)
    match amount.sign:
        case Sign.POINTS:
            return language.points(amount.value)
        case Sign.PERCENT:
            return language.change(amount.value)
        case _:
            return language.difference(amount.value, unit, currency)


def notes(entries: Sequence[Entry], project: Project, language: Language) -> Table:
    """Lay out the notes on a KPI, newest first."""
    rows = tuple(
        (
            Cell(language.date(entry.decision.day)),
            Cell(by_whom(entry, project, language)),
            Cell(shown(str(entry.decision.content.get("text")))),
        )
        for entry in reversed(entries)
    )
    columns = (Heading(language.say("Day")), Heading(language.say("By")), Heading(language.say("Text")))
    return Table(language.say("Notes"), columns, rows)


def audit(found: Audit, project: Project, language: Language) -> Table:
    """Lay out the audit: each KPI with its five letters and its score."""
    rows = tuple(
        (
            Cell(kpi_label(project, one.kpi, language), href=f"/kpi/{one.kpi.key}"),
            *(
                Cell(language.term(f"audit.{one.mark(letter)}"), status=AS_STATUS[one.mark(letter)])
                for letter in LETTERS
            ),
            Cell(language.percent(one.score, 0), raw=one.score),
        )
        for one in found.kpis
    )
    letters = (Heading(language.term(f"audit.{letter}")) for letter in LETTERS)
    columns = (
        Heading(language.term("column.kpi")),
        *letters,
        Heading(language.term("column.score"), is_numeric=True),
    )
    return Table(language.say("Each KPI by the five letters of SMART"), columns, rows, is_sortable=True)


def findings(found: Audit, project: Project, marks: Marks, language: Language) -> Table:
    """Lay out what the audit found, the worst first, each sentence once with the KPIs that it is about."""
    rows = [
        (
            Cell(letter_names(said, language), status=AS_STATUS[said.mark]),
            Cell(said.message, note=said.hint, code=snippet(said.entries, marks, language) or ""),
            Cell(kpi_names(said, found, language)),
        )
        for said in sentences(found, project, language)
    ]
    for one in found.of_set:
        message, hint = found_words(one, project, language)
        rows.append(
            (
                Cell(language.term("audit.set"), status=AS_STATUS[one.mark]),
                Cell(message, note=hint, code=snippet(one.entries, marks, language) or ""),
                Cell(""),
            )
        )
    columns = (language.say("Letter"), language.say("What was found"), language.say("About"))
    return Table(language.say("Findings"), tuple(Heading(title) for title in columns), tuple(rows))


def _count(number: int | None, language: Language) -> Cell:
    return Cell("" if number is None else language.number(number), raw=number)
