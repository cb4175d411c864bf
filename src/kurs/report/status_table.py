"""Where every KPI stands, for a terminal: by stage and goal, a line for each."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from kurs.evaluate.reading import Band
from kurs.model.strategy import Stage
from kurs.report.amounts import pace_said, target_amount, target_kind
from kurs.report.as_json import sentence
from kurs.report.labels import kpi_label, owner_name, segment_label, text
from kurs.report.layout import Column, Fit, Row, fit, grid, head, listed
from kurs.report.reason import reason
from kurs.report.sparkline import sparkline
from kurs.report.status_word import counted, status_word
from kurs.report.target_details import target_details

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from rich.console import RenderableType

    from kurs.evaluate.reading import Reading, Turn
    from kurs.explain.finding import Finding
    from kurs.model.project import Project
    from kurs.words import Language

_INDENT = 2
_BARS = 12
_STATUS = 6  # the place of the status among the columns
_LISTED_FIRST = (0, _STATUS)  # where there is no table, the status follows the name
_RUNNING = "…"
_LATELY = 14  # days: an older turn is no news


def status_table(
    readings: Sequence[Reading],
    project: Project,
    language: Language,
    as_of: date,
    width: int,
    why: Mapping[str, Finding] = MappingProxyType({}),
    *,
    details: bool = False,
) -> RenderableType:
    """Lay out all readings: by stage and goal, counted, with what must be known of the numbers.

    ``why`` has the reason of those that are not well, by the KPI's name. With ``details`` what the plan says
    of each target beyond the number stands below the table.
    """
    columns = _columns(language)
    rows = {id(reading): _row(reading, project, language) for reading in readings}
    fitted = fit(columns, list(rows.values()), width - _INDENT)
    parts: list[RenderableType] = [_title(readings, project, language, as_of), Text()]
    if fitted is not None:
        parts.append(Padding(head(columns, fitted), (0, 0, 0, _INDENT)))
    for heading, group in _groups(readings, project, language):
        parts += [heading, *_body(columns, [rows[id(reading)] for reading in group], fitted, width)]
    for reading in readings if details else ():
        if lines := list(target_details(reading, project, language)):
            name = Text(kpi_label(project, reading.kpi, language), "bold")
            parts += [Text(), Padding(name, (0, 0, 0, _INDENT))]
            parts += [Padding(line, (0, 0, 0, 2 * _INDENT)) for line in lines]
    parts += [Text(), _counts(readings, language), *_turns(readings, project, language, as_of)]
    parts += _reasons(readings, project, language, why)
    parts += _remarks(readings, project, language)
    return Group(*parts)


def _body(
    columns: Sequence[Column], rows: Sequence[Row], fitted: Fit | None, width: int
) -> Iterator[RenderableType]:
    if fitted is not None:
        yield Padding(grid(columns, rows, fitted), (0, 0, 0, _INDENT))
        return
    places = sorted(range(len(columns)), key=_LISTED_FIRST.__contains__, reverse=True)
    for row in rows:
        listing = listed(
            [columns[place] for place in places], tuple(row[place] for place in places), width - _INDENT
        )
        yield Padding(listing, (0, 0, 0, _INDENT))


def _columns(language: Language) -> tuple[Column, ...]:
    def name(key: str) -> str:
        return language.term(f"column.{key}")

    return (
        Column(name("kpi"), least=24),
        Column(name("value"), "right"),
        Column(name("target"), "right"),
        Column(name("gap"), "right", rank=2),
        Column(name("expected"), "right", rank=4),
        Column(name("pace"), "right", rank=3),
        Column(name("status")),
        Column(name("trend"), rank=1),
        Column(name("owner"), least=16, rank=5),
    )


def _row(reading: Reading, project: Project, language: Language) -> Row:
    currency = project.settings.currency

    def amount(value: float | None) -> str:
        return "" if value is None else language.quantity(value, reading.unit, currency)

    value = amount(reading.value) or language.quantity(None, reading.unit)
    name = Text(kpi_label(project, reading.kpi, language))
    parts = [segment_label(project, key, language) for key in reading.segments if key != reading.kpi.segment]
    if parts:
        name.append(f" ({', '.join(parts)})", "dim")
    return (
        name,
        Text(value + ("*" if reading.provisional and reading.value is not None else ""), "bold"),
        Text(target_amount(reading.target, target_kind(reading.kpi), amount)),
        Text(_gap(reading, language, currency)),
        Text(amount(reading.expected_by_now)),
        Text("" if reading.pace is None else pace_said(reading.pace, language)),
        status_word(reading.status, language),
        Text(_trend(reading), "cyan"),
        Text(owner_name(project, reading.kpi.owner, language), "dim"),
    )


def _gap(reading: Reading, language: Language, currency: str | None) -> str:
    if reading.gap is None:
        return ""
    if isinstance(reading.target, Band) and not reading.gap:
        return language.term("gap.inside")
    return language.difference(reading.gap, reading.unit, currency)


def _trend(reading: Reading) -> str:
    """Draw the last periods; behind one that is still running stands "…": a sum in it looks like a fall."""
    bars = sparkline(reading.recent, _BARS)
    recurs = reading.kpi.period.every is not None
    running = reading.data_to is not None and reading.data_to < reading.period.last
    return bars + _RUNNING if bars and recurs and running else bars


def _title(readings: Sequence[Reading], project: Project, language: Language, as_of: date) -> Text:
    """Write the project's name and what the numbers know: as of which day, with data to which."""
    ends = sorted({one.data_to for one in readings if one.data_to is not None and one.period.last >= as_of})
    said = [language.say("as of {day}", day=as_of)]
    if len(ends) == 1:
        said.append(language.say("data to {day}", day=ends[0]))
    elif ends:
        said.append(language.say("data to {day} at least", day=ends[0]))
    if any(one.provisional for one in readings):
        said.append(language.say("* provisional"))
    return Text.assemble((project.settings.name, "bold"), ("  " + language.clauses(said), "dim"))


def _groups(
    readings: Sequence[Reading], project: Project, language: Language
) -> Iterator[tuple[RenderableType, list[Reading]]]:
    """Part the readings by stage, in the order of the journey, and by goal, in the order of the plan."""
    order: dict[tuple[Stage | None, str | None], list[Reading]] = {}
    for stage in (*Stage, None):
        for goal in (*project.goals, None):
            order[stage, goal] = []
    for reading in readings:
        order[reading.stage, reading.kpi.goal].append(reading)
    for (stage, goal), group in order.items():
        if group:
            yield _heading(stage, goal, project, language), group


def _heading(stage: Stage | None, goal: str | None, project: Project, language: Language) -> Text:
    parts = [(language.term(f"stage.{stage}"), "bold cyan")] if stage is not None else []
    if goal is not None and goal in project.goals:
        parts.append((text(project.goals[goal].says, language), "cyan"))
    return (
        Text(" · ").join(Text(*part) for part in parts)
        if parts
        else Text(language.say("Without a goal"), "cyan")
    )


def _counts(readings: Sequence[Reading], language: Language) -> Text:
    """Count the readings of each status, in the order of the statuses."""
    total = Text(language.say_plural("{n} KPI:  ", "{n} KPIs:  ", len(readings)))
    return total + counted(readings, language)


def _reasons(
    readings: Sequence[Reading], project: Project, language: Language, why: Mapping[str, Finding]
) -> Iterator[RenderableType]:
    """Say why those that are not well moved."""
    told = [(reading.kpi, why[reading.kpi.key]) for reading in readings if reading.kpi.key in why]
    if told:
        yield Text()
    for kpi, finding in told:
        name = (f"{kpi_label(project, kpi, language)}: ", "dim")
        yield Padding(Text.assemble(name, reason(finding, project, language)), (0, 0, 0, _INDENT))


def _turns(
    readings: Sequence[Reading], project: Project, language: Language, as_of: date
) -> Iterator[RenderableType]:
    """Say which KPIs turned for better or worse in the last two weeks."""
    lately = as_of - timedelta(days=_LATELY)
    turned = [
        (reading, reading.turn)
        for reading in readings
        if reading.turn is not None and reading.turn.until is not None and reading.turn.until >= lately
    ]
    if turned:
        yield Text()
    for reading, turn in turned:
        label = Text(f"{kpi_label(project, reading.kpi, language)}: ", "dim")
        yield Padding(label + Text(turn_said(turn, language)), (0, 0, 0, _INDENT))


def turn_said(turn: Turn, language: Language) -> str:
    """Say which way a status turned: slipping: was On track until 3 Dec 2026."""
    status = turn.previous if turn.previous is not None else "none"
    return language.say(
        "{way}: was {status} until {day}",
        way=language.term(f"way.{turn.way}"),
        status=language.term(f"status.{status}"),
        day=turn.until,
    )


def _remarks(readings: Sequence[Reading], project: Project, language: Language) -> Iterator[RenderableType]:
    """Say why a value or a verdict is missing and what is unfair in a number, each sentence once."""
    about = remarks(readings, project, language)
    if about:
        yield Text()
    for words, labels in about.items():
        whole = len(labels) == len(readings) > 1
        who = language.say("All KPIs") if whole else language.listed(list(dict.fromkeys(labels)))
        yield Padding(Text.assemble((f"{who}: ", "dim"), words), (0, 0, 0, _INDENT))


def remarks(readings: Sequence[Reading], project: Project, language: Language) -> dict[str, list[str]]:
    """Say what is unfair in a number or missing, each sentence once with the names of its readings."""
    about: dict[str, list[str]] = {}
    for reading in readings:
        reason = (reading.reason,) if reading.reason is not None else ()
        for problem in (*reason, *reading.caveats):
            labels = about.setdefault(sentence(problem, language), [])
            labels.append(kpi_label(project, reading.kpi, language))
    return about
