"""Reads ``project:``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from kurs.model.project import Settings
from kurs.project.read_calendar import WEEKDAYS, read_fiscal_year
from kurs.project.secrets import has_literal_password, masked

if TYPE_CHECKING:
    from kurs.project.section import Section

_LEDGER = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)\}")
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
        week_starts=section.one_of("week_starts", WEEKDAYS) or 0,
        fiscal_year=read_fiscal_year(section),
        engine=_engine(section),
        languages=languages or ("en",),
        as_of=section.day("as_of"),
        ledger=_ledger(section),
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


def _ledger(section: Section) -> str | None:
    """Read the name of the variable that holds the address of the journal's database."""
    node = section.scalar("ledger")
    if node is None:
        return None
    match = _LEDGER.fullmatch(node.text.strip())
    if match is None:
        section.report.error("bad_ledger", node, value=masked(node.text))
        return None
    return match["name"]


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
