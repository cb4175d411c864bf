"""What changed since a snapshot: KPIs that stand otherwise now than they were reported to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.ledger.definition import definition, digest
from kurs.report.labels import kpi_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kurs.evaluate.reading import Reading
    from kurs.ledger.reported import Reported
    from kurs.model.project import Project
    from kurs.words import Language


@dataclass(frozen=True, slots=True)
class Changed:
    """A KPI whose status is another now: its value and its status, each then and now."""

    key: str
    label: str
    value: str
    status: str


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since ``day``. ``redefined`` are KPIs that are defined otherwise now: not compared."""

    day: str
    changed: tuple[Changed, ...]
    redefined: tuple[str, ...]


def since(kept: Reported, readings: Sequence[Reading], project: Project, language: Language) -> Since:
    """Hold the readings of now against what was reported, of the same period and by the same definition."""
    rows = {str(row["kpi"]): row for row in kept.readings}
    changed: list[Changed] = []
    redefined: list[str] = []
    for one in readings:
        key, label = one.kpi.key, kpi_label(project, one.kpi, language)
        row = rows.get(key)
        if row is None or not _is_of_the_same_period(row, one):
            continue
        if kept.definitions.get(key) != digest(definition(project, one.kpi)):
            redefined.append(label)
        elif row.get("status") != (str(one.status) if one.status is not None else None):
            changed.append(
                Changed(key, label, _value(row, one, project, language), _status(row, one, language))
            )
    return Since(language.date(kept.day), tuple(changed), tuple(redefined))


def _is_of_the_same_period(row: Mapping[str, object], one: Reading) -> bool:
    days = {"from": one.period.first.isoformat(), "to": one.period.last.isoformat()}
    return row.get("period") == days


def _value(row: Mapping[str, object], one: Reading, project: Project, language: Language) -> str:
    before, currency = row.get("value"), project.settings.currency
    then = before if isinstance(before, int | float) else None
    return language.say(
        "{before} → {after}",
        before=language.quantity(then, one.unit, currency),
        after=language.quantity(one.value, one.unit, currency),
    )


def _status(row: Mapping[str, object], one: Reading, language: Language) -> str:
    return language.say(
        "{before} → {after}",
        before=language.term(f"status.{row.get('status') or 'none'}"),
        after=language.term(f"status.{one.status or 'none'}"),
    )
