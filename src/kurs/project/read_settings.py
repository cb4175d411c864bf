"""Reads ``project:`` and ``calendar:``."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from kurs.model.days import Days
from kurs.model.events import Calendar, Event
from kurs.model.project import Settings
from kurs.project.names import check_name
from kurs.project.nodes import Fields, Items, Scalar
from kurs.project.secrets import has_literal_password, masked
from kurs.project.section import as_day, as_scalar, as_section

if TYPE_CHECKING:
    from kurs.project.nodes import Node
    from kurs.project.report import Report
    from kurs.project.section import Section

_WEEKDAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})*")
_ENGINES_TO_COME = ("postgresql://", "postgres://", "clickhouse://", "sc://")
_ENGINES = ("duckdb", "duckdb:///warehouse.duckdb")


def read_settings(section: Section) -> Settings:
    """Read the ``project:`` block; where a value is wrong its default stands in."""
    section.need("name")
    languages = _languages(section)
    settings = Settings(
        name=section.text("name") or "",
        timezone=zone(section, "timezone") or "UTC",
        currency=currency(section, "currency"),
        week_starts=section.one_of("week_starts", _WEEKDAYS) or 0,
        fiscal_year_starts=_fiscal_year(section),
        engine=_engine(section),
        languages=languages or ("en",),
        as_of=section.day("as_of"),
    )
    section.close()
    return settings


def zone(section: Section, key: str) -> str | None:
    """Return the name of a time zone."""
    node = section.scalar(key)
    if node is None:
        return None
    try:
        ZoneInfo(node.text)
    except (KeyError, ValueError, OSError):
        section.report.unknown("bad_timezone", node, node.text, available_timezones(), value=node.text)
        return None
    return node.text


def currency(section: Section, key: str) -> str | None:
    """Return the code of a currency."""
    node = section.scalar(key)
    if node is None:
        return None
    from babel.numbers import is_currency, list_currencies

    if not is_currency(node.text):
        known = list_currencies()
        exact = node.text.upper()
        near = [exact] if exact in known else known
        section.report.unknown("bad_currency", node, node.text, near, value=node.text)
        return None
    return node.text


def _languages(section: Section) -> tuple[str, ...]:
    tags: list[str] = []
    for node in section.scalars("languages"):
        if _LANGUAGE.fullmatch(node.text):
            tags.append(node.text)
        else:
            section.report.error("bad_language", node, value=node.text)
    return tuple(tags)


def _fiscal_year(section: Section) -> int:
    node = section.scalar("fiscal_year_starts")
    if node is None:
        return 1
    if not node.text.isdigit():
        section.report.warning("not_supported_yet", node, key=f"fiscal_year_starts: {node.text}")
        return 1
    month = section.whole("fiscal_year_starts", 1, 12) or 1
    if month != 1:
        section.report.warning("not_supported_yet", node, key=f"fiscal_year_starts: {month}")
    return month


def _engine(section: Section) -> str:
    node = section.scalar("engine")
    if node is None:
        return "duckdb"
    if has_literal_password(node.text):
        section.report.error("literal_password", node, key="engine")
    if node.text == "duckdb" or (node.text.startswith("duckdb:///") and len(node.text) > len("duckdb:///")):
        return node.text
    if node.text.startswith(_ENGINES_TO_COME):
        section.report.error("not_supported_yet", node, key=f"engine: {masked(node.text)}")
    else:
        known = (*_ENGINES, *_ENGINES_TO_COME)
        values = {"value": masked(node.text), "key": "engine", "choices": _ENGINES}
        section.report.unknown("unknown_choice", node, masked(node.text), known, **values)
    return "duckdb"


def read_calendar(section: Section) -> Calendar:
    """Read the ``calendar:`` block."""
    countries: list[str] = []
    for node in section.scalars("countries"):
        if _is_country(node.text):
            countries.append(node.text)
        else:
            upper = node.text.upper()
            section.report.error(
                "unknown_country", node, value=node.text, suggestion=upper if _is_country(upper) else None
            )
    events: list[Event] = []
    below = section.section("events")
    for name, node in below.node.entries if below else ():
        check_name(section.report, name)
        if (event := _event(section.report, name, node)) is not None:
            events.append(event)
    section.close()
    return Calendar(tuple(countries), tuple(events))


def _is_country(code: str) -> bool:
    from babel import Locale

    return (
        len(code) == 2
        and code.isalpha()
        and code in Locale("en").territories
        and code not in ("EU", "UN", "EZ", "ZZ")
    )


def _event(report: Report, name: Scalar, node: Node) -> Event | None:
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
    return Event(name.text, tuple(days for days, _ in found)) if found else None


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
