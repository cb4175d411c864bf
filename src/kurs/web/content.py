"""What stands on each page: the answers of the workflows, worded by the room of reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from markupsafe import Markup

from kurs.ledger.standing import Stage as ActionStage
from kurs.problems import KursError, Problem
from kurs.report.charts.drawing import svg
from kurs.report.charts.statuses import status_history
from kurs.report.charts.theme import OF_PAGE
from kurs.report.charts.trajectory import marks_said, trajectory_chart
from kurs.report.history import remarks
from kurs.report.labels import dimension_label, kpi_label, metric_label, segment_label, text
from kurs.report.pages import defined, recorded
from kurs.report.pages.answered import answered
from kurs.report.pages.became import became
from kurs.report.pages.card import card
from kurs.report.pages.effects import effects
from kurs.report.pages.explained import explained
from kurs.report.pages.headline import behind, headline
from kurs.report.pages.overview import TOP, steps, turns
from kurs.report.pages.planned import planned
from kurs.report.pages.since import since
from kurs.report.pages.smart import smart
from kurs.report.problems import render_json
from kurs.report.target_details import target_details
from kurs.web import answers
from kurs.web.library import library_path
from kurs.web.page import embedded, page
from kurs.web.site import NotFoundError
from kurs.web.views import Choice, address, filters, passing
from kurs.workflows.trajectory import trajectories
from kurs.workflows.understanding import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import ActionState
    from kurs.metrics.query import Query
    from kurs.model.project import Project
    from kurs.report.charts.chart import Chart
    from kurs.report.pages.smart import Smart
    from kurs.report.pages.tables import Table
    from kurs.web.showing import Showing
    from kurs.web.site import Asked
    from kurs.words import Language
    from kurs.workflows.asking import QuestionWords, RequestWords

_HISTORY = 3  # earlier periods: of fewer the cards say enough


def overview(asked: Asked, chosen: Mapping[str, str], segment: str, *, everything: bool) -> str:
    """Show where every KPI stands."""
    language, project = asked.language, asked.edition.project
    found = answers.known(asked, segment or None)
    shown = passing(found.readings, chosen)
    kept = answers.last_reported(asked)
    ends = sorted({one.data_to for one in shown if one.data_to and one.period.last >= one.as_of})
    return page(
        asked,
        "overview.html",
        "/",
        address("/api/v1/status", segment=segment, stage=chosen["stage"]),
        headline=headline(shown, project, language) if shown else "",
        behind=behind(shown, found.why, project, language),
        is_explained=not segment,  # that page explains the whole
        steps=steps(shown, asked.edition.decided, language, found.why, len(shown) if everything else TOP),
        filters=filters(project, found.readings, {**chosen, "segment": segment}, language),
        is_filtered=any(chosen.values()) or bool(segment),
        data_to=ends[0] if ends else None,
        turns=turns(shown, project, language),
        since=since(kept, shown, project, language) if kept is not None and not segment else None,
        count=len(shown),
        total=len(found.readings),
    )


def kpi(asked: Asked, key: str, segment: str) -> str:
    """Show all that is known of one KPI. Raises NotFoundError."""
    language, project, decided = asked.language, asked.edition.project, asked.edition.decided
    if key not in project.kpis:
        raise NotFoundError(Problem("unknown_kpi", {"name": key}))
    found = answers.known(asked, segment or None)
    reading = next(one for one in found.readings if one.kpi.key == key)
    split, query = answers.behind(asked, project.kpis[key], segment or None)
    states, notes = decided.actions(reading.kpi), decided.notes(reading.kpi)
    return page(
        asked,
        "kpi.html",
        "/",
        address("/api/v1/status", kpi=key, segment=segment),
        card=card(reading, decided, language, found.why.get(key)),
        definition=defined.definition(reading, project, language),
        description=_description(asked, key),
        target_details=[line.plain for line in target_details(reading, project, language)],
        members=[
            defined.members(
                one.name, [(m.member, m.value, m.recent) for m in one.members], reading, project, language
            )
            for one in sorted(split, key=lambda one: len(one.members), reverse=True)
        ],
        actions=_actions(asked, states, language.say("Actions")) if states else None,
        notes=recorded.notes(notes, project, language) if notes else None,
        smart=_smart(asked, key),
        sql=query.sql if query is not None else "",
        lineage=_lineage(asked, query),
        is_explained=key in found.why and not segment,  # that page explains the whole
        charts=[
            {"chart": chart, "svg": Markup(svg(chart)), "marks": marks, "spec": embedded(chart.reachable)}
            for chart, marks in _charts(asked, reading)
        ],
        library=library_path(),
    )


def history(asked: Asked, key: str) -> str:
    """Show what changed of a KPI, when, and by whom. Raises NotFoundError."""
    language, project = asked.language, asked.edition.project
    found = answers.history(asked, key)
    zone = ZoneInfo(project.settings.timezone)
    return page(
        asked,
        "history.html",
        "/",
        f"/api/v1/history/{key}",
        key=key,
        label=kpi_label(project, project.kpis[key], language),
        table=became(found, project, zone, language),
        remarks=remarks(found, language),
    )


def explain(asked: Asked, words: RequestWords, chosen: Mapping[str, str]) -> str:
    """Show why a KPI or a metric moved; what cannot be compared fairly says so on the page."""
    language, project = asked.language, asked.edition.project
    problems: list[object] = []
    shown = None
    try:
        shown = explained(answers.explained(asked, words), project, language)
    except NotFoundError:
        raise
    except KursError as error:
        problems = [render_json(problem, language) for problem in error.problems]
    label = metric_label(project, words.name, language)
    return page(
        asked,
        "explain.html",
        "/metrics" if words.name not in project.kpis else "/",
        address(f"/api/v1/explain/{words.name}", **chosen),
        found=shown,
        refused=problems,
        label=shown.label if shown is not None else label,
        name=words.name,
        is_kpi=words.name in project.kpis,
        chosen=chosen,
        comparisons=_comparisons(language, chosen.get("against", "")),
    )


def metrics(asked: Asked, words: QuestionWords, chosen: Mapping[str, str]) -> str:
    """Show any metric by any dimension and grain; without one, all that there are."""
    language, project = asked.language, asked.edition.project
    problems: list[object] = []
    table = None
    if words.metrics or words.by:
        try:
            question, said = answers.answered(asked, words)
            table = answered(said, question, project, language)
            problems = [render_json(problem, language) for problem in said.warnings]
        except KursError as error:
            problems = [render_json(problem, language) for problem in error.problems]
    names = [dimension.name for one in project.tables.values() for dimension in one.dimensions]
    return page(
        asked,
        "metrics.html",
        "/metrics",
        address("/api/v1/query", **chosen) if table is not None else "/api/v1/metrics",
        table=table,
        refused=problems,
        metrics=defined.metric_list(project, language),
        chosen=chosen,
        title=metric_label(project, chosen["metric"], language)
        if chosen["metric"] in project.metrics
        else "",
        metric_choices=_choices(
            ((key, metric_label(project, key, language)) for key in project.metrics), chosen["metric"]
        ),
        by_choices=_choices(
            ((name, dimension_label(project, name, language)) for name in dict.fromkeys(names)), chosen["by"]
        ),
        grain_choices=_choices(_grains(project, language), chosen["grain"]),
        segment_choices=_choices(
            ((key, segment_label(project, key, language)) for key in project.segments), chosen["segment"]
        ),
        comparisons=_comparisons(language, chosen["compare"]),
    )


def plan(asked: Asked) -> str:
    """Show the plan from its strategies down to its actions, and what is missing in it."""
    found = planned(answers.plan(asked), asked.edition.decided, asked.language)
    return page(asked, "plan.html", "/plan", "/api/v1/plan", plan=found)


def actions(asked: Asked, *, only_open: bool) -> str:
    """Show what is to be done, and what came of it."""
    language, day, decided = asked.language, asked.opened.as_of, asked.edition.decided
    found = [state for one in decided.project.kpis.values() for state in decided.actions(one)]
    groups = (
        (language.say("Overdue"), [one for one in found if one.is_overdue(day)]),
        (
            language.say("Open"),
            [one for one in found if one.stage is ActionStage.OPEN and not one.is_overdue(day)],
        ),
        (language.say("Planned"), [one for one in found if one.stage is ActionStage.PLANNED]),
        (language.say("Done"), [one for one in found if one.stage is ActionStage.DONE]),
    )
    shown = groups[:2] if only_open else groups
    return page(
        asked,
        "actions.html",
        "/actions",
        address("/api/v1/actions", open="true" if only_open else ""),
        counts=[(name, len(states)) for name, states in groups],
        groups=[_actions(asked, states, name) for name, states in shown if states],
        effects=None if only_open else _effects(asked),
        only_open=only_open,
    )


def audit(asked: Asked, showing: Showing) -> str:
    """Show whether each KPI is a good one, whether they are a good set, and what is wrong with the plan."""
    language, project = asked.language, asked.edition.project
    checked = answers.checked(showing)
    found = checked.audit or answers.audit(asked)
    marks = checked.marks if checked.audit is not None else asked.opened.marks
    return page(
        asked,
        "audit.html",
        "/audit",
        "/api/v1/check",
        audit=recorded.audit(found, project, language),
        findings=recorded.findings(found, project, marks, language),
        plan_problems=[render_json(one, language) for one in checked.problems],
    )


def data(asked: Asked) -> str:
    """Show which data there are, how fresh, and what loads did."""
    from kurs.workflows.data import data as state

    language = asked.language
    found = state(asked.edition.project, asked.opened.as_of)
    return page(
        asked,
        "data.html",
        "/data",
        "/api/v1/data",
        sources=recorded.sources(found, language),
        loads=recorded.loads(found, language) if found.loads else None,
        tables=recorded.tables(found.tables, language) if found.tables else None,
        remarks=recorded.remarks(found, language),
    )


def catalogue(asked: Asked, words: str) -> str:
    """Show standard KPIs: what they mean, what they hide."""
    from kurs.workflows.catalog import search

    found = search(words.split(), asked.language.say)
    return page(
        asked,
        "catalogue.html",
        "/catalogue",
        address("/api/v1/catalog", words=words),
        words=words,
        found=found,
    )


def _charts(asked: Asked, reading: Reading) -> list[tuple[Chart, tuple[str, ...]]]:
    """Draw the KPI's way through its period, with what its marks say, and how it ended in those before."""
    language, project = asked.language, asked.edition.project
    (way,) = trajectories(asked.opened, [reading])
    charts: list[tuple[Chart, tuple[str, ...]]] = []
    if way.reading.value is not None:
        said = marks_said(way, project, language)
        charts.append((trajectory_chart(way, project, language, OF_PAGE), said))
    told = way.history if len(way.history) >= _HISTORY else ()
    history = status_history(told, project, language, OF_PAGE)
    return [*charts, (history, ())] if history is not None else charts


def _actions(asked: Asked, states: Iterable[ActionState], caption: str) -> Table:
    return recorded.actions(list(states), asked.edition.project, asked.opened.as_of, asked.language, caption)


def _effects(asked: Asked) -> Table | None:
    """Lay out what came with the actions that are done; nothing where none is."""
    found = answers.effects(asked)
    return effects(found, asked.edition.project, asked.language) if found else None


def _smart(asked: Asked, key: str) -> Smart | None:
    """Say how good a KPI is, by the audit of all; nothing where that fails: its own page says why."""
    try:
        one = next(one for one in answers.audit(asked).kpis if one.kpi.key == key)
    except KursError:
        return None
    return smart(one, asked.edition.project, asked.opened.marks, asked.language)


def _description(asked: Asked, key: str) -> str:
    description = asked.edition.project.kpis[key].description
    return text(description, asked.language) if description is not None else ""


def _lineage(asked: Asked, query: Query | None) -> Table | None:
    """Lay out the sources behind a KPI: which files, loaded when."""
    from kurs.workflows.data import data as state

    if query is None:
        return None
    project = asked.edition.project
    relations = {project.tables[name].relation or name for name in query.tables}
    found = state(project, asked.opened.as_of)
    behind = replace(
        found,
        sources=tuple(one for one in found.sources if one.table in relations),
        loads=tuple(one.last for one in found.sources if one.table in relations and one.last is not None),
    )
    return recorded.loads(behind, asked.language) if behind.loads else None


def _choices(entries: Iterable[tuple[str, str]], chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, label, key == chosen) for key, label in entries)


def _grains(project: Project, language: Language) -> list[tuple[str, str]]:
    """Return all grains of a project: civil, fiscal, Jalali, its own."""
    return [(name, language.term(f"grain.{name}")) for name in project.reckoning.grains]


def _comparisons(language: Language, chosen: str) -> tuple[Choice, ...]:
    return _choices(((name, language.term(f"comparison.{name}")) for name in COMPARISONS), chosen)
