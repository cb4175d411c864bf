"""Ask: one question about metrics, or where every KPI stands."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from kurs.metrics.compiling import (
    compile_plan,
    compile_question,
    from_rollups,
    outline,
    rollups_for,
    unwritten,
)
from kurs.metrics.plan import Plan, plan
from kurs.metrics.query import Answer, Profile
from kurs.metrics.rollup import together
from kurs.model.comparison import Against, Comparison
from kurs.model.metric import Metric
from kurs.problems import EngineError, KursError, Problem, ProjectError, Severity, UsageError, closest
from kurs.workflows.decide import decided as decided_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kurs.evaluate.needs import Need
    from kurs.evaluate.reading import Reading
    from kurs.ledger.standing import Standing
    from kurs.metrics.guards import Guard
    from kurs.metrics.query import Query
    from kurs.metrics.question import Question
    from kurs.metrics.rollup import Source
    from kurs.model.kpi import Kpi
    from kurs.model.strategy import Stage
    from kurs.workflows.opening import Opened
    from kurs.workflows.past import Subject


def prepare(opened: Opened, question: Question) -> Query:
    """Return the SQL that answers ``question``. Raises UsageError with all its problems."""
    return compile_question(_resolved(opened, question), opened.project, opened.facts, opened.as_of)


def query(
    opened: Opened, question: Question, *, rollups: bool = True, watch: Callable[[str], None] | None = None
) -> Answer:
    """Answer ``question``; without ``rollups`` from the rows alone. Raises UsageError, EngineError.

    ``watch`` hears when each step is done: plan, rollup, sql, run.
    """
    done = watch or _nobody
    world = opened.rollups.world
    planned = plan(_resolved(opened, question), world, opened.as_of)
    done("plan")
    if rollups:
        planned = from_rollups(planned, world, opened.rollups.provide(rollups_for(planned, world)))
        done("rollup")
    prepared = compile_plan(planned, world)
    done("sql")
    _refuse_wrong_data(opened, prepared)
    try:
        rows = opened.engine.run(prepared.sql)
    except EngineError as error:
        raise _whose_fault(opened, question, error) from error
    opened.rollups.count_hits(prepared.rollups)
    warnings = _warnings(opened, question, prepared)
    done("run")
    return Answer(prepared.columns, rows, prepared.complete_to, warnings, prepared.sql, prepared.rollups)


def _nobody(_: str) -> None:
    """Hear nothing."""


def _refuse_wrong_data(opened: Opened, prepared: Query) -> None:
    """Raise ProjectError where the data are such that the answer would be wrong."""
    for table, other in prepared.joined:
        refuse_fan_out(opened, table, other)
    refuse(opened, prepared.guards)


def _warnings(opened: Opened, question: Question, prepared: Query) -> tuple[Problem, ...]:
    return (*prepared.warnings, *_found(opened, prepared.doubts), *_strangers(opened, question))


def profile(opened: Opened, question: Question, *, rollups: bool = True) -> tuple[Answer, Profile]:
    """Answer ``question``, and say where the time went. The statement runs twice: the second is watched."""
    laps = {"start": time.perf_counter()}

    def done(step: str) -> None:
        laps[step] = time.perf_counter()

    said = query(opened, question, rollups=rollups, watch=done)
    at = list(laps.items())
    seconds = {step: moment - before for (_, before), (step, moment) in pairwise(at)}
    within = opened.engine.seconds(said.sql)
    reading = sum(spent for step, spent in within.items() if "SCAN" in step or "READ" in step)
    served = tuple(source for source in opened.rollups.sources if source.relation in said.rollups)
    return said, Profile(seconds, reading, sum(within.values()) - reading, served)


def query_many(
    opened: Opened, questions: Sequence[Question], *, quiet: bool = False
) -> list[Answer | KursError]:
    """Answer many questions as ``query`` does each, in their order; a refused one is its error.

    Each table is added up once for all of them, and questions that differ in their metrics alone are one.
    ``quiet``: what would be a warning beside an answer need not be looked for.
    """
    distinct = list(dict.fromkeys(questions))
    if len(distinct) < len(questions):
        told = dict(zip(distinct, query_many(opened, distinct, quiet=quiet), strict=True))
        return [told[question] for question in questions]
    planned = [_planned(opened, question) for question in questions]
    world = opened.rollups.world
    wishes = [wish for each in planned if isinstance(each, Plan) for wish in rollups_for(each, world)]
    sources = opened.rollups.provide(together(wishes), shared=True)
    alike: dict[object, list[int]] = {}
    for place, each in enumerate(planned):
        if isinstance(each, Plan):
            alike.setdefault(_likeness(each, place), []).append(place)
    answers: dict[int, Answer | KursError] = {
        place: each for place, each in enumerate(planned) if not isinstance(each, Plan)
    }
    for places in alike.values():
        group = {place: each for place in places if isinstance(each := planned[place], Plan)}
        answers |= _together(opened, questions, group, sources, quiet=quiet)
    return [answers[place] for place in range(len(questions))]


def _planned(opened: Opened, question: Question) -> Plan | KursError:
    try:
        return plan(_resolved(opened, question), opened.rollups.world, opened.as_of)
    except KursError as error:
        return error


def _likeness(planned: Plan, place: int) -> object:
    """Return what plans must share to be one, so that each has the rows that it would have alone.

    With dimensions, the members of one are not those of all; nor are buckets, where empty ones are left out.
    """
    question = planned.question
    own_rows = question.by or planned.leaves_empty_out
    if own_rows or question.limit is not None or question.order or question.compare is not None:
        return place
    return (replace(question, metrics=()), planned.seen, planned.data_to, planned.stretch, planned.framed)


def _together(
    opened: Opened,
    questions: Sequence[Question],
    group: Mapping[int, Plan],
    sources: Sequence[Source],
    *,
    quiet: bool,
) -> dict[int, Answer | KursError]:
    """Answer the questions of a group by one statement, where nothing is wrong; else one by one."""
    if len(group) > 1:
        world = opened.rollups.world
        asked = dict.fromkeys(asked for each in group.values() for asked in each.question.metrics)
        question = replace(next(iter(group.values())).question, metrics=tuple(asked))
        parts = {
            place: outline(each) if quiet else unwritten(from_rollups(each, world, sources), world)
            for place, each in group.items()
        }
        try:
            planned = plan(question, world, opened.as_of)
            whole = compile_plan(from_rollups(planned, world, sources), world)
            _refuse_wrong_data(opened, whole)
            rows = opened.engine.run(whole.sql)
            warnings = {
                place: () if quiet else _warnings(opened, questions[place], part)
                for place, part in parts.items()
            }
        except KursError:  # whose it is, is told by asking each
            pass
        else:
            opened.rollups.count_hits(whole.rollups)
            return {place: _part(whole, rows, part, warnings[place]) for place, part in parts.items()}
    return {place: _answer_or_error(opened, questions[place]) for place in group}


def _part(
    whole: Query, rows: Sequence[tuple[object, ...]], own: Query, warnings: tuple[Problem, ...]
) -> Answer:
    """Return the columns of one question out of the answer to several."""
    names = [column.name for column in whole.columns]
    places = [names.index(column.name) for column in own.columns]
    cut = tuple(tuple(row[place] for place in places) for row in rows)
    return Answer(own.columns, cut, own.complete_to, warnings, whole.sql, own.rollups)


def _answer_or_error(opened: Opened, question: Question) -> Answer | KursError:
    try:
        return query(opened, question)
    except KursError as error:
        return error


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
    from kurs.workflows.past import with_turns

    decided = decided_of(opened)
    found = [need_of(opened, kpi, decided, segment) for kpi in chosen(opened, kpis, segment)]
    kept = [(need, because) for need, because in found if stage is None or need.stage is stage]
    return with_turns(opened, subjects(opened, kept), decided)


def readings(opened: Opened, kpis: Sequence[str] = ()) -> tuple[Reading, ...]:
    """Read every KPI, or those named, as of now alone, without looking back at the days before."""
    decided = decided_of(opened)
    needs = [need_of(opened, kpi, decided) for kpi in chosen(opened, kpis, None)]
    return tuple(one.reading for one in subjects(opened, needs))


def subjects(
    opened: Opened, kept: Sequence[tuple[Need, Problem | None]], *, quiet: bool = False
) -> list[Subject]:
    """Read KPIs as of now, each table added up once for all of them; ``quiet``: without doubts."""
    from kurs.workflows.past import Subject

    asked = [question for need, because in kept if because is None for question in need.questions]
    answers = iter(query_many(opened, asked, quiet=quiet))
    found: list[Subject] = []
    for need, because in kept:
        said = [next(answers) for _ in need.questions] if because is None else []
        known = zip(need.questions, said, strict=False)
        told = {question: answer for question, answer in known if isinstance(answer, Answer)}
        found.append(Subject(need, _read(need, because, said), told))
    return found


def need_of(
    opened: Opened, kpi: Kpi, decided: Standing, segment: str | None = None, *, status_only: bool = False
) -> tuple[Need, Problem | None]:
    """Return what must be asked for a KPI, and why it cannot be; ``status_only``: no trend and no members."""
    from kurs.evaluate.needs import needs
    from kurs.metrics.nature import UNKNOWN, metric_facts

    because: Problem | None = None
    facts = of_basis = UNKNOWN
    try:
        facts = metric_facts(opened.rollups.world, kpi.metric)
        of_basis = metric_facts(opened.rollups.world, kpi.basis_metric)
    except KursError as error:
        because = error.problems[0]
    frozen = decided.frozen(kpi)
    asked = needs(
        opened.project, kpi, opened.as_of, facts, segment, frozen, of_basis, status_only=status_only
    )
    return asked, because


def _read(need: Need, because: Problem | None, answers: Sequence[Answer | KursError]) -> Reading:
    from kurs.evaluate.readings import read, refused

    errors = (answer.problems[0] for answer in answers if isinstance(answer, KursError))
    because = because or next(errors, None)
    if because is not None:
        return refused(need, because)
    return read(need, [answer for answer in answers if isinstance(answer, Answer)])


def chosen(opened: Opened, kpis: Sequence[str], segment: str | None) -> tuple[Kpi, ...]:
    """Return the KPIs of these names, or all. Raises UsageError for names that the plan does not have."""
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
    earlier = opened.project.calendar.same_event(question.days)
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

    project = opened.project
    if question.grain or not question.segments:
        return
    formulas = [formula_of(opened.rollups.world, asked.metric) for asked in question.metrics]
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
    found = [(guard, opened.rollups.looked(guard.sql)) for guard in guards]
    return [opened.marks.locate(guard.problem(rows)) for guard, rows in found if rows]


def refuse_fan_out(opened: Opened, table: str, other: str) -> None:
    """Raise ProjectError when ``other`` has a key twice: rows of ``table`` would be counted twice, too."""
    noun = opened.project.tables[other]
    found = opened.rollups.repeated_keys(other)
    if found:
        examples = [f"{key} ({rows}×)" for key, rows in found]
        values = {"table": table, "other": other, "key": noun.unique_key or "", "examples": examples}
        raise ProjectError(opened.marks.locate(Problem("fan_out", values, path=("tables", other, "key"))))
