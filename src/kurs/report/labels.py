"""What the plan's things are called in the reader's language."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from kurs.model.days import CIVIL, OwnPeriods, grain_named
from kurs.model.years import JalaliYears

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.kpi import Kpi
    from kurs.model.project import Project
    from kurs.model.text import Text
    from kurs.words import Language

_KILO, _MEGA = 1_000, 1_000_000


def kpi_label(project: Project, kpi: Kpi, language: Language) -> str:
    """Name a KPI: its own label, else its metric's, else its key in plain words."""
    if kpi.label is not None:
        return text(kpi.label, language)
    metric = project.metrics.get(kpi.metric)
    if metric is not None and metric.label is not None:
        return text(metric.label, language)
    return humanised(kpi.key)


def metric_label(project: Project, key: str, language: Language) -> str:
    """Name a metric: its label, else its key in plain words."""
    metric = project.metrics.get(key)
    return humanised(key) if metric is None or metric.label is None else text(metric.label, language)


def dimension_label(project: Project, name: str, language: Language) -> str:
    """Name a dimension, or a ``table.column``: its label in that table, else in any, else its name."""
    table, _, own = name.rpartition(".")
    tables = sorted(project.tables.values(), key=lambda one: one.key != table)
    declared = (one.dimension(own) for one in tables)
    label = next((one.label for one in declared if one is not None and one.label is not None), None)
    return humanised(own) if label is None else text(label, language)


def inside(label: str) -> str:
    """Write a label as it stands within a sentence: "Device" is "device", "UTM source" stays."""
    first = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if first[1:].islower() else label


def owner_name(project: Project, key: str | None, language: Language) -> str:
    """Name the person; nothing where there is none."""
    if key is None:
        return ""
    person = project.people.get(key)
    return humanised(key) if person is None else text(person.name, language)


def segment_label(project: Project, key: str, language: Language) -> str:
    """Name a segment: its label, else its key in plain words."""
    segment = project.segments.get(key)
    return humanised(key) if segment is None or segment.label is None else text(segment.label, language)


def event_label(project: Project, key: str, language: Language) -> str:
    """Name an event of the calendar: its label, else its key in plain words."""
    event = project.calendar.event(key)
    return humanised(key) if event is None or event.label is None else text(event.label, language)


def action_says(project: Project, key: str, language: Language) -> str:
    """Say what an action is; one that left the plan is named by its key."""
    planned = project.actions.get(key)
    return text(planned.says, language) if planned is not None else humanised(shown(key))


def bucket_label(project: Project, day: date, grain: str, language: Language) -> str:
    """Name a bucket of time by its first moment: Nov 2026; month 3, 2025/26; Mehr 1405; a season."""
    of = grain_named(grain)
    if isinstance(of, OwnPeriods):
        sets = (periods for periods in project.calendar.periods if periods.key == of)
        period = next((found for periods in sets if (found := periods.beginning(day)) is not None), None)
        if period is None:
            return language.date(day)
        return humanised(period.key) if period.label is None else text(period.label, language)
    if of in CIVIL:
        return language.bucket(day, grain)
    reckoning = project.reckoning
    unit = grain.partition("_")[2]
    place, years = reckoning.place(day, of), reckoning.years(of)
    if isinstance(years, JalaliYears):
        return language.jalali(place.number, place.year, unit)
    if unit == "month" and not years.has_weeks:
        return language.bucket(day, unit)
    # A year of weeks may begin some days before or after the month by which people call it.
    spans = (place.days.first + timedelta(days=14)).year, (place.days.last - timedelta(days=14)).year
    return language.fiscal(place.number, spans, unit)


def humanised(key: str) -> str:
    """Make words of a key: ``holiday_orders`` is "Holiday orders"."""
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def text(of_plan: Text, language: Language) -> str:
    """Take a text of the plan in the reader's language, on one line and without control characters."""
    return shown(of_plan.in_language(language.tag))


def shown(data: str) -> str:
    """Make a text from data safe for a screen: a control character could move its cursor."""
    return "".join(_safe(char) for char in data)


def _safe(char: str) -> str:
    if char in "\t\n\r":
        return " "
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) == "Cc" else char


def size(count: int, language: Language) -> str:
    """Write a number of bytes as people read it."""
    if count < _MEGA:
        return language.say("{size} kB", size=language.number(count / _KILO, 1))
    return language.say("{size} MB", size=language.number(count / _MEGA, 1))
