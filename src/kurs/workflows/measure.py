"""Ask: one question about metrics, or where every KPI stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.metrics.compiling import compile_question
from kurs.metrics.query import Answer
from kurs.model.comparison import Against, Comparison
from kurs.model.metric import Metric
from kurs.problems import EngineError, KursError, Problem, ProjectError, Severity, UsageError, closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.metrics.guards import Guard
    from kurs.metrics.query import Query
    from kurs.metrics.question import Question
    from kurs.model.kpi import Kpi
    from kurs.model.strategy import Stage
    from kurs.workflows.opening import Opened


def prepare(opened: Opened, question: Question) -> Query:
    """Return the SQL that answers ``question``. Raises UsageError with all its problems."""
    return compile_question(_resolved(opened, question), opened.project, opened.facts, opened.as_of)


def query(opened: Opened, question: Question) -> Answer:
    """Answer ``question``. Raises UsageError, EngineError."""
    prepared = prepare(opened, question)
    for table, other in prepared.joined:
        refuse_fan_out(opened, table, other)
    refuse(opened, prepared.guards)
    try:
        rows = opened.engine.run(prepared.sql)
    except EngineError as error:
        raise _whose_fault(opened, question, error) from error
    warnings = (*prepared.warnings, *_found(opened, prepared.doubts), *_strangers(opened, question))
    return Answer(prepared.columns, rows, prepared.complete_to, warnings, prepared.sql)


def status(
    opened: Opened,
    kpis: Sequence[str] = (),
    segment: str | None = None,
    stage: Stage | None = None,
) -> tuple[Reading, ...]:
    """Read every KPI of the plan, or those named; ``stage`` keeps those whose goal is at that stage.

    A KPI that cannot be computed has a reading with its reason: one broken table does not hide the rest.
    Raises UsageError for names that the plan does not have.
    """
    return tuple(
        reading
        for kpi in _chosen(opened, kpis, segment)
        if (reading := _read(opened, kpi, segment, stage)) is not None
    )


def _read(opened: Opened, kpi: Kpi, segment: str | None, stage: Stage | None) -> Reading | None:
    from kurs.evaluate.needs import needs
    from kurs.evaluate.readings import read, refused
    from kurs.metrics.nature import UNKNOWN, metric_facts

    because: Problem | None = None
    facts = UNKNOWN
    try:
        facts = metric_facts(opened.project, opened.facts, kpi.metric)
    except KursError as error:
        because = error.problems[0]
    need = needs(opened.project, kpi, opened.as_of, facts, segment)
    if stage is not None and need.stage is not stage:
        return None
    if because is not None:
        return refused(need, because)
    try:
        return read(need, [query(opened, asked) for asked in need.questions])
    except KursError as error:
        return refused(need, error.problems[0])


def _chosen(opened: Opened, kpis: Sequence[str], segment: str | None) -> tuple[Kpi, ...]:
    project = opened.project
    problems = [
        Problem("unknown_kpi", {"name": name, "suggestion": closest(name, project.kpis)})
        for name in kpis
        if name not in project.kpis
    ]
    if segment is not None and segment not in project.segments:
        suggestion = closest(segment, project.segments)
        problems.append(Problem("unknown_segment", {"name": segment, "suggestion": suggestion}))
    if problems:
        raise UsageError(*problems)
    return tuple(project.kpis[name] for name in kpis) if kpis else tuple(project.kpis.values())


def _resolved(opened: Opened, question: Question) -> Question:
    """Turn a comparison with the same event into one with its days."""
    comparison = question.compare
    if comparison is None or comparison.against is not Against.SAME_EVENT:
        return question
    if question.days is None:
        raise UsageError(Problem("compare_needs_range"))
    for event in opened.project.calendar.events:
        earlier = event.before(question.days)
        if earlier is not None:
            return replace(question, compare=Comparison(Against.RANGE, earlier))
    raise UsageError(Problem("no_same_event", {"from": question.days.first, "to": question.days.last}))


def _whose_fault(opened: Opened, question: Question, error: EngineError) -> KursError:
    """Tell a condition that the engine cannot compute from an engine that fails without it, too."""
    reason = error.problems[0]
    if reason.code != "query_failed" or not question.where:
        return error
    try:
        opened.engine.explain(prepare(opened, replace(question, where=())).sql)
    except EngineError:
        return error
    conditions = " and ".join(question.where)
    return UsageError(Problem("bad_condition", {"sql": conditions, "reason": reason.values["reason"]}))


def _strangers(opened: Opened, question: Question) -> Iterator[Problem]:
    """Say which share of the rows belongs to no entity of an asked segment: an anonymous session."""
    from kurs.metrics.formula import formula_of
    from kurs.metrics.question import Asked
    from kurs.metrics.reach import Map

    project = opened.project
    if question.grain or not question.segments:
        return
    formulas = [formula_of(Map(project, opened.facts), asked.metric) for asked in question.metrics]
    for home in dict.fromkeys(home for formula in formulas for home in formula.homes):
        for entity in dict.fromkeys(project.segments[name].of for name in question.segments):
            key = project.tables[entity].unique_key
            if home == entity or key is None:
                continue
            none = f"count({home}) filter (where {entity}.{key} is null)"
            counts = {"none": Metric("none", none), "all_rows": Metric("all_rows", f"count({home})")}
            asked = replace(question, metrics=(Asked("none"), Asked("all_rows")), segments=(), by=())
            asked = replace(asked, compare=None, order=(), limit=None)
            sql = compile_question(asked, replace(project, metrics=counts), opened.facts, opened.as_of).sql
            strangers, rows = opened.engine.run(sql)[0]
            if strangers:
                values = {"table": home, "entity": entity, "without": strangers, "rows": rows}
                yield Problem("without_entity", values, Severity.WARNING)


def refuse(opened: Opened, guards: Iterable[Guard]) -> None:
    """Raise ProjectError with everything that the guards find in the data."""
    problems = _found(opened, guards)
    if problems:
        raise ProjectError(*problems)


def _found(opened: Opened, guards: Iterable[Guard]) -> list[Problem]:
    found = [(guard, opened.engine.run(guard.sql)) for guard in guards]
    return [opened.marks.locate(guard.problem(rows)) for guard, rows in found if rows]


def refuse_fan_out(opened: Opened, table: str, other: str) -> None:
    """Raise ProjectError when ``other`` has a key twice: rows of ``table`` would be counted twice, too."""
    from kurs.metrics.extremes import repeated_keys

    noun = opened.project.tables[other]
    found = opened.engine.run(repeated_keys(opened.project, noun))
    if found:
        examples = [f"{key} ({rows}×)" for key, rows in found]
        values = {"table": table, "other": other, "key": noun.unique_key or "", "examples": examples}
        raise ProjectError(opened.marks.locate(Problem("fan_out", values, path=("tables", other, "key"))))
