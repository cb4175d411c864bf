"""A KPI's page beside its card: what it means, its members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.report.labels import (
    dimension_label,
    inside,
    metric_label,
    owner_name,
    segment_label,
    shown,
    text,
)
from kurs.report.pages.card import Fact, card
from kurs.report.pages.tables import Cell, Heading, Table
from kurs.report.pages.trend import trend

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import Standing
    from kurs.model.project import Project
    from kurs.words import Language


def definition(reading: Reading, project: Project, language: Language) -> tuple[Fact, ...]:
    """Say what the KPI is, in the words of the plan."""
    return tuple(fact for fact in _definition(reading, project, language) if fact.value)


def _definition(reading: Reading, project: Project, language: Language) -> Iterator[Fact]:
    kpi, metric = reading.kpi, project.metrics.get(reading.kpi.metric)
    yield Fact(language.say("Metric"), metric_label(project, kpi.metric, language))
    if metric is not None and metric.description is not None:
        yield Fact(language.say("What it counts"), text(metric.description, language))
    if metric is not None:
        formula = metric.expr or (metric.share_of or "")
        yield Fact(language.say("Formula"), formula)
        yield Fact(language.say("Only rows for which"), " and ".join(filter(None, (metric.where, kpi.where))))
    yield Fact(language.say("Unit"), language.term(f"unit.{reading.unit}"))
    if reading.good is not None:
        yield Fact(language.say("Favourable"), language.term(f"good.{reading.good}"))
    if kpi.segment is not None:
        yield Fact(language.say("Segment"), segment_label(project, kpi.segment, language))
    elif kpi.of_all:
        yield Fact(language.say("Segment"), language.say("everyone"))
    if kpi.goal is not None:
        yield Fact(language.say("Goal"), text(project.goals[kpi.goal].says, language))
    if kpi.level is not None:
        yield Fact(language.say("Level"), language.term(f"level.{kpi.level}"))
    if kpi.nature is not None:
        yield Fact(language.say("Nature"), language.term(f"nature.{kpi.nature}"))
    if kpi.leads is not None:
        yield Fact(language.say("Leads"), metric_label(project, kpi.leads, language))
    yield Fact(language.term("column.owner"), owner_name(project, kpi.owner, language))
    yield Fact(language.say("Approver"), owner_name(project, kpi.approver, language))


def members(
    name: str,
    found: Sequence[tuple[object, float | None, Sequence[float | None]]],
    reading: Reading,
    project: Project,
    language: Language,
) -> Table:
    """Lay out the members of a dimension, each with its value and its way through the period."""
    title = dimension_label(project, name, language)
    rows = tuple(
        (
            Cell(_member(member, title, language)),
            Cell(language.quantity(value, reading.unit, project.settings.currency), raw=value),
            Cell(trend=trend(recent, most=60)),
        )
        for member, value, recent in found
    )
    columns = (
        Heading(title),
        Heading(language.term("column.value"), is_numeric=True),
        Heading(language.term("column.trend")),
    )
    return Table(language.say("By {dimension}", dimension=inside(title)), columns, rows, is_sortable=True)


def _member(member: object, dimension: str, language: Language) -> str:
    if member is None:
        return language.say("(no {dimension})", dimension=inside(dimension))
    if isinstance(member, bool):
        return language.term("answer.yes" if member else "answer.no")
    return shown(str(member))


def metric_list(project: Project, language: Language) -> Table:
    """Lay out the metrics of the plan: what each is called, counts, and how it is computed."""
    rows = tuple(
        (
            Cell(metric_label(project, key, language), href=f"/metrics?metric={key}"),
            Cell(text(metric.description, language) if metric.description is not None else ""),
            Cell(language.term(f"unit.{metric.unit}")),
            Cell(language.term(f"good.{metric.good}") if metric.good is not None else ""),
            Cell(metric.expr, note=metric.where or ""),
        )
        for key, metric in project.metrics.items()
    )
    titles = (
        language.say("Metric"),
        language.say("What it counts"),
        language.say("Unit"),
        language.say("Favourable"),
        language.say("Formula"),
    )
    return Table(language.say("Metrics of the plan"), tuple(map(Heading, titles)), rows, is_sortable=True)


def status_table(readings: Sequence[Reading], decided: Standing, language: Language) -> Table:
    """Lay out where KPIs stand, one a row."""
    cards = [card(one, decided, language) for one in readings]
    rows = tuple(
        (
            Cell(one.label, note=one.segments),
            Cell(one.exact + ("*" if one.is_provisional else ""), raw=one.raw),
            Cell(one.target),
            Cell(one.status_word, status=one.status),
            Cell(trend=one.trend),
            Cell(one.owner),
        )
        for one in cards
    )
    names = ("kpi", "value", "target", "status", "trend", "owner")
    columns = tuple(Heading(language.term(f"column.{name}"), name == "value") for name in names)
    return Table(language.say("Where we stand"), columns, rows)
