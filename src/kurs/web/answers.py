"""The answers behind pages and the API: the same workflows and the same plain values as the commands'."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.model.strategy import Stage
from kurs.problems import KursError, Problem, UsageError
from kurs.report import as_json
from kurs.web.showing import Known
from kurs.web.site import NotFoundError
from kurs.workflows import asking, decide, measure
from kurs.workflows.reasons import reasons
from kurs.workflows.understanding import Understanding, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.audit.audit import Audit
    from kurs.audit.plan_map import PlanMap
    from kurs.explain.effect import Effect
    from kurs.explain.finding import Finding
    from kurs.ledger.history import History
    from kurs.ledger.reported import Reported
    from kurs.ledger.standing import ActionState
    from kurs.metrics.query import Answer, Query
    from kurs.metrics.question import Question
    from kurs.model.kpi import Kpi
    from kurs.report.as_json import Plain
    from kurs.web.showing import Edition, Showing
    from kurs.web.site import Asked
    from kurs.workflows.asking import QuestionWords, RequestWords
    from kurs.workflows.check import Checked
    from kurs.workflows.members import Dimension
    from kurs.workflows.opening import Opened

MOST_ROWS = 10_000  # of one answer: a page that asks for more asks for a file


def known(asked: Asked, segment: str | None = None) -> Known:
    """Read all KPIs and say why they moved, once for each version of the project and each segment."""
    return _read(asked.edition, asked.opened, segment)


def read_ahead(showing: Showing) -> None:
    """Read and audit all KPIs before anybody asks, then the plans of earlier commits.

    The first reader need not wait, and hears of a failure.
    """
    with suppress(KursError):
        edition = showing.edition()
        with showing.opened(edition) as opened:
            _read(edition, opened, None)
            _audited(edition, opened)
        for key in list(edition.project.kpis)[:1]:  # that of one KPI reads the commits for all
            _history(edition, key)


def _read(edition: Edition, opened: Opened, segment: str | None) -> Known:
    if segment not in edition.known:
        readings = measure.status(opened, (), segment)
        edition.known[segment] = Known(readings, reasons(opened, readings))
    return edition.known[segment]


def status_json(
    asked: Asked, kpis: Sequence[str] | None, segment: str | None, stage: str | None
) -> list[Plain]:
    """Return what ``kurs status`` prints. Raises UsageError for names that the plan does not have."""
    words = Understanding()
    chosen = words.choice("stage", stage or None, [str(one) for one in Stage])
    words.done()
    wanted = names(kpis)
    for name in wanted:
        decide.known_kpi(asked.edition.project, name)
    found = known(asked, segment or None)
    by_key = {reading.kpi.key: reading for reading in found.readings}
    kept = [by_key[name] for name in wanted] if wanted else found.readings
    return [
        as_json.reading(one, asked.language, asked.edition.decided, found.why.get(one.kpi.key))
        for one in kept
        if chosen is None or one.stage == chosen
    ]


def behind(asked: Asked, kpi: Kpi, segment: str | None) -> tuple[tuple[Dimension, ...], Query | None]:
    """Return a KPI's members, and the query of its value; nothing where it cannot be asked."""
    from kurs.workflows.members import dimensions

    need, because = measure.need_of(asked.opened, kpi, asked.edition.decided, segment)
    if because is not None or need.value is None:
        return (), None
    try:
        query = measure.prepare(asked.opened, need.value)
    except KursError:  # the reading says why
        return (), None
    return dimensions(asked.opened, need.value), query


def answered(asked: Asked, words: QuestionWords) -> tuple[Question, Answer]:
    """Answer a question within the limit of rows. Raises UsageError."""
    question = asking.question(words).within(asked.opened)
    capped = replace(question, limit=min(question.limit or MOST_ROWS + 1, MOST_ROWS + 1))
    said = measure.query(asked.opened, capped)
    if len(said.rows) > MOST_ROWS:
        raise UsageError(Problem("too_many_rows", {"most": MOST_ROWS}))
    return question, said


def query_json(asked: Asked, words: QuestionWords) -> Plain:
    """Return what ``kurs query`` prints."""
    _, said = answered(asked, words)
    return as_json.answer(said, asked.language)


def explained(asked: Asked, words: RequestWords) -> Finding:
    """Explain a KPI or a metric of the plan. Raises NotFoundError where it has none of that name."""
    from kurs.workflows.explain import explain

    project = asked.edition.project
    if words.name not in project.kpis and words.name not in project.metrics:
        raise NotFoundError(Problem("unknown_metric", {"name": words.name}))
    return explain(asked.opened, asking.request(words))


def explain_json(asked: Asked, words: RequestWords) -> Plain:
    """Return what ``kurs explain`` prints."""
    from kurs.report import explain_json as as_plain

    return as_plain.finding(explained(asked, words), asked.edition.project, asked.language)


def checked(showing: Showing) -> Checked:
    """Check the files as they are now, which may be broken while an older version is shown."""
    from kurs.workflows.check import check

    return check(showing.folder, showing.as_of)


def check_json(asked: Asked, showing: Showing) -> Plain:
    """Return what ``kurs check`` prints."""
    from kurs.report.audit_json import audited
    from kurs.report.problems import render_json

    found = checked(showing)
    problems = [render_json(problem, asked.language) for problem in found.problems]
    judged = audited(found.audit, found.project, found.marks, asked.language)
    return as_json.checked(problems, found.project, judged)


def audit(asked: Asked) -> Audit:
    """Audit the plan that is shown, once for each version of the project."""
    return _audited(asked.edition, asked.opened)


def _audited(edition: Edition, opened: Opened) -> Audit:
    from kurs.workflows.audit import audit as of_plan

    if edition.audit is None:
        edition.audit = of_plan(opened)
    return edition.audit


def last_reported(asked: Asked) -> Reported | None:
    """Return the newest snapshot of a day before this one; None where the journal has none."""
    day = asked.opened.as_of
    return replace(asked.edition.decided, day=day - timedelta(days=1)).reported() if day > date.min else None


def plan(asked: Asked) -> PlanMap:
    """Lay out the plan that is shown, with where every KPI stands."""
    from kurs.workflows.plan_map import plan_map

    return plan_map(asked.opened, known(asked).readings)


def plan_json(asked: Asked) -> Plain:
    """Return what ``kurs plan`` prints."""
    from kurs.report.plan_map import plan_map_json

    return plan_map_json(plan(asked), asked.edition.project, asked.language)


def history(asked: Asked, key: str) -> History:
    """Return what became of a KPI. Raises NotFoundError, ProjectError."""
    if key not in asked.edition.project.kpis:
        raise NotFoundError(Problem("unknown_kpi", {"name": key}))
    return _history(asked.edition, key)


def _history(edition: Edition, key: str) -> History:
    from kurs.project import read
    from kurs.workflows.history import history as of

    # the plan as it is written: that of the edition is as it was in force on its day
    return of(read(edition.project.folder).required(), key)


def history_json(asked: Asked, key: str) -> list[Plain]:
    """Return what ``kurs history`` prints."""
    from kurs.report.history import history_json as as_plain

    return as_plain(history(asked, key), asked.edition.project, asked.language)


def data_json(asked: Asked) -> Plain:
    """Return what ``kurs data`` prints."""
    from kurs.report.data_page import data_json as as_plain
    from kurs.workflows.data import data

    return as_plain(data(asked.edition.project, asked.opened.as_of))


def effects(asked: Asked) -> tuple[tuple[ActionState, Effect], ...]:
    """Measure what came with the actions that are done."""
    from kurs.workflows.effect import effects as measured

    return measured(asked.opened)


def actions_json(asked: Asked, *, only_open: bool = False, effect: bool = False) -> list[Plain]:
    """Return what ``kurs actions`` prints; with ``effect`` what it prints with that option."""
    from kurs.report.decisions import action_json
    from kurs.report.effects import effect_json

    if effect:
        return [effect_json(state, one, asked.language) for state, one in effects(asked)]
    day = asked.opened.as_of
    found = decide.actions(asked.edition.project, day, only_open=only_open)
    return [action_json(state, day) for state in found]


def approvals_json(asked: Asked) -> list[Plain]:
    """Return what ``kurs approvals`` prints."""
    from kurs.report.decisions import approval_json

    decided = asked.edition.decided
    approvals = (decided.approval(kpi) for kpi in decided.project.kpis.values())
    return [approval_json(one, decided.project, asked.language) for one in approvals]


def journal_json(asked: Asked) -> list[Plain]:
    """Return what ``kurs journal`` prints."""
    from kurs.report.decisions import entry_json

    return [entry_json(entry) for entry in asked.edition.decided.entries]


def metrics_json(asked: Asked) -> list[Plain]:
    """Return the metrics of the plan."""
    return as_json.metrics(asked.edition.project, asked.language)


def catalog_json(asked: Asked, words: Sequence[str] | None) -> list[Plain]:
    """Return what ``kurs catalog`` prints."""
    from kurs.report.catalogue import standard
    from kurs.workflows.catalog import search

    return [standard(kpi) for kpi in search(words or (), asked.language.say)]
