"""Values as plain dicts and lists, by the keys of the contract; numbers are never rounded."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from kurs.ledger.standing import Signed
from kurs.model.kpi import Nature
from kurs.model.strategy import Stage
from kurs.report.differences import since_signed
from kurs.report.labels import kpi_label, metric_label
from kurs.report.target_json import number_or_band, target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.explain.finding import Finding
    from kurs.ledger.standing import ActionState, Standing
    from kurs.metrics.query import Answer
    from kurs.model.days import Days
    from kurs.model.project import Project
    from kurs.problems import Problem
    from kurs.words import Language

Plain = dict[str, object]


def document(value: object) -> str:
    """Write a document of plain values; an infinity or not-a-number in it is a ValueError."""
    return "".join(_pieces(value, "\n"))


def _pieces(value: object, line: str) -> Iterator[str]:
    """Write a value as ``json.dumps(indent=2)`` does, and a decimal as a number with all its digits."""
    below = f"{line}  "
    match value:
        case dict() if value:
            entries = cast("dict[str, object]", value).items()
            for n, (key, entry) in enumerate(entries):
                yield f"{',' if n else '{'}{below}{json.dumps(key, ensure_ascii=False)}: "
                yield from _pieces(entry, below)
            yield line + "}"
        case list() | tuple() if value:
            for n, entry in enumerate(cast("Sequence[object]", value)):
                yield f"{',' if n else '['}{below}"
                yield from _pieces(entry, below)
            yield line + "]"
        case Decimal():
            if not value.is_finite():
                raise ValueError(value)
            yield f"{value:f}"
        case _:
            yield json.dumps(value, ensure_ascii=False, allow_nan=False)


def plain(value: object) -> object:
    """Turn one cell into what JSON has: whole decimals are integers, dates are ISO texts.

    A decimal that no double holds to the digit stays one.
    """
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def answer(said: Answer, language: Language) -> Plain:
    """An answer as ``kurs query`` gives it."""
    names = [column.name for column in said.columns]
    return {
        "columns": [
            {"name": column.name, "kind": str(column.kind), "unit": str(column.unit) if column.unit else None}
            for column in said.columns
        ],
        "rows": [dict(zip(names, map(plain, row), strict=True)) for row in said.rows],
        "complete_to": plain(said.complete_to),
        "warnings": [sentence(warning, language) for warning in said.warnings],
    }


def reading(read: Reading, language: Language, decided: Standing, why: Finding | None = None) -> Plain:
    """A reading as ``kurs status`` gives it, with what is decided and why it moved.

    ``reason`` says why there is no value or no verdict, else why it moved. What later issues bring is null.
    """
    project = decided.project
    kpi = read.kpi
    approval = decided.approval(kpi)
    return {
        "kpi": kpi.key,
        "label": kpi_label(project, kpi, language),
        "metric": kpi.metric,
        "unit": str(read.unit),
        "good": _name(read.good),
        "goal": kpi.goal,
        "stage": _name(read.stage),
        "segment": ", ".join(read.segments) or None,
        "owner": kpi.owner,
        "period": _ends(read.period),
        "as_of": plain(read.as_of),
        "data_to": plain(read.data_to),
        "value": read.value,
        "numerator": read.numerator,
        "denominator": read.denominator,
        "baseline": read.baseline,
        "baseline_frozen": plain(read.frozen.on) if read.frozen is not None else None,
        "baseline_restated": read.restated_baseline,
        "target": number_or_band(read.target),
        "gap": read.gap,
        "progress": read.progress,
        "expected_by_now": read.expected_by_now,
        "pace": read.pace,
        "forecast": None,
        "chance": None,
        "status": _name(read.status),
        "since": plain(read.turn.since) if read.turn is not None else None,
        "previous_status": _name(read.turn.previous) if read.turn is not None else None,
        "transition": _name(read.turn.way) if read.turn is not None else None,
        "provisional": read.provisional,
        "approved": approval.state is Signed.APPROVED,
        "changed_since_approved": since_signed(approval, project, language),
        "reason": _reason(read, language, project, why),
        "caveats": [sentence(caveat, language) for caveat in read.caveats],
        "recent": list(read.recent),
        "actions": [_action(state) for state in decided.actions(kpi)],
        **target(read, language),
    }


def _reason(read: Reading, language: Language, project: Project, why: Finding | None) -> str | None:
    if read.reason is not None:
        return sentence(read.reason, language)
    if why is None:
        return None
    from kurs.report.reason import reason  # no other document needs what explains

    return reason(why, project, language)


def metrics(project: Project, language: Language) -> list[Plain]:
    """The metrics of a plan: what each is called, what it counts, and how it is computed."""
    return [
        {
            "metric": key,
            "label": metric_label(project, key, language),
            "description": metric.description.in_language(language.tag) if metric.description else None,
            "expr": metric.expr or None,
            "unit": str(metric.unit),
            "good": _name(metric.good),
        }
        for key, metric in project.metrics.items()
    ]


def coverage(project: Project | None) -> dict[str, int]:
    """Count the plan's KPIs by the stage of their goal and by their nature."""
    counts = dict.fromkeys([*map(str, Stage), *map(str, Nature)], 0)
    for kpi in project.kpis.values() if project is not None else ():
        goal = project.goals.get(kpi.goal) if project is not None and kpi.goal is not None else None
        for found in (goal.stage if goal is not None else None, kpi.nature):
            if found is not None:
                counts[str(found)] += 1
    return counts


def checked(problems: Iterable[object], project: Project | None, audited: Plain) -> Plain:
    """What ``kurs check`` found; ``problems`` and what the audit says are plain already."""
    return {
        "problems": list(problems),
        "audit": audited["audit"],
        "coverage": coverage(project),
        "set": audited["set"],
    }


def sentence(problem: Problem, language: Language) -> str:
    """Say what a problem says, without how to mend it."""
    return language.problem(problem.code, problem.values)[0]


def _action(state: ActionState) -> Plain:
    return {
        "action": state.action,
        "state": str(state.stage),
        "owner": state.owner,
        "due": plain(state.due),
    }


def _ends(days: Days) -> Plain:
    return {"from": days.first.isoformat(), "to": days.last.isoformat()}


def _name(value: object) -> str | None:
    return None if value is None else str(value)
