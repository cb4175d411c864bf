"""Reads ``sources:``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kurs.model.source import (
    PERCENT,
    Account,
    DataType,
    FilesAre,
    Keep,
    Kept,
    Rejects,
    Source,
    SourceColumn,
    column_name,
)
from kurs.model.table import ColumnType
from kurs.project.amounts import Sign, amount_of
from kurs.project.names import check_name
from kurs.project.nodes import Fields, Scalar
from kurs.project.read_covers import read_covers
from kurs.project.read_databases import read_database
from kurs.project.read_format import check_form, currency_signs, read_format
from kurs.project.read_settings import currency, zone
from kurs.project.section import Section, as_scalar, as_section

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.model.source import Format
    from kurs.model.table import Table
    from kurs.project.nodes import Node
    from kurs.project.report import Report

_TYPE_NAMES = (*(kind.value for kind in ColumnType if kind is not ColumnType.OTHER), PERCENT)

# What other tools call the types: taken as new names of columns, they would surprise their writer.
_OTHER_NAMES = {
    **dict.fromkeys(("integer", "bigint", "smallint", "int64", "int32"), "int"),
    **dict.fromkeys(("string", "str", "varchar", "char"), "text"),
    **dict.fromkeys(("boolean", "logical"), "bool"),
    **dict.fromkeys(("double", "real", "float64", "float32"), "float"),
    **dict.fromkeys(("number", "numeric"), "decimal"),
    **dict.fromkeys(("datetime",), "timestamp"),
}


def read_source(report: Report, name: Scalar, node: Node) -> Source | None:
    """Read one source."""
    check_name(report, name)
    section = as_section(report, node, name, f"sources.{name.text}")
    if section is None:
        return None
    database = read_database(section)
    if not section.has("url"):
        section.need("files")
    section.need("into")
    form = read_format(section)
    source = Source(
        key=name.text,
        into=_into(section) or name.text,
        files=_files(section),
        files_are=section.choice("files_are", FilesAre),
        format=form,
        columns=_columns(section, form),
        unique_key=section.texts("key"),
        window=section.text("window"),
        account=_account(section),
        restates_days=section.length("restates") or 0,
        max_rejects=_rejects(section),
        database=database,
        covers=read_covers(section),
        kept=section.choice("kept", Kept),
        owner=section.name("owner", "person"),
    )
    section.says("label")
    section.says("description")
    section.close()
    if database is not None:
        cursor = None if database.cursor is None else _in_lake(source, database.cursor)
        # An empty text of a database is one, unless the plan says otherwise: it has nulls of its own.
        nulls = source.format.nulls if _states_nulls(section) else ()
        source = replace(
            source, database=replace(database, cursor=cursor), format=replace(source.format, nulls=nulls)
        )
    return replace(
        source,
        unique_key=tuple(_in_lake(source, column) for column in source.unique_key),
        window=None if source.window is None else _in_lake(source, source.window),
    )


def _states_nulls(section: Section) -> bool:
    entry = section.node.get("format")
    return entry is not None and isinstance(entry[1], Fields) and entry[1].get("nulls") is not None


def named_like_types(source: Source, tables: Iterable[Table]) -> Source:
    """Read ``Day: date`` as a name as well where a key, a window or a table's time is called ``date``."""
    times = {table.time for table in tables if (table.relation or table.key) == source.into}
    wanted = {*source.unique_key, source.window, *times} - {column.name for column in source.columns}
    columns = tuple(
        replace(column, name=column.type)
        if column.type in wanted and column.type is not None and column.name == column_name(column.header)
        else column
        for column in source.columns
    )
    return replace(source, columns=columns)


def _in_lake(source: Source, name: str) -> str:
    """Return the lake's name of a column that a key or window calls by its header or its name."""
    names = {column.header.strip(): column.name for column in source.columns}
    return name if name in names.values() else names.get(name, column_name(name))


def _into(section: Section) -> str | None:
    node = section.scalar("into")
    if node is None:
        return None
    check_name(section.report, node)
    return node.text


def _files(section: Section) -> tuple[str, ...]:
    """Return the patterns, none of which may leave the project."""
    patterns: list[str] = []
    for node in section.scalars("files"):
        path = PurePosixPath(node.text.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", node.text):
            section.report.error("outside_project", node, file=node.text)
        elif "://" in node.text:
            section.report.error("not_supported_yet", node, key=f"files: {node.text.partition('://')[0]}://")
        else:
            patterns.append(node.text)
    return tuple(patterns)


def _columns(parent: Section, form: Format) -> tuple[SourceColumn, ...]:
    below = parent.section("columns")
    if below is None:
        return ()
    found: dict[str, SourceColumn] = {}
    for header, node in below.node.entries:
        column = _column(below.report, header, node, form)
        if column is None:
            continue
        if column.name in found:
            first = found[column.name].header
            below.report.error("duplicate_column", header, name=column.name, first=first)
        found[column.name] = column
    return tuple(found.values())


def _column(report: Report, header: Scalar, node: Node, form: Format) -> SourceColumn | None:
    """Read a type, a new name, or a mapping of both and more."""
    if isinstance(node, Fields):
        return _column_of_section(Section(report, node, header, f"columns.{header.text}"), header, form)
    scalar = as_scalar(report, node, header.text)
    if scalar is None:
        return None
    if scalar.text in _TYPE_NAMES or scalar.text.startswith("decimal("):
        return SourceColumn(header.text, column_name(header.text), _type(report, header, scalar))
    if scalar.text in (Keep.HASHED, Keep.DROPPED):
        report.error("keep_is_a_key", scalar, column=header.text, word=scalar.text)
        return None
    meant = _OTHER_NAMES.get(scalar.text.lower())
    if meant is not None and scalar.text != column_name(header.text):
        values = {"column": header.text, "word": scalar.text, "type": meant}
        report.error("type_by_another_name", scalar, **values)
        return None
    check_name(report, scalar)
    return SourceColumn(header.text, scalar.text)


def _column_of_section(section: Section, header: Scalar, form: Format) -> SourceColumn:
    name, kind = section.scalar("name"), section.scalar("type")
    if name is not None:
        check_name(section.report, name)
    column = SourceColumn(
        header.text,
        name=column_name(header.text) if name is None else name.text,
        type=None if kind is None else _type(section.report, header, kind),
        date_format=section.text("date"),
        keep=section.choice("keep", Keep) or Keep.PLAIN,
        currency_signs=currency_signs(section),
        decided=section.has("keep"),
    )
    check_form(section, "date", form)
    section.close()
    return column


def _type(report: Report, header: Scalar, node: Scalar) -> str | None:
    if DataType.parse(node.text) is None:
        values = {"type": node.text, "column": header.text}
        report.unknown("unknown_type", node, node.text, _TYPE_NAMES, **values)
        return None
    return node.text


def _account(parent: Section) -> Account:
    """Read the account: its id alone, or a mapping."""
    node = parent.get("account")
    if node is None:
        return Account()
    if isinstance(node, Scalar):
        return Account(node.text)
    section = as_section(parent.report, node, parent.key_node("account"), f"{parent.title}.account")
    if section is None:
        return Account()
    account = Account(
        section.text("id") or "", timezone=zone(section, "timezone"), currency=currency(section, "currency")
    )
    section.close()
    return account


def _rejects(section: Section) -> Rejects:
    """Read a count of rows, or a share of all."""
    node = section.scalar("max_rejects")
    if node is None:
        return Rejects()
    amount = amount_of(node.text)
    if amount is not None and amount.sign is Sign.PERCENT and 0 <= amount.value <= 1:
        return Rejects(share=amount.value)
    if amount is not None and amount.sign is Sign.NONE and amount.value >= 0 and amount.value.is_integer():
        return Rejects(count=int(amount.value))
    section.report.error("bad_max_rejects", node, value=node.text)
    return Rejects()
