"""Reads what the plan says of time: its fiscal year, its events, its own sets of periods."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from kurs.model.days import AnyGrain, Days, Grain, grain_named
from kurs.model.events import Calendar, Event
from kurs.model.feasts import Feast, Rule
from kurs.model.periods import Period, PeriodSet
from kurs.model.years import CALENDAR_YEARS, JalaliYears, MonthYears, WeekYears, YearEnd, Years
from kurs.project.names import check_name
from kurs.project.nodes import Fields, Items, Scalar
from kurs.project.section import as_day, as_scalar, as_section

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.model.text import Text
    from kurs.project.nodes import Node
    from kurs.project.report import Report
    from kurs.project.section import Section

Noun = TypeVar("Noun")

_MOST_AROUND = 90  # days before or after a feast: more would run into the next one's year

WEEKDAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
_JALALI = "jalali"
_WEEKS = {"4-4-5": (4, 4, 5), "4-5-4": (4, 5, 4), "5-4-4": (5, 4, 4)}


def read_fiscal_year(section: Section) -> Years:
    """Read ``fiscal_year_starts``: a month, ``jalali``, weeks such as ``4-5-4``, or how such a year ends."""
    node = section.get("fiscal_year_starts")
    if node is None:
        return CALENDAR_YEARS
    if isinstance(node, Fields):
        return _week_years(section.section("fiscal_year_starts"))
    scalar = section.scalar("fiscal_year_starts")
    if scalar is None:
        return CALENDAR_YEARS
    if scalar.text in _WEEKS:
        return WeekYears(_WEEKS[scalar.text])
    if scalar.text == _JALALI:
        return JalaliYears()
    if scalar.text.isdigit():
        return MonthYears(section.whole("fiscal_year_starts", 1, 12) or 1)
    choices = (*map(str, range(1, 13)), *_WEEKS, _JALALI)
    values = {"value": scalar.text, "key": "fiscal_year_starts", "choices": ("1", "7", *_WEEKS, _JALALI)}
    section.report.unknown("unknown_choice", scalar, scalar.text, choices, **values)
    return CALENDAR_YEARS


def _week_years(section: Section | None) -> Years:
    if section is None:
        return CALENDAR_YEARS
    section.need("weeks")
    known = WeekYears()
    weeks = section.one_of("weeks", _WEEKS)
    ends_on = section.one_of("ends_on", WEEKDAYS)
    years = WeekYears(
        weeks or known.weeks,
        known.ends_on if ends_on is None else ends_on,
        section.one_of("month", _MONTHS) or known.month,
        section.choice("rule", YearEnd) or known.rule,
    )
    section.close()
    return years if weeks else CALENDAR_YEARS


def as_grain(report: Report, node: Scalar, key: str, but: tuple[Grain, ...]) -> AnyGrain | None:
    """Return a grain, which may be a set of periods of the plan; ``but`` are too fine for the key."""
    grain = grain_named(node.text.strip())
    if grain in but:
        choices = [str(one) for one in Grain if one not in but]
        report.error("unknown_choice", node, value=node.text, key=key, choices=choices, suggestion=None)
        return None
    report.refer("grain", node)
    return grain


def read_calendar(section: Section) -> Calendar:
    """Read the ``calendar:`` block."""
    countries: list[str] = []
    for node in section.scalars("countries"):
        code, _, part = node.text.partition("-")
        if _is_country(code) and code.isupper() and (part.isalnum() or code == node.text):
            countries.append(node.text)
        else:
            upper = code.upper()
            section.report.error(
                "unknown_country", node, value=node.text, suggestion=upper if _is_country(upper) else None
            )
    events, sets = _named(section, "events", _event), _named(section, "periods", _periods)
    section.close()
    return Calendar(tuple(countries), events, sets)


def _named(
    section: Section, key: str, read: Callable[[Report, Scalar, Node], Noun | None]
) -> tuple[Noun, ...]:
    """Read each thing that stands under its name below ``key``."""
    found: list[Noun] = []
    below = section.section(key)
    for name, node in below.node.entries if below else ():
        check_name(section.report, name)
        if (noun := read(section.report, name, node)) is not None:
            found.append(noun)
    return tuple(found)


def _is_country(code: str) -> bool:
    from babel import Locale

    return (
        len(code) == 2
        and code.isalpha()
        and code in Locale("en").territories
        and code not in ("EU", "UN", "EZ", "ZZ")
    )


def _event(report: Report, name: Scalar, node: Node) -> Event | None:
    """Read an event: its occurrences, or a mapping with a label beside them or a rule that tells them."""
    if not isinstance(node, Fields):
        return _written(report, name, node, None)
    section = as_section(report, node, name, f"calendar.events.{name.text}")
    if section is None:
        return None
    label = section.says("label")
    forms = [form for form in ("rule", "days", "from") if section.has(form)]
    if len(forms) > 1:
        report.error("several_forms", section.key_node(forms[1]), keys=forms)
    event: Event | None = None
    if section.has("rule"):
        event = _ruled(section, name, label)
    elif section.has("days"):
        below = section.get("days")
        event = _written(report, name, below, label) if below is not None else None
    else:
        days = section.days()
        event = Event(name.text, (days,), label) if days is not None else None
    section.expect("rule", "days")
    section.close()
    return event


def _ruled(section: Section, name: Scalar, label: Text | None) -> Event | None:
    """Read a rule, and how many days before and after it belong to the event."""
    feast = section.choice("rule", Feast)
    before = section.whole("days_before", 0, _MOST_AROUND)
    after = section.whole("days_after", 0, _MOST_AROUND)
    section.expect("from", "to")
    return Event(name.text, label=label, rule=Rule(feast, before or 0, after or 0)) if feast else None


def _written(report: Report, name: Scalar, node: Node, label: Text | None) -> Event | None:
    """Read the occurrences of an event: ranges, or single days."""
    found: list[tuple[Days, Node]] = []
    for item in node.items if isinstance(node, Items) else (node,):
        days = _occurrence(report, name, item)
        if days is not None:
            found.append((days, item))
    found.sort(key=lambda one: one[0])
    for (earlier, _), (later, item) in pairwise(found):
        if earlier.overlap(later) is not None:
            report.error("events_overlap", item, event=name.text, first=str(earlier), second=str(later))
    if isinstance(node, Items) and not node.items:
        report.error("empty_value", name, key=name.text)
    return Event(name.text, tuple(days for days, _ in found), label) if found else None


def _occurrence(report: Report, name: Scalar, item: Node) -> Days | None:
    if isinstance(item, Fields):
        section = as_section(report, item, name, f"calendar.events.{name.text}")
        days = section.days() if section else None
        if section:
            section.close()
        return days
    scalar = as_scalar(report, item, name.text)
    day = as_day(report, scalar) if scalar else None
    return Days(day, day) if day else None


def _periods(report: Report, name: Scalar, node: Node) -> PeriodSet | None:
    """Read one set of named periods; each day may lie in one of them at most."""
    if name.text in set(Grain):
        report.error("name_of_grain", name, name=name.text)
        return None
    section = as_section(report, node, name, f"calendar.periods.{name.text}")
    found: list[tuple[Period, Scalar]] = []
    for key, item in section.node.entries if section else ():
        check_name(report, key)
        below = as_section(report, item, key, f"calendar.periods.{name.text}.{key.text}")
        if below is None:
            continue
        days, label = below.days(), below.says("label")
        below.close()
        if days is not None:
            found.append((Period(key.text, days, label), key))
    if section is not None and not section.node.entries:
        report.error("empty_value", name, key=name.text)
    found.sort(key=lambda one: one[0].days)
    for (earlier, _), (later, key) in pairwise(found):
        if earlier.days.overlap(later.days) is not None:
            values = {"first": f"{earlier.key} ({earlier.days})", "second": f"{later.key} ({later.days})"}
            report.error("events_overlap", key, event=name.text, **values)
    return PeriodSet(name.text, tuple(period for period, _ in found)) if found else None
