"""What a person signs: the definition of a KPI in force, as names and plain values.

It holds what decides the KPI's numbers, its target and who answers for it: the KPI itself, the formulas of
the metrics that it names, directly or through others, the tables, segments and events behind them, and the
settings by which days and money are counted. Labels, descriptions, the rhythm of review and the planned
actions are not in it: changing them lapses no approval.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, cast

from kurs.model.comparison import Against
from kurs.model.table import Dimension, Join
from kurs.model.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.table import Table

Plain = str | int | float | bool | None

# Who is called what and why: no number, no duty.
_COSMETIC = frozenset(
    {
        "key",
        "label",
        "description",
        "review",
        "level",
        "department",
        "nature",
        "leads",
        "actions",
        "of_all",
        "provenance",
        "versions",
    }
)
REVISIONS = "revisions"
# What is agreed beyond how the number of some days comes about.
_AGREED = ("target", "owner", "approver", "goal", "good", "period", "baseline")

_TEXT = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"(\.?)\s*\b([a-z_][a-z0-9_]*)\b", re.IGNORECASE)
_SPACES = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """One line of a definition that is no longer what it was; None where it was or is absent."""

    what: str
    before: Plain
    after: Plain


def definition(project: Project, kpi: Kpi) -> dict[str, Plain]:
    """Return the definition of a KPI: values by their path in the plan, in alphabetical order."""
    found: dict[str, Plain] = dict(_flat(f"kpis.{kpi.key}", kpi))
    metrics, tables, words = _behind(project, kpi)
    for name in metrics:
        found |= _flat(f"metrics.{name}", project.metrics[name])
    for name in tables:
        found |= _flat(f"tables.{name}", _used(project.tables[name], set(tables), words))
    if kpi.segment is not None:
        found |= _flat(f"segments.{kpi.segment}", project.segments[kpi.segment])
    found |= _time_and_money(project, kpi, any(project.tables[name].amounts for name in tables))
    return dict(sorted(found.items()))


def with_revisions(project: Project, kpi: Kpi) -> dict[str, Plain]:
    """Return the definition of a KPI, and below ``revisions.DAY.`` what is another since a day; None: gone.

    Revisions of the metrics behind it are among them.
    """
    before = definition(project, kpi)
    found = dict(before)
    nouns = (kpi, *(project.metrics[name] for name in _behind(project, kpi)[0]))
    days = {one.since for noun in nouns for one in noun.versions if one.since is not None}
    for day in sorted(days):
        there = project.in_force(day)
        now = definition(there, there.kpis[kpi.key])
        found |= {f"{REVISIONS}.{day}.{one.what}": one.after for one in changes(before, now)}
        before = now
    return found


def in_time(of: Mapping[str, Plain]) -> dict[str, dict[str, Plain]]:
    """Return the definitions that ``with_revisions`` told, by the day since when each holds, "" first."""
    found = {"": {what: value for what, value in of.items() if not what.startswith(f"{REVISIONS}.")}}
    changed: dict[str, dict[str, Plain]] = {}
    for what, value in of.items():
        if what.startswith(f"{REVISIONS}."):
            _, day, rest = what.split(".", 2)
            changed.setdefault(day, {})[rest] = value
    before = found[""]
    for day in sorted(changed):
        now = {**before, **changed[day]}
        before = dict[str, Plain]((what, value) for what, value in now.items() if value is not None)
        found[day] = before
    return found


def digest(of: Mapping[str, Plain]) -> str:
    """Return the hash of a definition."""
    text = json.dumps(dict(sorted(of.items())), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def of_the_number(of: Mapping[str, Plain], kpi: str) -> dict[str, Plain]:
    """Keep what decides the number of given days: not which days, the target, or who answers for it."""
    agreed = ("calendar", *(f"kpis.{kpi}.{key}" for key in _AGREED))
    return {what: of[what] for what in of if not any(f"{what}.".startswith(f"{one}.") for one in agreed)}


def changes(before: Mapping[str, Plain], after: Mapping[str, Plain]) -> tuple[Change, ...]:
    """Return what differs between two definitions, in alphabetical order."""
    return tuple(
        Change(what, before.get(what), after.get(what))
        for what in sorted({*before, *after})
        if (what in before, before.get(what)) != (what in after, after.get(what))
    )


def _behind(project: Project, kpi: Kpi) -> tuple[list[str], list[str], set[str]]:
    """Return the metrics and tables behind a KPI, and all names that their SQL mentions.

    A bare name may be a metric, a table or a dimension. Where a column bears the name of a metric, the metric
    is taken in, too: an approval may lapse too early, never too late.
    """
    segment = project.segments[kpi.segment] if kpi.segment is not None else None
    texts = [kpi.metric, kpi.where or "", *((segment.of, segment.where) if segment else ())]
    metrics: list[str] = []
    tables: set[str] = set()
    words: set[str] = set()
    while texts:
        for is_member, word in _words(texts.pop()):
            words.add(word)
            if word in project.tables and not is_member and word not in tables:
                tables.add(word)
                texts += _strings(_used(project.tables[word], set(), set()))
            if word in project.metrics and not is_member and word not in metrics:
                metrics.append(word)
                texts += _strings(project.metrics[word])
    return metrics, _joined(project, tables, words), words


def _joined(project: Project, mentioned: set[str], words: set[str]) -> list[str]:
    """Return the mentioned tables, joined ones with a dimension that is asked for, and those on the way."""
    reached = set(mentioned)
    waiting = list(mentioned)
    while waiting:
        for join in project.tables[waiting.pop()].joins:
            if join.table in project.tables and join.table not in reached:
                reached.add(join.table)
                waiting.append(join.table)
    kept = set(mentioned)
    kept |= {name for name in reached if any(one.name in words for one in project.tables[name].dimensions)}
    grown = True
    while grown:
        on_the_way = {
            name for name in reached - kept if any(join.table in kept for join in project.tables[name].joins)
        }
        grown = bool(on_the_way)
        kept |= on_the_way
    return sorted(kept)


def _used(table: Table, tables: set[str], words: set[str]) -> Table:
    """Leave out the dimensions and joins that the KPI does not touch."""
    return dataclasses.replace(
        table,
        dimensions=tuple(sorted((d for d in table.dimensions if d.name in words), key=lambda d: d.name)),
        joins=tuple(sorted((j for j in table.joins if j.table in tables), key=lambda j: (j.table, j.column))),
    )


def _time_and_money(project: Project, kpi: Kpi, has_amounts: bool) -> dict[str, Plain]:
    settings = project.settings
    found: dict[str, Plain] = {"project.timezone": settings.timezone}
    if settings.currency is not None:
        found["project.currency"] = settings.currency
    if kpi.period.every is not None:
        found["project.week_starts"] = settings.week_starts
        found["project.fiscal_year"] = str(settings.fiscal_year)
        for periods in project.calendar.periods:
            if periods.key == kpi.period.every:
                found |= _flat(f"calendar.periods.{periods.key}", periods)
    compared = kpi.baseline.comparison if kpi.baseline is not None else None
    for event in project.calendar.events:
        looked_at = compared is not None and compared.against is Against.SAME_EVENT
        named = compared.event if compared is not None else None
        other = looked_at and named is None and kpi.period.event is None
        if event.key in (kpi.period.event, named) or other:
            found |= _flat(f"calendar.events.{event.key}", event)
    if has_amounts and project.fx is not None:
        found |= _flat("fx", project.fx)
        if project.fx.table in project.tables:
            found |= _flat(f"tables.{project.fx.table}", project.tables[project.fx.table])
    return found


def _words(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the names in a text of SQL, and whether each is the member of another one."""
    for match in _WORD.finditer(_TEXT.sub("''", text)):
        yield bool(match[1]), match[2].lower()


def _strings(value: object) -> list[str]:
    return [text for _, text in _flat("", value) if isinstance(text, str)]


def _flat(path: str, value: object) -> Iterator[tuple[str, Plain]]:
    """Yield the plain values within one of the plan's nouns; what is at its default is left out."""
    if isinstance(value, Text) or value is None:
        return
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            member: object = getattr(value, field.name)
            if field.name not in _COSMETIC and member != field.default:
                yield from _flat(f"{path}.{field.name}", member)
    elif isinstance(value, tuple):
        for place, one in enumerate(cast("tuple[object, ...]", value), 1):
            yield from _flat(f"{path}.{_called(one, place)}", one)
    else:
        yield path, _plain(value)


def _called(value: object, place: int) -> str:
    """Name a member of a list: by its own name where it has one, so that its neighbours keep theirs."""
    if isinstance(value, Dimension):
        return value.name
    return value.table if isinstance(value, Join) else str(place)


def _plain(value: object) -> Plain:
    if isinstance(value, Enum | date):
        return str(value)
    if isinstance(value, str):
        return _SPACES.sub(lambda match: match[1] or " ", value).strip()
    if isinstance(value, bool | int | float):
        return value
    return str(value)
