"""Reads ``covers:``, the days on which a source is complete."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kurs.model.days import Grain
from kurs.model.source import Covers, CoversTo
from kurs.project.section import as_day

if TYPE_CHECKING:
    from kurs.project.section import Section

_GRAINS = {str(grain): grain for grain in Grain if grain not in (Grain.HOUR, Grain.DAY, Grain.FISCAL_WEEK)}


def read_covers(parent: Section) -> Covers | None:
    """Read the keys below ``covers:``; of a database neither names nor times of files are known."""
    section = parent.section("covers")
    if section is None:
        return None
    by_name = section.one_of("by", {"file_name": True}) or False
    first, last = section.day("from"), _last(section)
    rows = section.one_of("rows", _GRAINS)
    if not (by_name or any(section.has(key) for key in ("from", "to", "rows"))):
        section.need("to")
    if isinstance(last, date) and first is not None and last < first:
        section.report.error("period_backwards", section.key_node("to"), **{"from": first, "to": last})
    if parent.has("url"):
        of_files = (("by", by_name), ("to", last is CoversTo.FILE_MODIFIED), ("rows", rows is not None))
        for key, is_of_files in of_files:
            if is_of_files:
                section.report.error("not_of_databases", section.key_node(key), key=key)
    section.close()
    return Covers(by_name, first, last, rows)


def _last(section: Section) -> date | CoversTo | None:
    node = section.scalar("to")
    if node is None:
        return None
    word = next((word for word in CoversTo if word == node.text), None)
    return as_day(section.report, node) if word is None else word
