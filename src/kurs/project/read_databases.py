"""Reads what makes a source a database: ``url``, ``table`` or ``query``, ``cursor``, ``look_back``."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kurs.model.database import Database
from kurs.project.nodes import Fields
from kurs.project.secrets import has_literal_password, masked

if TYPE_CHECKING:
    from kurs.project.section import Section

_OF_FILES = ("files", "files_are")
_FORMAT_OF_FILES = (
    "kind",
    "encoding",
    "delimiter",
    "quote",
    "header_row",
    "totals",
    "sums_where_empty",
    "comment",
    "member",
)
_FILES_OF_PROJECT = ("sqlite:///", "duckdb:///")


def read_database(section: Section) -> Database | None:
    """Read a source's database; None where it has none, or where its address is not understood."""
    url = _url(section)
    table, query = section.text("table"), section.sql("query")
    cursor, look_back = section.text("cursor"), section.length("look_back")
    if not section.has("url"):
        for key in ("table", "query", "cursor", "look_back"):
            if section.has(key):
                section.need("url")
        return None
    if section.has("table") == section.has("query"):
        section.report.error("table_or_query", section.key_node("url"))
    for key in _OF_FILES:
        if section.has(key):
            section.report.error("not_of_databases", section.key_node(key), key=key)
    _check_format(section)
    if section.has("cursor"):
        section.need("key", "look_back")
    if section.has("look_back"):
        section.need("cursor")
    return None if url is None else Database(url, table, query, cursor, look_back or 0)


def _url(section: Section) -> str | None:
    """Return the address: of a server only as the name that the environment fills."""
    node = section.scalar("url")
    if node is None:
        return None
    url = node.text.strip()
    if has_literal_password(url):
        section.report.error("literal_password", node, key="url")
        return None
    if Database(url).variable is not None:
        return url
    start = next((start for start in _FILES_OF_PROJECT if url.startswith(start)), None)
    if start is None:
        section.report.error("unknown_database", node, url=masked(url))
        return None
    path = PurePosixPath(url.removeprefix(start).replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
        section.report.error("outside_project", node, file=str(path))
        return None
    return url


def _check_format(section: Section) -> None:
    """Note what the format says about files; how dates and numbers are written may stand in texts."""
    entry = section.node.get("format")
    if entry is None or not isinstance(entry[1], Fields):
        return
    for key in _FORMAT_OF_FILES:
        if (wrong := entry[1].get(key)) is not None:
            section.report.error("not_of_databases", wrong[0], key=key)
